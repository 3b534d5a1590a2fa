//! temp
pub mod interviewer;
#[derive(Debug, thiserror::Error)]
#[error("x")]
pub struct LlmError;
impl LlmError {
    pub fn code(&self) -> &'static str {
        "engine-unreachable"
    }
}
