//! `greenroom completions`: a script with which a shell completes commands and flags.

use std::io::Write as _;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::{Cli, Status};

#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell to print for
    shell: Shell,
}

pub fn run(args: &CompletionsArgs) -> anyhow::Result<Status> {
    // Written to memory first: the generator panics where a reader has gone away.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "greenroom", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(Status::Done)
}
