//! What happened in an interview, one entry after the other: the record from which everything else is derived.

use serde::{Deserialize, Serialize};

use std::{fmt, str::FromStr};

use crate::{
    question::{UnknownName, names},
    scoring::Spoken,
};

/// One fact of an interview. Entries are only ever appended; the interview is their sum.
///
/// `take` counts the tries over the whole interview from 0: each question's first try and each retry is
/// one take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Entry {
    /// The interviewer asked; `question` is the place in the plan.
    Asked { take: usize, question: usize, ask: AskKind, text: String, words: Words },
    /// The candidate answered.
    Answered {
        take: usize,
        text: String,
        /// How it was given aloud; left out where it was typed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        spoken: Option<Spoken>,
    },
    /// The candidate asked a question back instead of answering.
    AskedBack { take: usize, text: String },
    /// The interviewer replied to a question back.
    Clarified { take: usize, text: String, words: Words },
    /// The interviewer ended the interview; `take` is the last one.
    TookLeave { take: usize, text: String, words: Words },
    /// Nothing more will be asked in this take.
    Closed { take: usize, outcome: Outcome },
    /// The candidate chose what comes after a take (coached mode).
    Chose { choice: Chosen },
    /// A scorecard was made for a take.
    Scored { take: usize, scorecard: String },
    /// A take could not be scored this time; it can be tried again.
    ScoreFailed { take: usize, code: String, message: String },
    /// Another try at scoring was asked for.
    ScoreAwaited { take: usize },
    /// The candidate rated a take themself, before seeing its score; nothing where they would rather not.
    SelfRated { take: usize, rating: Option<u8> },
    /// The candidate needs a break: until `Resumed` no time counts.
    Paused,
    /// The candidate is back.
    Resumed,
    /// The interview is over.
    Ended { reason: EndReason },
}

impl Entry {
    /// The candidate's words, where the entry is something that they said.
    pub fn said_by_candidate(&self) -> Option<&str> {
        match self {
            Self::Answered { text, .. } | Self::AskedBack { text, .. } => Some(text),
            Self::Asked { .. }
            | Self::Clarified { .. }
            | Self::TookLeave { .. }
            | Self::Closed { .. }
            | Self::Chose { .. }
            | Self::Scored { .. }
            | Self::ScoreFailed { .. }
            | Self::ScoreAwaited { .. }
            | Self::SelfRated { .. }
            | Self::Paused
            | Self::Resumed
            | Self::Ended { .. } => None,
        }
    }
}

/// What an ask is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AskKind {
    Question,
    /// A follow-up, by its id in the question.
    FollowUp(String),
}

/// Whose words the interviewer used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "from", rename_all = "kebab-case")]
pub enum Words {
    /// The bank's own wording.
    Bank,
    /// A model phrased what the engine had decided.
    Model { model: String },
    /// A model should have phrased it and failed; the bank's own wording was used at once.
    BankInstead { reason: String },
}

names! {
    /// How a take came to its end.
    Outcome, "outcome", {
        Answered = "answered" / "Answered",
        Skipped = "skipped" / "Not answered",
        TimedOut = "timed-out" / "Timed out",
    }
}

names! {
    /// What comes after a take in coached mode.
    Chosen, "choice", {
        Next = "next" / "Next question",
        Retry = "retry" / "Take it again",
    }
}

names! {
    /// Why an interview is over.
    EndReason, "reason", {
        Finished = "finished" / "All questions asked",
        ByCandidate = "by-candidate" / "Ended early",
        TimeUp = "time-up" / "Time was up",
    }
}
