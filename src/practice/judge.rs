//! The one door to both judges; which of them stands behind it is chosen once and never changes silently.

use std::{fmt, sync::Arc};

use super::OpenError;
use crate::{
    config::Settings,
    llm::{Interviewer, LlmError, LlmJudge, Model},
    prompt::Prompts,
    question::Question,
    scoring::{
        EngineName, EngineStamp, Exchange, Scorecard,
        offline::{OfflineJudge, flags},
    },
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

/// The judge that the settings ask for and, where it is a model, the interviewer's voice.
pub fn open(settings: &Settings, offline: &Arc<OfflineJudge>) -> Result<(Judge, Option<Interviewer>), OpenError> {
    match settings.engine_name() {
        EngineName::Offline => Ok((Judge::Offline(Arc::clone(offline)), None)),
        EngineName::Llm => {
            let prompts = Arc::new(match &settings.prompts {
                Some(folder) => Prompts::load(folder)?,
                None => Prompts::builtin(),
            });
            if settings.llm.base_url.is_none() && settings.llm.api_key.is_none() {
                let problem = "neither a key nor a base URL is known: set OPENAI_API_KEY, or GREENROOM_LLM_BASE_URL \
                               for a server of your own, or leave the engine to `auto`";
                return Err(LlmError::Misconfigured { setting: "the engine `llm`", problem: problem.to_owned() }.into());
            }
            let model = Model::new(&settings.llm)?;
            let judge = LlmJudge::new(model.clone(), Arc::clone(&prompts), Arc::new(flags));
            Ok((Judge::Llm(judge), Some(Interviewer::new(model, prompts))))
        }
    }
}

impl fmt::Display for Judging {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.model, &self.host) {
            (Some(model), Some(host)) => write!(f, "Scored by {model} at {host}: your answers are sent there."),
            _ => f.write_str("Scored by rules on this computer: nothing you say leaves it."),
        }
    }
}

impl Judge {
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
