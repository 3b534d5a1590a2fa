//! One way to ask a language model, and what it may be trusted with: claims that are checked, and wording.

mod account;
mod arriving;
mod asking;
mod books;
mod breaker;
mod call;
mod chat;
pub mod doctor;
mod error;
pub mod interviewer;
pub mod judge;
mod limits;
mod literal;
mod manners;
mod model;
mod openai;
mod quirks;
mod quoted;
mod reasoning;
mod remark;
mod reply;
mod schema;
mod speech;
pub mod tailor;
mod wire;

pub use books::{Books, LooseLeaf, Purse, Spending, Spent};
pub use call::{Call, Errand, Purpose, Tokens};
pub use chat::{Chat, Message, Role};
pub use error::LlmError;
pub use interviewer::{Background, Brief, Interviewer, Place, Task, Told};
pub use judge::{FlagDetector, LlmJudge};
pub use model::Model;
pub use schema::Schema;

// The door to speech words its own errors, and waits and tries again as this one does.
pub(crate) use asking::random;
pub(crate) use error::{excerpt, is_spent};
pub(crate) use limits::{Fault, Tries};
pub(crate) use openai::{causes, complaint, unsent};

/// A few random hexadecimal digits that nobody can guess before the request is made.
fn nonce() -> String {
    crate::question::hex(&uuid::Uuid::now_v7().as_bytes()[10..])
}
