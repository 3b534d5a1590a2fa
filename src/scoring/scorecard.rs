//! What is kept of a judged exchange: verdicts with true evidence, the sum, and who judged.

use serde::{Deserialize, Serialize};

use std::{fmt, str::FromStr};

use super::{Checked, Delivery, Evidence, Exchange, FlagCode, Span, formula};
use crate::question::{Question, QuestionId, Severity, UnknownName, Verdict, names};

names! {
    /// Which of the two engines judged.
    EngineName, "engine", {
        Offline = "offline" / "rules on this computer",
        Llm = "llm" / "a language model",
    }
}

/// Who judged, exactly enough to tell whether two scores can be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct EngineStamp {
    pub name: EngineName,
    /// Version of the engine; for `offline` with a hash of its weights.
    pub version: String,
    pub model: Option<String>,
    /// SHA-256 of the prompt template.
    pub prompt_hash: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ScoredPoint {
    pub id: String,
    pub verdict: Verdict,
    pub confidence: Option<f64>,
    pub rationale: String,
    pub evidence: Vec<Evidence>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ScoredPitfall {
    pub id: String,
    pub triggered: bool,
    pub confidence: Option<f64>,
    pub rationale: String,
    pub evidence: Vec<Evidence>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Flag {
    pub code: FlagCode,
    pub evidence: Vec<Evidence>,
}

/// The scored exchange. Its number was computed by [`formula::sum`] and can be computed by nothing else.
#[derive(Debug, Clone, PartialEq)]
pub struct Scorecard {
    question: QuestionId,
    question_hash: String,
    engine: EngineStamp,
    sum: Option<formula::Sum>,
    points: Vec<ScoredPoint>,
    pitfalls: Vec<ScoredPitfall>,
    flags: Vec<Flag>,
    strengths: Vec<String>,
    improvements: Vec<String>,
    delivery: Delivery,
}

impl Scorecard {
    pub fn new(question: &Question, exchange: &Exchange, checked: Checked, engine: EngineStamp) -> Self {
        let sum = formula::sum(
            question
                .assessment_points
                .iter()
                .zip(&checked.points)
                .map(|(point, scored)| (point.weight, scored.verdict)),
            triggered(question, &checked.pitfalls),
        );
        Self {
            question: question.id.clone(),
            question_hash: question.hash(),
            engine,
            sum: Some(sum),
            points: checked.points,
            pitfalls: checked.pitfalls,
            flags: checked.flags,
            strengths: checked.strengths,
            improvements: checked.improvements,
            delivery: Delivery::of(exchange),
        }
    }

    /// The scorecard of an answer that the engine cannot judge: no number, no verdicts, and flags that say why.
    pub fn unjudged(question: &Question, exchange: &Exchange, flags: Vec<Flag>, engine: EngineStamp) -> Self {
        Self {
            question: question.id.clone(),
            question_hash: question.hash(),
            engine,
            sum: None,
            points: Vec::new(),
            pitfalls: Vec::new(),
            flags,
            strengths: Vec::new(),
            improvements: Vec::new(),
            delivery: Delivery::of(exchange),
        }
    }

    pub fn question(&self) -> &QuestionId {
        &self.question
    }

    pub fn question_hash(&self) -> &str {
        &self.question_hash
    }

    pub fn engine(&self) -> &EngineStamp {
        &self.engine
    }

    /// How the number came about; nothing where the engine could not judge.
    pub fn sum(&self) -> Option<formula::Sum> {
        self.sum
    }

    pub fn overall(&self) -> Option<u8> {
        self.sum.map(|sum| sum.overall)
    }

    pub fn points(&self) -> &[ScoredPoint] {
        &self.points
    }

    pub fn pitfalls(&self) -> &[ScoredPitfall] {
        &self.pitfalls
    }

    pub fn flags(&self) -> &[Flag] {
        &self.flags
    }

    pub fn strengths(&self) -> &[String] {
        &self.strengths
    }

    /// What to do better; the first is the one thing to do next.
    pub fn improvements(&self) -> &[String] {
        &self.improvements
    }

    pub fn delivery(&self) -> Delivery {
        self.delivery
    }

    /// The form that a database row holds: spans without their words.
    pub fn record(&self) -> ScorecardRecord {
        let spans = |evidence: &[Evidence]| evidence.iter().map(Evidence::span).collect();
        ScorecardRecord {
            question: self.question.clone(),
            question_hash: self.question_hash.clone(),
            engine: self.engine.clone(),
            points: self
                .points
                .iter()
                .map(|point| PointRecord {
                    id: point.id.clone(),
                    verdict: point.verdict,
                    confidence: point.confidence,
                    rationale: point.rationale.clone(),
                    evidence: spans(&point.evidence),
                })
                .collect(),
            pitfalls: self
                .pitfalls
                .iter()
                .map(|pitfall| PitfallRecord {
                    id: pitfall.id.clone(),
                    triggered: pitfall.triggered,
                    confidence: pitfall.confidence,
                    rationale: pitfall.rationale.clone(),
                    evidence: spans(&pitfall.evidence),
                })
                .collect(),
            flags: self
                .flags
                .iter()
                .map(|flag| FlagRecord { code: flag.code, evidence: spans(&flag.evidence) })
                .collect(),
            strengths: self.strengths.clone(),
            improvements: self.improvements.clone(),
        }
    }
}

fn triggered<'a>(question: &'a Question, pitfalls: &'a [ScoredPitfall]) -> impl Iterator<Item = Severity> + 'a {
    question.pitfalls.iter().zip(pitfalls).filter(|(_, scored)| scored.triggered).map(|(pitfall, _)| pitfall.severity)
}

/// A scorecard as a database row holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScorecardRecord {
    question: QuestionId,
    question_hash: String,
    engine: EngineStamp,
    points: Vec<PointRecord>,
    pitfalls: Vec<PitfallRecord>,
    flags: Vec<FlagRecord>,
    strengths: Vec<String>,
    improvements: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct PointRecord {
    id: String,
    verdict: Verdict,
    confidence: Option<f64>,
    rationale: String,
    evidence: Vec<Span>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct PitfallRecord {
    id: String,
    triggered: bool,
    confidence: Option<f64>,
    rationale: String,
    evidence: Vec<Span>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct FlagRecord {
    code: FlagCode,
    evidence: Vec<Span>,
}

/// A kept scorecard that does not fit its question or its transcript any more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceOutside {
    #[error("a kept scorecard cites words outside the transcript (answer {}, characters {} to {})", .0.turn, .0.start, .0.end)]
    Span(Span),
    #[error("a kept scorecard was made for another version of `{0}`")]
    Question(QuestionId),
}

impl ScorecardRecord {
    /// Makes the scorecard again from the question it judged and the transcript it cites; the number is
    /// added up anew.
    pub fn restore(self, question: &Question, exchange: &Exchange) -> Result<Scorecard, EvidenceOutside> {
        let quotes = |spans: Vec<Span>| -> Result<Vec<Evidence>, EvidenceOutside> {
            spans.into_iter().map(|span| exchange.evidence(span).ok_or(EvidenceOutside::Span(span))).collect()
        };
        let fits = self.points.is_empty() && self.pitfalls.is_empty()
            || self.points.iter().map(|point| &point.id).eq(question.assessment_points.iter().map(|point| &point.id))
                && self
                    .pitfalls
                    .iter()
                    .map(|pitfall| &pitfall.id)
                    .eq(question.pitfalls.iter().map(|pitfall| &pitfall.id));
        if self.question != question.id || !fits {
            return Err(EvidenceOutside::Question(self.question));
        }
        let points = self
            .points
            .into_iter()
            .map(|point| {
                Ok(ScoredPoint {
                    id: point.id,
                    verdict: point.verdict,
                    confidence: point.confidence,
                    rationale: point.rationale,
                    evidence: quotes(point.evidence)?,
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        let pitfalls = self
            .pitfalls
            .into_iter()
            .map(|pitfall| {
                Ok(ScoredPitfall {
                    id: pitfall.id,
                    triggered: pitfall.triggered,
                    confidence: pitfall.confidence,
                    rationale: pitfall.rationale,
                    evidence: quotes(pitfall.evidence)?,
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        let flags = self
            .flags
            .into_iter()
            .map(|flag| Ok(Flag { code: flag.code, evidence: quotes(flag.evidence)? }))
            .collect::<Result<Vec<_>, _>>()?;
        let sum = (!points.is_empty()).then(|| {
            formula::sum(
                question.assessment_points.iter().zip(&points).map(|(point, scored)| (point.weight, scored.verdict)),
                triggered(question, &pitfalls),
            )
        });
        Ok(Scorecard {
            question: self.question,
            question_hash: self.question_hash,
            engine: self.engine,
            sum,
            points,
            pitfalls,
            flags,
            strengths: self.strengths,
            improvements: self.improvements,
            delivery: Delivery::of(exchange),
        })
    }
}
