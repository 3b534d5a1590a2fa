//! What goes over all interviews: progress, preferences, taking everything out and deleting it, and the decks.

use axum::{
    Json,
    extract::State,
    http::{HeaderName, header},
    response::{IntoResponse as _, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    bank::Deck,
    http::{extract::Json as Body, problem::Problem},
    practice::{Practice, preferences::Preferences, progress::Progress, wire::InterviewJson},
};

/// Trends, points that keep being missed, best and latest takes, over the latest 100 interviews.
#[utoipa::path(get, path = "/api/v1/progress", responses((status = 200, body = Progress), Problem))]
pub async fn progress(State(practice): State<Practice>) -> Result<Json<Progress>, Problem> {
    Ok(Json(practice.progress().await?))
}

/// What is set for all interviews.
#[utoipa::path(get, path = "/api/v1/preferences", responses((status = 200, body = Preferences), Problem))]
pub async fn preferences(State(practice): State<Practice>) -> Result<Json<Preferences>, Problem> {
    Ok(Json(practice.preferences().await?))
}

/// Sets it anew; what is left out has its default.
#[utoipa::path(
    put, path = "/api/v1/preferences", request_body = Preferences, responses((status = 200, body = Preferences), Problem)
)]
pub async fn keep_preferences(
    State(practice): State<Practice>,
    Body(preferences): Body<Preferences>,
) -> Result<Json<Preferences>, Problem> {
    practice.keep_preferences(&preferences).await?;
    Ok(Json(preferences))
}

/// Every interview with everything said, latest first, as one file.
#[utoipa::path(get, path = "/api/v1/export", responses((status = 200, body = Vec<InterviewJson>), Problem))]
pub async fn export(State(practice): State<Practice>) -> Result<Response, Problem> {
    let all = practice.export_all().await?;
    let headers: [(HeaderName, &str); 1] =
        [(header::CONTENT_DISPOSITION, "attachment; filename=\"greenroom-interviews.json\"")];
    Ok((headers, Json(all)).into_response())
}

/// How many there were.
#[derive(Debug, Serialize, ToSchema)]
pub struct Deleted {
    interviews: u64,
}

/// Deletes every interview with everything said in it.
#[utoipa::path(delete, path = "/api/v1/interviews", responses((status = 200, body = Deleted), Problem))]
pub async fn delete_all(State(practice): State<Practice>) -> Result<Json<Deleted>, Problem> {
    Ok(Json(Deleted { interviews: practice.delete_all().await? }))
}

/// A round that can be practised by its name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Deck)]
pub struct DeckJson {
    name: String,
    title: String,
    text: String,
    /// How many questions it asks where the bank has enough.
    count: usize,
    /// After this many minutes nothing new is asked; null where there is no limit.
    #[schema(required)]
    minutes: Option<u8>,
}

impl From<&Deck> for DeckJson {
    fn from(deck: &Deck) -> Self {
        let Deck { name, title, text, minutes, .. } = deck.clone();
        Self { name, title, text, count: deck.count(), minutes }
    }
}

/// The decks in the order in which they are offered.
#[utoipa::path(get, path = "/api/v1/decks", responses((status = 200, body = Vec<DeckJson>), Problem))]
pub async fn decks(State(practice): State<Practice>) -> Json<Vec<DeckJson>> {
    Json(practice.bank().decks().iter().map(DeckJson::from).collect())
}
