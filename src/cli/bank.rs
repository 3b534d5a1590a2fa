//! `greenroom bank`.

use clap::Subcommand;

use super::{Status, misuse};
use crate::config::Settings;

#[derive(Debug, Subcommand)]
pub enum BankCommand {
    /// List the questions
    List,
}

pub fn run(command: BankCommand, settings: &Settings) -> anyhow::Result<Status> {
    let _ = (command, settings);
    Err(misuse("`bank` is not built in yet"))
}
