//! Scorecards as they are kept.

use sqlx::Row as _;

use super::{Store, StoreError, interviews::from_json};
use crate::{interview::InterviewId, scoring::ScorecardRecord};

impl Store {
    /// Every scorecard of an interview with its id, oldest first. One that cannot be read stands for itself alone.
    pub async fn scorecards(
        &self,
        id: &InterviewId,
    ) -> Result<Vec<(String, Result<ScorecardRecord, StoreError>)>, StoreError> {
        let rows = sqlx::query("SELECT id, body FROM scorecards WHERE interview_id = $1 ORDER BY id")
            .bind(id.as_str())
            .fetch_all(&self.read)
            .await?;
        rows.into_iter()
            .map(|row| {
                let card: String = row.try_get("id")?;
                let body = from_json(row.try_get("body")?, || format!("scorecard {card}"));
                Ok((card, body))
            })
            .collect()
    }
}
