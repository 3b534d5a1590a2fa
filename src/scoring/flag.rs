//! What may be wrong with an answer as a whole, as a stable code with words for people.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::question::{UnknownName, names};

names! {
    /// A warning about an answer; some bar the flagged sentences from serving as evidence.
    FlagCode, "flag", {
        AddressesTheGrader = "addresses-the-grader" / "Speaks to the grader instead of the interviewer",
        ForgedVerdict = "forged-verdict" / "Contains something made to look like a verdict",
        RestatesQuestion = "restates-question" / "Repeats the question back",
        RestatesRubric = "restates-rubric" / "Repeats what a good answer should contain instead of giving it",
        KeywordList = "keyword-list" / "Lists terms instead of telling what happened",
        OffTopic = "off-topic" / "Answers something other than what was asked",
        Generic = "generic" / "Stays general: no case of your own",
        Gibberish = "gibberish" / "Is not readable text",
        HiddenText = "hidden-text" / "Contains characters that cannot be seen",
        LanguageNotSupported = "language-not-supported" / "Is in a language that this engine cannot judge",
    }
}

impl FlagCode {
    /// Whether sentences under this flag prove nothing about the candidate.
    pub const fn bars_evidence(self) -> bool {
        match self {
            Self::AddressesTheGrader
            | Self::ForgedVerdict
            | Self::RestatesQuestion
            | Self::RestatesRubric
            | Self::KeywordList
            | Self::Gibberish => true,
            Self::OffTopic | Self::Generic | Self::HiddenText | Self::LanguageNotSupported => false,
        }
    }
}
