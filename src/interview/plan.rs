//! What an interview sets out to do: its questions in order, its mode and its limits.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::question::{Level, QuestionId, UnknownName, names};

names! {
    /// When the candidate sees how an answer was judged.
    Mode, "mode", {
        /// After each question, with the chance to take it again.
        Coached = "coached" / "Coached",
        /// At the end, as in a real interview.
        Real = "real" / "Real",
    }
}

names! {
    /// The manner of the interviewer.
    Style, "style", {
        Supportive = "supportive" / "Supportive",
        Neutral = "neutral" / "Neutral",
        Pressing = "pressing" / "Pressing",
        Executive = "executive" / "Executive",
    }
}

/// Names one interview: a UUID as text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InterviewId(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no interview id: `greenroom interviews list` shows them")]
pub struct BadInterviewId(String);

impl InterviewId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<uuid::Uuid> for InterviewId {
    fn from(id: uuid::Uuid) -> Self {
        Self(id.to_string())
    }
}

impl FromStr for InterviewId {
    type Err = BadInterviewId;

    fn from_str(text: &str) -> Result<Self, BadInterviewId> {
        uuid::Uuid::parse_str(text).map(Self::from).map_err(|_| BadInterviewId(text.chars().take(60).collect()))
    }
}

impl TryFrom<String> for InterviewId {
    type Error = BadInterviewId;

    fn try_from(text: String) -> Result<Self, BadInterviewId> {
        text.parse()
    }
}

impl From<InterviewId> for String {
    fn from(id: InterviewId) -> Self {
        id.0
    }
}

impl fmt::Display for InterviewId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What was agreed at the start and does not change afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The questions in the order in which they will be asked; at least one.
    pub questions: Vec<QuestionId>,
    pub mode: Mode,
    pub style: Style,
    pub level: Option<Level>,
    /// The most follow-ups to one take of a question.
    pub follow_ups: u8,
    /// The most questions back that the interviewer answers in one take.
    pub clarifications: u8,
    /// After this many minutes nothing new is asked; what was asked may still be answered.
    pub minutes: Option<u16>,
    /// What had to be relaxed to fill the plan, in plain words.
    pub relaxed: Vec<String>,
    /// With the same seed, wish and history the same questions come again.
    pub seed: u64,
    /// The deck that chose the questions, where one did.
    #[serde(default)]
    pub deck: Option<String>,
    /// Whether the candidate means to speak rather than to type.
    #[serde(default)]
    pub voice: bool,
}

impl Plan {
    pub const DEFAULT_FOLLOW_UPS: u8 = 2;
    pub const DEFAULT_CLARIFICATIONS: u8 = 3;
}
