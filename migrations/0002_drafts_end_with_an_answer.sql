-- What the candidate says takes the place of the draft. The database sees to that itself, so that an answer is
-- one statement, and by that one transaction that needs no second step to be whole.
CREATE TRIGGER drafts_end_with_an_answer AFTER INSERT ON entries
WHEN json_extract(NEW.body, '$.kind') IN ('answered', 'asked-back')
BEGIN
    DELETE FROM drafts WHERE interview_id = NEW.interview_id;
END;
