//! What was pasted to shape an interview, and what came of it.

use sqlx::{Row as _, Sqlite, Transaction};

use super::{
    Store, StoreError,
    interviews::{from_json, to_json},
    unreadable,
};
use crate::interview::{InterviewId, Pasted, Tailoring};

impl Store {
    /// The texts and what came of them; nothing where none were pasted.
    pub async fn tailoring(&self, id: &InterviewId) -> Result<Option<(Pasted, Tailoring)>, StoreError> {
        let row = sqlx::query("SELECT job_description, resume, body FROM tailorings WHERE interview_id = $1")
            .bind(id.as_str())
            .fetch_optional(&self.read)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let what = || format!("what was pasted for interview {id}");
        let pasted = Pasted::new(row.try_get("job_description")?, row.try_get("resume")?)
            .map_err(|error| unreadable(what(), error))?
            .ok_or_else(|| unreadable(what(), "both texts are empty"))?;
        Ok(Some((pasted, from_json(row.try_get("body")?, what)?)))
    }
}

/// Keeps the texts inside the transaction that makes the interview.
pub(super) async fn insert(
    transaction: &mut Transaction<'static, Sqlite>,
    id: &InterviewId,
    (pasted, tailoring): (&Pasted, &Tailoring),
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO tailorings (interview_id, job_description, resume, body) VALUES ($1, $2, $3, $4)")
        .bind(id.as_str())
        .bind(pasted.job_description())
        .bind(pasted.resume())
        .bind(to_json(tailoring)?)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
