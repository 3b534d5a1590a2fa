//! What a rater says of an answer, and how it stands beside what a scorer says.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    question::{Question, Verdict},
    scoring::Scorecard,
};

/// One rater's labels of one answer, as a line of a file of labels has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// Id of the answer.
    pub id: String,
    /// 0 missed, 1 partial, 2 met.
    pub points: BTreeMap<String, u8>,
    pub pitfalls: BTreeMap<String, bool>,
    /// 1 to 5.
    pub overall: u8,
}

/// Why labels cannot be compared with an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the labels of `{answer}` {what}")]
pub struct UnfitRating {
    pub answer: String,
    pub what: String,
}

impl Rating {
    /// Whether every point and pitfall of the question is labelled, and nothing else, within range.
    pub fn check(&self, question: &Question) -> Result<(), UnfitRating> {
        let fault = |what: String| Err(UnfitRating { answer: self.id.clone(), what });
        for point in &question.assessment_points {
            match self.points.get(&point.id) {
                Some(0..=2) => {}
                Some(other) => return fault(format!("give point `{}` {other}: write 0, 1 or 2", point.id)),
                None => return fault(format!("lack point `{}`", point.id)),
            }
        }
        if let Some(pitfall) = question.pitfalls.iter().find(|pitfall| !self.pitfalls.contains_key(&pitfall.id)) {
            return fault(format!("lack pitfall `{}`", pitfall.id));
        }
        let stray = |id: &&String| question.point(id).is_none() && question.pitfall(id).is_none();
        if let Some(id) = self.points.keys().chain(self.pitfalls.keys()).find(stray) {
            return fault(format!("name `{id}`, which `{}` does not have", question.id));
        }
        if !(1..=5).contains(&self.overall) {
            return fault(format!("give overall {}: write 1 to 5", self.overall));
        }
        Ok(())
    }

    /// The verdicts in the question's order; call [`Self::check`] first, what is not labelled counts as missed.
    pub fn verdicts(&self, question: &Question) -> Vec<Verdict> {
        let verdict = |id: &str| match self.points.get(id) {
            Some(2..) => Verdict::Met,
            Some(1) => Verdict::Partial,
            Some(0) | None => Verdict::Missed,
        };
        question.assessment_points.iter().map(|point| verdict(&point.id)).collect()
    }

    /// Whether each pitfall is triggered, in the question's order.
    pub fn triggered(&self, question: &Question) -> Vec<bool> {
        question.pitfalls.iter().map(|pitfall| self.pitfalls.get(&pitfall.id) == Some(&true)).collect()
    }

    /// The mean of two raters, halves rounded up; a pitfall is triggered if either says so.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        let points = self
            .points
            .iter()
            .map(|(id, own)| (id.clone(), (own + other.points.get(id).unwrap_or(own)).div_ceil(2)))
            .collect();
        let pitfalls =
            self.pitfalls.iter().map(|(id, own)| (id.clone(), *own || other.pitfalls.get(id) == Some(&true))).collect();
        Self { id: self.id.clone(), points, pitfalls, overall: (self.overall + other.overall).div_ceil(2) }
    }
}

/// One verdict of the raters beside one of the scorer, both as class numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Disagreement {
    pub truth: usize,
    pub said: usize,
    pub confidence: Option<f64>,
}

/// One answer as the raters see it and as the scorer sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    pub answer: String,
    pub question: String,
    pub points: Vec<Disagreement>,
    pub pitfalls: Vec<Disagreement>,
    /// Truth and said, 1 to 5.
    pub overall: (u8, u8),
    /// The answer's words and the score the scorer gave; nothing where both sides are raters.
    pub length: Option<(usize, f64)>,
}

impl Pair {
    /// The scorecard beside the labels; nothing where the scorecard has no overall.
    pub fn of_scorecard(question: &Question, truth: &Rating, card: &Scorecard) -> Option<Self> {
        let overall = card.overall()?;
        let class = |verdict: Verdict| match verdict {
            Verdict::Missed => 0,
            Verdict::Partial => 1,
            Verdict::Met => 2,
        };
        let points = truth.verdicts(question).into_iter().zip(card.points()).map(|(truth, said)| Disagreement {
            truth: class(truth),
            said: class(said.verdict),
            confidence: said.confidence,
        });
        let pitfalls = truth.triggered(question).into_iter().zip(card.pitfalls()).map(|(truth, said)| Disagreement {
            truth: usize::from(truth),
            said: usize::from(said.triggered),
            confidence: said.confidence,
        });
        Some(Self {
            answer: truth.id.clone(),
            question: question.id.to_string(),
            points: points.collect(),
            pitfalls: pitfalls.collect(),
            overall: (truth.overall, overall),
            length: card.sum().map(|sum| (card.delivery().words, sum.score)),
        })
    }

    /// One rater beside another.
    pub fn of_raters(question: &Question, first: &Rating, second: &Rating) -> Self {
        let beside = |truth: usize, said: usize| Disagreement { truth, said, confidence: None };
        let class = |rating: &Rating, id: &str| usize::from(rating.points.get(id).copied().unwrap_or(0).min(2));
        let points =
            question.assessment_points.iter().map(|point| beside(class(first, &point.id), class(second, &point.id)));
        let pitfalls = first.triggered(question).into_iter().zip(second.triggered(question));
        Self {
            answer: first.id.clone(),
            question: question.id.to_string(),
            points: points.collect(),
            pitfalls: pitfalls.map(|(a, b)| beside(usize::from(a), usize::from(b))).collect(),
            overall: (first.overall, second.overall),
            length: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rating(point: u8, pitfall: bool, overall: u8) -> Rating {
        Rating {
            id: "a".into(),
            points: [("p".to_owned(), point)].into(),
            pitfalls: [("x".to_owned(), pitfall)].into(),
            overall,
        }
    }

    #[test]
    fn the_mean_of_two_raters_rounds_halves_up_and_a_pitfall_counts_if_either_saw_it() {
        assert_eq!(rating(0, false, 2).with(&rating(1, true, 3)), rating(1, true, 3));
        assert_eq!(rating(0, false, 1).with(&rating(2, false, 4)), rating(1, false, 3));
        assert_eq!(rating(2, true, 5).with(&rating(2, false, 5)), rating(2, true, 5));
    }
}
