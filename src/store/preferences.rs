//! What the candidate has set for all interviews.

use super::{
    Store, StoreError,
    interviews::{from_json, to_json},
};

impl Store {
    /// The preferences; those of a new database where none were kept.
    pub async fn preferences<T: serde::de::DeserializeOwned + Default>(&self) -> Result<T, StoreError> {
        let body: Option<String> =
            sqlx::query_scalar("SELECT body FROM preferences WHERE id = 1").fetch_optional(&self.read).await?;
        body.map_or_else(|| Ok(T::default()), |body| from_json(&body, || "the preferences".to_owned()))
    }

    pub async fn keep_preferences(&self, preferences: &impl serde::Serialize) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO preferences (id, body) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
        )
        .bind(to_json(preferences)?)
        .execute(&self.write)
        .await?;
        Ok(())
    }
}
