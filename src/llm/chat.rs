//! What is asked of a model: who it is to be, what was said so far, and the shape of the reply.

use std::time::Duration;

use serde::Serialize;

use super::{call::Errand, schema::Schema};

/// What is asked of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Chat {
    pub system: String,
    pub messages: Vec<Message>,
    pub temperature: Option<f32>,
    /// The most tokens that the reply may have.
    pub max_tokens: Option<u32>,
    /// The shape of the reply and its name; endpoints that cannot hold a model to it are asked without.
    pub response_schema: Option<(&'static str, Schema)>,
    /// What it is for and who pays.
    pub errand: Errand,
    /// How many tokens the reply will have, roughly: what a budget must still hold.
    pub expected_tokens: u32,
    /// The longest wait for the first word over all tries, where it is shorter than the endpoint's.
    pub patience: Option<Duration>,
}

impl Chat {
    /// How long all of it is, in characters.
    pub(super) fn chars(&self) -> usize {
        let messages = self.messages.iter().map(|message| message.content.chars().count());
        self.system.chars().count() + messages.sum::<usize>()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    pub role: Role,
    pub content: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    System,
    User,
    Assistant,
}

impl Message {
    pub fn user(content: impl Into<String>) -> Self {
        Self { role: Role::User, content: content.into() }
    }

    pub fn assistant(content: impl Into<String>) -> Self {
        Self { role: Role::Assistant, content: content.into() }
    }
}
