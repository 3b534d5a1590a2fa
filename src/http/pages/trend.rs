//! Scores over time as a small line chart, with the same numbers for a table beside it.

use super::{
    rate::signal,
    rows::when,
    words::{self, w},
};
use crate::{practice::progress::PastTake, scoring::formula};

/// Everything in the chart's own units, as the template draws it.
const LEFT: f64 = 8.0;
const RIGHT: f64 = 312.0;
const TOP: f64 = 8.0;
const BOTTOM: f64 = 88.0;

/// How many takes one chart shows, the latest ones.
const SHOWN: usize = 30;

pub struct TrendChart {
    pub name: String,
    pub text: String,
    /// What the chart says, for those who do not see it.
    pub label: String,
    pub rungs: Vec<String>,
    pub dots: Vec<Dot>,
    pub line: String,
    /// The candidate's own ratings, where the chart is about those.
    pub own_dots: Vec<Dot>,
    pub own_line: String,
    pub has_own: bool,
    pub rows: Vec<TrendRow>,
}

pub struct Dot {
    pub x: String,
    pub y: String,
}

pub struct TrendRow {
    pub when: String,
    pub interview: String,
    pub take: usize,
    pub title: String,
    pub own: String,
    pub words: String,
    pub score: String,
}

impl TrendChart {
    /// Scores from 0 to 1 over the takes, oldest first.
    pub fn of_scores(name: String, takes: &[PastTake]) -> Self {
        let takes = &takes[takes.len().saturating_sub(SHOWN)..];
        let dots: Vec<Dot> = places(takes.len()).zip(takes).map(|(x, take)| Dot::at(x, take.score)).collect();
        let rungs = formula::THRESHOLDS.iter().map(|&threshold| Dot::at(0.0, threshold).y).collect();
        Self {
            text: takes.last().map_or_else(String::new, |last| {
                words::fill("progress.latest", &[&signal(last.overall).to_lowercase()])
            }),
            label: label(&name, takes),
            name,
            rungs,
            line: line(&dots),
            dots,
            own_dots: Vec::new(),
            own_line: String::new(),
            has_own: false,
            rows: takes.iter().rev().map(TrendRow::from).collect(),
        }
    }

    /// The candidate's own ratings beside the overalls, both from 1 to 5.
    pub fn of_self_ratings(takes: &[PastTake]) -> Self {
        let takes = &takes[takes.len().saturating_sub(SHOWN)..];
        let share = |overall: u8| f64::from(overall.saturating_sub(1)) / 4.0;
        let own = |take: &PastTake| share(take.self_rating.unwrap_or(take.overall));
        let dots: Vec<Dot> = places(takes.len()).zip(takes).map(|(x, take)| Dot::at(x, share(take.overall))).collect();
        let own_dots: Vec<Dot> = places(takes.len()).zip(takes).map(|(x, take)| Dot::at(x, own(take))).collect();
        Self {
            name: w("progress.your-rating").to_owned(),
            text: format!("· {}", w("progress.the-score")),
            label: label(w("progress.self"), takes),
            rungs: (0..5).map(|rung| Dot::at(0.0, f64::from(rung) / 4.0).y).collect(),
            line: line(&dots),
            dots,
            own_line: if own_dots.len() > 1 { line(&own_dots) } else { String::new() },
            own_dots,
            has_own: true,
            rows: takes.iter().rev().map(TrendRow::from).collect(),
        }
    }
}

impl Dot {
    fn at(x: f64, share: f64) -> Self {
        let y = (TOP - BOTTOM).mul_add(share.clamp(0.0, 1.0), BOTTOM);
        Self { x: format!("{x:.1}"), y: format!("{y:.1}") }
    }
}

impl From<&PastTake> for TrendRow {
    fn from(take: &PastTake) -> Self {
        Self {
            when: when(take.at_ms),
            interview: take.interview.clone(),
            take: take.take,
            title: take.title.clone(),
            own: take.self_rating.map(signal).unwrap_or_default(),
            words: signal(take.overall),
            score: format!("{:.2}", take.score),
        }
    }
}

/// Where so many dots stand from left to right; a single one in the middle.
#[expect(clippy::cast_precision_loss, reason = "there are 30 dots at most")]
fn places(count: usize) -> impl Iterator<Item = f64> {
    let step = if count > 1 { (RIGHT - LEFT) / (count - 1) as f64 } else { 0.0 };
    let first = if count > 1 { LEFT } else { f64::midpoint(LEFT, RIGHT) };
    (0..count).map(move |place| step.mul_add(place as f64, first))
}

fn line(dots: &[Dot]) -> String {
    dots.iter().map(|dot| format!("{},{}", dot.x, dot.y)).collect::<Vec<_>>().join(" ")
}

fn label(name: &str, takes: &[PastTake]) -> String {
    let words = |take: &PastTake| signal(take.overall).to_lowercase();
    match takes {
        [] => name.to_owned(),
        [only] => words::fill("progress.trend-one", &[&name, &words(only)]),
        [first, .., last] => {
            let filled = words::fill("progress.trend-text", &[&name, &takes.len(), &words(first), &words(last)]);
            format!("{filled}. {}", w("progress.trend-desc"))
        }
    }
}
