//! What a listener looks for in an answer: assessment points, pitfalls, follow-ups and labelled sample answers.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{UnknownName, names};

/// One observable behaviour that a good answer shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    pub id: String,
    pub text: String,
    /// How much the point counts, 1 to 3.
    pub weight: u8,
    /// How people really say it.
    pub cues: Vec<String>,
    /// One sentence that a strong candidate might say.
    pub strong: Option<String>,
}

/// One way in which an answer goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pitfall {
    pub id: String,
    pub text: String,
    pub severity: Severity,
}

/// A further question that the interviewer may ask about the same story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    pub id: String,
    pub ask: String,
    /// The point on which it gives a second chance.
    pub probes: Option<String>,
}

/// A sample answer with the verdicts it deserves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exemplar {
    pub quality: ExemplarQuality,
    pub answer: String,
    pub why: String,
    pub points: BTreeMap<String, Verdict>,
    pub pitfalls: BTreeMap<String, bool>,
}

names! {
    /// How much a pitfall costs; a critical one caps the overall at 2.
    Severity, "severity", {
        Minor = "minor" / "minor",
        Major = "major" / "major",
        Critical = "critical" / "critical",
    }
}

names! {
    /// What was shown of one assessment point, least first.
    Verdict, "verdict", {
        Missed = "missed" / "Missed",
        Partial = "partial" / "Partly shown",
        Met = "met" / "Shown",
    }
}

names! {
    /// How good a sample answer is.
    ExemplarQuality, "quality", {
        Strong = "strong" / "Strong",
        Average = "average" / "Average",
        Weak = "weak" / "Weak",
    }
}
