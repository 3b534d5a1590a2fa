//! Tells a question back ("Which region do you mean?") from an answer.

/// Longer texts are answers, whatever they end in, counted in words.
const LONGEST: usize = 40;

/// Whether every sentence of a short text asks something.
///
/// An answer that closes with a question is an answer; so is a single rhetorical question among statements.
pub(super) fn is_question_back(text: &str) -> bool {
    let text = text.trim();
    if text.split_whitespace().count() > LONGEST || !text.ends_with(['?', '？', '؟']) {
        return false;
    }
    text.split_inclusive(['.', '!', '?', '？', '؟', '\n'])
        .map(str::trim)
        .filter(|sentence| sentence.chars().any(char::is_alphanumeric))
        .all(|sentence| sentence.ends_with(['?', '？', '؟']))
}

#[cfg(test)]
mod tests {
    use super::is_question_back;

    #[test]
    fn short_texts_that_only_ask_are_questions_back() {
        for text in ["Which region?", "How many users are there? And is the date fixed?", "Only me\u{ff1f}"] {
            assert!(is_question_back(text), "{text}");
        }
    }

    #[test]
    fn statements_and_long_texts_are_answers() {
        assert!(!is_question_back("I would ask the team what moved."));
        assert!(!is_question_back("I called the lead. Does that answer it?"));
        assert!(!is_question_back(&"why? ".repeat(41)));
        assert!(!is_question_back(""));
    }
}
