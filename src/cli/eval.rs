//! `greenroom eval`.

use clap::Args;

use super::{Status, misuse};
use crate::config::Settings;

#[derive(Debug, Args)]
pub struct EvalArgs {}

#[expect(clippy::unused_async, reason = "scoring will wait here")]
pub async fn run(args: EvalArgs, settings: &Settings) -> anyhow::Result<Status> {
    let _ = (args, settings);
    Err(misuse("`eval` is not built in yet"))
}
