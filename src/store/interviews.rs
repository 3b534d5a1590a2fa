//! Interviews, the questions they asked, and drafts.

use sqlx::Row as _;

use super::{Store, StoreError, entries::place, tailorings, unreadable};
use crate::{
    interview::{EndReason, InterviewId, Mode, Pasted, Plan, Recorded, Tailoring},
    question::{Category, Question},
};

/// An interview as it is kept, with everything that happened in it.
#[derive(Debug, Clone)]
pub struct InterviewRow {
    pub plan: Plan,
    /// The questions of the plan as they stood at the start, in order.
    pub questions: Vec<Question>,
    pub started_at: i64,
    pub entries: Vec<Recorded>,
}

/// What a list of interviews is narrowed to; nothing set narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListFilter {
    /// Words that were said or asked, or of a question's title.
    pub search: String,
    pub category: Option<Category>,
    pub mode: Option<Mode>,
    /// Only those that are over, or only those that are not.
    pub is_over: Option<bool>,
}

/// One line of a list of interviews.
#[derive(Debug, Clone)]
pub struct SummaryRow {
    pub id: InterviewId,
    pub plan: Plan,
    pub started_at: i64,
    pub ended: Option<EndReason>,
    /// How many takes have a scorecard.
    pub takes_scored: usize,
    /// Mean of the overalls of the latest scorecard of each take.
    pub mean_overall: Option<f64>,
    /// Whether a take waits to be scored.
    pub waiting: bool,
}

impl Store {
    /// Keeps a new interview and its questions, and what was pasted for it.
    pub async fn insert_interview(
        &self,
        id: &InterviewId,
        plan: &Plan,
        questions: &[&Question],
        tailored: Option<(&Pasted, &Tailoring)>,
        started_at: i64,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let mut hashes = Vec::new();
        for question in questions {
            let hash = question.hash();
            sqlx::query("INSERT INTO questions (hash, id, body) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING")
                .bind(&hash)
                .bind(question.id.as_str())
                .bind(to_json(question)?)
                .execute(&mut *transaction)
                .await?;
            hashes.push(hash);
        }
        sqlx::query("INSERT INTO interviews (id, started_at, plan, question_hashes) VALUES ($1, $2, $3, $4)")
            .bind(id.as_str())
            .bind(started_at)
            .bind(to_json(plan)?)
            .bind(to_json(&hashes)?)
            .execute(&mut *transaction)
            .await?;
        if let Some(tailored) = tailored {
            tailorings::insert(&mut transaction, id, tailored).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The interview with this id, or nothing.
    pub async fn interview(&self, id: &InterviewId) -> Result<Option<InterviewRow>, StoreError> {
        let row = sqlx::query("SELECT started_at, plan, question_hashes FROM interviews WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(&self.read)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let what = || format!("interview {id}");
        let plan: Plan = from_json(row.try_get("plan")?, what)?;
        let hashes: Vec<String> = from_json(row.try_get("question_hashes")?, what)?;
        let mut questions = Vec::with_capacity(hashes.len());
        for hash in &hashes {
            let body: String = sqlx::query_scalar("SELECT body FROM questions WHERE hash = $1")
                .bind(hash)
                .fetch_one(&self.read)
                .await?;
            questions.push(from_json(&body, || format!("question {hash}"))?);
        }
        let entries = self.entries(id, 0).await?;
        Ok(Some(InterviewRow { plan, questions, started_at: row.try_get("started_at")?, entries }))
    }

    /// Interviews started before `before` (all where none is given) that pass the filter, latest first, at most `limit`.
    pub async fn interviews(
        &self,
        before: Option<&InterviewId>,
        limit: usize,
        filter: &ListFilter,
    ) -> Result<Vec<SummaryRow>, StoreError> {
        let search = filter.search.trim().to_lowercase();
        let pattern = (!search.is_empty()).then(|| {
            // The sought words may hold what the pattern language means otherwise.
            format!("%{}%", search.replace('!', "!!").replace('%', "!%").replace('_', "!_"))
        });
        // Ids are time-ordered UUIDs, so the id alone is the place in the list.
        let rows = sqlx::query(
            "SELECT i.id, i.plan, i.started_at, i.end_reason,
                    (SELECT COUNT(DISTINCT s.take) FROM scorecards s WHERE s.interview_id = i.id) AS takes_scored,
                    (SELECT AVG(s.overall) FROM scorecards s WHERE s.interview_id = i.id
                        AND s.id = (SELECT MAX(l.id) FROM scorecards l WHERE l.interview_id = i.id AND l.take = s.take)
                    ) AS mean_overall,
                    EXISTS (SELECT 1 FROM jobs j WHERE j.interview_id = i.id AND j.state IN ('queued', 'running')) AS waiting
             FROM interviews i
             WHERE ($1 IS NULL OR i.id < $1)
               AND ($3 IS NULL OR i.plan ->> 'mode' = $3)
               AND ($4 IS NULL OR (i.ended_at IS NOT NULL) = $4)
               AND ($5 IS NULL OR EXISTS (SELECT 1 FROM json_each(i.plan, '$.questions') q
                                          WHERE q.value LIKE $5 || '/%'))
               AND ($6 IS NULL
                    OR EXISTS (SELECT 1 FROM entries e WHERE e.interview_id = i.id
                                 AND LOWER(e.body ->> 'text') LIKE $6 ESCAPE '!')
                    OR EXISTS (SELECT 1 FROM json_each(i.question_hashes) h JOIN questions k ON k.hash = h.value
                               WHERE i.ended_at IS NOT NULL AND LOWER(k.body ->> 'title') LIKE $6 ESCAPE '!'))
             ORDER BY i.id DESC
             LIMIT $2",
        )
        .bind(before.map(InterviewId::as_str))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .bind(filter.mode.map(Mode::as_str))
        .bind(filter.is_over)
        .bind(filter.category.map(Category::as_str))
        .bind(pattern)
        .fetch_all(&self.read)
        .await?;
        rows.into_iter()
            .map(|row| {
                let id: String = row.try_get("id")?;
                let ended: Option<String> = row.try_get("end_reason")?;
                let scored: i64 = row.try_get("takes_scored")?;
                Ok(SummaryRow {
                    plan: from_json(row.try_get("plan")?, || format!("interview {id}"))?,
                    started_at: row.try_get("started_at")?,
                    ended: ended
                        .map(|reason| reason.parse())
                        .transpose()
                        .map_err(|error| unreadable(format!("interview {id}"), error))?,
                    takes_scored: usize::try_from(scored).unwrap_or_default(),
                    mean_overall: row.try_get("mean_overall")?,
                    waiting: row.try_get("waiting")?,
                    id: id.parse().map_err(|error| unreadable("interview id", error))?,
                })
            })
            .collect()
    }

    /// Deletes the interview with everything that hangs on it; whether there was one.
    pub async fn delete_interview(&self, id: &InterviewId) -> Result<bool, StoreError> {
        let deleted =
            sqlx::query("DELETE FROM interviews WHERE id = $1").bind(id.as_str()).execute(&self.write).await?;
        Ok(deleted.rows_affected() > 0)
    }

    /// Deletes all interviews; how many there were. The preferences stay.
    pub async fn delete_interviews(&self) -> Result<u64, StoreError> {
        Ok(sqlx::query("DELETE FROM interviews").execute(&self.write).await?.rows_affected())
    }

    /// Keeps what has been typed and not submitted; an empty text removes it.
    ///
    /// Returns false, and keeps nothing, where the candidate has replied to what stands at place `after`, or has
    /// passed on it in an interview that goes on.
    pub async fn save_draft(
        &self,
        id: &InterviewId,
        text: &str,
        after: Option<u64>,
        at: i64,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        if let Some(after) = after {
            let is_late: bool = sqlx::query_scalar(
                "SELECT EXISTS (SELECT 1 FROM entries e JOIN interviews i ON i.id = e.interview_id
                                WHERE e.interview_id = $1 AND e.seq > $2
                                  AND (e.body ->> 'kind' IN ('answered', 'asked-back')
                                       OR e.body ->> 'kind' = 'closed' AND i.ended_at IS NULL))",
            )
            .bind(id.as_str())
            .bind(place(after))
            .fetch_one(&mut *transaction)
            .await?;
            if is_late {
                return Ok(false);
            }
        }
        let statement = if text.is_empty() {
            sqlx::query("DELETE FROM drafts WHERE interview_id = $1").bind(id.as_str())
        } else {
            sqlx::query(
                "INSERT INTO drafts (interview_id, text, saved_at) VALUES ($1, $2, $3)
                 ON CONFLICT (interview_id) DO UPDATE SET text = excluded.text, saved_at = excluded.saved_at",
            )
            .bind(id.as_str())
            .bind(text)
            .bind(at)
        };
        statement.execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// What has been typed and not submitted; empty where there is nothing.
    pub async fn draft(&self, id: &InterviewId) -> Result<String, StoreError> {
        let text: Option<String> = sqlx::query_scalar("SELECT text FROM drafts WHERE interview_id = $1")
            .bind(id.as_str())
            .fetch_optional(&self.read)
            .await?;
        Ok(text.unwrap_or_default())
    }
}

pub(super) fn to_json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| unreadable("a value to keep", error))
}

pub(super) fn from_json<T: serde::de::DeserializeOwned>(
    text: &str,
    what: impl Fn() -> String,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| unreadable(what(), error))
}
