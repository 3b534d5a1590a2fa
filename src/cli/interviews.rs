//! `greenroom interviews`: looking back.

use clap::Subcommand;

use super::{Status, misuse};
use crate::config::Settings;

#[derive(Debug, Subcommand)]
pub enum InterviewsCommand {
    /// List interviews, the latest first
    List,
}

#[expect(clippy::unused_async, reason = "the store will be waited for here")]
pub async fn run(command: InterviewsCommand, settings: &Settings) -> anyhow::Result<Status> {
    let _ = (command, settings);
    Err(misuse("`interviews` is not built in yet"))
}
