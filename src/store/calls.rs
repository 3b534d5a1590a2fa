//! Calls of language models, and what is known of their endpoints.

use sqlx::Row as _;
use uuid::Uuid;

use super::{Store, StoreError, unreadable};
use crate::{
    interview::InterviewId,
    llm::{Call, Errand, Purpose, Spending, Spent, Tokens},
};

/// A call as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct CallRow {
    pub purpose: Purpose,
    pub take: Option<usize>,
    /// Unix milliseconds.
    pub at: i64,
    pub host: String,
    pub model: String,
    pub tries: u32,
    pub tokens: Tokens,
    pub is_estimated: bool,
    pub money: Option<f64>,
    pub first_word_ms: Option<u64>,
    pub total_ms: u64,
    pub outcome: String,
}

/// A reply that could not be used, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyRow {
    pub take: usize,
    /// Unix milliseconds of the time when the score was wanted.
    pub at: i64,
    pub code: String,
    pub message: String,
    pub raw: String,
}

impl Store {
    pub async fn insert_call(&self, call: &Call) -> Result<(), StoreError> {
        let Errand { purpose, interview, take } = &call.errand;
        sqlx::query(
            "INSERT INTO calls (id, interview_id, take, purpose, at, host, model, tries, input_tokens, output_tokens,
                                is_estimated, money, first_word_ms, total_ms, outcome)
             VALUES ($1, (SELECT id FROM interviews WHERE id = $2), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
                     $14, $15)",
        )
        .bind(Uuid::now_v7().to_string())
        .bind(interview.as_ref().map(InterviewId::as_str))
        .bind(take.map(|take| i64::try_from(take).unwrap_or(i64::MAX)))
        .bind(purpose.as_str())
        .bind(call.at)
        .bind(&call.host)
        .bind(&call.model)
        .bind(i64::from(call.tries))
        .bind(whole(call.tokens.input))
        .bind(whole(call.tokens.output))
        .bind(call.is_estimated)
        .bind(call.money)
        .bind(call.first_word_ms.map(whole))
        .bind(whole(call.total_ms))
        .bind(call.outcome)
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// The calls of an interview, oldest first.
    pub async fn calls(&self, id: &InterviewId) -> Result<Vec<CallRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT take, purpose, at, host, model, tries, input_tokens, output_tokens, is_estimated, money,
                    first_word_ms, total_ms, outcome
             FROM calls WHERE interview_id = $1 ORDER BY at, id",
        )
        .bind(id.as_str())
        .fetch_all(&self.read)
        .await?;
        rows.iter()
            .map(|row| {
                let purpose: String = row.try_get("purpose")?;
                let number = |name| -> Result<u64, sqlx::Error> { Ok(row.try_get::<i64, _>(name)?.unsigned_abs()) };
                let maybe = |name| -> Result<Option<u64>, sqlx::Error> {
                    Ok(row.try_get::<Option<i64>, _>(name)?.map(i64::unsigned_abs))
                };
                Ok(CallRow {
                    purpose: purpose.parse().map_err(|error| unreadable(format!("a call of interview {id}"), error))?,
                    take: maybe("take")?.and_then(|take| usize::try_from(take).ok()),
                    at: row.try_get("at")?,
                    host: row.try_get("host")?,
                    model: row.try_get("model")?,
                    tries: u32::try_from(number("tries")?).unwrap_or(u32::MAX),
                    tokens: Tokens { input: number("input_tokens")?, output: number("output_tokens")? },
                    is_estimated: row.try_get("is_estimated")?,
                    money: row.try_get("money")?,
                    first_word_ms: maybe("first_word_ms")?,
                    total_ms: number("total_ms")?,
                    outcome: row.try_get("outcome")?,
                })
            })
            .collect()
    }

    /// What was spent on the interview, and by everybody since `midnight` (Unix milliseconds).
    pub async fn spent(&self, interview: Option<&InterviewId>, midnight: i64) -> Result<Spending, StoreError> {
        const SUMS: &str =
            "COALESCE(SUM(input_tokens + output_tokens), 0) AS tokens, COALESCE(SUM(money), 0.0) AS money";
        let read = |row: &sqlx::sqlite::SqliteRow| -> Result<Spent, sqlx::Error> {
            Ok(Spent { tokens: row.try_get::<i64, _>("tokens")?.unsigned_abs(), money: row.try_get("money")? })
        };
        // Not through the one writing connection: whoever judges may hold this future while it renews its lease.
        let by_interview = sqlx::AssertSqlSafe(format!("SELECT {SUMS} FROM calls WHERE interview_id = $1"));
        let by_time = sqlx::AssertSqlSafe(format!("SELECT {SUMS} FROM calls WHERE at >= $1"));
        let of_interview =
            sqlx::query(by_interview).bind(interview.map(InterviewId::as_str)).fetch_one(&self.read).await?;
        let today = sqlx::query(by_time).bind(midnight).fetch_one(&self.read).await?;
        Ok(Spending { interview: read(&of_interview)?, today: read(&today)? })
    }

    /// What was learned of a model since `since` (Unix milliseconds), or nothing.
    pub async fn learned(&self, base_url: &str, model: &str, since: i64) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar("SELECT learned FROM endpoints WHERE base_url = $1 AND model = $2 AND learned_at >= $3")
            .bind(base_url)
            .bind(model)
            .bind(since)
            .fetch_optional(&self.read)
            .await?)
    }

    pub async fn learn(&self, base_url: &str, model: &str, learned: &str, at: i64) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO endpoints (base_url, model, learned, learned_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (base_url, model) DO UPDATE SET learned = excluded.learned, learned_at = excluded.learned_at",
        )
        .bind(base_url)
        .bind(model)
        .bind(learned)
        .bind(at)
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// The replies of models that could not be used, oldest first.
    pub async fn unusable_replies(&self, id: &InterviewId) -> Result<Vec<ReplyRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT take, created_at, error_code, error_message, raw_reply FROM jobs
             WHERE interview_id = $1 AND raw_reply IS NOT NULL ORDER BY created_at, id",
        )
        .bind(id.as_str())
        .fetch_all(&self.read)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(ReplyRow {
                    take: usize::try_from(row.try_get::<i64, _>("take")?).unwrap_or_default(),
                    at: row.try_get("created_at")?,
                    code: row.try_get::<Option<String>, _>("error_code")?.unwrap_or_default(),
                    message: row.try_get::<Option<String>, _>("error_message")?.unwrap_or_default(),
                    raw: row.try_get("raw_reply")?,
                })
            })
            .collect()
    }
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
