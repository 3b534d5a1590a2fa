//! Takes an interview out of Greenroom: as Markdown for people, as JSON for programs.

use std::fmt::Write as _;

use super::{
    InterviewView,
    wire::{InterviewJson, rfc3339},
};
use crate::{
    interview::{ScoreState, Take, TurnKind, Words},
    question::{Question, Verdict},
    scoring::{EngineName, Scorecard, formula},
};

/// The same shape as the API gives.
pub fn json(view: &InterviewView) -> InterviewJson {
    InterviewJson::from(view)
}

/// The transcript with its scorecards, readable as plain text too.
pub fn markdown(view: &InterviewView) -> String {
    let mut page = String::new();
    let interview = &view.interview;
    // Writing into a String cannot fail.
    let _ = writeln!(page, "# Mock interview, {}\n", rfc3339(interview.started_at()));
    let plan = interview.plan();
    let _ = writeln!(page, "- Mode: {}", plan.mode.label());
    if let Some(level) = plan.level {
        let _ = writeln!(page, "- Level: {}", level.label());
    }
    let _ = writeln!(page, "- State: {}", interview.ended().map_or("under way", |reason| reason.label()));
    if let Some(usage) = view.usage {
        let _ = writeln!(page, "- {}", usage.line());
    }
    for relaxed in &plan.relaxed {
        let _ = writeln!(page, "- Note: {}", plain_line(relaxed));
    }
    for (number, take) in interview.takes().iter().enumerate() {
        let question = interview.question_of(take);
        let _ = write!(page, "\n## {}. {}", take.question + 1, plain_line(&question.title));
        if take.number > 1 {
            let _ = write!(page, " (take {})", take.number);
        }
        let _ = writeln!(page, "\n\n`{}`", question.id);
        transcript(&mut page, take);
        match (view.score(number), view.scorecards.get(&number)) {
            (_, Some(card)) => {
                scorecard(&mut page, question, card);
                if let Some(note) = view.wording_note(number) {
                    let _ = writeln!(page, "\n{note}");
                }
            }
            (ScoreState::Awaited, None) => {
                page.push_str("\n### Scorecard\n\nNot scored yet: the score is being made.\n");
            }
            (ScoreState::Failed { message, .. }, None) => {
                let _ = writeln!(page, "\n### Scorecard\n\nNot scored yet: {}", plain_line(&message));
            }
            (ScoreState::Scored { .. }, None) => {
                page.push_str("\n### Scorecard\n\nShown when the interview is over.\n");
            }
            (ScoreState::None, None) => {}
        }
    }
    if !view.draft.is_empty() {
        page.push_str("\n## Draft, not submitted\n");
        quote(&mut page, &view.draft);
    }
    page
}

fn transcript(page: &mut String, take: &Take) {
    for turn in &take.turns {
        let speaker = match &turn.kind {
            TurnKind::Ask { words, .. } | TurnKind::Clarification { words } | TurnKind::Leave { words } => {
                match words {
                    Words::Bank => "Interviewer (the question bank's words)".to_owned(),
                    Words::BankInstead { reason } => {
                        format!(
                            "Interviewer (the question bank's words, because the model failed: {})",
                            plain_line(reason)
                        )
                    }
                    Words::Model { model } => format!("Interviewer (words of {})", plain_line(model)),
                }
            }
            TurnKind::Answer => "Candidate".to_owned(),
            TurnKind::QuestionBack => "Candidate, asking back".to_owned(),
        };
        let _ = writeln!(page, "\n**{speaker}**");
        quote(page, &turn.text);
    }
    if !take.is_answered()
        && let Some(outcome) = take.outcome
    {
        let _ = writeln!(page, "\n*{}: no answer.*", outcome.label());
    }
}

fn scorecard(page: &mut String, question: &Question, card: &Scorecard) {
    page.push_str("\n### Scorecard\n\n");
    if let Some(first) = card.improvements().first() {
        let _ = writeln!(page, "**Do this next:** {}\n", plain_line(first));
    }
    if let Some(sum) = card.sum() {
        let _ = writeln!(
            page,
            "**{} of 5, {}** (score {:.2}: {:.2} of the points' weight shown, {:.2} taken off for pitfalls{})\n",
            sum.overall,
            formula::signal(sum.overall),
            sum.score,
            sum.shown,
            sum.penalties,
            if sum.capped { ", capped by a critical pitfall" } else { "" },
        );
    } else {
        page.push_str("**No score.** The engine could not judge this answer; the flags below say why.\n\n");
    }
    for (point, scored) in question.assessment_points.iter().zip(card.points()) {
        let mark = match scored.verdict {
            Verdict::Met => "[x]",
            Verdict::Partial => "[~]",
            Verdict::Missed => "[ ]",
        };
        let verdict = scored.verdict.label();
        let text = plain_line(&point.text);
        let _ = writeln!(
            page,
            "- {mark} **{verdict}** (weight {}): {text} {}",
            point.weight,
            plain_line(&scored.rationale)
        );
        for evidence in &scored.evidence {
            let _ = writeln!(page, "  > {}", plain_line(evidence.text()));
        }
    }
    for (pitfall, scored) in question.pitfalls.iter().zip(card.pitfalls()).filter(|(_, scored)| scored.triggered) {
        let text = plain_line(&pitfall.text);
        let _ = writeln!(page, "- Pitfall ({}): {text} {}", pitfall.severity, plain_line(&scored.rationale));
        for evidence in &scored.evidence {
            let _ = writeln!(page, "  > {}", plain_line(evidence.text()));
        }
    }
    if !card.outline().is_empty() {
        page.push_str("\nA stronger answer, in outline:\n\n");
    }
    for (number, step) in card.outline().iter().enumerate() {
        let adds = if step.evidence.is_empty() { " (to add)" } else { "" };
        let _ = writeln!(page, "{}. {}{adds}", number + 1, plain_line(&step.text));
        for evidence in &step.evidence {
            let _ = writeln!(page, "   > {}", plain_line(evidence.text()));
        }
    }
    for flag in card.flags() {
        let _ = writeln!(page, "- Flag: {} (`{}`)", flag.code.label(), flag.code);
    }
    let engine = card.engine();
    let _ = match (&engine.model, engine.name) {
        (Some(model), EngineName::Llm) => writeln!(page, "\nScored by the model {model}, version {}.", engine.version),
        (_, name) => writeln!(page, "\nScored by {}, version {}.", name.label(), engine.version),
    };
}

/// One line, with what Markdown would take for markup made harmless, and without the characters by which a
/// terminal that shows it could be steered or the reading direction turned.
fn plain_line(text: &str) -> String {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut line = String::with_capacity(folded.len());
    for c in folded.chars().filter(|c| !c.is_control() && !turns_direction(*c)) {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|') {
            line.push('\\');
        }
        line.push(c);
    }
    line
}

/// Marks that turn the reading direction; characters that hold emoji or letters together stay.
const fn turns_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text as a block quote, line by line, so that nothing in it can become a heading or a list of ours.
fn quote(page: &mut String, text: &str) {
    for line in text.lines() {
        let _ = writeln!(page, "> {}", plain_line(line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exported_answer_can_neither_steer_a_terminal_nor_turn_the_reading_direction() {
        let mut page = String::new();
        quote(&mut page, "a\u{1b}[2J\u{9b}b\u{202e}c\rd\n\n# e");
        assert_eq!(page, "> a\\[2Jbc d\n> \n> \\# e\n");
    }
}
