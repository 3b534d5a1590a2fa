//! The bank as pages: all questions, narrowed to what is sought, and one of them with the way to practise it.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use super::{
    failure::Failure,
    form::Choice,
    frame::Frame,
    home::levels,
    page,
    progress::Record,
    words::{self, filters, w},
};
use crate::{
    interview::Mode,
    practice::{ListFilter, ListPage, Practice},
    question::{Category, Kind, Level, Question, QuestionId},
};

#[derive(Template)]
#[template(path = "questions.html")]
struct QuestionsPage {
    frame: Frame,
    total: usize,
    found: usize,
    is_narrowed: bool,
    search: String,
    categories: Vec<Choice>,
    levels: Vec<Choice>,
    kinds: Vec<Choice>,
    skills: Vec<Choice>,
    /// Only those with a question.
    groups: Vec<Group>,
}

struct Group {
    value: &'static str,
    label: String,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    title: String,
    prompt: String,
    level: String,
    kind: String,
    minutes: u8,
}

#[derive(Template)]
#[template(path = "question.html")]
struct QuestionPage {
    frame: Frame,
    id: String,
    title: String,
    prompt: String,
    category: String,
    category_value: &'static str,
    kind: String,
    level: String,
    minutes: u8,
    tags: Vec<String>,
    /// The candidate's own takes of it.
    record: Option<Record>,
    /// Whether a real interview is to ask it still.
    is_hidden: bool,
    points: Vec<RubricRow>,
    pitfalls: Vec<PitfallRow>,
}

struct RubricRow {
    text: String,
    weight: u8,
}

struct PitfallRow {
    text: String,
    severity: String,
}

/// What the list is narrowed to; an empty or unknown name narrows nothing.
#[derive(Deserialize)]
pub struct Filter {
    #[serde(default)]
    search: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    level: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    skill: String,
}

/// The same, understood.
struct Wanted {
    words: Vec<String>,
    category: Option<Category>,
    level: Option<Level>,
    kind: Option<Kind>,
    skill: Option<String>,
}

impl Wanted {
    fn of(filter: &Filter) -> Self {
        Self {
            words: filter.search.to_lowercase().split_whitespace().map(str::to_owned).collect(),
            category: filter.category.parse().ok(),
            level: filter.level.parse().ok(),
            kind: filter.kind.parse().ok(),
            skill: Some(filter.skill.clone()).filter(|skill| !skill.is_empty()),
        }
    }

    fn is_everything(&self) -> bool {
        self.words.is_empty()
            && self.category.is_none()
            && self.level.is_none()
            && self.kind.is_none()
            && self.skill.is_none()
    }

    fn takes(&self, question: &Question) -> bool {
        let texts = [&question.title, &question.prompt].into_iter().chain(&question.skills).chain(&question.tags);
        let text = texts.map(|text| text.to_lowercase()).collect::<Vec<_>>().join("\n");
        self.category.is_none_or(|wanted| wanted == question.category())
            && self.level.is_none_or(|wanted| wanted == question.level)
            && self.kind.is_none_or(|wanted| wanted == question.kind)
            && self.skill.as_ref().is_none_or(|wanted| question.skills.contains(wanted))
            && self.words.iter().all(|word| text.contains(word))
    }
}

/// `GET /questions`
pub async fn list(State(practice): State<Practice>, Query(filter): Query<Filter>) -> Response {
    let wanted = Wanted::of(&filter);
    let fitting: Vec<&Question> = practice.bank().questions().filter(|question| wanted.takes(question)).collect();
    let groups = Category::ALL.iter().map(|known| Group {
        value: known.as_str(),
        label: words::label("category", known.as_str()),
        rows: fitting.iter().filter(|one| one.category() == *known).map(|one| Row::from(*one)).collect(),
    });
    let skills: BTreeSet<&String> = practice.bank().questions().flat_map(|question| &question.skills).collect();
    let skills = skills
        .into_iter()
        .map(|skill| Choice::new(skill, skill.replace('-', " "), wanted.skill.as_ref() == Some(skill)));
    let list = QuestionsPage {
        frame: Frame::of(&practice).await,
        total: practice.bank().len(),
        found: fitting.len(),
        is_narrowed: !wanted.is_everything(),
        categories: with_all(
            w("questions.all-categories"),
            "category",
            Category::ALL,
            Category::as_str,
            wanted.category,
        ),
        levels: levels(wanted.level),
        kinds: with_all(w("questions.all-kinds"), "kind", Kind::ALL, Kind::as_str, wanted.kind),
        skills: std::iter::once(Choice::new("", w("questions.all-skills"), wanted.skill.is_none()))
            .chain(skills)
            .collect(),
        groups: groups.filter(|group| !group.rows.is_empty()).collect(),
        search: filter.search,
    };
    page(StatusCode::OK, &list)
}

/// The values of a fixed list of names as choices, after one that takes them all.
fn with_all<T: Copy + PartialEq>(
    label: &str,
    section: &str,
    all: &[T],
    name: fn(T) -> &'static str,
    chosen: Option<T>,
) -> Vec<Choice> {
    let known =
        all.iter().map(|&value| Choice::new(name(value), words::label(section, name(value)), chosen == Some(value)));
    std::iter::once(Choice::new("", label, chosen.is_none())).chain(known).collect()
}

/// `GET /questions/{category}/{slug}`
pub async fn show(
    State(practice): State<Practice>,
    Path((category, slug)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let id: QuestionId = format!("{category}/{slug}").parse().map_err(|_| Failure::NoSuchQuestion)?;
    let question = practice.bank().get(&id).ok_or(Failure::NoSuchQuestion)?;
    let progress = practice.progress().await?;
    let record = progress.questions.iter().find(|record| record.question == id.as_str()).map(Record::from);
    let is_hidden = is_to_come(&practice, &id).await?;
    Ok(page(StatusCode::OK, &QuestionPage::of(question, record, is_hidden, Frame::of(&practice).await)))
}

/// Whether a real interview that goes on is to ask the question, or is asking it now.
async fn is_to_come(practice: &Practice, id: &QuestionId) -> Result<bool, Failure> {
    let filter = ListFilter { mode: Some(Mode::Real), is_over: Some(false), ..ListFilter::default() };
    let going_on = practice.list(ListPage { limit: 20, filter, ..ListPage::default() }).await?;
    for summary in going_on.iter().filter(|summary| summary.plan.questions.contains(id)) {
        let interview = practice.view(&summary.id).await?.interview;
        let is_done = |take: &&crate::interview::Take| interview.question_of(take).id == *id && take.outcome.is_some();
        if !interview.takes().iter().any(|take| is_done(&take)) {
            return Ok(true);
        }
    }
    Ok(false)
}

impl From<&Question> for Row {
    fn from(question: &Question) -> Self {
        Self {
            id: question.id.to_string(),
            title: question.title.clone(),
            prompt: question.prompt.clone(),
            level: words::label("level", question.level.as_str()),
            kind: words::label("kind", question.kind.as_str()),
            minutes: question.minutes,
        }
    }
}

impl QuestionPage {
    fn of(question: &Question, record: Option<Record>, is_hidden: bool, frame: Frame) -> Self {
        // What is hidden is not even sent.
        let points = question.assessment_points.iter().filter(|_| !is_hidden);
        let pitfalls = question.pitfalls.iter().filter(|_| !is_hidden);
        Self {
            frame,
            id: question.id.to_string(),
            title: question.title.clone(),
            prompt: question.prompt.clone(),
            category: words::label("category", question.category().as_str()),
            category_value: question.category().as_str(),
            kind: words::label("kind", question.kind.as_str()),
            level: words::label("level", question.level.as_str()),
            minutes: question.minutes,
            tags: question.skills.iter().chain(&question.tags).map(|tag| tag.replace('-', " ")).collect(),
            record,
            is_hidden,
            points: points.map(|point| RubricRow { text: point.text.clone(), weight: point.weight }).collect(),
            pitfalls: pitfalls
                .map(|pitfall| PitfallRow {
                    text: pitfall.text.clone(),
                    severity: words::label("severity", pitfall.severity.as_str()),
                })
                .collect(),
        }
    }
}
