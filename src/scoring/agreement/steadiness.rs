//! How steady a scorer is: what it says of the same answers when it is asked again.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Pair,
    figures::{number, ratio},
};

/// Agreement of a scorer with itself. A figure is missing where no answer was scored twice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Steadiness {
    /// Share of the points that got the same verdict in every run.
    pub points_same: Option<f64>,
    /// Share of the pitfalls that got the same verdict in every run.
    pub pitfalls_same: Option<f64>,
    /// Share of the answers that got the same overall in every run.
    pub overall_same: Option<f64>,
    /// Mean over the answers of the highest overall less the lowest.
    pub overall_spread: Option<f64>,
}

/// Compares runs of one scorer over the same answers; an answer that only one run scored says nothing.
pub fn steadiness(runs: &[Vec<Pair>]) -> Steadiness {
    let mut answers: BTreeMap<&str, Vec<&Pair>> = BTreeMap::new();
    for pair in runs.iter().flatten() {
        answers.entry(&pair.answer).or_default().push(pair);
    }
    let (mut points, mut pitfalls, mut overall) = (Vec::new(), Vec::new(), Vec::new());
    for said in answers.values().filter(|said| said.len() > 1) {
        let same = |of: fn(&Pair) -> Vec<usize>| {
            let all: Vec<Vec<usize>> = said.iter().map(|pair| of(pair)).collect();
            (0..all[0].len()).map(move |at| all.iter().all(|one| one[at] == all[0][at])).collect::<Vec<bool>>()
        };
        points.extend(same(|pair| pair.points.iter().map(|one| one.said).collect()));
        pitfalls.extend(same(|pair| pair.pitfalls.iter().map(|one| one.said).collect()));
        let given = || said.iter().map(|pair| pair.overall.1);
        overall.push(given().max().unwrap_or(0) - given().min().unwrap_or(0));
    }
    let share =
        |same: &[bool]| (!same.is_empty()).then(|| ratio(same.iter().filter(|same| **same).count(), same.len()));
    let count = number(overall.len());
    Steadiness {
        points_same: share(&points),
        pitfalls_same: share(&pitfalls),
        overall_same: share(&overall.iter().map(|spread| *spread == 0).collect::<Vec<_>>()),
        overall_spread: (count > 0.0).then(|| overall.iter().map(|spread| f64::from(*spread)).sum::<f64>() / count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::agreement::Disagreement;

    fn pair(answer: &str, said: [usize; 2], overall: u8) -> Pair {
        let one = |said| Disagreement { truth: 1, said, confidence: None };
        Pair {
            answer: answer.into(),
            question: "q".into(),
            points: said.map(one).into(),
            pitfalls: vec![one(0)],
            overall: (3, overall),
            length: None,
        }
    }

    #[test]
    fn what_is_said_the_same_in_every_run_is_steady() {
        let runs = [
            vec![pair("a", [2, 1], 4), pair("b", [0, 0], 1), pair("only once", [2, 2], 5)],
            vec![pair("a", [2, 0], 2), pair("b", [0, 0], 1)],
        ];
        let steady = steadiness(&runs);
        assert_eq!(steady.points_same, Some(0.75));
        assert_eq!(steady.pitfalls_same, Some(1.0));
        assert_eq!(steady.overall_same, Some(0.5));
        assert_eq!(steady.overall_spread, Some(1.0));
    }

    #[test]
    fn one_run_says_nothing_about_steadiness() {
        assert_eq!(steadiness(&[vec![pair("a", [2, 1], 4)]]), Steadiness::default());
    }
}
