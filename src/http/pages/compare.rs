//! A question taken again: before and after, point by point and side by side.

use super::words::{self, w};
use crate::{
    interview::{Take, TurnKind},
    practice::InterviewView,
    question::Verdict,
    scoring::Scorecard,
};

pub struct Compare {
    pub before_number: usize,
    pub after_number: usize,
    pub summary: String,
    pub rows: Vec<Row>,
    pub before_score: String,
    pub after_score: String,
    pub before_answer: String,
    pub after_answer: String,
}

pub struct Row {
    pub text: String,
    pub before: Shown,
    pub after: Shown,
    /// Class of the row: `better`, `worse` or `same`.
    pub change: &'static str,
}

pub struct Shown {
    pub class: &'static str,
    pub label: String,
}

impl Compare {
    /// Take number `index` against the one before it of the same question, where both have verdicts.
    pub fn of(view: &InterviewView, index: usize) -> Option<Self> {
        let takes = view.interview.takes();
        let after = takes.get(index)?;
        let earlier = takes[..index].iter().rposition(|take| take.question == after.question)?;
        let before = &takes[earlier];
        let (old, new) = (view.scorecards.get(&earlier)?, view.scorecards.get(&index)?);
        let (old_sum, new_sum) = (old.sum()?, new.sum()?);
        let question = view.interview.question_of(after);
        let rows: Vec<Row> = question
            .assessment_points
            .iter()
            .filter_map(|point| {
                let (old, new) = (verdict(old, &point.id)?, verdict(new, &point.id)?);
                let change = match new.cmp(&old) {
                    std::cmp::Ordering::Greater => "better",
                    std::cmp::Ordering::Equal => "same",
                    std::cmp::Ordering::Less => "worse",
                };
                Some(Row { text: point.text.clone(), before: Shown::of(old), after: Shown::of(new), change })
            })
            .collect();
        Some(Self {
            before_number: before.number,
            after_number: after.number,
            summary: summary(&rows),
            rows,
            before_score: format!("{:.2}", old_sum.score),
            after_score: format!("{:.2}", new_sum.score),
            before_answer: answers(before),
            after_answer: answers(after),
        })
    }
}

impl Shown {
    fn of(verdict: Verdict) -> Self {
        Self { class: verdict.as_str(), label: words::label("verdict", verdict.as_str()) }
    }
}

fn verdict(card: &Scorecard, point: &str) -> Option<Verdict> {
    card.points().iter().find(|scored| scored.id == point).map(|scored| scored.verdict)
}

fn summary(rows: &[Row]) -> String {
    let count = |change: &str| rows.iter().filter(|row| row.change == change).count();
    let said: Vec<String> = [("better", "sheet.compare-better"), ("worse", "sheet.compare-worse")]
        .iter()
        .filter(|(change, _)| count(change) > 0)
        .map(|(change, key)| words::many(key, count(change)))
        .collect();
    if said.is_empty() { w("sheet.compare-same").to_owned() } else { format!("{}.", said.join("; ")) }
}

fn answers(take: &Take) -> String {
    let answers = take.turns.iter().filter(|turn| turn.kind == TurnKind::Answer).map(|turn| turn.text.as_str());
    answers.collect::<Vec<_>>().join("\n\n")
}
