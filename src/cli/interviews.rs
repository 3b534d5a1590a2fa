//! `greenroom interviews`: looking back.

mod calls;
mod show;

use std::{io::Write as _, path::PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use super::{Status, engine_line, misuse, paper, tell};
use crate::{
    config::Settings,
    interview::{InterviewId, Mode, Outcome, ScoreState},
    practice::{InterviewView, ListPage, Practice, Summary, export, wire::SummaryJson},
};

/// How many characters of an id are shown where the rest is not needed.
const SHORT: usize = 13;

/// How many interviews are read at once.
const PAGE: usize = 100;

#[derive(Debug, Subcommand)]
pub enum InterviewsCommand {
    /// List interviews, the latest first
    List(ListArgs),
    /// Show a transcript with its scorecards
    Show(ShowArgs),
    /// Write an interview to a file or to standard output
    Export(ExportArgs),
    /// Try again what could not be scored
    Score(ScoreArgs),
    /// Show what an interview took of language models, call by call
    Usage(UsageArgs),
    /// Show the replies of a model that could not be used, as they came
    Replies(UsageArgs),
}

#[derive(Debug, Args)]
pub struct ListArgs {
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..))]
    limit: u16,
    /// Print one JSON object an interview
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The id or the beginning of it
    id: String,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The id or the beginning of it
    id: String,
    #[arg(long, value_enum, default_value_t = Format::Markdown)]
    format: Format,
    /// Write here instead of standard output; an existing file is not overwritten
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ScoreArgs {
    /// The id or the beginning of it
    id: String,
}

#[derive(Debug, Args)]
pub struct UsageArgs {
    /// The id or the beginning of it
    id: String,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Markdown,
    Json,
}

pub async fn run(command: InterviewsCommand, settings: &Settings) -> anyhow::Result<Status> {
    let practice = Practice::open(settings).await?;
    let outcome = match command {
        InterviewsCommand::List(args) => list(&practice, &args).await,
        InterviewsCommand::Show(args) => show(&practice, &args).await,
        InterviewsCommand::Export(args) => export(&practice, &args).await,
        InterviewsCommand::Score(args) => score(&practice, &args).await,
        InterviewsCommand::Usage(args) => calls::usage(&practice, &args).await,
        InterviewsCommand::Replies(args) => calls::replies(&practice, &args).await,
    };
    practice.close().await;
    outcome
}

/// The beginning of an id, long enough to be found by.
pub fn short(id: &InterviewId) -> String {
    // These are the milliseconds of its start: enough to tell one person's interviews apart.
    id.as_str().chars().take(SHORT).collect()
}

async fn list(practice: &Practice, args: &ListArgs) -> anyhow::Result<Status> {
    let summaries = practice.list(ListPage { limit: args.limit.into(), ..ListPage::default() }).await?;
    let mut out = anstream::stdout().lock();
    if args.json {
        for summary in &summaries {
            writeln!(out, "{}", serde_json::to_string(&SummaryJson::from(summary))?)?;
        }
        return Ok(Status::Done);
    }
    if summaries.is_empty() {
        writeln!(out, "No interviews yet. Start one with: greenroom drill")?;
        return Ok(Status::Done);
    }
    let rows: Vec<[String; 5]> = summaries.iter().map(row).collect();
    for line in paper::table(["ID", "STARTED", "STATE", "OVERALL", "QUESTIONS"], &rows) {
        writeln!(out, "{line}")?;
    }
    Ok(Status::Done)
}

fn row(summary: &Summary) -> [String; 5] {
    let is_shown = summary.plan.mode == Mode::Coached || summary.ended.is_some();
    let overall = match summary.mean_overall {
        Some(mean) if is_shown => format!("{mean:.1} of 5"),
        Some(_) => "at the end".to_owned(),
        None if summary.waiting => "not scored yet".to_owned(),
        None => "-".to_owned(),
    };
    let questions: Vec<_> = summary.plan.questions.iter().map(ToString::to_string).collect();
    [
        short(&summary.id),
        local_time(summary.started_at),
        summary.ended.map_or("Unfinished", |reason| reason.label()).to_owned(),
        overall,
        questions.join(", "),
    ]
}

/// Date and minute on this computer's clock.
fn local_time(at: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(at).unwrap_or_default().to_zoned(jiff::tz::TimeZone::system());
    time.strftime("%Y-%m-%d %H:%M").to_string()
}

async fn show(practice: &Practice, args: &ShowArgs) -> anyhow::Result<Status> {
    let view = find(practice, &args.id).await?;
    let mut out = anstream::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string(&export::json(&view))?)?;
        return Ok(Status::Done);
    }
    for line in show::lines(&view, &local_time(view.interview.started_at()), paper::width()) {
        writeln!(out, "{line}")?;
    }
    Ok(Status::Done)
}

async fn export(practice: &Practice, args: &ExportArgs) -> anyhow::Result<Status> {
    let view = find(practice, &args.id).await?;
    let text = match args.format {
        Format::Markdown => export::markdown(&view),
        Format::Json => serde_json::to_string_pretty(&export::json(&view))? + "\n",
    };
    match &args.out {
        None => std::io::stdout().write_all(text.as_bytes())?,
        Some(path) => {
            std::fs::File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| {
                match error.kind() {
                    std::io::ErrorKind::AlreadyExists => {
                        misuse(format!("{} exists and is not overwritten; choose another --out", path.display()))
                    }
                    _ => misuse(format!("{} cannot be written: {error}; choose another --out", path.display())),
                }
            })?;
        }
    }
    Ok(Status::Done)
}

/// Has every answered take scored that has no score; status 1 where one still has none.
async fn score(practice: &Practice, args: &ScoreArgs) -> anyhow::Result<Status> {
    let view = find(practice, &args.id).await?;
    let takes = view.interview.takes().iter().enumerate();
    let unscored: Vec<usize> = takes
        .filter(|(_, take)| take.outcome == Some(Outcome::Answered))
        .filter(|(number, _)| !matches!(view.score(*number), ScoreState::Scored { .. }))
        .map(|(number, _)| number)
        .collect();
    let mut out = anstream::stdout().lock();
    if unscored.is_empty() {
        writeln!(out, "Every answer of this interview has its score.")?;
        return Ok(Status::Done);
    }
    // It may be another judge than the one that the interview began with.
    tell(engine_line(practice.judge()));
    let mut status = Status::Done;
    for take in unscored {
        if matches!(view.score(take), ScoreState::Failed { .. }) {
            practice.rescore(&view.id, take).await?;
        }
        let state = practice.scored(&view.id, take).await?;
        let title = &view.interview.question_of(&view.interview.takes()[take]).title;
        if let ScoreState::Failed { message, .. } = state {
            status = Status::Problems;
            writeln!(out, "{title}: not scored: {}", paper::harmless(&message))?;
        } else {
            writeln!(out, "{title}: scored")?;
        }
    }
    writeln!(out, "Read it with: greenroom interviews show {}", short(&view.id))?;
    Ok(status)
}

/// The interview whose id begins with `given`.
async fn find(practice: &Practice, given: &str) -> anyhow::Result<InterviewView> {
    let wanted = given.trim().to_ascii_lowercase();
    if let Ok(id) = wanted.parse::<InterviewId>() {
        return Ok(practice.view(&id).await?);
    }
    let mut found: Vec<InterviewId> = Vec::new();
    let mut before = None;
    loop {
        let page = practice.list(ListPage { before, limit: PAGE, ..ListPage::default() }).await?;
        let is_last = page.len() < PAGE;
        before = page.last().map(|summary| summary.id.clone());
        found.extend(page.into_iter().map(|summary| summary.id).filter(|id| id.as_str().starts_with(&wanted)));
        if is_last {
            break;
        }
    }
    match found.as_slice() {
        [id] if !wanted.is_empty() => Ok(practice.view(id).await?),
        [] => Err(misuse(format!("no interview's id begins with `{given}`: `greenroom interviews list` shows them"))),
        _ => Err(misuse(format!("{} interviews' ids begin with `{given}`: give more of the id", found.len()))),
    }
}

/// The unfinished interview that `given` names, or the latest one where it is empty.
pub async fn find_unfinished(practice: &Practice, given: &str) -> anyhow::Result<InterviewId> {
    if !given.is_empty() {
        let view = find(practice, given).await?;
        if view.ended().is_none() {
            return Ok(view.id);
        }
        let id = short(&view.id);
        return Err(misuse(format!("the interview {id} is over: `greenroom interviews show {id}` shows it")));
    }
    let mut before = None;
    loop {
        let page = practice.list(ListPage { before, limit: PAGE, ..ListPage::default() }).await?;
        if let Some(open) = page.iter().find(|summary| summary.ended.is_none()) {
            return Ok(open.id.clone());
        }
        if page.len() < PAGE {
            return Err(misuse("no interview is unfinished: start one with `greenroom drill`"));
        }
        before = page.last().map(|summary| summary.id.clone());
    }
}
