//! What is kept of a judged exchange: verdicts with true evidence, the sum, and who judged.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{Checked, Delivery, Evidence, Exchange, FlagCode, OutlineStep, Panel, formula};
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
    #[schema(required)]
    pub model: Option<String>,
    /// SHA-256 of the prompt template.
    #[schema(required)]
    pub prompt_hash: Option<String>,
}

/// Below this confidence people are told that the judge is unsure: it is as likely wrong as right.
pub const UNSURE_BELOW: f64 = 0.5;

#[derive(Debug, Clone, PartialEq)]
pub struct ScoredPoint {
    pub id: String,
    pub verdict: Verdict,
    pub confidence: Option<f64>,
    pub rationale: String,
    pub evidence: Vec<Evidence>,
    /// What another model says, where it was asked and differs.
    pub second_opinion: Option<Verdict>,
}

impl ScoredPoint {
    /// Whether people are to read the verdict as unsure; it still counts in the sum as it stands.
    pub fn is_unsure(&self) -> bool {
        self.confidence.is_some_and(|confidence| confidence < UNSURE_BELOW)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct ScoredPitfall {
    pub id: String,
    pub triggered: bool,
    pub confidence: Option<f64>,
    pub rationale: String,
    pub evidence: Vec<Evidence>,
    /// Whether another model says that it is triggered, where it was asked and differs.
    pub second_opinion: Option<bool>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Flag {
    pub code: FlagCode,
    pub evidence: Vec<Evidence>,
}

/// The scored exchange. Its number was computed by [`formula::sum`] and can be computed by nothing else.
#[derive(Debug, Clone, PartialEq)]
pub struct Scorecard {
    pub(super) question: QuestionId,
    pub(super) question_hash: String,
    pub(super) engine: EngineStamp,
    pub(super) sum: Option<formula::Sum>,
    pub(super) points: Vec<ScoredPoint>,
    pub(super) pitfalls: Vec<ScoredPitfall>,
    pub(super) flags: Vec<Flag>,
    pub(super) strengths: Vec<String>,
    pub(super) improvements: Vec<String>,
    pub(super) outline: Vec<OutlineStep>,
    pub(super) panel: Option<Panel>,
    pub(super) delivery: Delivery,
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
            outline: Vec::new(),
            panel: None,
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
            outline: Vec::new(),
            panel: None,
            delivery: Delivery::of(exchange),
        }
    }

    /// Adds the outline of a stronger answer.
    #[must_use]
    pub fn with_outline(mut self, outline: Vec<OutlineStep>) -> Self {
        self.outline = outline;
        self
    }

    /// Says how many judgements it came from.
    #[must_use]
    pub fn with_panel(mut self, panel: Option<Panel>) -> Self {
        self.panel = panel;
        self
    }

    /// Marks where another judgement of the same exchange differs; nothing else changes.
    #[must_use]
    pub fn marked_by(mut self, other: &Checked) -> Self {
        for (point, other) in self.points.iter_mut().zip(&other.points) {
            point.second_opinion = (other.verdict != point.verdict).then_some(other.verdict);
        }
        for (pitfall, other) in self.pitfalls.iter_mut().zip(&other.pitfalls) {
            pitfall.second_opinion = (other.triggered != pitfall.triggered).then_some(other.triggered);
        }
        self
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

    /// The steps of a stronger answer; empty where the judge gives none.
    pub fn outline(&self) -> &[OutlineStep] {
        &self.outline
    }

    /// How many judgements it came from; nothing where it was one.
    pub fn panel(&self) -> Option<&Panel> {
        self.panel.as_ref()
    }

    pub fn delivery(&self) -> Delivery {
        self.delivery
    }
}

pub(super) fn triggered<'a>(
    question: &'a Question,
    pitfalls: &'a [ScoredPitfall],
) -> impl Iterator<Item = Severity> + 'a {
    question.pitfalls.iter().zip(pitfalls).filter(|(_, scored)| scored.triggered).map(|(pitfall, _)| pitfall.severity)
}
