//! Whether the server runs and who judges.

use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{http::problem::Problem, practice::Practice, scoring::EngineName};

/// Who judges answers, and which host receives them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Engine {
    name: EngineName,
    #[schema(required)]
    model: Option<String>,
    /// The host that receives the answers; null where they stay on this computer.
    #[schema(required)]
    host: Option<String>,
    /// How many takes wait to be scored.
    unscored: u64,
}

/// Who judges answers.
#[utoipa::path(get, path = "/api/v1/engine", responses((status = 200, body = Engine), Problem))]
pub async fn engine(State(practice): State<Practice>) -> Result<Json<Engine>, Problem> {
    let judge = practice.judge().describe();
    let unscored = practice.unscored().await?;
    Ok(Json(Engine { name: judge.engine, model: judge.model, host: judge.host, unscored }))
}

/// The process runs.
pub async fn alive() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// The database answers.
pub async fn ready(State(practice): State<Practice>) -> Result<StatusCode, Problem> {
    practice.ready().await?;
    Ok(StatusCode::NO_CONTENT)
}
