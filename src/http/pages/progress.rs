//! Progress over many interviews: what keeps being missed, what moves, and how well one judges oneself.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};

use super::{
    failure::Failure,
    frame::Frame,
    outlook::category_label,
    page,
    rate::signal,
    rows::when,
    trend::TrendChart,
    words::{self, filters, w},
};
use crate::{
    practice::{
        Practice,
        progress::{MissedPoint, PastTake, Progress, QuestionRecord},
    },
    question::Category,
};

/// How many points and how many skills one page shows.
const POINTS: usize = 12;
const SKILLS: usize = 12;

#[derive(Template)]
#[template(path = "progress.html")]
struct ProgressPage {
    frame: Frame,
    is_empty: bool,
    interviews: usize,
    has_older: bool,
    /// Missed more than once.
    missed: Vec<Missed>,
    /// Missed in the latest take alone.
    missed_once: Vec<Missed>,
    categories: Vec<TrendChart>,
    skills: Vec<TrendChart>,
    self_ratings: Option<TrendChart>,
    self_mean: String,
    questions: Vec<Record>,
}

struct Missed {
    question: String,
    title: String,
    text: String,
    times: String,
    answers: Vec<Answer>,
}

struct Answer {
    interview: String,
    take: usize,
    when: String,
    text: String,
}

/// Best and latest take of a question.
pub struct Record {
    pub question: String,
    pub title: String,
    pub tries: String,
    pub best: Past,
    pub latest: Past,
}

pub struct Past {
    pub interview: String,
    pub take: usize,
    pub when: String,
    pub words: String,
    pub score: String,
}

/// `GET /progress`
pub async fn show(State(practice): State<Practice>) -> Result<Response, Failure> {
    let progress = practice.progress().await?;
    Ok(page(StatusCode::OK, &ProgressPage::of(&progress, Frame::of(&practice).await)))
}

impl ProgressPage {
    fn of(progress: &Progress, frame: Frame) -> Self {
        let name = |name: &str| name.parse().map_or_else(|_| name.to_owned(), |known: Category| category_label(known));
        let mut skills: Vec<_> = progress.skills.iter().collect();
        skills.sort_by_key(|trend| std::cmp::Reverse(trend.takes.len()));
        Self {
            frame,
            is_empty: progress.questions.is_empty(),
            interviews: progress.interviews,
            has_older: progress.has_older,
            missed: progress.missed.iter().filter(|point| point.times > 1).take(POINTS).map(Missed::from).collect(),
            missed_once: progress.missed.iter().filter(|point| point.times == 1).map(Missed::from).collect(),
            categories: progress
                .categories
                .iter()
                .map(|trend| TrendChart::of_scores(name(&trend.name), &trend.takes))
                .collect(),
            skills: skills
                .into_iter()
                .filter(|trend| trend.takes.len() > 1)
                .take(SKILLS)
                .map(|trend| TrendChart::of_scores(trend.name.replace('-', " "), &trend.takes))
                .collect(),
            self_ratings: Some(&progress.self_ratings)
                .filter(|rated| !rated.is_empty())
                .map(|rated| TrendChart::of_self_ratings(rated)),
            self_mean: self_mean(&progress.self_ratings),
            questions: progress.questions.iter().map(Record::from).collect(),
        }
    }
}

/// How far the candidate's ratings stand from the scores, on average.
fn self_mean(rated: &[PastTake]) -> String {
    let differences: Vec<f64> =
        rated.iter().filter_map(|take| Some(f64::from(take.self_rating?) - f64::from(take.overall))).collect();
    let mean = super::chart::mean(&differences);
    match mean {
        mean if mean >= 0.25 => words::fill("progress.self-mean-higher", &[&format!("{mean:.1}")]),
        mean if mean <= -0.25 => words::fill("progress.self-mean-lower", &[&format!("{:.1}", -mean)]),
        _ => w("progress.self-mean-same").to_owned(),
    }
}

impl From<&MissedPoint> for Missed {
    fn from(point: &MissedPoint) -> Self {
        Self {
            question: point.question.clone(),
            title: point.title.clone(),
            text: point.text.clone(),
            times: words::fill("progress.missed-times", &[&point.times, &point.tries]),
            answers: point
                .answers
                .iter()
                .map(|answer| Answer {
                    interview: answer.interview.clone(),
                    take: answer.take,
                    when: when(answer.at_ms),
                    text: answer.answer.clone(),
                })
                .collect(),
        }
    }
}

impl From<&QuestionRecord> for Record {
    fn from(record: &QuestionRecord) -> Self {
        Self {
            question: record.question.clone(),
            title: record.title.clone(),
            tries: words::many("progress.tries", record.tries),
            best: Past::from(&record.best),
            latest: Past::from(&record.latest),
        }
    }
}

impl From<&PastTake> for Past {
    fn from(take: &PastTake) -> Self {
        Self {
            interview: take.interview.clone(),
            take: take.take,
            when: when(take.at_ms),
            words: signal(take.overall),
            score: format!("{:.2}", take.score),
        }
    }
}
