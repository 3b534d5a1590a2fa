//! The entries of interviews: appended in one transaction with all that follows from them.

use sqlx::{Row as _, Sqlite, Transaction, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    Store, StoreError,
    interviews::{from_json, to_json},
};
use crate::interview::{Entry, InterviewId, Outcome, Recorded};

/// Why entries were not recorded; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// Another process recorded something first: read the interview again.
    #[error("the interview has moved on meanwhile")]
    Outrun,
    /// An answer with this key is there already.
    #[error("an answer with this key is there already")]
    KeyTaken,
    /// The interview is gone.
    #[error("the interview has been deleted meanwhile")]
    Gone,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for RecordError {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error() {
            Some(violation) if violation.is_unique_violation() => {
                if violation.message().contains("idempotency_key") {
                    Self::KeyTaken
                } else {
                    Self::Outrun
                }
            }
            Some(violation) if violation.is_foreign_key_violation() => Self::Gone,
            Some(_) | None => Self::Store(error.into()),
        }
    }
}

impl Store {
    /// Appends entries and returns when they are on the disk.
    ///
    /// In the same transaction an answer removes the draft, a closed answer or a wanted score queues a job,
    /// and an end marks the interview. `key` belongs to the first entry.
    pub async fn record(&self, id: &InterviewId, entries: &[Recorded], key: Option<&str>) -> Result<(), RecordError> {
        let mut transaction = self.begin().await?;
        append(&mut transaction, id, entries, key).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The entries after place `after`, in order.
    pub async fn entries(&self, id: &InterviewId, after: u64) -> Result<Vec<Recorded>, StoreError> {
        let rows = sqlx::query("SELECT seq, at, body FROM entries WHERE interview_id = $1 AND seq > $2 ORDER BY seq")
            .bind(id.as_str())
            .bind(place(after))
            .fetch_all(&self.read)
            .await?;
        rows.iter().map(|row| recorded(id, row)).collect()
    }

    /// The place of the latest entry, 0 before the first; nothing where there is no such interview.
    pub async fn last_seq(&self, id: &InterviewId) -> Result<Option<u64>, StoreError> {
        let last: Option<i64> = sqlx::query_scalar(
            "SELECT (SELECT COALESCE(MAX(seq), 0) FROM entries WHERE interview_id = $1) FROM interviews WHERE id = $1",
        )
        .bind(id.as_str())
        .fetch_optional(&self.read)
        .await?;
        Ok(last.map(|last| u64::try_from(last).unwrap_or_default()))
    }

    /// The entry that was recorded with this key, or nothing.
    pub async fn entry_by_key(&self, id: &InterviewId, key: &str) -> Result<Option<Recorded>, StoreError> {
        let row = sqlx::query("SELECT seq, at, body FROM entries WHERE interview_id = $1 AND idempotency_key = $2")
            .bind(id.as_str())
            .bind(key)
            .fetch_optional(&self.read)
            .await?;
        row.map(|row| recorded(id, &row)).transpose()
    }
}

/// The entry in a row of `seq`, `at` and `body`.
fn recorded(id: &InterviewId, row: &SqliteRow) -> Result<Recorded, StoreError> {
    let seq: i64 = row.try_get("seq")?;
    Ok(Recorded {
        seq: u64::try_from(seq).unwrap_or_default(),
        at: row.try_get("at")?,
        entry: from_json(row.try_get("body")?, || format!("entry {seq} of interview {id}"))?,
    })
}

/// Writes entries and their consequences inside a transaction.
pub(super) async fn append(
    transaction: &mut Transaction<'static, Sqlite>,
    id: &InterviewId,
    entries: &[Recorded],
    key: Option<&str>,
) -> Result<(), RecordError> {
    for (place_in_batch, Recorded { seq, at, entry }) in entries.iter().enumerate() {
        sqlx::query("INSERT INTO entries (interview_id, seq, at, body, idempotency_key) VALUES ($1, $2, $3, $4, $5)")
            .bind(id.as_str())
            .bind(place(*seq))
            .bind(at)
            .bind(to_json(entry)?)
            .bind(key.filter(|_| place_in_batch == 0))
            .execute(&mut **transaction)
            .await?;
        match entry {
            Entry::Answered { .. } | Entry::AskedBack { .. } => {
                sqlx::query("DELETE FROM drafts WHERE interview_id = $1")
                    .bind(id.as_str())
                    .execute(&mut **transaction)
                    .await?;
            }
            Entry::Closed { take, outcome: Outcome::Answered } | Entry::ScoreAwaited { take } => {
                sqlx::query(
                    "INSERT INTO jobs (id, interview_id, take, state, created_at) VALUES ($1, $2, $3, 'queued', $4)
                     ON CONFLICT (interview_id, take) WHERE state IN ('queued', 'running') DO NOTHING",
                )
                .bind(Uuid::now_v7().to_string())
                .bind(id.as_str())
                .bind(i64::try_from(*take).unwrap_or(i64::MAX))
                .bind(at)
                .execute(&mut **transaction)
                .await?;
            }
            Entry::Ended { reason } => {
                sqlx::query("UPDATE interviews SET ended_at = $2, end_reason = $3 WHERE id = $1")
                    .bind(id.as_str())
                    .bind(at)
                    .bind(reason.as_str())
                    .execute(&mut **transaction)
                    .await?;
            }
            Entry::Closed { outcome: Outcome::Skipped | Outcome::TimedOut, .. }
            | Entry::Asked { .. }
            | Entry::Clarified { .. }
            | Entry::TookLeave { .. }
            | Entry::Chose { .. }
            | Entry::Scored { .. }
            | Entry::SelfRated { .. }
            | Entry::Paused
            | Entry::Resumed
            | Entry::ScoreFailed { .. } => {}
        }
    }
    Ok(())
}

pub(super) fn place(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}
