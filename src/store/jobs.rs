//! Scoring as durable jobs: claimed by a lease, finished in the transaction that stores the scorecard.

use sqlx::Row as _;
use uuid::Uuid;

use super::{RecordError, Store, StoreError, entries::append, interviews::to_json, unreadable};
use crate::{
    interview::{InterviewId, Recorded},
    scoring::Scorecard,
};

/// A take to score, claimed by this worker until `lease_until`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: String,
    pub interview: InterviewId,
    pub take: usize,
    /// Which try this is, from 1.
    pub attempt: u32,
}

/// How a job ended.
#[derive(Debug)]
pub enum JobOutcome<'a> {
    /// Keep the scorecard under this id.
    Scored { id: &'a str, card: &'a Scorecard },
    /// `raw` is a model's reply that could not be used, as it came.
    Failed { code: &'a str, message: &'a str, raw: Option<&'a str> },
}

impl Store {
    /// Claims the oldest job that waits, or whose worker has let its lease run out.
    ///
    /// `now` and `lease_until` are Unix milliseconds.
    pub async fn claim_job(&self, worker: Uuid, now: i64, lease_until: i64) -> Result<Option<Job>, StoreError> {
        let row = sqlx::query(
            "UPDATE jobs SET state = 'running', worker = $1, lease_until = $3, attempts = attempts + 1
             WHERE id = (SELECT id FROM jobs
                         WHERE state = 'queued' OR (state = 'running' AND lease_until < $2)
                         ORDER BY created_at, id LIMIT 1)
             RETURNING id, interview_id, take, attempts",
        )
        .bind(worker.to_string())
        .bind(now)
        .bind(lease_until)
        .fetch_optional(&self.write)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let interview: String = row.try_get("interview_id")?;
        let take: i64 = row.try_get("take")?;
        let attempt: i64 = row.try_get("attempts")?;
        Ok(Some(Job {
            id: row.try_get("id")?,
            interview: interview.parse().map_err(|error| unreadable("a job", error))?,
            take: usize::try_from(take).unwrap_or_default(),
            attempt: u32::try_from(attempt).unwrap_or(u32::MAX),
        }))
    }

    /// Hands back what this worker has claimed and not ended, as if it had never begun: for a clean stop.
    pub async fn release_jobs(&self, worker: Uuid) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE jobs SET state = 'queued', worker = NULL, lease_until = NULL, attempts = attempts - 1
             WHERE worker = $1 AND state = 'running'",
        )
        .bind(worker.to_string())
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// Prolongs the lease; false where the job is no longer this worker's.
    pub async fn renew_lease(&self, job: &Job, worker: Uuid, lease_until: i64) -> Result<bool, StoreError> {
        let renewed =
            sqlx::query("UPDATE jobs SET lease_until = $3 WHERE id = $1 AND worker = $2 AND state = 'running'")
                .bind(&job.id)
                .bind(worker.to_string())
                .bind(lease_until)
                .execute(&self.write)
                .await?;
        Ok(renewed.rows_affected() > 0)
    }

    /// Ends the job, keeps its scorecard and appends the entries that tell of it, all at once.
    ///
    /// Does nothing where the job is no longer this worker's: another one has taken it over.
    pub async fn finish_job(
        &self,
        job: &Job,
        worker: Uuid,
        outcome: &JobOutcome<'_>,
        entries: &[Recorded],
        at: i64,
    ) -> Result<bool, RecordError> {
        let (state, code, message, raw) = match outcome {
            JobOutcome::Scored { .. } => ("done", None, None, None),
            JobOutcome::Failed { code, message, raw } => ("failed", Some(*code), Some(*message), *raw),
        };
        let mut transaction = self.begin().await?;
        let finished = sqlx::query(
            "UPDATE jobs SET state = $3, error_code = $4, error_message = $5, raw_reply = $6, lease_until = NULL
             WHERE id = $1 AND worker = $2 AND state = 'running'",
        )
        .bind(&job.id)
        .bind(worker.to_string())
        .bind(state)
        .bind(code)
        .bind(message)
        .bind(raw)
        .execute(&mut *transaction)
        .await?;
        if finished.rows_affected() == 0 {
            return Ok(false);
        }
        if let JobOutcome::Scored { id, card } = outcome {
            sqlx::query(
                "INSERT INTO scorecards (id, interview_id, take, made_at, overall, score, body)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(*id)
            .bind(job.interview.as_str())
            .bind(i64::try_from(job.take).unwrap_or(i64::MAX))
            .bind(at)
            .bind(card.overall().map(i64::from))
            .bind(card.sum().map(|sum| sum.score))
            .bind(to_json(&card.record())?)
            .execute(&mut *transaction)
            .await?;
        }
        append(&mut transaction, &job.interview, entries, None).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// How many takes wait to be scored or are being scored.
    pub async fn open_jobs(&self) -> Result<u64, StoreError> {
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM jobs WHERE state IN ('queued', 'running')")
            .fetch_one(&self.read)
            .await?;
        Ok(u64::try_from(count).unwrap_or_default())
    }
}
