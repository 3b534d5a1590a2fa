//! A scorecard as a database row holds it: spans without words, made whole again from the transcript alone.

use serde::{Deserialize, Serialize};

use super::{
    Delivery, EngineStamp, Evidence, Exchange, Flag, FlagCode, OutlineStep, Panel, Scorecard, ScoredPitfall,
    ScoredPoint, Span, formula, scorecard::triggered,
};
use crate::question::{Question, QuestionId, Verdict};

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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    outline: Vec<StepRecord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    panel: Option<Panel>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct StepRecord {
    text: String,
    evidence: Vec<Span>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct PointRecord {
    id: String,
    verdict: Verdict,
    confidence: Option<f64>,
    rationale: String,
    evidence: Vec<Span>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    second_opinion: Option<Verdict>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct PitfallRecord {
    id: String,
    triggered: bool,
    confidence: Option<f64>,
    rationale: String,
    evidence: Vec<Span>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    second_opinion: Option<bool>,
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
                    second_opinion: point.second_opinion,
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
                    second_opinion: pitfall.second_opinion,
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        let flags = self
            .flags
            .into_iter()
            .map(|flag| Ok(Flag { code: flag.code, evidence: quotes(flag.evidence)? }))
            .collect::<Result<Vec<_>, _>>()?;
        let outline = self
            .outline
            .into_iter()
            .map(|step| Ok(OutlineStep { text: step.text, evidence: quotes(step.evidence)? }))
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
            outline,
            panel: self.panel,
            delivery: Delivery::of(exchange),
        })
    }
}

impl Scorecard {
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
                    second_opinion: point.second_opinion,
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
                    second_opinion: pitfall.second_opinion,
                })
                .collect(),
            flags: self
                .flags
                .iter()
                .map(|flag| FlagRecord { code: flag.code, evidence: spans(&flag.evidence) })
                .collect(),
            strengths: self.strengths.clone(),
            improvements: self.improvements.clone(),
            outline: self
                .outline
                .iter()
                .map(|step| StepRecord { text: step.text.clone(), evidence: spans(&step.evidence) })
                .collect(),
            panel: self.panel.clone(),
        }
    }
}
