//! The one door to both judges; which of them stands behind it is chosen once and never changes silently.

use std::sync::Arc;

use crate::{
    config::LlmSettings,
    llm::{FlagDetector, LlmError, LlmJudge, Model},
    prompt::Prompts,
    question::Question,
    scoring::{EngineName, EngineStamp, Exchange, Scorecard, offline::OfflineJudge},
};

/// The judge of this run; cheap to clone.
#[derive(Debug, Clone)]
pub enum Judge {
    Offline(Arc<OfflineJudge>),
    Llm(LlmJudge),
}

/// Who judges, and who gets to read the answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judging {
    pub engine: EngineName,
    pub model: Option<String>,
    /// The host that receives the answers; none where they stay on this computer.
    pub host: Option<String>,
}

impl Judge {
    /// The judge that the settings ask for. `detector` finds the sentences that no model may cite.
    ///
    /// Fails where the settings cannot name an endpoint; nothing is sent yet.
    pub fn new(
        engine: EngineName,
        llm: &LlmSettings,
        prompts: &Arc<Prompts>,
        offline: &Arc<OfflineJudge>,
        detector: FlagDetector,
    ) -> Result<Self, LlmError> {
        Ok(match engine {
            EngineName::Offline => Self::Offline(Arc::clone(offline)),
            EngineName::Llm => Self::Llm(LlmJudge::new(Model::new(llm)?, Arc::clone(prompts), detector)),
        })
    }

    /// Judges the exchange. The offline judge cannot fail; it works on a thread for blocking work.
    pub async fn judge(&self, question: &Question, exchange: &Exchange) -> Result<Scorecard, LlmError> {
        match self {
            Self::Offline(judge) => {
                let (judge, question, exchange) = (Arc::clone(judge), question.clone(), exchange.clone());
                let judged = tokio::task::spawn_blocking(move || judge.judge(&question, &exchange)).await;
                Ok(judged.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic())))
            }
            Self::Llm(judge) => judge.judge(question, exchange).await,
        }
    }

    pub fn stamp(&self) -> EngineStamp {
        match self {
            Self::Offline(judge) => judge.stamp(),
            Self::Llm(judge) => judge.stamp(),
        }
    }

    pub fn describe(&self) -> Judging {
        match self {
            Self::Offline(_) => Judging { engine: EngineName::Offline, model: None, host: None },
            Self::Llm(judge) => Judging {
                engine: EngineName::Llm,
                model: Some(judge.model().model_name().to_owned()),
                host: Some(judge.model().host().to_owned()),
            },
        }
    }
}
