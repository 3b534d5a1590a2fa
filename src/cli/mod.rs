//! The command line: what can be asked for, the settings behind it, and the exit status in the end.

mod bank;
mod calibrate;
mod completions;
mod config;
mod doctor;
mod drill;
mod eval;
mod fit;
mod interviews;
mod labelled;
mod paper;
mod prompts;
pub mod score;
mod scorecard;
mod serve;
mod status;

use clap::{Args, Parser, Subcommand, builder::PossibleValuesParser};

pub use status::{Status, misuse, of as status_of, out_of_reach, report, tell};

use crate::{
    config::{Flags, Resolved, resolve},
    practice::judge::Judge,
};

/// Mock interviews for technical program managers.
#[derive(Debug, Parser)]
#[command(name = "greenroom", version, about, propagate_version = true, max_term_width = 100)]
#[command(after_help = "Start with `greenroom drill` in the terminal or `greenroom serve` for the browser.")]
pub struct Cli {
    #[command(flatten)]
    global: GlobalArgs,
    #[command(subcommand)]
    command: Command,
}

/// Settings that every command takes, before or after its name.
#[derive(Debug, Args)]
#[command(next_help_heading = "Settings")]
struct GlobalArgs {
    /// Read settings from this file instead of the usual greenroom.toml
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<String>,
    /// Keep interviews in this folder
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<String>,
    /// Who judges answers; `auto` is `llm` where a key or base URL is known
    #[arg(long, global = true, value_parser = PossibleValuesParser::new(["auto", "offline", "llm"]))]
    engine: Option<String>,
    /// Address of an OpenAI-compatible interface, like `https://api.openai.com/v1`
    #[arg(long, global = true, value_name = "URL")]
    base_url: Option<String>,
    /// Model to ask
    #[arg(long, global = true)]
    model: Option<String>,
    /// Folder of questions, or the word `builtin`; may be repeated
    #[arg(long, global = true, value_name = "DIR")]
    bank: Vec<String>,
    /// Folder whose files replace the built-in prompts
    #[arg(long, global = true, value_name = "DIR")]
    prompts: Option<String>,
    /// Tell more on standard error: once what happens, twice in detail
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Practise in the terminal; starts at once
    Drill(drill::DrillArgs),
    /// Practise in the browser, on this computer alone
    Serve(serve::ServeArgs),
    /// Look back at interviews
    #[command(subcommand)]
    Interviews(interviews::InterviewsCommand),
    /// Look at the questions
    #[command(subcommand)]
    Bank(bank::BankCommand),
    /// Score a file of answers
    Score(score::ScoreArgs),
    /// Measure how well a scorer agrees with labels
    Eval(eval::EvalArgs),
    /// Measure how far a language model can be trusted
    Calibrate(calibrate::CalibrateArgs),
    /// Fit the weights of the offline engine to labelled answers
    Fit(fit::FitArgs),
    /// Show every setting, its value and where it came from
    Config(config::ConfigArgs),
    /// Look at what a model is told
    #[command(subcommand)]
    Prompts(prompts::PromptsCommand),
    /// Try what the configured model's endpoint can do
    Doctor(doctor::DoctorArgs),
    /// Print completions for a shell
    Completions(completions::CompletionsArgs),
}

impl Cli {
    /// What is logged where `RUST_LOG` does not say: only `serve` warns unasked, because the other commands tell
    /// the person in front of them what went wrong.
    pub fn log_filter(&self) -> &'static str {
        match (self.global.verbose, &self.command) {
            (0, Command::Serve(_)) => "warn",
            (0, _) => "error",
            (1, _) => "warn,greenroom=info",
            (2.., _) => "warn,greenroom=debug",
        }
    }

    /// Runs the command. Problems that the command was made to find are a [`Status`]; what kept it from its work
    /// is an error, for which [`report`] has the words and the status.
    pub async fn run(self) -> anyhow::Result<Status> {
        // Completions must print even where the settings do not hold.
        if let Command::Completions(args) = &self.command {
            return completions::run(args);
        }
        let resolved = resolve(&self.flags())?;
        let Resolved { settings, .. } = &resolved;
        match self.command {
            Command::Drill(args) => drill::run(args, settings).await,
            Command::Serve(_) => serve::run(settings).await,
            Command::Interviews(command) => interviews::run(command, settings).await,
            Command::Bank(command) => bank::run(command, settings),
            Command::Score(args) => score::run(args, settings).await,
            Command::Eval(args) => eval::run(args, settings).await,
            Command::Calibrate(args) => calibrate::run(args, settings).await,
            Command::Fit(args) => fit::run(args, settings),
            Command::Config(args) => config::run(&args, &resolved),
            Command::Prompts(command) => prompts::run(&command, settings),
            Command::Doctor(args) => doctor::run(&args, settings).await,
            Command::Completions(args) => completions::run(&args),
        }
    }

    fn flags(&self) -> Flags {
        let GlobalArgs { config, data_dir, engine, base_url, model, bank, prompts, verbose: _ } = &self.global;
        let listen = match &self.command {
            Command::Serve(args) => args.listen.clone(),
            _ => None,
        };
        Flags {
            config: config.clone(),
            data_dir: data_dir.clone(),
            engine: engine.clone(),
            base_url: base_url.clone(),
            model: model.clone(),
            bank: bank.clone(),
            prompts: prompts.clone(),
            listen,
        }
    }
}

/// One line that tells who judges and where the answers go.
fn engine_line(judge: &Judge) -> String {
    let judging = judge.describe();
    match (judging.model, judging.host) {
        (Some(model), Some(host)) => format!("Answers are judged by the model {model} and are sent to {host}."),
        (_, _) => "Answers are judged by rules on this computer; nothing leaves it.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn no_two_flags_of_a_command_share_a_name() {
        Cli::command().debug_assert();
    }
}
