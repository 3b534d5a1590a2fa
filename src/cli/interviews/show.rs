//! A past interview in the terminal: the transcript with the evidence marked, each scorecard behind its take.

use std::ops::Range;

use crate::{
    cli::{
        paper::{fair, harmless, quiet, strong, voice, wrap},
        scorecard,
    },
    interview::{ScoreState, Take, TakeTurn, TurnKind, Words},
    practice::InterviewView,
    scoring::{Evidence, Scorecard},
};

/// The interview's lines at this width; `started` is how its time reads.
pub fn lines(view: &InterviewView, started: &str, width: usize) -> Vec<String> {
    let plan = view.interview.plan();
    let state = view.ended().map_or("Unfinished", |reason| reason.label());
    let mut lines = vec![
        strong(format!("Interview of {started}")),
        quiet(format!("{} · {} · {state}", view.id, plan.mode.label())),
    ];
    lines.extend(plan.relaxed.iter().flat_map(|remark| wrap(remark, width, "", "")).map(quiet));
    for (number, take) in view.interview.takes().iter().enumerate() {
        lines.push(String::new());
        lines.extend(take_lines(view, number, take, width));
    }
    if let Some(usage) = view.usage {
        lines.push(String::new());
        lines.extend(wrap(&usage.line(), width, "", "").iter().map(quiet));
    }
    if !view.draft.is_empty() {
        lines.push(String::new());
        lines.push(fair("Draft, not sent"));
        lines.extend(wrap(&view.draft, width, "  ", "  "));
    }
    lines
}

fn take_lines(view: &InterviewView, number: usize, take: &Take, width: usize) -> Vec<String> {
    let question = view.interview.question_of(take);
    let card = view.scorecards.get(&number);
    let tries = if take.number > 1 { format!(" (take {})", take.number) } else { String::new() };
    let mut lines = vec![
        strong(format!("{}. {}{tries}", take.question + 1, harmless(&question.title))),
        quiet(question.id.to_string()),
    ];
    let mut answers = 0;
    for turn in &take.turns {
        lines.push(String::new());
        match &turn.kind {
            TurnKind::Ask { words, .. } | TurnKind::Clarification { words } | TurnKind::Leave { words } => {
                lines.extend(wrap(&format!("Interviewer ({})", whose(words)), width, "", "").iter().map(quiet));
                lines.extend(wrap(&turn.text, width, "  ", "  ").iter().map(voice));
            }
            TurnKind::QuestionBack => {
                lines.push(quiet("You, asking back"));
                lines.extend(wrap(&turn.text, width, "  ", "  "));
            }
            TurnKind::Answer => {
                lines.push(quiet("You"));
                lines.extend(answer_lines(turn, answers, card, width));
                answers += 1;
            }
        }
    }
    lines.push(String::new());
    match (view.score(number), card) {
        (_, Some(card)) => {
            lines.extend(scorecard::lines(card, question, width));
            let note = view.wording_note(number).unwrap_or_default();
            lines.extend(wrap(note, width, "  ", "  ").iter().map(fair));
        }
        (ScoreState::Failed { message, .. }, None) => {
            let again = crate::cli::interviews::short(&view.id);
            let words = format!("Not scored yet: {message}. Try again with: greenroom interviews score {again}");
            lines.extend(wrap(&words, width, "", "").iter().map(fair));
        }
        (ScoreState::Awaited, None) => lines.push(fair("Not scored yet: the score is being made.")),
        (ScoreState::Scored { .. }, None) => lines.push(quiet("Scored; shown when the interview is over.")),
        (ScoreState::None, None) if take.outcome.is_some() => lines.push(quiet("No answer: nothing to score.")),
        (ScoreState::None, None) => lines.push(quiet("Still open.")),
    }
    lines
}

/// Whose words the interviewer used.
fn whose(words: &Words) -> String {
    match words {
        Words::Bank => "the question bank's words".to_owned(),
        Words::Model { model } => format!("words of {}", harmless(model)),
        Words::BankInstead { reason } => {
            format!("the question bank's words, because the model failed: {}", harmless(reason))
        }
    }
}

/// An answer with the words that prove something underlined by brackets that survive without colour.
fn answer_lines(turn: &TakeTurn, answer: usize, card: Option<&Scorecard>, width: usize) -> Vec<String> {
    let marked = mark(&turn.text, &cited(answer, card));
    wrap(&marked, width, "  ", "  ")
}

/// The cited stretches of this answer in code points, merged where they touch, each with the names of what cites it.
fn cited(answer: usize, card: Option<&Scorecard>) -> Vec<(Range<usize>, Vec<String>)> {
    let Some(card) = card else { return Vec::new() };
    let points = card.points().iter().map(|point| (point.id.as_str(), &point.evidence));
    let pitfalls = card.pitfalls().iter().map(|pitfall| (pitfall.id.as_str(), &pitfall.evidence));
    let mut spans: Vec<(Range<usize>, Vec<String>)> = Vec::new();
    for (id, evidence) in points.chain(pitfalls) {
        for span in evidence.iter().map(Evidence::span).filter(|span| span.turn == answer) {
            match spans.iter_mut().find(|(range, _)| *range == (span.start..span.end)) {
                Some((_, ids)) => ids.push(id.to_owned()),
                None => spans.push((span.start..span.end, vec![id.to_owned()])),
            }
        }
    }
    spans.sort_by_key(|(range, _)| (range.start, range.end));
    spans
}

/// The text with each cited stretch in brackets and what it shows behind it. Stretches that overlap an earlier
/// one are left to the scorecard's quotes.
fn mark(text: &str, cited: &[(Range<usize>, Vec<String>)]) -> String {
    let mut marked = String::with_capacity(text.len() * 2);
    let mut open: Option<&(Range<usize>, Vec<String>)> = None;
    let mut rest = cited.iter().peekable();
    let chars = text.chars().count();
    for (place, c) in text.chars().map(Some).chain([None]).enumerate() {
        if let Some((range, ids)) = open
            && range.end == place
        {
            marked.extend(["⟧ (", &ids.join(", "), ")"]);
            open = None;
        }
        while open.is_none()
            && let Some(next) = rest.next_if(|(range, _)| range.start <= place)
        {
            if next.0.start == place && next.0.end <= chars {
                marked.push('⟦');
                open = Some(next);
            }
        }
        marked.extend(c);
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cited_words_stand_in_brackets_with_what_they_show() {
        let cited =
            [(0..5, vec!["a".to_owned()]), (3..8, vec!["b".to_owned()]), (6..9, vec!["c".to_owned(), "d".to_owned()])];
        assert_eq!(mark("né 🚀x yz.", &cited), "⟦né 🚀x⟧ (a) ⟦yz.⟧ (c, d)");
        assert_eq!(mark("plain", &[]), "plain");
    }
}
