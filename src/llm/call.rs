//! One call of a model as it is accounted for: what it was for, what it took, and how it ended.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    interview::InterviewId,
    question::{UnknownName, names},
};

names! {
    /// What a model is asked for.
    Purpose, "purpose", {
        Judging = "judging" / "Judging an answer",
        AskingAgain = "asking-again" / "Judging again, with the faults of the first reply named",
        SecondOpinion = "second-opinion" / "A second opinion",
        Speaking = "speaking" / "The interviewer's words",
        Tailoring = "tailoring" / "Reading what was pasted",
        Probing = "probing" / "Trying what the endpoint can do",
    }
}

/// On whose account a model is asked, and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errand {
    pub purpose: Purpose,
    /// None where the call belongs to no interview, such as a file of answers.
    pub interview: Option<InterviewId>,
    /// Which take of the interview.
    pub take: Option<usize>,
}

impl Errand {
    pub const fn of(purpose: Purpose) -> Self {
        Self { purpose, interview: None, take: None }
    }

    /// The same errand for another purpose.
    pub(super) fn become_for(&self, purpose: Purpose) -> Self {
        Self { purpose, ..self.clone() }
    }
}

/// Tokens in and out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tokens {
    pub input: u64,
    pub output: u64,
}

impl Tokens {
    pub const fn sum(self) -> u64 {
        self.input + self.output
    }
}

/// One call that was made, with all its tries.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    pub errand: Errand,
    /// Unix milliseconds.
    pub at: i64,
    pub host: String,
    pub model: String,
    /// How often it was tried.
    pub tries: u32,
    pub tokens: Tokens,
    /// Whether the endpoint did not tell the tokens and they were estimated from the texts.
    pub is_estimated: bool,
    /// In the currency of the configured prices; none where the model has no price.
    pub money: Option<f64>,
    /// From the beginning to the first word, all tries included; none where none came.
    pub first_word_ms: Option<u64>,
    /// From the beginning to the end.
    pub total_ms: u64,
    /// `ok`, or the code of what went wrong.
    pub outcome: &'static str,
}

/// A text's tokens, roughly, where nobody tells: a token is about four characters of English.
pub(super) fn estimate(chars: usize) -> u64 {
    u64::try_from(chars.div_ceil(4)).unwrap_or(u64::MAX)
}
