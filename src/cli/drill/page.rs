//! What a drill looks like: the question, what the interviewer says, the scorecard, the debrief.

use crate::{
    cli::{
        paper::{counted, fair, quiet, strong, voice, width, wrap},
        scorecard,
    },
    interview::{AskKind, InterviewId, ScoreState, TailoredBy, Take, TakeTurn, TurnKind, Words},
    practice::InterviewView,
};

/// Rows that the keys and the cursor take below a scorecard.
const ROWS_BELOW: usize = 4;

/// Prints lines; a reader that went away ends the drill quietly.
pub fn put<S: AsRef<str>>(lines: &[S]) -> anyhow::Result<()> {
    use std::io::Write as _;
    let mut out = anstream::stdout().lock();
    for line in lines {
        writeln!(out, "{}", line.as_ref())?;
    }
    Ok(out.flush()?)
}

/// A remark that may be overlooked, wrapped.
pub fn note(text: &str) -> anyhow::Result<()> {
    put(&wrap(text, width(), "", "").iter().map(quiet).collect::<Vec<_>>())
}

/// A remark that should be read, wrapped.
pub fn warn(text: &str) -> anyhow::Result<()> {
    put(&wrap(text, width(), "", "").iter().map(fair).collect::<Vec<_>>())
}

/// What had to be relaxed to fill the plan, and who read what was pasted.
pub fn plan(view: &InterviewView) -> anyhow::Result<()> {
    view.interview.plan().relaxed.iter().try_for_each(|remark| warn(remark))?;
    match view.tailored.as_ref().map(|(_, tailoring)| &tailoring.by) {
        None => Ok(()),
        Some(by @ TailoredBy::MatchingInstead { .. }) => warn(&by.to_string()),
        Some(by @ (TailoredBy::Matching | TailoredBy::Model { .. })) => note(&by.to_string()),
    }
}

/// One thing that the interviewer said; the candidate's own words are not repeated.
pub fn interviewer(view: &InterviewView, take: &Take, turn: &TakeTurn) -> anyhow::Result<()> {
    let (label, words) = match &turn.kind {
        TurnKind::Ask { ask: AskKind::Question, words } => (question_head(view, take, width()), words),
        TurnKind::Ask { ask: AskKind::FollowUp(_), words } => (quiet("Follow-up"), words),
        TurnKind::Clarification { words } => (quiet("The interviewer replies"), words),
        TurnKind::Leave { words } => (quiet("The interviewer"), words),
        TurnKind::Answer | TurnKind::QuestionBack => return Ok(()),
    };
    let mut lines = vec![String::new(), label];
    if let TurnKind::Ask { ask: AskKind::Question, .. } = &turn.kind
        && let Some(why) = view.why(&view.interview.question_of(take).id)
    {
        lines.extend(wrap(&why, width(), "", "").iter().map(quiet));
    }
    lines.extend(wrap(&turn.text, width(), "  ", "  ").iter().map(voice));
    if let Words::BankInstead { reason } = words {
        let reason = format!("(The model did not speak, so these are the bank's own words: {reason}.)");
        lines.extend(wrap(&reason, width(), "  ", "  ").iter().map(quiet));
    }
    lines.push(String::new());
    put(&lines)
}

fn question_head(view: &InterviewView, take: &Take, width: usize) -> String {
    let question = view.interview.question_of(take);
    let mut facts = vec![question.category().label().to_owned(), question.level.label().to_owned()];
    facts.push(format!("about {}", counted(question.minutes.into(), "minute")));
    if take.number > 1 {
        facts.push(format!("take {}", take.number));
    }
    let place = format!("Question {} of {}", take.question + 1, view.interview.questions().len());
    let facts = facts.join(" · ");
    let is_narrow = textwrap::core::display_width(&place) + 2 + textwrap::core::display_width(&facts) > width;
    let gap = if is_narrow { "\n" } else { "  " };
    format!("{}{gap}{}", strong(place), quiet(facts))
}

/// The candidate's words of before, when an interview is taken up again.
pub fn candidate(turn: &TakeTurn) -> anyhow::Result<()> {
    let label = match turn.kind {
        TurnKind::Answer => "You answered",
        TurnKind::QuestionBack => "You asked back",
        TurnKind::Ask { .. } | TurnKind::Clarification { .. } | TurnKind::Leave { .. } => return Ok(()),
    };
    let mut lines = vec![quiet(label)];
    lines.extend(wrap(&turn.text, width(), "  ", "  "));
    put(&lines)
}

/// The scorecard of a take, or why there is none yet.
pub fn outcome(view: &InterviewView, number: usize) -> anyhow::Result<()> {
    let Some(take) = view.interview.takes().get(number) else { return Ok(()) };
    let question = view.interview.question_of(take);
    let mut lines = vec![String::new()];
    match (&view.score(number), view.scorecards.get(&number)) {
        (_, Some(card)) => {
            lines.extend(scorecard::lines(card, question, width()));
            // What matters most must not be what has scrolled out of sight.
            let rows = console::Term::stdout().size_checked().map(|(rows, _)| usize::from(rows));
            if rows.is_some_and(|rows| lines.len() + ROWS_BELOW > rows) && card.sum().is_some() {
                lines.push(String::new());
                lines.push(strong(format!("{}. Do this next:", scorecard::overall(card))));
                lines.extend(wrap(&scorecard::next_step(card, question), width(), "  ", "  ").iter().map(strong));
            }
        }
        (ScoreState::Failed { message, .. }, None) => {
            lines.push(fair(format!("Not scored yet: {}", question.title)));
            lines.extend(wrap(&format!("{}.", message.trim_end_matches('.')), width(), "  ", "  "));
            let again = format!("Your answer is kept. Try again with: {}", how_to_score(&view.id));
            lines.extend(wrap(&again, width(), "  ", "  ").iter().map(quiet));
        }
        (ScoreState::Awaited, None) => {
            lines.push(fair(format!("Not scored yet: {}", question.title)));
            lines.push(quiet("  The score is still being made; your answer is kept."));
        }
        (ScoreState::Scored { .. }, None) => lines.push(quiet("Scored; shown when the interview is over.")),
        (ScoreState::None, None) => lines.push(quiet(format!("No answer to “{}”: nothing to score.", question.title))),
    }
    put(&lines)
}

fn how_to_score(id: &InterviewId) -> String {
    format!("greenroom interviews score {}", super::super::interviews::short(id))
}

/// All takes in a line each, and where to find them again.
pub fn debrief(view: &InterviewView) -> anyhow::Result<()> {
    let takes = view.interview.takes();
    let mut lines = vec![String::new()];
    if takes.len() > 1 {
        lines.push(strong("All in all"));
        for (number, take) in takes.iter().enumerate() {
            let title = &view.interview.question_of(take).title;
            let tries = if take.number > 1 { format!(" (take {})", take.number) } else { String::new() };
            let result = match (&view.score(number), view.scorecards.get(&number)) {
                (_, Some(card)) => scorecard::overall(card),
                (ScoreState::None, None) => "no answer".to_owned(),
                (ScoreState::Awaited | ScoreState::Failed { .. } | ScoreState::Scored { .. }, None) => {
                    "not scored yet".to_owned()
                }
            };
            lines.extend(wrap(&format!("{title}{tries}: {result}"), width(), "  ", "    "));
        }
    }
    let again = format!("Read it again with: greenroom interviews show {}", super::super::interviews::short(&view.id));
    lines.push(quiet(again));
    put(&lines)
}
