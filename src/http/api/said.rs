//! What the candidate says and chooses in an interview.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    http::{
        extract::{At, Json as Body, idempotency_key},
        problem::Problem,
    },
    interview::{Chosen, Entry, InterviewId, Outcome},
    practice::{Practice, Said, SaidKind},
    scoring::Spoken,
};

/// Something that the candidate says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    #[serde(default)]
    kind: AnswerKind,
    /// At most 20,000 code points over all answers to one question.
    text: String,
    /// How it was given aloud; left out where it was typed. Kept with answers alone, never scored.
    spoken: Option<Spoken>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerKind {
    #[default]
    Answer,
    QuestionBack,
}

/// What was said is on the disk.
#[derive(Debug, Serialize, ToSchema)]
pub struct Kept {
    seq: u64,
    /// A short text that only asks is taken as a question back.
    taken_as: TakenAs,
    /// Whether the same request had come before.
    replayed: bool,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TakenAs {
    Answer,
    QuestionBack,
}

/// What has been typed so far.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    text: String,
    /// Place of the ask or clarification to which it belongs. Once the candidate has replied to that, the draft
    /// comes too late and is refused; without a place it is kept whatever has been said.
    after: Option<u64>,
}

/// Keeps an answer or a question back. It is on the disk when the response comes; what follows comes over
/// the events.
#[utoipa::path(
    post, path = "/api/v1/interviews/{id}/answers",
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)), request_body = Answer,
    responses((status = 202, body = Kept), Problem)
)]
pub async fn answer(
    State(practice): State<Practice>,
    At(id): At<InterviewId>,
    headers: HeaderMap,
    Body(answer): Body<Answer>,
) -> Result<(StatusCode, Json<Kept>), Problem> {
    let key = Some(idempotency_key(&headers)?);
    let kind = match answer.kind {
        AnswerKind::Answer => SaidKind::Answer,
        AnswerKind::QuestionBack => SaidKind::QuestionBack,
    };
    let kept = practice.say(&id, Said { kind, text: answer.text, spoken: answer.spoken, key }).await?;
    let taken_as = if matches!(kept.entry, Entry::AskedBack { .. }) { TakenAs::QuestionBack } else { TakenAs::Answer };
    Ok((StatusCode::ACCEPTED, Json(Kept { seq: kept.seq, taken_as, replayed: kept.replayed })))
}

/// Passes on what was asked.
#[utoipa::path(post, path = "/api/v1/interviews/{id}/skip", params(("id" = String, Path)), responses((status = 204), Problem))]
pub async fn skip(State(practice): State<Practice>, At(id): At<InterviewId>) -> Result<StatusCode, Problem> {
    practice.pass(&id, Outcome::Skipped).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Goes on to the next question (coached mode, after a take).
#[utoipa::path(post, path = "/api/v1/interviews/{id}/next", params(("id" = String, Path)), responses((status = 204), Problem))]
pub async fn next(State(practice): State<Practice>, At(id): At<InterviewId>) -> Result<StatusCode, Problem> {
    practice.choose(&id, Chosen::Next).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the question again (coached mode, after a take).
#[utoipa::path(post, path = "/api/v1/interviews/{id}/retry", params(("id" = String, Path)), responses((status = 204), Problem))]
pub async fn retry(State(practice): State<Practice>, At(id): At<InterviewId>) -> Result<StatusCode, Problem> {
    practice.choose(&id, Chosen::Retry).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends the interview; what was answered is scored.
#[utoipa::path(post, path = "/api/v1/interviews/{id}/end", params(("id" = String, Path)), responses((status = 204), Problem))]
pub async fn end(State(practice): State<Practice>, At(id): At<InterviewId>) -> Result<StatusCode, Problem> {
    practice.end(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the candidate thinks of a take before seeing its score.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// On the scale of the overall; null means that they would rather not say.
    #[schema(minimum = 1, maximum = 5)]
    rating: Option<u8>,
}

/// Keeps the candidate's own rating of a take. The first one counts.
#[utoipa::path(
    post, path = "/api/v1/interviews/{id}/takes/{take}/self-rating",
    params(("id" = String, Path), ("take" = usize, Path)), request_body = Rating, responses((status = 204), Problem)
)]
pub async fn rate(
    State(practice): State<Practice>,
    At((id, take)): At<(InterviewId, usize)>,
    Body(rating): Body<Rating>,
) -> Result<StatusCode, Problem> {
    practice.rate(&id, take, rating.rating).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A break begins: no time counts until the candidate is back.
#[utoipa::path(post, path = "/api/v1/interviews/{id}/pause", params(("id" = String, Path)), responses((status = 204), Problem))]
pub async fn pause(State(practice): State<Practice>, At(id): At<InterviewId>) -> Result<StatusCode, Problem> {
    practice.pause(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The break is over; so it is, too, as soon as the candidate says or chooses something.
#[utoipa::path(post, path = "/api/v1/interviews/{id}/resume", params(("id" = String, Path)), responses((status = 204), Problem))]
pub async fn resume(State(practice): State<Practice>, At(id): At<InterviewId>) -> Result<StatusCode, Problem> {
    practice.resume(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Keeps what has been typed so far; an empty text removes it.
#[utoipa::path(
    put, path = "/api/v1/interviews/{id}/draft", params(("id" = String, Path)), request_body = Draft,
    responses((status = 204), Problem)
)]
pub async fn draft(
    State(practice): State<Practice>,
    At(id): At<InterviewId>,
    Body(draft): Body<Draft>,
) -> Result<StatusCode, Problem> {
    practice.save_draft_after(&id, draft.text, draft.after).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Has a take scored again; the outcome comes over the events.
#[utoipa::path(
    post, path = "/api/v1/interviews/{id}/takes/{take}/score",
    params(("id" = String, Path), ("take" = usize, Path)), responses((status = 202), Problem)
)]
pub async fn score(
    State(practice): State<Practice>,
    At((id, take)): At<(InterviewId, usize)>,
) -> Result<StatusCode, Problem> {
    practice.rescore(&id, take).await?;
    Ok(StatusCode::ACCEPTED)
}
