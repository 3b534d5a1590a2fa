//! `greenroom drill`: practice in the terminal.

use clap::Args;

use super::{Status, misuse};
use crate::config::Settings;

#[derive(Debug, Args)]
pub struct DrillArgs {}

#[expect(clippy::unused_async, reason = "the drill will wait for answers here")]
pub async fn run(args: DrillArgs, settings: &Settings) -> anyhow::Result<Status> {
    let _ = (args, settings);
    Err(misuse("`drill` is not built in yet"))
}
