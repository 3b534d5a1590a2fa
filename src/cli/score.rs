//! `greenroom score`.

use clap::Args;

use super::{Status, misuse};
use crate::config::Settings;

#[derive(Debug, Args)]
pub struct ScoreArgs {}

#[expect(clippy::unused_async, reason = "scoring will wait here")]
pub async fn run(args: ScoreArgs, settings: &Settings) -> anyhow::Result<Status> {
    let _ = (args, settings);
    Err(misuse("`score` is not built in yet"))
}
