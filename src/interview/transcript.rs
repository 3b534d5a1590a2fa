//! The takes of an interview with everything that was said in them, derived from its entries.

use serde::{Deserialize, Serialize};

use super::{AskKind, Entry, Outcome, Words};
use crate::{
    question::Question,
    scoring::{Exchange, Spoken, Turn, UnfitAnswer},
};

/// An entry with its place and time, as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Place in the interview, from 1 without gaps.
    pub seq: u64,
    /// Unix time in milliseconds.
    pub at: i64,
    pub entry: Entry,
}

/// One try at one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Take {
    /// Place in the plan, from 0.
    pub question: usize,
    /// 1 for the first try at this question, 2 for the next …
    pub number: usize,
    pub turns: Vec<TakeTurn>,
    /// How it ended; nothing while it is open.
    pub outcome: Option<Outcome>,
    pub score: ScoreState,
    /// When the latest scorecard was made.
    pub scored_at: Option<i64>,
    pub self_rating: SelfRating,
}

/// Something that the interviewer or the candidate said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeTurn {
    pub seq: u64,
    pub at: i64,
    pub kind: TurnKind,
    pub text: String,
    /// How an answer was given aloud; nothing where it was typed, and for everything else.
    pub spoken: Option<Spoken>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TurnKind {
    /// The interviewer asks the question or a follow-up.
    Ask {
        ask: AskKind,
        words: Words,
    },
    Answer,
    /// The candidate asks back.
    QuestionBack,
    /// The interviewer replies to a question back.
    Clarification {
        words: Words,
    },
    /// The interviewer ends the interview.
    Leave {
        words: Words,
    },
}

/// Whether a take has a score. Absence is a state of its own, never a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScoreState {
    /// Nothing to score: still open, or ended without an answer.
    None,
    /// Answered and closed; the score is being made.
    Awaited,
    /// Not scored, with the reason; it can be tried again.
    Failed { code: String, message: String },
    /// The id of the latest scorecard.
    Scored { scorecard: String },
}

/// What the candidate thought of a take before seeing its score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelfRating {
    /// Not asked yet.
    Open,
    /// They would rather not say.
    PassedOn,
    /// 1 to 5, on the scale of the overall.
    Rated(u8),
}

impl Take {
    /// Whether the candidate can still rate themself: answered, closed, and not rated yet.
    pub fn wants_self_rating(&self) -> bool {
        self.outcome == Some(Outcome::Answered) && self.self_rating == SelfRating::Open
    }

    /// What is scored: each ask with its answer. Questions back and their replies are left out.
    pub fn exchange(&self) -> Result<Exchange, UnfitAnswer> {
        let mut turns: Vec<Turn> = Vec::new();
        let mut ask = "";
        for turn in &self.turns {
            match turn.kind {
                TurnKind::Ask { .. } => ask = &turn.text,
                TurnKind::Answer => turns.push(Turn { ask: ask.to_owned(), answer: turn.text.clone() }),
                TurnKind::QuestionBack | TurnKind::Clarification { .. } | TurnKind::Leave { .. } => {}
            }
        }
        let answers = self.turns.iter().filter(|turn| turn.kind == TurnKind::Answer);
        Ok(Exchange::new(turns)?.given(answers.map(|turn| turn.spoken.clone()).collect()))
    }

    /// When the interviewer last asked something in this take.
    pub fn asked_at(&self) -> Option<i64> {
        self.turns.iter().rev().find(|turn| matches!(turn.kind, TurnKind::Ask { .. })).map(|turn| turn.at)
    }

    /// The same for whoever judges: where a model worded an ask, the question's own words stand in their place, so that
    /// nothing that a model took up from elsewhere reaches a judge.
    pub fn exchange_to_judge(&self, question: &Question) -> Result<Exchange, UnfitAnswer> {
        let mut take = self.clone();
        for turn in &mut take.turns {
            if let TurnKind::Ask { ask, words: Words::Model { .. } } = &turn.kind {
                let own = match ask {
                    AskKind::Question => Some(question.prompt.trim()),
                    AskKind::FollowUp(id) => question.follow_up(id).map(|follow_up| follow_up.ask.as_str()),
                };
                turn.text = own.unwrap_or_default().to_owned();
            }
        }
        take.exchange()
    }

    pub fn is_answered(&self) -> bool {
        self.turns.iter().any(|turn| turn.kind == TurnKind::Answer)
    }

    /// Ids of the follow-ups asked so far.
    pub fn follow_ups(&self) -> Vec<&str> {
        self.turns
            .iter()
            .filter_map(|turn| match &turn.kind {
                TurnKind::Ask { ask: AskKind::FollowUp(id), .. } => Some(id.as_str()),
                TurnKind::Ask { ask: AskKind::Question, .. }
                | TurnKind::Answer
                | TurnKind::QuestionBack
                | TurnKind::Clarification { .. }
                | TurnKind::Leave { .. } => None,
            })
            .collect()
    }

    /// What was asked back with the interviewer's replies, which hold from then on.
    pub fn told(&self) -> Vec<(&str, &str)> {
        let asked = self.turns.iter().zip(self.turns.iter().skip(1));
        asked
            .filter(|(back, reply)| {
                back.kind == TurnKind::QuestionBack && matches!(reply.kind, TurnKind::Clarification { .. })
            })
            .map(|(back, reply)| (back.text.as_str(), reply.text.as_str()))
            .collect()
    }

    pub(super) fn questions_back(&self) -> usize {
        self.turns.iter().filter(|turn| turn.kind == TurnKind::QuestionBack).count()
    }

    pub(super) fn answer_chars(&self) -> usize {
        self.turns.iter().filter(|turn| turn.kind == TurnKind::Answer).map(|turn| turn.text.chars().count()).sum()
    }
}
