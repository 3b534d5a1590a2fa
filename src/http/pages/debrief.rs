//! The debrief of an interview that is over: the signal, what to work on, and every take with its marked transcript.

use askama::Template;

use super::{
    frame::Frame,
    outlook::Outlook,
    rate::RatedTake,
    rows::when,
    transcript::TakeView,
    words::{self, filters},
};
use crate::{
    bank::Bank,
    practice::{InterviewView, preferences::Preferences},
};

#[derive(Template)]
#[template(path = "debrief.html")]
pub struct DebriefPage {
    frame: Frame,
    id: String,
    /// The page's own address, from which it is fetched anew.
    page: String,
    last_seq: u64,
    started: String,
    mode: String,
    deck: Option<String>,
    ended: String,
    level_value: &'static str,
    /// Takes to rate before anything about their scores is shown.
    rated_takes: Vec<RatedTake>,
    outlook: Outlook,
    takes: Vec<TakeView>,
    /// What it took of models; empty where none was asked.
    usage: String,
    /// What was in the field when the interview ended.
    unsent: String,
    is_waiting: bool,
    /// Whether everything lies open, for paper.
    is_print: bool,
}

impl DebriefPage {
    pub fn of(view: &InterviewView, bank: &Bank, preferences: &Preferences) -> Self {
        let interview = &view.interview;
        let plan = interview.plan();
        let takes = TakeView::all(view);
        let ended = interview.ended().map(|reason| words::label("ended", reason.as_str()));
        Self {
            frame: Frame::from(preferences),
            id: view.id.to_string(),
            page: format!("/interviews/{}", view.id),
            last_seq: interview.last_seq(),
            started: when(interview.started_at()),
            mode: words::label("mode", plan.mode.as_str()),
            deck: plan
                .deck
                .as_ref()
                .map(|name| bank.deck(name).map_or_else(|_| name.clone(), |deck| deck.title.clone())),
            ended: ended.unwrap_or_default(),
            level_value: plan.level.map_or("", |level| level.as_str()),
            rated_takes: RatedTake::all(interview),
            outlook: Outlook::of(view),
            is_waiting: takes.iter().any(|take| take.is_awaited),
            takes,
            usage: view.usage.map_or_else(String::new, |usage| usage.line()),
            unsent: view.draft.trim().to_owned(),
            is_print: false,
        }
    }

    /// The same for paper.
    pub fn for_print(self) -> Self {
        Self { page: format!("/interviews/{}/print", self.id), is_print: true, ..self }
    }

    /// Whether scores wait for the candidate's own rating.
    pub fn wants_rating(&self) -> bool {
        !self.rated_takes.is_empty()
    }
}
