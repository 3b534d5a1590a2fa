//! The takes of an interview as a conversation on the page, with the evidence marked where there is a scorecard.

use super::{
    marking::{Piece, pieces},
    sheet::{Sheet, marks},
};
use crate::{
    interview::{AskKind, Outcome, ScoreState, Take, TurnKind, Words},
    practice::InterviewView,
    scoring::Scorecard,
};

/// One thing that was said.
pub struct Line {
    /// Class of the speaker: `ask`, `answer`, `question-back` or `clarification`.
    pub class: &'static str,
    pub who: &'static str,
    /// Whose words the interviewer used; nothing for the candidate.
    pub source: Option<String>,
    pub pieces: Vec<Piece>,
}

/// One take with everything that a page shows of it.
pub struct TakeView {
    /// Place over the whole interview, from 0.
    pub index: usize,
    /// Place of its question in the plan, from 1.
    pub question: usize,
    pub title: String,
    pub category: &'static str,
    /// 1 for the first try at this question.
    pub number: usize,
    /// What the interviewer asked first.
    pub prompt: String,
    /// Whose words the prompt is in.
    pub prompt_source: String,
    /// Everything after the prompt.
    pub lines: Vec<Line>,
    pub is_open: bool,
    /// How it ended without an answer; nothing otherwise.
    pub passed: Option<&'static str>,
    pub is_awaited: bool,
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
            category: question.category().label(),
            number: take.number,
            prompt,
            prompt_source,
            lines,
            is_open: take.outcome.is_none(),
            passed: take.outcome.filter(|outcome| *outcome != Outcome::Answered).map(Outcome::label),
            is_awaited: shows && take.score == ScoreState::Awaited,
            failed: match view.score(index) {
                ScoreState::Failed { message, .. } if shows => Some(format!("{}.", message.trim_end_matches('.'))),
                ScoreState::Failed { .. } | ScoreState::None | ScoreState::Awaited | ScoreState::Scored { .. } => None,
            },
            is_held_back: !shows && take.outcome == Some(Outcome::Answered),
            sheet: card.map(|card| Sheet::of(question, card)),
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
            (None, None) if self.is_awaited => "awaited",
            (None, None) => "none",
        }
    }
}

fn lines(take: &Take, card: Option<&Scorecard>) -> Vec<Line> {
    let mut answers = 0..;
    take.turns
        .iter()
        .map(|turn| {
            let (class, who, source) = match &turn.kind {
                TurnKind::Ask { ask: AskKind::Question, words } => ("ask", "Interviewer", Some(whose(words))),
                TurnKind::Ask { ask: AskKind::FollowUp(_), words } => ("ask", "Follow-up", Some(whose(words))),
                TurnKind::Answer => ("answer", "You", None),
                TurnKind::QuestionBack => ("question-back", "You asked", None),
                TurnKind::Clarification { words } | TurnKind::Leave { words } => {
                    ("clarification", "Interviewer", Some(whose(words)))
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
            Line { class, who, source, pieces: pieces(&turn.text, &marks) }
        })
        .collect()
}

/// Whose words the interviewer used, in words for people.
fn whose(words: &Words) -> String {
    match words {
        Words::Bank => "from the question bank".to_owned(),
        Words::Model { model } => format!("worded by {model}"),
        Words::BankInstead { reason } => format!("from the question bank, because the model failed: {reason}"),
    }
}
