//! The rule-based judge: no network, no key, the same answer always gets the same verdicts.

mod answer;
mod evidence;
mod features;
mod flags;
mod lexicon;
mod markers;
mod matching;
mod meaning;
mod reading;
mod regression;
mod remarks;
mod sense;
#[cfg(test)]
mod tests;
mod training;
mod weights;

use std::{collections::BTreeSet, sync::LazyLock};

use super::{
    EngineName, EngineStamp, Exchange, Flag, FlagClaim, FlagCode, Judgement, PitfallClaim, PointClaim, Scorecard,
    Sentences, check,
};
use crate::question::{Question, Verdict};
use answer::Answer;
use features::{Prepared, Rows};
pub use flags::flags;
use matching::{Match, Rarity};
pub use meaning::{Meaning, NoModel};
use remarks::Decided;
use sense::{AnswerSense, RubricSense};
pub use training::{Counts, Sample, Study};
pub use weights::{InnerFigures, LeftOut, UnfitWeights, Weights};

/// The weights that are built in, read once.
static BUILTIN: LazyLock<Weights> = LazyLock::new(|| {
    Weights::parse(include_str!("weights.json")).expect("a test checks the built-in weights against this engine")
});

static BUILTIN_STAMP: LazyLock<EngineStamp> = LazyLock::new(|| stamp(&BUILTIN));

/// How likely a sentence must be to show a point to be cited for it. Below it the point is missed: a citation that
/// does not fit is worse than none.
const FAINTEST: f64 = 0.03;

/// What a second sentence must be worth, and what share of the best one's worth, to be cited as well.
const SECOND: (f64, f64) = (0.25, 0.8);

/// The least of a pitfall's text that a sentence must take up to be cited for it.
const FAINTEST_OF_PITFALL: f64 = 0.25;

/// The offline engine with its fitted weights.
#[derive(Debug, Clone)]
pub struct OfflineJudge {
    weights: Weights,
    /// Called when it is needed, so that a judge that judges nothing reads no model.
    meaning: fn() -> &'static Meaning,
    stamp: EngineStamp,
}

/// How reliable the engine with this stamp was measured to be; nothing where the weights at hand are not its own.
pub fn reliability(stamp: &EngineStamp) -> Option<LeftOut> {
    (*stamp == *BUILTIN_STAMP).then_some(BUILTIN.left_out).flatten()
}

impl OfflineJudge {
    /// The judge with the weights that are built in.
    pub fn builtin() -> Self {
        Self { weights: BUILTIN.clone(), meaning: Meaning::builtin, stamp: BUILTIN_STAMP.clone() }
    }

    /// Whether the built-in weights were fitted on this very answer: figures on it are in-sample.
    pub fn builtin_knows(sample: &Sample<'_>) -> bool {
        BUILTIN.fitted.binary_search(&training::fingerprint(sample)).is_ok()
    }

    /// A judge with weights that were fitted on what `meaning` says.
    pub fn from_weights(weights: &Weights, meaning: fn() -> &'static Meaning) -> Self {
        Self { weights: weights.clone(), meaning, stamp: stamp(weights) }
    }

    pub fn stamp(&self) -> EngineStamp {
        self.stamp.clone()
    }

    /// Judges the exchange as it stands; deterministic, a few milliseconds, never fails: what it cannot
    /// judge gets a scorecard without a number and a flag that says why.
    pub fn judge(&self, question: &Question, exchange: &Exchange) -> Scorecard {
        let sentences = Sentences::of(exchange);
        let flags = flags(&sentences, question);
        if flags.iter().any(|flag| flag.code == FlagCode::LanguageNotSupported) {
            let shown = |flag: &FlagClaim| Flag {
                code: flag.code,
                evidence: flag.sentences.iter().filter_map(|&number| sentences.evidence(number)).collect(),
            };
            return Scorecard::unjudged(question, exchange, flags.iter().map(shown).collect(), self.stamp());
        }
        let judgement = self.claim(question, &sentences, flags);
        let checked = check(question, &sentences, &judgement)
            .expect("the claim names each point and pitfall once and cites only sentences that may count");
        Scorecard::new(question, exchange, checked, self.stamp())
    }

    fn claim(&self, question: &Question, sentences: &Sentences<'_>, flags: Vec<FlagClaim>) -> Judgement {
        let Compared { answer, prepared, rows } =
            Compared::of(question, sentences, &flags, &self.weights.rarity, (self.meaning)());
        let off_topic = flags.iter().any(|flag| flag.code == FlagCode::OffTopic);

        let mut points = Vec::new();
        let mut decided = Vec::new();
        for (point, (row, found)) in question.assessment_points.iter().zip(&rows.points) {
            let chances = self.weights.points.probabilities(row);
            let expected = expected(&chances);
            let cited = if off_topic { Vec::new() } else { cited(found, FAINTEST) };
            let verdict = match self.weights.cuts {
                _ if cited.is_empty() => Verdict::Missed,
                [_, met] if expected >= met => Verdict::Met,
                [partial, _] if expected >= partial => Verdict::Partial,
                _ => Verdict::Missed,
            };
            let worth = found.ranking.first().map_or(0.0, |(_, worth)| *worth);
            let best = cited.first().map(|&number| (worth, answer.readings[number - 1].marks));
            let one = Decided { point, verdict, expected, best };
            points.push(PointClaim {
                id: point.id.clone(),
                verdict,
                sentences: if verdict == Verdict::Missed { Vec::new() } else { cited },
                rationale: one.rationale(question).to_owned(),
                confidence: Some(chances[class(verdict)]),
            });
            decided.push(one);
        }

        let mut pitfalls = Vec::new();
        let mut triggered = Vec::new();
        for ((pitfall, (row, found)), omission) in
            question.pitfalls.iter().zip(&rows.pitfalls).zip(prepared.omissions())
        {
            let chance = self.weights.pitfalls.probabilities(row)[1];
            let hit = chance >= self.weights.alarm;
            // What was left unsaid stands in no sentence.
            let cited = if hit && !omission { cited(found, FAINTEST_OF_PITFALL) } else { Vec::new() };
            if hit {
                triggered.push(pitfall.text.as_str());
            }
            pitfalls.push(PitfallClaim {
                id: pitfall.id.clone(),
                triggered: hit,
                rationale: remarks::on_pitfall(pitfall, hit, !cited.is_empty()),
                sentences: cited,
                confidence: Some(if hit { chance } else { 1.0 - chance }),
            });
        }
        Judgement {
            points,
            pitfalls,
            flags,
            strengths: remarks::strengths(&decided),
            improvements: remarks::improvements(question, &decided, &triggered),
        }
    }
}

fn stamp(weights: &Weights) -> EngineStamp {
    EngineStamp {
        name: EngineName::Offline,
        version: format!("{}+{}", env!("CARGO_PKG_VERSION"), weights.short_hash()),
        model: None,
        prompt_hash: None,
    }
}

/// An answer as the engine reads it, beside the rubric of its question.
struct Compared {
    answer: Answer,
    prepared: Prepared,
    rows: Rows,
}

impl Compared {
    fn of(
        question: &Question,
        sentences: &Sentences<'_>,
        flags: &[FlagClaim],
        rarity: &Rarity,
        meaning: &Meaning,
    ) -> Self {
        let answer = Answer::read(question, sentences, &barred(flags));
        let prepared = Prepared::of(question, rarity);
        let points: Vec<&str> = question.assessment_points.iter().map(|point| point.text.as_str()).collect();
        let pitfalls: Vec<&str> = question.pitfalls.iter().map(|pitfall| pitfall.text.as_str()).collect();
        let rubric = RubricSense::of(meaning, &question.prompt, &points, &pitfalls);
        let said: Vec<&str> = sentences.iter().map(|(_, _, text)| text).collect();
        let said = AnswerSense::of(meaning, &said, &answer.open);
        let rows = prepared.rows(&answer, &rubric, &said);
        Self { answer, prepared, rows }
    }
}

/// The sentences, by number, that may not serve as evidence.
fn barred(flags: &[FlagClaim]) -> BTreeSet<usize> {
    flags.iter().filter(|flag| flag.code.bars_evidence()).flat_map(|flag| flag.sentences.iter().copied()).collect()
}

/// The one or two sentences, by number, that speak most to a rubric text, the best first; none below the floor.
fn cited(found: &Match, floor: f64) -> Vec<usize> {
    let Some(&(best, worth)) = found.ranking.first().filter(|(_, worth)| *worth >= floor) else {
        return Vec::new();
    };
    let second = found.ranking.get(1).filter(|(_, next)| *next >= SECOND.0 && *next >= SECOND.1 * worth);
    [best].into_iter().chain(second.map(|(index, _)| *index)).map(|index| index + 1).collect()
}

/// The number of a verdict's class: 0 missed, 1 partial, 2 met.
const fn class(verdict: Verdict) -> usize {
    match verdict {
        Verdict::Missed => 0,
        Verdict::Partial => 1,
        Verdict::Met => 2,
    }
}

/// The mean verdict under these probabilities, 0 missed to 2 met.
fn expected(chances: &[f64]) -> f64 {
    chances[1] + 2.0 * chances[2]
}
