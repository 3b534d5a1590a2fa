//! What an interview took of models.

use axum::{Json, extract::State};

use crate::{
    http::{extract::At, problem::Problem},
    interview::InterviewId,
    practice::{Practice, usage::UsageJson},
};

/// Every call of a model in an interview, with its tokens and times, and the sums.
#[utoipa::path(
    get, path = "/api/v1/interviews/{id}/usage", params(("id" = String, Path)),
    responses((status = 200, body = UsageJson), Problem)
)]
pub async fn show(State(practice): State<Practice>, At(id): At<InterviewId>) -> Result<Json<UsageJson>, Problem> {
    Ok(Json(practice.usage(&id).await?))
}
