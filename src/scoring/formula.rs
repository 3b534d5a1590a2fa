//! The published formula: from verdicts, weights and severities to a score and an overall.
//!
//! `score = (sum of weight x value) / (sum of weights) - penalties`, never below 0, where a met point has
//! the value 1, a partly shown one 0.4 and a missed one 0, and each triggered pitfall costs 0.05 (minor),
//! 0.15 (major) or 0.25 (critical). The overall is the number of thresholds 0.10, 0.35, 0.65 and 0.85 that
//! the score reaches, plus 1; a triggered critical pitfall caps it at 2. `docs/scoring.md` tells where the
//! numbers come from.

use crate::question::{Severity, Verdict};

/// Scores that must be reached for an overall of 2, 3, 4 and 5.
pub const THRESHOLDS: [f64; 4] = [0.10, 0.35, 0.65, 0.85];

/// The overall that a triggered critical pitfall leaves at best.
pub const CRITICAL_CAP: u8 = 2;

/// What a verdict counts of its point's weight.
pub const fn value(verdict: Verdict) -> f64 {
    match verdict {
        Verdict::Met => 1.0,
        Verdict::Partial => 0.4,
        Verdict::Missed => 0.0,
    }
}

/// What a triggered pitfall takes off the score.
pub const fn penalty(severity: Severity) -> f64 {
    match severity {
        Severity::Minor => 0.05,
        Severity::Major => 0.15,
        Severity::Critical => 0.25,
    }
}

/// The number and how it came about, so that a page can show the sum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sum {
    /// Share of the points' weight that was shown, 0 to 1.
    pub shown: f64,
    /// What the triggered pitfalls take off.
    pub penalties: f64,
    /// `shown - penalties`, at least 0.
    pub score: f64,
    /// 1 to 5.
    pub overall: u8,
    /// Whether a critical pitfall lowered the overall.
    pub capped: bool,
}

/// The overall of a score by itself, before a critical pitfall caps it.
pub fn rung(score: f64) -> u8 {
    1 + THRESHOLDS.iter().map(|&threshold| u8::from(score >= threshold)).sum::<u8>()
}

/// Adds up `(weight, verdict)` of every point and the severities of the triggered pitfalls.
pub fn sum(points: impl IntoIterator<Item = (u8, Verdict)>, triggered: impl IntoIterator<Item = Severity>) -> Sum {
    let (shown, weights) = points.into_iter().fold((0.0, 0.0), |(shown, weights), (weight, verdict)| {
        (f64::from(weight).mul_add(value(verdict), shown), weights + f64::from(weight))
    });
    let shown = if weights > 0.0 { shown / weights } else { 0.0 };
    let (penalties, critical) = triggered.into_iter().fold((0.0, false), |(penalties, critical), severity| {
        (penalties + penalty(severity), critical || severity == Severity::Critical)
    });
    // Rounded to a millionth so that 0.65 reached as a sum of thirds is not missed by a bit in the last place.
    let score = ((shown - penalties).max(0.0) * 1e6).round() / 1e6;
    let reached = rung(score);
    let overall = if critical { reached.min(CRITICAL_CAP) } else { reached };
    Sum { shown, penalties, score, overall, capped: overall < reached }
}

/// The overall in the words of a hiring panel.
pub const fn signal(overall: u8) -> &'static str {
    match overall {
        5.. => "strong hire",
        4 => "hire",
        3 => "borderline",
        2 => "no hire",
        0..=1 => "strong no hire",
    }
}

#[cfg(test)]
mod tests {
    use Severity::{Critical, Major, Minor};
    use Verdict::{Met, Missed, Partial};

    use super::*;

    /// Points as weight and verdict, triggered pitfalls, and the score and overall they give.
    type Case = (&'static [(u8, Verdict)], &'static [Severity], f64, u8);

    #[test]
    fn the_table_of_the_formula() {
        let cases: &[Case] = &[
            (&[(3, Met), (2, Met), (1, Met)], &[], 1.0, 5),
            (&[(3, Missed), (2, Missed)], &[], 0.0, 1),
            (&[(3, Partial), (2, Partial)], &[], 0.4, 3),
            (&[(3, Met), (2, Missed), (1, Partial)], &[], 3.4 / 6.0, 3),
            (&[(3, Met), (2, Met), (1, Missed)], &[], 5.0 / 6.0, 4),
            (&[(3, Met), (2, Met), (1, Met)], &[Minor], 0.95, 5),
            (&[(3, Met), (2, Met), (1, Met)], &[Major], 0.85, 5),
            (&[(3, Met), (2, Met), (1, Met)], &[Major, Minor], 0.80, 4),
            (&[(3, Met), (2, Met), (1, Met)], &[Critical], 0.75, 2),
            (&[(1, Partial), (3, Missed)], &[Critical, Major], 0.0, 1),
            (&[(2, Partial), (2, Missed), (2, Missed), (2, Missed)], &[], 0.1, 2),
        ];
        for (points, triggered, score, overall) in cases {
            let sum = sum(points.iter().copied(), triggered.iter().copied());
            assert!((sum.score - score).abs() < 1e-5, "{points:?} {triggered:?}: {sum:?}");
            assert_eq!(sum.overall, *overall, "{points:?} {triggered:?}: {sum:?}");
        }
    }

    #[test]
    fn only_a_critical_pitfall_that_lowers_the_overall_counts_as_a_cap() {
        assert!(sum([(3, Met)], [Critical]).capped);
        assert!(!sum([(3, Missed)], [Critical]).capped);
        assert!(!sum([(3, Met)], [Major]).capped);
    }
}
