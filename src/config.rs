//! Everything that can be set, its default and its variable; nothing else reads the environment.

mod file;
mod model;
mod resolve;
mod speech;
#[cfg(test)]
mod tests;
mod value;

use std::{net::SocketAddr, path::PathBuf};

use secrecy::SecretString;

use crate::scoring::EngineName;

pub use model::{BudgetSettings, Price, ScorerSettings, Voice};
pub use resolve::{Effective, Flags, Resolved, SettingsError, Source, resolve};
pub use speech::SpeechSettings;
pub(crate) use value::without_password;

/// The effective settings of one run: flag, then `GREENROOM_*`, then the usual names, then the file, then default.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where interviews are kept.
    pub data_dir: PathBuf,
    /// The database's address; by default `greenroom.db` in the data folder.
    pub database_url: String,
    pub engine: EngineChoice,
    pub llm: LlmSettings,
    pub speech: SpeechSettings,
    pub scorer: ScorerSettings,
    pub voice: Voice,
    pub budget: BudgetSettings,
    /// Where questions come from, in order; a later source replaces a question of an earlier one.
    pub bank: Vec<BankSource>,
    /// A folder whose files replace the built-in prompts of the same name.
    pub prompts: Option<PathBuf>,
    pub listen: SocketAddr,
}

/// Which engine is asked for; `Auto` is the model where a key or base URL is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineChoice {
    Auto,
    Offline,
    Llm,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BankSource {
    Builtin,
    Folder(PathBuf),
}

/// How to reach a model over the OpenAI-compatible interface.
#[derive(Debug, Clone)]
pub struct LlmSettings {
    /// Without a trailing slash, like `https://api.openai.com/v1`.
    pub base_url: Option<String>,
    pub api_key: Option<SecretString>,
    pub model: String,
    /// Longest wait for the interviewer's first word, in seconds; then the question bank speaks.
    pub first_word_seconds: u64,
    /// Longest wait for the first byte of a reply, in seconds.
    pub first_byte_seconds: u64,
    /// Longest silence inside a reply, in seconds.
    pub between_tokens_seconds: u64,
    /// Longest reply in all, in seconds.
    pub total_seconds: u64,
    /// How often a call is tried in all.
    pub attempts: u32,
    /// How many calls may run at once.
    pub concurrency: usize,
    /// What models cost, where that is known.
    pub prices: Vec<Price>,
}

impl Default for LlmSettings {
    fn default() -> Self {
        Self {
            base_url: None,
            api_key: None,
            model: "gpt-4.1-mini".to_owned(),
            first_word_seconds: 20,
            first_byte_seconds: 60,
            between_tokens_seconds: 30,
            total_seconds: 180,
            attempts: 3,
            concurrency: 4,
            prices: Vec::new(),
        }
    }
}

impl Settings {
    /// The engine that judges.
    pub fn engine_name(&self) -> EngineName {
        match self.engine {
            EngineChoice::Offline => EngineName::Offline,
            EngineChoice::Llm => EngineName::Llm,
            EngineChoice::Auto => {
                let is_known = self.llm.base_url.is_some() || self.llm.api_key.is_some();
                if is_known { EngineName::Llm } else { EngineName::Offline }
            }
        }
    }
}

/// The program that the user writes texts with, from `VISUAL` or `EDITOR`, with its arguments.
pub fn editor() -> Option<String> {
    ["VISUAL", "EDITOR"].iter().filter_map(|name| std::env::var(name).ok()).find(|command| !command.trim().is_empty())
}
