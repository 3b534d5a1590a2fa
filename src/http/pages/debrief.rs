//! The debrief of an interview that is over: every take with its score and its marked transcript.

use askama::Template;

use super::{rows::when, transcript::TakeView};
use crate::{interview::EndReason, practice::InterviewView};

#[derive(Template)]
#[template(path = "debrief.html")]
pub struct DebriefPage {
    id: String,
    last_seq: u64,
    started: String,
    mode: &'static str,
    ended: &'static str,
    takes: Vec<TakeView>,
    /// What it took of models; empty where none was asked.
    usage: String,
    /// What was in the field when the interview ended.
    unsent: String,
    is_waiting: bool,
}

impl DebriefPage {
    pub fn of(view: &InterviewView) -> Self {
        let interview = &view.interview;
        let takes = TakeView::all(view);
        Self {
            id: view.id.to_string(),
            last_seq: interview.last_seq(),
            started: when(interview.started_at()),
            mode: interview.plan().mode.label(),
            ended: interview.ended().map_or("", EndReason::label),
            is_waiting: takes.iter().any(|take| take.is_awaited),
            takes,
            usage: view.usage.map_or_else(String::new, |usage| usage.line()),
            unsent: view.draft.trim().to_owned(),
        }
    }
}
