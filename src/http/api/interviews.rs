//! Interviews: start, list, look at, take out, delete.

use std::time::Duration;

use axum::{
    Json,
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    http::{
        extract::{Asked, At, Json as Body},
        problem::Problem,
    },
    interview::{InterviewId, Mode, Plan, Style},
    practice::{
        ListFilter, ListPage, Practice, StartWish, export as exported,
        wire::{InterviewJson, SummaryJson},
    },
    question::{Category, Level, QuestionId},
};

/// How long a new interview may take to ask its first question before it is shown without.
const FIRST_QUESTION: Duration = Duration::from_millis(500);

/// What to practise; everything has a default.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Start {
    /// Empty means all.
    categories: Vec<Category>,
    level: Option<Level>,
    #[schema(minimum = 1, maximum = 20, default = 3)]
    count: usize,
    /// The same seed chooses the same questions.
    #[schema(maximum = 4_294_967_295_u32)]
    seed: Option<u32>,
    /// Exactly these, if any are named.
    #[schema(value_type = Vec<String>)]
    questions: Vec<QuestionId>,
    mode: Mode,
    style: Style,
    /// The most follow-ups to one take.
    #[schema(maximum = 5, default = 2)]
    follow_ups: u8,
    /// After this many minutes nothing new is asked.
    #[schema(minimum = 1, maximum = 480)]
    minutes: Option<u16>,
    /// Name of the deck that chooses; then categories and count do not matter.
    deck: Option<String>,
    /// Whether the candidate means to speak.
    voice: bool,
    /// Shapes the choice of questions. Data, never instructions; kept with the interview and deleted with it. Where a
    /// model judges, it is sent to that model's host.
    #[schema(max_length = 30_000)]
    job_description: String,
    /// Like `job_description`; the interviewer may refer to projects in it.
    #[schema(max_length = 30_000)]
    resume: String,
}

impl Default for Start {
    fn default() -> Self {
        let wish = StartWish::default();
        Self {
            categories: wish.categories,
            level: wish.level,
            count: wish.count,
            seed: None,
            questions: wish.questions,
            mode: wish.mode,
            style: wish.style,
            follow_ups: Plan::DEFAULT_FOLLOW_UPS,
            minutes: None,
            deck: None,
            voice: false,
            job_description: String::new(),
            resume: String::new(),
        }
    }
}

impl TryFrom<Start> for StartWish {
    type Error = Problem;

    fn try_from(start: Start) -> Result<Self, Problem> {
        if start.follow_ups > 5 || start.minutes.is_some_and(|minutes| !(1..=480).contains(&minutes)) {
            let detail = "follow_ups goes up to 5 and minutes from 1 to 480: choose numbers within";
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "out-of-range", detail));
        }
        Ok(Self {
            categories: start.categories,
            level: start.level,
            count: start.count,
            seed: start.seed.map(u64::from),
            questions: start.questions,
            mode: start.mode,
            style: start.style,
            follow_ups: start.follow_ups,
            minutes: start.minutes,
            deck: start.deck,
            voice: start.voice,
            job_description: start.job_description,
            resume: start.resume,
        })
    }
}

/// A part of the list of interviews.
#[derive(Debug, Serialize, ToSchema)]
pub struct InterviewPage {
    items: Vec<SummaryJson>,
    /// Send it as `cursor` for the next part; null on the last.
    #[schema(required)]
    next: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Listed {
    /// The `next` of the part before.
    #[param(value_type = Option<String>)]
    cursor: Option<InterviewId>,
    /// How many at most; 20 where missing.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
    /// Words that were said or asked.
    search: Option<String>,
    category: Option<Category>,
    mode: Option<Mode>,
}

/// How an interview is taken out.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ExportFormat {
    Markdown,
    Json,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Exported {
    format: ExportFormat,
}

/// Interviews, latest first.
#[utoipa::path(get, path = "/api/v1/interviews", params(Listed), responses((status = 200, body = InterviewPage), Problem))]
pub async fn list(
    State(practice): State<Practice>,
    Asked(asked): Asked<Listed>,
) -> Result<Json<InterviewPage>, Problem> {
    let limit = asked.limit.unwrap_or(20).clamp(1, 100);
    let filter = ListFilter {
        search: asked.search.unwrap_or_default(),
        category: asked.category,
        mode: asked.mode,
        is_over: None,
    };
    // One more than wanted tells whether another part follows.
    let mut found = practice.list(ListPage { before: asked.cursor, limit: limit + 1, filter }).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| last.id.to_string());
    Ok(Json(InterviewPage { items: found.iter().map(SummaryJson::from).collect(), next }))
}

/// Chooses questions and starts an interview.
#[utoipa::path(
    post, path = "/api/v1/interviews", request_body = Start,
    responses((status = 201, body = InterviewJson, headers(("location" = String))), Problem)
)]
pub async fn start(State(practice): State<Practice>, Body(start): Body<Start>) -> Result<Response, Problem> {
    let id = practice.start(start.try_into()?).await?;
    // Offline the first question is there in milliseconds; a slow one comes over the events.
    let _ = tokio::time::timeout(FIRST_QUESTION, practice.settled(&id)).await;
    let view = practice.view(&id).await?;
    let location = HeaderValue::from_str(&format!("/api/v1/interviews/{id}"));
    let location = location.unwrap_or_else(|_| HeaderValue::from_static("/api/v1/interviews"));
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(InterviewJson::from(&view))).into_response())
}

/// An interview with everything said and every scorecard that may be seen now.
#[utoipa::path(
    get, path = "/api/v1/interviews/{id}", params(("id" = String, Path)),
    responses((status = 200, body = InterviewJson), Problem)
)]
pub async fn show(State(practice): State<Practice>, At(id): At<InterviewId>) -> Result<Json<InterviewJson>, Problem> {
    Ok(Json(InterviewJson::from(&practice.view(&id).await?)))
}

/// Deletes an interview with everything said in it.
#[utoipa::path(
    delete, path = "/api/v1/interviews/{id}", params(("id" = String, Path)), responses((status = 204), Problem)
)]
pub async fn delete(State(practice): State<Practice>, At(id): At<InterviewId>) -> Result<StatusCode, Problem> {
    practice.delete(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The interview as a file.
#[utoipa::path(
    get, path = "/api/v1/interviews/{id}/export", params(("id" = String, Path), Exported),
    responses((status = 200, content((InterviewJson = "application/json"), (String = "text/markdown"))), Problem)
)]
pub async fn export(
    State(practice): State<Practice>,
    At(id): At<InterviewId>,
    Asked(asked): Asked<Exported>,
) -> Result<Response, Problem> {
    let view = practice.view(&id).await?;
    let (kind, ending, body) = match asked.format {
        ExportFormat::Markdown => ("text/markdown; charset=utf-8", "md", exported::markdown(&view).into_bytes()),
        ExportFormat::Json => {
            ("application/json", "json", serde_json::to_vec_pretty(&exported::json(&view)).unwrap_or_default())
        }
    };
    let disposition = format!("attachment; filename=\"interview-{id}.{ending}\"");
    let headers: [(HeaderName, String); 2] =
        [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, body).into_response())
}
