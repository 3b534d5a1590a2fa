//! What an interview as a whole says: the hire signal with its nearest rungs, three priorities, and what to drill now.

use std::collections::BTreeMap;

use super::{
    chart::{BarChart, mean},
    rate::signal,
    words::{self, w},
};
use crate::{
    interview::Take,
    practice::InterviewView,
    question::{Category, Level, Question, Severity, Verdict},
    scoring::{Scorecard, formula},
};

/// How many priorities are told.
const PRIORITIES: usize = 3;

pub struct Outlook {
    /// Nothing where no answer has a score.
    pub signal: Option<Signal>,
    pub priorities: Vec<Priority>,
    pub drill_category: String,
    pub drill_text: String,
    pub by_category: BarChart,
    pub by_skill: Option<BarChart>,
}

pub struct Signal {
    pub overall: u8,
    pub words: String,
    pub level: String,
    pub basis: String,
    pub mean: String,
    /// How many answers the judge could give no number.
    pub left_out: usize,
    /// What would have reached the next rung; nothing at the top.
    pub next_rung: Option<String>,
    pub lacking: Vec<Said>,
    /// What the next level would be asked; nothing at the highest.
    pub next_level: Option<String>,
    pub level_notes: Vec<Said>,
}

/// Something about one question.
pub struct Said {
    pub text: String,
    pub title: String,
}

/// Something to work on.
pub struct Priority {
    pub text: String,
    pub title: String,
    pub question: String,
    pub category: Category,
    /// By how much the mean score would rise.
    gain: f64,
}

/// The latest scored take of one question.
struct Judged<'a> {
    question: &'a Question,
    card: &'a Scorecard,
    score: f64,
}

impl Outlook {
    /// Over the latest scored take of each question.
    pub fn of(view: &InterviewView) -> Self {
        let judged = judged(view);
        let mut open: Vec<Priority> = judged.iter().flat_map(|one| gains(one, judged.len())).collect();
        open.sort_by(|a, b| b.gain.total_cmp(&a.gain));
        let scores_by = |names: &dyn Fn(&Question) -> Vec<String>| -> Vec<(String, Vec<f64>)> {
            let mut scores: BTreeMap<String, Vec<f64>> = BTreeMap::new();
            for one in &judged {
                for name in names(one.question) {
                    scores.entry(name).or_default().push(one.score);
                }
            }
            scores.into_iter().collect()
        };
        let by_category = scores_by(&|question| vec![category_label(question.category())]);
        let by_skill = scores_by(&|question| question.skills.iter().map(|skill| skill.replace('-', " ")).collect());
        let weakest = judged.iter().min_by(|a, b| a.score.total_cmp(&b.score)).map(|one| one.question.category());
        let drill = open.first().map(|priority| priority.category).or(weakest);
        Self {
            signal: signal_of(view, &judged, &open),
            drill_category: drill.map_or_else(String::new, |category| category.to_string()),
            drill_text: drill
                .map(|category| words::fill("debrief.drill-text", &[&category_label(category)]))
                .unwrap_or_default(),
            by_category: BarChart::of(by_category),
            by_skill: Some(by_skill).filter(|skills| skills.len() > 1).map(BarChart::of),
            priorities: open.into_iter().take(PRIORITIES).collect(),
        }
    }
}

pub fn category_label(category: Category) -> String {
    words::label("category", category.as_str())
}

fn judged(view: &InterviewView) -> Vec<Judged<'_>> {
    let takes = view.interview.takes();
    let is_latest = |index: usize, take: &Take| {
        let later = takes.iter().enumerate().skip(index + 1);
        !later.into_iter().any(|(later, other)| other.question == take.question && view.scorecards.contains_key(&later))
    };
    takes
        .iter()
        .enumerate()
        .filter(|(index, take)| is_latest(*index, take))
        .filter_map(|(index, take)| {
            let card = view.scorecards.get(&index)?;
            Some(Judged { question: view.interview.question_of(take), card, score: card.sum()?.score })
        })
        .collect()
}

/// By how much each open point and each pitfall holds the mean score down.
fn gains(one: &Judged<'_>, judged: usize) -> Vec<Priority> {
    #[expect(clippy::cast_precision_loss, reason = "there are 20 questions at most")]
    let share = 1.0 / judged.max(1) as f64;
    let weights: f64 = one.question.assessment_points.iter().map(|point| f64::from(point.weight)).sum();
    let priority = |text: String, gain: f64| Priority {
        text,
        title: one.question.title.clone(),
        question: one.question.id.to_string(),
        category: one.question.category(),
        gain,
    };
    let points = one.card.points().iter().filter(|scored| scored.verdict != Verdict::Met).filter_map(|scored| {
        let point = one.question.point(&scored.id)?;
        let lost = f64::from(point.weight) * (1.0 - formula::value(scored.verdict)) / weights;
        Some(priority(words::fill("debrief.priority-point", &[&point.text]), lost * share))
    });
    let pitfalls = one.card.pitfalls().iter().filter(|scored| scored.triggered).filter_map(|scored| {
        let pitfall = one.question.pitfall(&scored.id)?;
        // A critical one caps the overall, whatever the sum.
        let weight = if pitfall.severity == Severity::Critical { 2.0 } else { 1.0 };
        let lost = formula::penalty(pitfall.severity) * weight;
        Some(priority(words::fill("debrief.priority-pitfall", &[&pitfall.text]), lost * share))
    });
    points.chain(pitfalls).collect()
}

fn signal_of(view: &InterviewView, judged: &[Judged<'_>], open: &[Priority]) -> Option<Signal> {
    if judged.is_empty() {
        return None;
    }
    let scores: Vec<f64> = judged.iter().map(|one| one.score).collect();
    let mean = mean(&scores);
    let overall = formula::rung(mean);
    let chosen = view.interview.plan().level;
    let level = chosen.or_else(|| judged.iter().map(|one| one.question.level).max());
    let above = level.and_then(|level| Level::ALL.iter().copied().find(|next| *next > level));
    let next = formula::THRESHOLDS.get(usize::from(overall) - 1).copied();
    let level_notes = above.map(|above| notes(judged, above)).unwrap_or_default();
    Some(Signal {
        overall,
        words: signal(overall),
        level: chosen.map_or_else(
            || w("debrief.signal-any").to_owned(),
            |level| words::fill("debrief.signal-level", &[&words::label("level", level.as_str())]),
        ),
        basis: words::many("debrief.signal-basis", judged.len()),
        mean: format!("{mean:.2}"),
        left_out: view.scorecards.values().filter(|card| card.sum().is_none()).count(),
        next_rung: next.map(|_| words::fill("debrief.next-rung", &[&signal(overall + 1).to_lowercase()])),
        lacking: next.map(|threshold| lacking(open, threshold - mean)).unwrap_or_default(),
        next_level: above.map(|above| {
            let label = words::label("level", above.as_str());
            let key = if level_notes.is_empty() { "debrief.next-level-none" } else { "debrief.next-level" };
            words::fill(key, &[&label])
        }),
        level_notes,
    })
}

/// The weightiest open points that together would have closed the gap.
fn lacking(open: &[Priority], gap: f64) -> Vec<Said> {
    let mut left = gap;
    let mut listed = Vec::new();
    for priority in open {
        if left <= 1e-9 {
            break;
        }
        left -= priority.gain;
        listed.push(Said { text: priority.text.clone(), title: priority.title.clone() });
    }
    listed
}

/// What the questions say about a level.
fn notes(judged: &[Judged<'_>], level: Level) -> Vec<Said> {
    let note = |question: &Question| match level {
        Level::Tpm => question.levels.tpm.clone(),
        Level::Senior => question.levels.senior.clone(),
        Level::Principal => question.levels.principal.clone(),
    };
    judged
        .iter()
        .filter_map(|one| Some((note(one.question)?, &one.question.title)))
        .map(|(text, title)| Said { text, title: title.clone() })
        .collect()
}
