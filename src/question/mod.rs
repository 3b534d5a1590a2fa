//! What can be asked: a question with its rubric, and the names by which the bank orders it.

mod id;
mod rubric;

pub(crate) use id::names;
pub use id::{BadQuestionId, Category, Kind, Level, QuestionId, UnknownName, is_slug};
pub use rubric::{Exemplar, ExemplarQuality, FollowUp, Pitfall, Point, Severity, Verdict};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// One question of the bank: what the interviewer says and what a listener looks for.
///
/// A `Question` comes out of [`crate::bank`], which has checked every count and every id, so holding one
/// means that its points, pitfalls and follow-ups are within the limits of the bank's format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    pub id: QuestionId,
    pub title: String,
    pub kind: Kind,
    /// The lowest level that the question suits.
    pub level: Level,
    /// Expected length of an answer, in minutes.
    pub minutes: u8,
    pub skills: Vec<String>,
    pub tags: Vec<String>,
    /// What the interviewer says.
    pub prompt: String,
    /// Nudges that do not give the answer away.
    pub hints: Vec<String>,
    /// What the interviewer may tell when asked for clarification.
    pub facts: Vec<String>,
    pub levels: LevelNotes,
    pub assessment_points: Vec<Point>,
    pub pitfalls: Vec<Pitfall>,
    pub follow_ups: Vec<FollowUp>,
    pub exemplars: Vec<Exemplar>,
}

/// What is enough at each level, in the words of the question's author.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelNotes {
    pub tpm: Option<String>,
    pub senior: Option<String>,
    pub principal: Option<String>,
}

impl Question {
    pub fn category(&self) -> Category {
        self.id.category()
    }

    pub fn point(&self, id: &str) -> Option<&Point> {
        self.assessment_points.iter().find(|point| point.id == id)
    }

    pub fn pitfall(&self, id: &str) -> Option<&Pitfall> {
        self.pitfalls.iter().find(|pitfall| pitfall.id == id)
    }

    pub fn follow_up(&self, id: &str) -> Option<&FollowUp> {
        self.follow_ups.iter().find(|follow_up| follow_up.id == id)
    }

    /// SHA-256 over everything that is asked and judged, as 64 lowercase hexadecimal digits.
    ///
    /// A scorecard keeps it, so that one can tell whether the question has changed since. The layout of
    /// the file does not matter; every field does.
    pub fn hash(&self) -> String {
        let canonical = serde_json::to_vec(self).expect("a question is plain data");
        hex(&Sha256::digest(canonical))
    }

    /// The version that a question of this hash is called by: as much of the hash as people compare.
    pub fn version_of(hash: &str) -> &str {
        hash.get(..12).unwrap_or(hash)
    }
}

/// Lowercase hexadecimal digits of `bytes`.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
