//! A drill whose answers came from standard input: one question, its follow-ups while parts last, the score.

use std::collections::VecDeque;

use super::{
    Seen,
    events::{self, DrillEvent},
    how_to_resume, page,
};
use crate::{
    cli::{Status, engine_line, misuse, paper::counted},
    interview::{Chosen, InterviewId, Next, Outcome, ScoreState},
    practice::{InterviewView, Practice, Said, SaidKind},
};

/// Where the account of the drill goes.
#[derive(Debug, Clone, Copy)]
pub enum Sheet {
    /// To be read by people.
    Page,
    /// One JSON object a line.
    Events,
}

/// Answers the open question with the parts and has it scored. Status 1 where it could not be scored.
pub async fn run(practice: &Practice, id: &InterviewId, parts: Vec<String>, sheet: Sheet) -> anyhow::Result<Status> {
    let mut parts = VecDeque::from(parts);
    let mut seen = Seen::default();
    let view = settled(practice, id).await?;
    if *view.interview.next() != Next::Answer {
        return Err(misuse(
            "nothing is being asked in this interview: go on with it in a terminal by `greenroom drill --resume`",
        ));
    }
    let take = view.interview.takes().len() - 1;
    match sheet {
        Sheet::Page => {
            page::note(&engine_line(practice.judge()))?;
            page::plan(&view)?;
        }
        Sheet::Events => events::started(&view, practice.judge())?,
    }
    let mut view = view;
    loop {
        for (number, spoken, turn) in seen.fresh(&view).into_iter().filter(|(number, ..)| *number == take) {
            match sheet {
                Sheet::Page => page::interviewer(&view, spoken, turn)?,
                Sheet::Events => events::turn(&view, number, turn)?,
            }
        }
        let open = &view.interview.takes()[take];
        if open.outcome.is_some() {
            break;
        }
        if let Some(text) = parts.pop_front() {
            if matches!(sheet, Sheet::Page) {
                page::note(&format!("You answered with {}.", counted(text.split_whitespace().count(), "word")))?;
            }
            let said = Said { kind: SaidKind::Answer, text, spoken: None, key: None };
            practice.say(id, said).await?;
        } else if open.is_answered() {
            practice.pass(id, Outcome::Skipped).await?;
        } else {
            return leave_unanswered(id, sheet);
        }
        view = settled(practice, id).await?;
    }
    unused(parts.len(), sheet)?;
    if let (Sheet::Events, Some(outcome)) = (sheet, view.interview.takes()[take].outcome) {
        events::emit(&DrillEvent::Closed { take, outcome })?;
    }
    score(practice, id, take, sheet).await
}

async fn score(practice: &Practice, id: &InterviewId, take: usize, sheet: Sheet) -> anyhow::Result<Status> {
    let state = practice.scored(id, take).await?;
    let view = practice.view(id).await?;
    // With the last question of a coached interview answered there is nothing left to choose.
    let asked_all = view.interview.takes()[take].question + 1 == view.interview.questions().len();
    if asked_all && *view.interview.next() == Next::Choose {
        practice.choose(id, Chosen::Next).await?;
    }
    let view = settled(practice, id).await?;
    match sheet {
        Sheet::Page => page::outcome(&view, take)?,
        Sheet::Events => match (&state, view.scorecards.get(&take)) {
            (_, Some(card)) => events::scored(take, card)?,
            (ScoreState::Failed { code, message }, None) => {
                events::emit(&DrillEvent::NotScored { take, code, message })?;
            }
            (ScoreState::None | ScoreState::Awaited | ScoreState::Scored { .. }, None) => {}
        },
    }
    super::seen(practice, &view, take).await?;
    match (sheet, view.ended()) {
        (Sheet::Page, Some(_)) => page::debrief(&view)?,
        (Sheet::Page, None) => page::note(&how_to_resume(id))?,
        (Sheet::Events, Some(reason)) => events::emit(&DrillEvent::Ended { reason })?,
        (Sheet::Events, None) => events::emit(&DrillEvent::Left { interview: id.as_str() })?,
    }
    Ok(match state {
        ScoreState::Failed { .. } => Status::Problems,
        ScoreState::None | ScoreState::Awaited | ScoreState::Scored { .. } => Status::Done,
    })
}

/// All parts were questions back: the interviewer has replied and waits for an answer.
fn leave_unanswered(id: &InterviewId, sheet: Sheet) -> anyhow::Result<Status> {
    if let Sheet::Events = sheet {
        events::emit(&DrillEvent::Left { interview: id.as_str() })?;
    }
    Err(misuse(format!("standard input only asked back, and the interviewer has replied. {}", how_to_resume(id))))
}

fn unused(parts: usize, sheet: Sheet) -> anyhow::Result<()> {
    match (parts, sheet) {
        (0, _) => Ok(()),
        (parts, Sheet::Events) => events::emit(&DrillEvent::Unused { parts }),
        (1, Sheet::Page) => page::warn("1 part of standard input was not used: no further follow-up came."),
        (parts, Sheet::Page) => {
            page::warn(&format!("{parts} parts of standard input were not used: no further follow-up came."))
        }
    }
}

async fn settled(practice: &Practice, id: &InterviewId) -> anyhow::Result<InterviewView> {
    practice.settled(id).await?;
    Ok(practice.view(id).await?)
}
