//! The bank's format in names and numbers: what the reader demands and what the schema tells editors.

use std::ops::RangeInclusive;

pub(super) const FILE_KEYS: &[&str] = &[
    "title",
    "kind",
    "level",
    "minutes",
    "skills",
    "tags",
    "prompt",
    "hints",
    "facts",
    "levels",
    "assessment_points",
    "pitfalls",
    "follow_ups",
    "exemplars",
];
pub(super) const LEVEL_KEYS: &[&str] = &["tpm", "senior", "principal"];
pub(super) const POINT_KEYS: &[&str] = &["id", "text", "weight", "cues", "strong"];
pub(super) const PITFALL_KEYS: &[&str] = &["id", "text", "severity"];
pub(super) const FOLLOW_UP_KEYS: &[&str] = &["id", "ask", "probes"];
pub(super) const EXEMPLAR_KEYS: &[&str] = &["quality", "answer", "why", "points", "pitfalls"];

/// How long an answer may be expected to take.
pub(super) const MINUTES: RangeInclusive<u8> = 1..=60;
/// Minutes that an answer may take where the file does not say.
pub(super) const DEFAULT_MINUTES: u8 = 5;
pub(super) const WEIGHTS: RangeInclusive<u8> = 1..=3;

/// How many of each there are in a question.
pub(super) const POINTS: RangeInclusive<usize> = 3..=7;
pub(super) const PITFALLS: RangeInclusive<usize> = 2..=6;
pub(super) const FOLLOW_UPS: RangeInclusive<usize> = 2..=5;

/// Whether a text may hold this character.
pub(super) fn is_fit(character: char) -> bool {
    !character.is_control() || matches!(character, '\n' | '\r' | '\t')
}
