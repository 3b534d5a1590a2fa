//! The one door to both judges; which of them stands behind it is chosen once and never changes silently.

use std::{fmt, sync::Arc, time::Duration};

use super::OpenError;
use crate::{
    config::Settings,
    llm::{Errand, Interviewer, LlmError, LlmJudge, Model, Purse},
    prompt::{BadPrompt, Prompts},
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

/// Whether the settings can name a judge at all; nothing is opened.
pub fn check(settings: &Settings) -> Result<(), OpenError> {
    match settings.engine_name() {
        EngineName::Offline => Ok(()),
        EngineName::Llm => model(settings, Purse::bottomless).map(drop),
    }
}

/// The judge that the settings ask for and, where it is a model, the interviewer's voice. The model's calls are paid
/// from `purse`.
pub fn open(
    settings: &Settings,
    offline: &Arc<OfflineJudge>,
    purse: impl FnOnce() -> Purse,
) -> Result<(Judge, Option<Interviewer>), OpenError> {
    match settings.engine_name() {
        EngineName::Offline => Ok((Judge::Offline(Arc::clone(offline)), None)),
        EngineName::Llm => {
            let (model, prompts) = model(settings, purse)?;
            let judge = LlmJudge::new(model.clone(), Arc::clone(&prompts), Arc::new(flags), &settings.scorer);
            let patience = Duration::from_secs(settings.llm.first_word_seconds);
            Ok((Judge::Llm(judge), Some(Interviewer::new(model, prompts, patience))))
        }
    }
}

/// The model of the settings, and the prompts.
pub fn model(settings: &Settings, purse: impl FnOnce() -> Purse) -> Result<(Model, Arc<Prompts>), OpenError> {
    let prompts = Arc::new(prompts(settings)?);
    if settings.llm.base_url.is_none() && settings.llm.api_key.is_none() {
        let problem = "neither a key nor a base URL is known: set OPENAI_API_KEY, or GREENROOM_LLM_BASE_URL \
                       for a server of your own, or leave the engine to `auto`";
        return Err(LlmError::Misconfigured { setting: "the engine `llm`", problem: problem.to_owned() }.into());
    }
    Ok((Model::new(&settings.llm, purse())?, prompts))
}

/// The prompts of the settings.
pub fn prompts(settings: &Settings) -> Result<Prompts, BadPrompt> {
    settings.prompts.as_ref().map_or_else(|| Ok(Prompts::builtin()), |folder| Prompts::load(folder))
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
    pub async fn judge(
        &self,
        question: &Question,
        exchange: &Exchange,
        errand: &Errand,
    ) -> Result<Scorecard, LlmError> {
        match self {
            Self::Offline(judge) => {
                let (judge, question, exchange) = (Arc::clone(judge), question.clone(), exchange.clone());
                let judged = tokio::task::spawn_blocking(move || judge.judge(&question, &exchange)).await;
                Ok(judged.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic())))
            }
            Self::Llm(judge) => judge.judge(question, exchange, errand).await,
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
