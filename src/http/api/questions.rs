//! The questions that can be practised.

use std::{
    collections::HashMap,
    sync::{LazyLock, PoisonError, RwLock},
};

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    http::{
        extract::{Asked, At},
        problem::Problem,
    },
    practice::Practice,
    question::{Category, Kind, Level, Question, QuestionId, Severity},
};

/// Questions with their rubrics as they are sent, by hash, each written once. The same hash is the same question,
/// so none goes stale, and there are no more of them than questions in the banks of this process.
static WRITTEN: LazyLock<RwLock<HashMap<String, Bytes>>> = LazyLock::new(RwLock::default);

/// A question without its rubric.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionSummary {
    id: String,
    title: String,
    category: Category,
    kind: Kind,
    level: Level,
    /// Expected length of an answer.
    minutes: u8,
    skills: Vec<String>,
    tags: Vec<String>,
    /// The beginning of the hash, by which people call this wording.
    version: String,
    /// SHA-256 of the whole question.
    hash: String,
}

/// A question with its rubric.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionJson {
    #[serde(flatten)]
    summary: QuestionSummary,
    prompt: String,
    hints: Vec<String>,
    assessment_points: Vec<PointJson>,
    pitfalls: Vec<PitfallJson>,
    follow_ups: Vec<FollowUpJson>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssessmentPoint)]
pub struct PointJson {
    id: String,
    text: String,
    /// 1 to 3.
    weight: u8,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Pitfall)]
pub struct PitfallJson {
    id: String,
    text: String,
    severity: Severity,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FollowUp)]
pub struct FollowUpJson {
    id: String,
    ask: String,
    #[schema(required)]
    probes: Option<String>,
}

/// A part of the list of questions.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionPage {
    items: Vec<QuestionSummary>,
    /// Send it as `cursor` for the next part; null on the last.
    #[schema(required)]
    next: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Listed {
    category: Option<Category>,
    level: Option<Level>,
    kind: Option<Kind>,
    /// Words in the title or the question.
    search: Option<String>,
    /// The `next` of the part before.
    #[param(value_type = Option<String>)]
    cursor: Option<QuestionId>,
    /// How many at most; 50 where missing.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

impl Listed {
    fn takes(&self, question: &Question) -> bool {
        let sought = self.search.as_deref().unwrap_or_default().to_lowercase();
        self.category.is_none_or(|category| question.category() == category)
            && self.level.is_none_or(|level| question.level == level)
            && self.kind.is_none_or(|kind| question.kind == kind)
            && self.cursor.as_ref().is_none_or(|cursor| question.id > *cursor)
            && (question.title.to_lowercase().contains(&sought) || question.prompt.to_lowercase().contains(&sought))
    }
}

impl QuestionSummary {
    fn of(question: &Question, hash: &str) -> Self {
        Self {
            id: question.id.to_string(),
            title: question.title.clone(),
            category: question.category(),
            kind: question.kind,
            level: question.level,
            minutes: question.minutes,
            skills: question.skills.clone(),
            tags: question.tags.clone(),
            version: Question::version_of(hash).to_owned(),
            hash: hash.to_owned(),
        }
    }
}

impl QuestionJson {
    fn of(question: &Question, hash: &str) -> Self {
        Self {
            summary: QuestionSummary::of(question, hash),
            prompt: question.prompt.clone(),
            hints: question.hints.clone(),
            assessment_points: question
                .assessment_points
                .iter()
                .map(|point| PointJson { id: point.id.clone(), text: point.text.clone(), weight: point.weight })
                .collect(),
            pitfalls: question
                .pitfalls
                .iter()
                .map(|pitfall| PitfallJson {
                    id: pitfall.id.clone(),
                    text: pitfall.text.clone(),
                    severity: pitfall.severity,
                })
                .collect(),
            follow_ups: question
                .follow_ups
                .iter()
                .map(|follow_up| FollowUpJson {
                    id: follow_up.id.clone(),
                    ask: follow_up.ask.clone(),
                    probes: follow_up.probes.clone(),
                })
                .collect(),
        }
    }
}

/// Questions, by id.
#[utoipa::path(get, path = "/api/v1/questions", params(Listed), responses((status = 200, body = QuestionPage), Problem))]
pub async fn list(State(practice): State<Practice>, Asked(asked): Asked<Listed>) -> Json<QuestionPage> {
    let limit = asked.limit.unwrap_or(50).clamp(1, 200);
    let bank = practice.bank();
    let mut found: Vec<&Question> = bank.questions().filter(|question| asked.takes(question)).take(limit + 1).collect();
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| last.id.to_string());
    let items = found.into_iter().filter_map(|found| Some(QuestionSummary::of(found, bank.hash_of(&found.id)?)));
    Json(QuestionPage { items: items.collect(), next })
}

/// A question with its rubric.
#[utoipa::path(
    get, path = "/api/v1/questions/{category}/{slug}", params(("category" = String, Path), ("slug" = String, Path)),
    responses((status = 200, body = QuestionJson), Problem)
)]
pub async fn show(
    State(practice): State<Practice>,
    At((category, slug)): At<(String, String)>,
) -> Result<Response, Problem> {
    let id = format!("{category}/{slug}");
    let bank = practice.bank();
    let found = id.parse().ok().and_then(|id| Some(written(bank.get(&id)?, bank.hash_of(&id)?)));
    let json = found.ok_or_else(|| {
        let detail = format!("there is no question `{id}`: /api/v1/questions lists those there are");
        Problem::new(StatusCode::NOT_FOUND, "no-such-question", detail)
    })?;
    Ok(([(header::CONTENT_TYPE, "application/json")], json).into_response())
}

fn written(question: &Question, hash: &str) -> Bytes {
    if let Some(json) = WRITTEN.read().unwrap_or_else(PoisonError::into_inner).get(hash) {
        return json.clone();
    }
    let json = Bytes::from(serde_json::to_vec(&QuestionJson::of(question, hash)).expect("a question is plain data"));
    WRITTEN.write().unwrap_or_else(PoisonError::into_inner).insert(hash.to_owned(), json.clone());
    json
}
