//! The first page: what this is, what waits to be continued, and the form that starts an interview.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{
    back_when_settled,
    failure::{Failure, sentence},
    form::{Choice, Fields, Sent},
    page,
    rows::InterviewRow,
};
use crate::{
    interview::Mode,
    practice::{ListPage, Practice, PracticeError, StartWish},
    question::{Category, Level},
};

/// How many of the last interviews the first page lists.
const LATELY: usize = 5;

const COUNTS: &[(&str, &str)] =
    &[("1", "1 question"), ("2", "2 questions"), ("3", "3 questions"), ("5", "5 questions"), ("8", "8 questions")];

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    error: Option<String>,
    unfinished: Option<InterviewRow>,
    categories: Vec<Choice>,
    levels: Vec<Choice>,
    counts: Vec<Choice>,
    modes: Vec<Choice>,
    /// What was pasted, where the form comes back.
    job_description: String,
    resume: String,
    /// Where the texts go.
    texts_go: String,
    engine: String,
    recent: Vec<InterviewRow>,
    with_delete: bool,
}

/// `GET /`
pub async fn show(State(practice): State<Practice>) -> Result<Response, Failure> {
    let home = home_page(&practice, &StartWish::default(), None).await?;
    Ok(page(StatusCode::OK, &home))
}

/// `POST /interviews`
pub async fn start(State(practice): State<Practice>, sent: Sent) -> Result<Response, Failure> {
    let wish = match wish(&Fields::read(sent)?) {
        Ok(wish) => wish,
        Err(error) => return again(&practice, &StartWish::default(), &error).await,
    };
    match practice.start(wish.clone()).await {
        Ok(id) => Ok(back_when_settled(&practice, &id).await.into_response()),
        Err(error @ (PracticeError::NothingToAsk(_) | PracticeError::UnfitPasted(_))) => {
            again(&practice, &wish, &error.to_string()).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The form again with what was wrong and everything that was chosen.
async fn again(practice: &Practice, wish: &StartWish, error: &str) -> Result<Response, Failure> {
    let home = home_page(practice, wish, Some(sentence(error))).await?;
    Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &home))
}

/// What the form asks for. What it leaves out has the usual value.
fn wish(fields: &Fields) -> Result<StartWish, String> {
    let usual = StartWish::default();
    let words = |error: &dyn std::error::Error| error.to_string();
    let categories = fields.all("category").map(str::parse).collect::<Result<_, _>>().map_err(|e| words(&e))?;
    let questions = fields.all("question").map(str::parse).collect::<Result<_, _>>().map_err(|e| words(&e))?;
    let level = match fields.first("level") {
        "" => None,
        name => Some(name.parse::<Level>().map_err(|e| words(&e))?),
    };
    let mode = match fields.first("mode") {
        "" => usual.mode,
        name => name.parse().map_err(|e| words(&e))?,
    };
    let count = match fields.first("count") {
        "" => usual.count,
        text => match text.parse() {
            Ok(count) if (1..=20).contains(&count) => count,
            Ok(_) | Err(_) => return Err(format!("`{text}` is no number of questions: use 1 to 20")),
        },
    };
    let (job_description, resume) = (fields.text("job_description"), fields.text("resume"));
    Ok(StartWish { categories, level, count, questions, mode, job_description, resume, ..usual })
}

async fn home_page(practice: &Practice, wish: &StartWish, error: Option<String>) -> Result<HomePage, Failure> {
    let last = practice.list(ListPage { before: None, limit: LATELY }).await?;
    let row = |summary| InterviewRow::of(summary, practice.bank());
    let categories = Category::ALL.iter().map(|category| Choice {
        value: category.as_str(),
        label: category.label(),
        note: "",
        checked: wish.categories.contains(category),
    });
    let modes = Mode::ALL.iter().map(|mode| Choice {
        value: mode.as_str(),
        label: mode.label(),
        note: match mode {
            Mode::Coached => "Feedback after each question, and you may take it again.",
            Mode::Real => "No word about the score until the end, as on the day.",
        },
        checked: wish.mode == *mode,
    });
    let counts = COUNTS.iter().map(|&(value, label)| Choice {
        value,
        label,
        note: "",
        checked: value == wish.count.to_string(),
    });
    Ok(HomePage {
        error,
        unfinished: last.iter().find(|summary| summary.ended.is_none()).map(row),
        categories: categories.collect(),
        levels: levels(wish.level),
        counts: counts.collect(),
        modes: modes.collect(),
        job_description: wish.job_description.clone(),
        resume: wish.resume.clone(),
        texts_go: texts_go(practice),
        engine: engine(practice),
        recent: last.iter().map(row).collect(),
        with_delete: false,
    })
}

/// The levels with "any" first.
pub fn levels(chosen: Option<Level>) -> Vec<Choice> {
    let any = Choice { value: "", label: "Any level", note: "", checked: chosen.is_none() };
    let known = Level::ALL.iter().map(|level| Choice {
        value: level.as_str(),
        label: level.label(),
        note: "",
        checked: chosen == Some(*level),
    });
    std::iter::once(any).chain(known).collect()
}

/// What becomes of pasted texts, before anybody pastes one.
fn texts_go(practice: &Practice) -> String {
    match practice.judge().describe().host {
        Some(host) => format!("They are sent to {host}, kept with the interview and deleted with it."),
        None => "They stay on this computer, are kept with the interview and deleted with it.".to_owned(),
    }
}

/// Who scores, and where the answers go for it.
fn engine(practice: &Practice) -> String {
    let judging = practice.judge().describe();
    match (judging.model, judging.host) {
        (Some(model), Some(host)) => format!("Scored by {model} at {host}: your answers are sent there."),
        (_, None) | (None, Some(_)) => "Scored by rules on this computer.".to_owned(),
    }
}
