//! The rule-based judge: no network, no key, the same answer always gets the same verdicts.

use super::{EngineName, EngineStamp, Exchange, Judgement, PitfallClaim, PointClaim, Scorecard, Sentences, check};
use crate::question::{Question, Verdict};

/// The offline engine; cheap to share.
#[derive(Debug)]
pub struct OfflineJudge {}

impl OfflineJudge {
    pub fn builtin() -> Self {
        Self {}
    }

    pub fn stamp(&self) -> EngineStamp {
        EngineStamp { name: EngineName::Offline, version: "0".into(), model: None, prompt_hash: None }
    }

    /// Judges the exchange as it stands.
    pub fn judge(&self, question: &Question, exchange: &Exchange) -> Scorecard {
        let long = exchange.turns().iter().map(|t| t.answer.len()).sum::<usize>() > 200;
        let judgement = Judgement {
            points: question
                .assessment_points
                .iter()
                .enumerate()
                .map(|(n, point)| PointClaim {
                    id: point.id.clone(),
                    verdict: if long && n == 0 { Verdict::Met } else { Verdict::Missed },
                    sentences: if long && n == 0 { vec![1] } else { vec![] },
                    rationale: String::new(),
                    confidence: None,
                })
                .collect(),
            pitfalls: question
                .pitfalls
                .iter()
                .map(|pitfall| PitfallClaim {
                    id: pitfall.id.clone(),
                    triggered: false,
                    sentences: vec![],
                    rationale: String::new(),
                    confidence: None,
                })
                .collect(),
            ..Judgement::default()
        };
        let checked = check(question, &Sentences::of(exchange), &judgement).expect("fits");
        Scorecard::new(question, exchange, checked, self.stamp())
    }
}
