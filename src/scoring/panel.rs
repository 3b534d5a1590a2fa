//! Several judgements of one answer: the vote over them, and what a second opinion differs in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Judgement, PitfallClaim, PointClaim};
use crate::question::Verdict;

/// How a scorecard came about where more than one judgement was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Panel {
    /// How many judgements were asked for; the verdict with most votes counts, and its share is the confidence.
    pub samples: u8,
    /// How many of them could be used.
    pub usable: u8,
    /// The other model that judged too; its verdicts are marked where they differ and change nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_opinion: Option<SecondOpinion>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SecondOpinion {
    pub model: String,
    /// Why there is none after all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
}

impl Panel {
    /// How it came about, as people say it; nothing where there is nothing to say.
    pub fn line(&self) -> Option<String> {
        let mut parts = Vec::new();
        if self.samples > 1 {
            parts.push(format!("{} of {} judgements put to the vote", self.usable, self.samples));
        }
        match &self.second_opinion {
            Some(SecondOpinion { model, missing: None }) => parts.push(format!("second opinion by {model}")),
            Some(SecondOpinion { model, missing: Some(why) }) => {
                parts.push(format!("no second opinion by {model}: {why}"));
            }
            None => {}
        }
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

/// One judgement out of many, each of which fits the question by itself. Nothing where there is none.
///
/// The verdict with most votes counts; where there is no such, the one in the middle, and of two the lower. A pitfall
/// needs more than half. The sentences are those that at least half of the winning side cite.
pub fn vote(judgements: &[Judgement]) -> Option<Judgement> {
    let first = judgements.first()?;
    let points: Vec<PointClaim> = first
        .points
        .iter()
        .map(|point| {
            let all: Vec<&PointClaim> =
                judgements.iter().filter_map(|one| one.points.iter().find(|claim| claim.id == point.id)).collect();
            let verdict = winner(&all.iter().map(|claim| claim.verdict).collect::<Vec<_>>());
            let side: Vec<&PointClaim> = all.iter().copied().filter(|claim| claim.verdict == verdict).collect();
            let sides: Vec<(&[usize], &str)> =
                side.iter().map(|claim| (claim.sentences.as_slice(), claim.rationale.as_str())).collect();
            let (sentences, rationale) = shared(&sides);
            PointClaim {
                id: point.id.clone(),
                verdict,
                sentences,
                rationale,
                confidence: share(side.len(), all.len(), judgements.len()),
            }
        })
        .collect();
    let pitfalls: Vec<PitfallClaim> = first
        .pitfalls
        .iter()
        .map(|pitfall| {
            let all: Vec<&PitfallClaim> =
                judgements.iter().filter_map(|one| one.pitfalls.iter().find(|claim| claim.id == pitfall.id)).collect();
            let triggered = 2 * all.iter().filter(|claim| claim.triggered).count() > all.len();
            let side: Vec<&PitfallClaim> = all.iter().copied().filter(|claim| claim.triggered == triggered).collect();
            let sides: Vec<(&[usize], &str)> =
                side.iter().map(|claim| (claim.sentences.as_slice(), claim.rationale.as_str())).collect();
            let (sentences, rationale) = shared(&sides);
            PitfallClaim {
                id: pitfall.id.clone(),
                triggered,
                sentences,
                rationale,
                confidence: share(side.len(), all.len(), judgements.len()),
            }
        })
        .collect();
    let nearest = &judgements[nearest(judgements, &points, &pitfalls)];
    Some(Judgement {
        points,
        pitfalls,
        flags: first.flags.clone(),
        strengths: nearest.strengths.clone(),
        improvements: nearest.improvements.clone(),
    })
}

/// Which judgement agrees most with the vote: its remarks are those that fit.
pub fn nearest(judgements: &[Judgement], points: &[PointClaim], pitfalls: &[PitfallClaim]) -> usize {
    let agreed = |one: &Judgement| {
        let same = points
            .iter()
            .filter(|voted| one.points.iter().any(|claim| claim.id == voted.id && claim.verdict == voted.verdict));
        let same_pitfalls = pitfalls.iter().filter(|voted| {
            one.pitfalls.iter().any(|claim| claim.id == voted.id && claim.triggered == voted.triggered)
        });
        same.count() + same_pitfalls.count()
    };
    // `max_by_key` keeps the last of equals and the first is wanted.
    (0..judgements.len()).rev().max_by_key(|&at| agreed(&judgements[at])).unwrap_or_default()
}

fn winner(verdicts: &[Verdict]) -> Verdict {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    let rank = |verdict: Verdict| match verdict {
        Verdict::Missed => 0,
        Verdict::Partial => 1,
        Verdict::Met => 2,
    };
    for &verdict in verdicts {
        *counts.entry(rank(verdict)).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or_default();
    let mut leading = counts.iter().filter(|(_, count)| **count == most);
    let chosen = if let (Some((rank, _)), None) = (leading.next(), leading.next()) {
        *rank
    } else {
        let mut ranks: Vec<usize> = verdicts.iter().map(|&verdict| rank(verdict)).collect();
        ranks.sort_unstable();
        ranks.get(ranks.len().saturating_sub(1) / 2).copied().unwrap_or_default()
    };
    [Verdict::Missed, Verdict::Partial, Verdict::Met][chosen]
}

/// The sentences that at least half of these cite, or else those of the first, and the reason of the one that cites
/// most of them.
fn shared(side: &[(&[usize], &str)]) -> (Vec<usize>, String) {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for number in side.iter().flat_map(|(numbers, _)| numbers.iter()) {
        *counts.entry(*number).or_default() += 1;
    }
    let mut sentences: Vec<usize> =
        counts.iter().filter(|(_, count)| 2 * **count >= side.len()).map(|(number, _)| *number).collect();
    if sentences.is_empty() {
        sentences = side.first().map(|(numbers, _)| numbers.to_vec()).unwrap_or_default();
    }
    let fits = |numbers: &[usize]| numbers.iter().filter(|number| sentences.contains(number)).count();
    let reason = side.iter().rev().max_by_key(|(numbers, _)| fits(numbers)).map(|(_, reason)| (*reason).to_owned());
    (sentences, reason.unwrap_or_default())
}

/// The share of the winning side, where there was a vote at all.
fn share(side: usize, all: usize, judgements: usize) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a handful")]
    (judgements > 1 && all > 0).then(|| side as f64 / all as f64)
}

#[cfg(test)]
mod tests {
    use Verdict::{Met, Missed, Partial};

    use super::*;

    fn judgement(verdict: Verdict, sentences: &[usize], triggered: bool) -> Judgement {
        let (sentences, rationale) = (sentences.to_vec(), format!("{verdict} {sentences:?}"));
        let point = PointClaim { id: "p".into(), verdict, sentences, rationale, confidence: None };
        let pitfall =
            PitfallClaim { id: "f".into(), triggered, sentences: vec![], rationale: String::new(), confidence: None };
        let strengths = vec![verdict.to_string()];
        Judgement { points: vec![point], pitfalls: vec![pitfall], strengths, ..Judgement::default() }
    }

    #[test]
    fn most_votes_win_and_their_share_is_the_confidence() {
        let voted = vote(&[
            judgement(Met, &[1, 2], false),
            judgement(Partial, &[1], true),
            judgement(Met, &[2], true),
            judgement(Met, &[2, 3], true),
        ])
        .unwrap();
        let point = &voted.points[0];
        assert_eq!((point.verdict, point.confidence, &point.sentences), (Met, Some(0.75), &vec![2]));
        assert_eq!((voted.pitfalls[0].triggered, voted.pitfalls[0].confidence), (true, Some(0.75)));
        assert_eq!(voted.strengths, ["met"]);
    }

    #[test]
    fn a_draw_goes_to_the_middle_and_of_two_to_the_lower() {
        for (verdicts, won) in [
            (vec![Met, Missed], Missed),
            (vec![Met, Partial], Partial),
            (vec![Met, Partial, Missed], Partial),
            (vec![Met, Met, Missed, Missed], Missed),
            (vec![Met], Met),
        ] {
            assert_eq!(winner(&verdicts), won, "{verdicts:?}");
        }
        let drawn = vote(&[judgement(Met, &[1], true), judgement(Missed, &[], false)]).unwrap();
        assert_eq!((drawn.points[0].verdict, drawn.points[0].sentences.len()), (Missed, 0));
        assert!(!drawn.pitfalls[0].triggered, "a pitfall needs more than half");
    }

    #[test]
    fn one_judgement_alone_is_itself_and_claims_no_confidence() {
        let one = judgement(Partial, &[3, 1], true);
        let voted = vote(std::slice::from_ref(&one)).unwrap();
        assert_eq!((voted.points[0].verdict, voted.points[0].confidence), (Partial, None));
        assert_eq!(voted.points[0].sentences, [1, 3]);
        assert_eq!(vote(&[]), None);
    }

    #[test]
    fn where_nobody_cites_the_same_the_first_of_the_winners_is_cited() {
        let voted = vote(&[judgement(Met, &[1], false), judgement(Met, &[2], false), judgement(Met, &[3], false)]);
        assert_eq!(voted.unwrap().points[0].sentences, [1]);
    }
}
