//! `greenroom fit`.

use clap::Args;

use super::{Status, misuse};
use crate::config::Settings;

#[derive(Debug, Args)]
pub struct FitArgs {}

pub fn run(args: FitArgs, settings: &Settings) -> anyhow::Result<Status> {
    let _ = (args, settings);
    Err(misuse("`fit` is not built in yet"))
}
