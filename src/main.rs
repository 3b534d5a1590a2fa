//! Greenroom: mock interviews for technical program managers.

use std::process::ExitCode;

use clap::Parser as _;
use greenroom::{
    cli::bank::{self, BankCommand},
    config::BankSource,
};

#[derive(clap::Parser)]
#[command(name = "greenroom", about = "Mock interviews for technical program managers")]
struct Cli {
    /// A folder of questions, or `builtin`; may be given several times
    #[arg(long, global = true, value_name = "DIR")]
    bank: Vec<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// List, show and lint the questions
    #[command(subcommand)]
    Bank(BankCommand),
}

fn main() -> ExitCode {
    let Cli { bank: folders, command: Command::Bank(command) } = Cli::parse();
    let mut sources: Vec<BankSource> = folders
        .into_iter()
        .map(|name| if name == "builtin" { BankSource::Builtin } else { BankSource::Folder(name.into()) })
        .collect();
    if sources.is_empty() {
        sources.push(BankSource::Builtin);
    }
    bank::run(&command, &sources).unwrap_or_else(|error| {
        eprintln!("greenroom: {error:#}");
        ExitCode::from(2)
    })
}
