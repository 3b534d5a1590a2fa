//! One way to ask a language model, and what it may be trusted with: claims that are checked, and wording.

mod arriving;
mod chat;
mod error;
pub mod interviewer;
pub mod judge;
mod limits;
mod literal;
mod model;
mod openai;
mod quirks;
mod quoted;
mod reasoning;
mod reply;
mod schema;
pub mod tailor;
mod wire;

pub use chat::{Chat, Message, Role};
pub use error::LlmError;
pub use interviewer::{Background, Brief, Interviewer, Task};
pub use judge::{FlagDetector, LlmJudge};
pub use model::Model;
pub use schema::Schema;

// The door to speech words its own errors, and waits and tries again as this one does.
pub(crate) use error::{excerpt, is_spent};
pub(crate) use limits::{Fault, Tries};
pub(crate) use model::random;
pub(crate) use openai::{causes, complaint, unsent};

/// A few random hexadecimal digits that nobody can guess before the request is made.
fn nonce() -> String {
    crate::question::hex(&uuid::Uuid::now_v7().as_bytes()[10..])
}
