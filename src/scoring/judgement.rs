//! What a judge claims about an answer, before anything of it has been checked.

use super::FlagCode;
use crate::question::Verdict;

/// A judge's claim: verdicts with the numbers of the sentences that are said to show them.
///
/// Numbers are those of [`super::Sentences`], from 1. Nothing here is believed until [`super::check`] has
/// compared it with the question and the transcript.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Judgement {
    pub points: Vec<PointClaim>,
    pub pitfalls: Vec<PitfallClaim>,
    pub flags: Vec<FlagClaim>,
    pub strengths: Vec<String>,
    /// What to do better, the most valuable first.
    pub improvements: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PointClaim {
    pub id: String,
    pub verdict: Verdict,
    pub sentences: Vec<usize>,
    pub rationale: String,
    /// How sure the judge is, 0 to 1, where it can tell.
    pub confidence: Option<f64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PitfallClaim {
    pub id: String,
    pub triggered: bool,
    pub sentences: Vec<usize>,
    pub rationale: String,
    pub confidence: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagClaim {
    pub code: FlagCode,
    pub sentences: Vec<usize>,
}
