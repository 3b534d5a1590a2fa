//! temp
use super::LlmError;
use crate::{interview::Style, question::Level};
#[derive(Debug)]
pub struct Interviewer;
pub struct Brief {
    pub style: Style,
    pub level: Option<Level>,
    pub task: BriefTask,
}
pub enum BriefTask {
    Ask { prompt: String },
    FollowUp { ask: String, said: Vec<(bool, String)> },
    Clarify { prompt: String, facts: Vec<String>, asked: String },
}
impl Interviewer {
    pub fn model_name(&self) -> &str {
        ""
    }
    pub async fn say(
        &self,
        _b: &Brief,
    ) -> Result<futures_util::stream::BoxStream<'static, Result<String, LlmError>>, LlmError> {
        Err(LlmError)
    }
}
