//! The takes of an interview as a conversation on the page, with the evidence marked where there is a scorecard.

use super::{
    marking::{Piece, pieces, tell_first},
    outlook::category_label,
    rate::{difference, is_to_rate},
    sheet::{Sheet, marks},
    words::{self, w},
};
use crate::{
    interview::{AskKind, Outcome, ScoreState, Take, TurnKind, Words},
    practice::InterviewView,
    scoring::{Scorecard, Spoken},
};

/// One thing that was said.
pub struct Line {
    /// Place in the interview.
    pub seq: u64,
    /// Class of the speaker: `ask`, `answer`, `question-back` or `clarification`.
    pub class: &'static str,
    pub who: &'static str,
    /// Whose words the interviewer used, or that the candidate spoke; nothing for what was typed.
    pub source: Option<String>,
    pub pieces: Vec<Piece>,
}

/// One take with everything that a page shows of it.
#[expect(clippy::struct_excessive_bools, reason = "the inputs of a template: each is one condition on the page")]
pub struct TakeView {
    /// Place over the whole interview, from 0.
    pub index: usize,
    /// Place of its question in the plan, from 1.
    pub question: usize,
    pub title: String,
    pub category: String,
    /// 1 for the first try at this question.
    pub number: usize,
    /// What the interviewer asked first.
    pub prompt: String,
    /// Whose words the prompt is in.
    pub prompt_source: String,
    /// Place of the prompt in the interview.
    pub prompt_seq: u64,
    /// Everything after the prompt.
    pub lines: Vec<Line>,
    pub is_open: bool,
    /// How it ended without an answer; nothing otherwise.
    pub passed: Option<String>,
    pub is_awaited: bool,
    /// Whether the candidate is to rate themself before the score is shown.
    pub wants_rating: bool,
    /// How their own rating stands to the score.
    pub own_rating: Option<String>,
    /// Why there is no score this time.
    pub failed: Option<String>,
    /// Scored, but not to be seen before the end of the interview.
    pub is_held_back: bool,
    pub sheet: Option<Sheet>,
    /// A remark where the bank words the judged question differently now.
    pub wording: Option<&'static str>,
}

impl TakeView {
    /// All takes in order.
    pub fn all(view: &InterviewView) -> Vec<Self> {
        view.interview.takes().iter().enumerate().map(|(index, take)| Self::of(view, index, take)).collect()
    }

    fn of(view: &InterviewView, index: usize, take: &Take) -> Self {
        let (interview, card) = (&view.interview, view.scorecards.get(&index));
        let question = interview.question_of(take);
        let shows = interview.shows_scores();
        let wants_rating = is_to_rate(interview, take);
        let card = card.filter(|_| !wants_rating);
        let mut lines = lines(take, card);
        let (prompt, prompt_source) = match take.turns.first() {
            Some(turn) => {
                let first = lines.remove(0);
                (turn.text.clone(), first.source.unwrap_or_default())
            }
            None => (question.prompt.clone(), String::new()),
        };
        Self {
            index,
            question: take.question + 1,
            title: question.title.clone(),
            category: category_label(question.category()),
            number: take.number,
            prompt,
            prompt_source,
            prompt_seq: take.turns.first().map_or(0, |turn| turn.seq),
            lines,
            is_open: take.outcome.is_none(),
            passed: take
                .outcome
                .filter(|outcome| *outcome != Outcome::Answered)
                .map(|outcome| words::label("outcome", outcome.as_str())),
            is_awaited: shows && take.score == ScoreState::Awaited,
            wants_rating,
            own_rating: card.and_then(Scorecard::overall).and_then(|overall| difference(take.self_rating, overall)),
            failed: match view.score(index) {
                ScoreState::Failed { message, .. } if shows => Some(format!("{}.", message.trim_end_matches('.'))),
                ScoreState::Failed { .. } | ScoreState::None | ScoreState::Awaited | ScoreState::Scored { .. } => None,
            },
            is_held_back: !shows && take.outcome == Some(Outcome::Answered),
            sheet: card.map(|card| Sheet::of(question, card, take.scored_at)),
            wording: card.and_then(|_| view.wording_note(index)),
        }
    }
}

impl TakeView {
    /// Whether there is a score with verdicts.
    pub fn is_judged(&self) -> bool {
        self.sheet.as_ref().is_some_and(|sheet| sheet.sum.is_some())
    }

    /// Changes whenever a page would show the take's score differently.
    pub fn state(&self) -> &'static str {
        match (&self.sheet, &self.failed) {
            (Some(_), _) => "scored",
            (None, Some(_)) => "failed",
            (None, None) if self.wants_rating => "to-rate",
            (None, None) if self.is_awaited => "awaited",
            (None, None) => "none",
        }
    }
}

fn lines(take: &Take, card: Option<&Scorecard>) -> Vec<Line> {
    let mut answers = 0..;
    let mut lines: Vec<Line> = take
        .turns
        .iter()
        .map(|turn| {
            let (class, who, source) = match &turn.kind {
                TurnKind::Ask { ask: AskKind::Question, words } => ("ask", w("room.interviewer"), Some(whose(words))),
                TurnKind::Ask { ask: AskKind::FollowUp(_), words } => ("ask", w("room.follow-up"), Some(whose(words))),
                TurnKind::Answer => ("answer", w("room.you"), turn.spoken.as_ref().map(spoken)),
                TurnKind::QuestionBack => ("question-back", w("room.you-asked"), None),
                TurnKind::Clarification { words } | TurnKind::Leave { words } => {
                    ("clarification", w("room.interviewer"), Some(whose(words)))
                }
            };
            let marks = match (&turn.kind, card) {
                (TurnKind::Answer, Some(card)) => answers.next().map_or_else(Vec::new, |answer| marks(card, answer)),
                (TurnKind::Answer, None)
                | (
                    TurnKind::Ask { .. }
                    | TurnKind::QuestionBack
                    | TurnKind::Clarification { .. }
                    | TurnKind::Leave { .. },
                    _,
                ) => Vec::new(),
            };
            Line { seq: turn.seq, class, who, source, pieces: pieces(&turn.text, &marks) }
        })
        .collect();
    tell_first(lines.iter_mut().flat_map(|line| &mut line.pieces));
    lines
}

/// That an answer was spoken, and for how long.
fn spoken(how: &Spoken) -> String {
    words::fill("room.you-spoken", &[&how.seconds()])
}

/// Whose words the interviewer used, in words for people.
fn whose(words: &Words) -> String {
    match words {
        Words::Bank => w("room.source-bank").to_owned(),
        Words::Model { model } => words::fill("room.source-model", &[model]),
        Words::BankInstead { reason } => words::fill("room.source-fallback", &[reason]),
    }
}
