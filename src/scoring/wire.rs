//! A scorecard as it is shown to other programs: in files of scores, exports and the API alike.

use serde::{Deserialize, Serialize};

use super::{
    Delivery, EngineStamp, Evidence, FlagCode, OutlineStep, Panel, Scorecard, ScoredPitfall, ScoredPoint,
    offline::{self, LeftOut},
};
use crate::question::Verdict;

/// The scorecard of one exchange. `overall` and `score` are null where the engine could not judge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Scorecard)]
pub struct ScorecardView {
    pub question: String,
    /// SHA-256 of the question as it was judged.
    pub question_hash: String,
    pub engine: EngineStamp,
    /// How well these rules agreed with the reference raters on questions that they were not fitted on; null
    /// for a model, and for a scorecard that other weights made than those at hand.
    #[schema(required)]
    pub reliability: Option<LeftOut>,
    /// 5 strong hire, 4 hire, 3 borderline, 2 no hire, 1 strong no hire.
    #[schema(required, minimum = 1, maximum = 5)]
    pub overall: Option<u8>,
    /// 0 to 1, by the published formula.
    #[schema(required, minimum = 0, maximum = 1)]
    pub score: Option<f64>,
    pub points: Vec<PointView>,
    pub pitfalls: Vec<PitfallView>,
    pub flags: Vec<FlagView>,
    pub strengths: Vec<String>,
    /// What to do better; the first is the one thing to do next.
    pub improvements: Vec<String>,
    /// The outline of a stronger answer, step by step; left out where the judge gives none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outline: Vec<StepView>,
    /// How many judgements it came from; left out where it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub panel: Option<Panel>,
    pub delivery: Delivery,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ScoredPoint)]
pub struct PointView {
    pub id: String,
    pub verdict: Verdict,
    #[schema(required)]
    pub confidence: Option<f64>,
    /// Whether the confidence is below 0.5, so that people are told that the judge is unsure.
    pub unsure: bool,
    pub rationale: String,
    pub evidence: Vec<EvidenceView>,
    /// What another model says, where it was asked and differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_opinion: Option<Verdict>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ScoredPitfall)]
pub struct PitfallView {
    pub id: String,
    pub triggered: bool,
    #[schema(required)]
    pub confidence: Option<f64>,
    pub rationale: String,
    pub evidence: Vec<EvidenceView>,
    /// What another model says, where it was asked and differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_opinion: Option<bool>,
}

/// One step of the outline. Without evidence it is something to add.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = OutlineStep)]
pub struct StepView {
    pub text: String,
    pub evidence: Vec<EvidenceView>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Flag)]
pub struct FlagView {
    pub code: FlagCode,
    pub evidence: Vec<EvidenceView>,
}

/// Words of the candidate: `start` and `end` count Unicode code points of answer number `turn`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Evidence)]
pub struct EvidenceView {
    pub turn: usize,
    pub start: usize,
    pub end: usize,
    pub text: String,
}

impl From<&Evidence> for EvidenceView {
    fn from(evidence: &Evidence) -> Self {
        let span = evidence.span();
        Self { turn: span.turn, start: span.start, end: span.end, text: evidence.text().to_owned() }
    }
}

fn quotes(evidence: &[Evidence]) -> Vec<EvidenceView> {
    evidence.iter().map(EvidenceView::from).collect()
}

/// Confidence with two decimals: more would claim a precision that no judge has.
fn rounded(confidence: Option<f64>) -> Option<f64> {
    confidence.map(|value| (value * 100.0).round() / 100.0)
}

impl From<&OutlineStep> for StepView {
    fn from(step: &OutlineStep) -> Self {
        Self { text: step.text.clone(), evidence: quotes(&step.evidence) }
    }
}

impl From<&ScoredPoint> for PointView {
    fn from(point: &ScoredPoint) -> Self {
        Self {
            id: point.id.clone(),
            verdict: point.verdict,
            confidence: rounded(point.confidence),
            unsure: point.is_unsure(),
            rationale: point.rationale.clone(),
            evidence: quotes(&point.evidence),
            second_opinion: point.second_opinion,
        }
    }
}

impl From<&ScoredPitfall> for PitfallView {
    fn from(pitfall: &ScoredPitfall) -> Self {
        Self {
            id: pitfall.id.clone(),
            triggered: pitfall.triggered,
            confidence: rounded(pitfall.confidence),
            rationale: pitfall.rationale.clone(),
            evidence: quotes(&pitfall.evidence),
            second_opinion: pitfall.second_opinion,
        }
    }
}

impl From<&Scorecard> for ScorecardView {
    fn from(card: &Scorecard) -> Self {
        Self {
            question: card.question().to_string(),
            question_hash: card.question_hash().to_owned(),
            engine: card.engine().clone(),
            reliability: offline::reliability(card.engine()),
            overall: card.overall(),
            score: card.sum().map(|sum| (sum.score * 10_000.0).round() / 10_000.0),
            points: card.points().iter().map(PointView::from).collect(),
            pitfalls: card.pitfalls().iter().map(PitfallView::from).collect(),
            flags: card
                .flags()
                .iter()
                .map(|flag| FlagView { code: flag.code, evidence: quotes(&flag.evidence) })
                .collect(),
            strengths: card.strengths().to_vec(),
            improvements: card.improvements().to_vec(),
            outline: card.outline().iter().map(StepView::from).collect(),
            panel: card.panel().cloned(),
            delivery: card.delivery(),
        }
    }
}
