//! `greenroom serve`: practice in the browser.

use clap::Args;

use super::{Status, misuse};
use crate::config::Settings;

#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Address and port to listen on; port 0 picks a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Option<String>,
}

#[expect(clippy::unused_async, reason = "the server will wait for requests here")]
pub async fn run(args: ServeArgs, settings: &Settings) -> anyhow::Result<Status> {
    let _ = (args, settings);
    Err(misuse("`serve` is not built in yet"))
}
