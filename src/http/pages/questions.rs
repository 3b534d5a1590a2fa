//! The bank as pages: all questions by category, and one of them with the way to practise it.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use super::{failure::Failure, form::Choice, home::levels, page};
use crate::{
    practice::Practice,
    question::{Category, Level, Question},
};

#[derive(Template)]
#[template(path = "questions.html")]
struct QuestionsPage {
    total: usize,
    categories: Vec<Choice>,
    levels: Vec<Choice>,
    /// Only those with a question.
    groups: Vec<Group>,
}

struct Group {
    value: &'static str,
    label: &'static str,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    title: String,
    prompt: String,
    level: &'static str,
    minutes: u8,
}

#[derive(Template)]
#[template(path = "question.html")]
struct QuestionPage {
    id: String,
    title: String,
    prompt: String,
    category: &'static str,
    category_value: &'static str,
    kind: &'static str,
    level: &'static str,
    minutes: u8,
    tags: Vec<String>,
    points: Vec<RubricRow>,
    pitfalls: Vec<PitfallRow>,
}

struct RubricRow {
    text: String,
    weight: u8,
}

struct PitfallRow {
    text: String,
    severity: &'static str,
}

/// What the list is narrowed to; an empty or unknown name narrows nothing.
#[derive(Deserialize)]
pub struct Filter {
    #[serde(default)]
    category: String,
    #[serde(default)]
    level: String,
}

/// `GET /questions`
pub async fn list(State(practice): State<Practice>, Query(filter): Query<Filter>) -> Response {
    let category: Option<Category> = filter.category.parse().ok();
    let level: Option<Level> = filter.level.parse().ok();
    let questions: Vec<&Question> = practice.bank().questions().collect();
    let groups = Category::ALL.iter().filter(|known| category.is_none_or(|wanted| wanted == **known)).map(|known| {
        let fits = |question: &&&Question| {
            question.category() == *known && level.is_none_or(|wanted| wanted == question.level)
        };
        Group {
            value: known.as_str(),
            label: known.label(),
            rows: questions.iter().filter(fits).map(|question| Row::from(*question)).collect(),
        }
    });
    let all = Choice { value: "", label: "All categories", note: "", checked: category.is_none() };
    let categories = Category::ALL.iter().map(|known| Choice {
        value: known.as_str(),
        label: known.label(),
        note: "",
        checked: category == Some(*known),
    });
    let list = QuestionsPage {
        total: questions.len(),
        categories: std::iter::once(all).chain(categories).collect(),
        levels: levels(level),
        groups: groups.filter(|group| !group.rows.is_empty()).collect(),
    };
    page(StatusCode::OK, &list)
}

/// `GET /questions/{category}/{slug}`
pub async fn show(
    State(practice): State<Practice>,
    Path((category, slug)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let id = format!("{category}/{slug}").parse().map_err(|_| Failure::NoSuchQuestion)?;
    let question = practice.bank().get(&id).ok_or(Failure::NoSuchQuestion)?;
    Ok(page(StatusCode::OK, &QuestionPage::from(question)))
}

impl From<&Question> for Row {
    fn from(question: &Question) -> Self {
        Self {
            id: question.id.to_string(),
            title: question.title.clone(),
            prompt: question.prompt.clone(),
            level: question.level.label(),
            minutes: question.minutes,
        }
    }
}

impl From<&Question> for QuestionPage {
    fn from(question: &Question) -> Self {
        let points = question.assessment_points.iter();
        let pitfalls = question.pitfalls.iter();
        Self {
            id: question.id.to_string(),
            title: question.title.clone(),
            prompt: question.prompt.clone(),
            category: question.category().label(),
            category_value: question.category().as_str(),
            kind: question.kind.label(),
            level: question.level.label(),
            minutes: question.minutes,
            tags: question.tags.clone(),
            points: points.map(|point| RubricRow { text: point.text.clone(), weight: point.weight }).collect(),
            pitfalls: pitfalls
                .map(|pitfall| PitfallRow { text: pitfall.text.clone(), severity: pitfall.severity.label() })
                .collect(),
        }
    }
}
