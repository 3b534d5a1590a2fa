//! temp
use crate::{
    config::Settings,
    llm::{LlmError, interviewer::Interviewer},
    question::Question,
    scoring::{Exchange, Scorecard, offline::OfflineJudge},
};
use std::sync::Arc;
#[derive(Debug)]
pub enum Judge {
    Offline(Arc<OfflineJudge>),
}
impl Judge {
    pub async fn judge(&self, q: &Question, e: &Exchange) -> Result<Scorecard, LlmError> {
        let Self::Offline(o) = self;
        Ok(o.judge(q, e))
    }
}
pub fn open(_s: &Settings, o: &Arc<OfflineJudge>) -> Result<(Judge, Option<Interviewer>), LlmError> {
    Ok((Judge::Offline(o.clone()), None))
}

pub struct Described {
    pub name: crate::scoring::EngineName,
    pub model: Option<String>,
    pub host: Option<String>,
}
impl Judge {
    pub fn describe(&self) -> Described {
        Described { name: crate::scoring::EngineName::Offline, model: None, host: None }
    }
}

impl std::fmt::Display for Described {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("judged by rules on this computer")
    }
}
