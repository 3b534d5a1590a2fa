//! `greenroom drill`: practice in the terminal, or from standard input for scripts.

mod editor;
mod events;
mod own_editor;
mod page;
mod parts;
mod piped;
mod texts;
mod typed;
mod waiting;

use std::{io::IsTerminal as _, path::PathBuf};

use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};

use super::{Status, misuse, tell};
use crate::{
    config::Settings,
    interview::{InterviewId, Mode, Take, TakeTurn},
    practice::{InterviewView, Practice, PracticeError, StartWish},
    question::{Category, Level, QuestionId},
};

/// Practise in the terminal; starts at once.
#[derive(Debug, Args)]
#[command(after_help = "With an answer on standard input, no editor opens: everything up to the end is the answer to \
the question, and lines holding only --- set off the answers to the follow-ups as they come.")]
pub struct DrillArgs {
    /// Only this category; may be repeated
    #[arg(long, value_parser = names(Category::ALL, Category::as_str))]
    category: Vec<Category>,
    /// Prefer questions of this level
    #[arg(long, value_parser = names(Level::ALL, Level::as_str))]
    level: Option<Level>,
    /// How many questions [default: 3, or 1 from standard input]
    #[arg(long, value_name = "N", conflicts_with = "question")]
    count: Option<usize>,
    /// Exactly this question; may be repeated
    #[arg(long, value_name = "ID")]
    question: Vec<QuestionId>,
    /// A round by its name; `greenroom bank decks` lists them
    #[arg(long, value_name = "NAME", conflicts_with_all = ["category", "count", "question"])]
    deck: Option<String>,
    /// Choose the same questions again
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// When scorecards are shown: after each question or at the end [default: coached]
    #[arg(long, value_parser = names(Mode::ALL, Mode::as_str))]
    mode: Option<Mode>,
    /// Choose questions by this job description, a text file
    #[arg(long, value_name = "FILE")]
    job_description: Option<PathBuf>,
    /// Choose questions by this résumé, a text file; the interviewer may refer to it
    #[arg(long, value_name = "FILE")]
    resume_file: Option<PathBuf>,
    /// Go on with an unfinished interview, the latest where no ID is given
    #[arg(long, value_name = "ID", num_args = 0..=1, default_missing_value = "")]
    #[arg(conflicts_with_all = ["category", "level", "count", "question", "deck", "seed", "mode", "job_description", "resume_file"])]
    resume: Option<String>,
    /// Read the answer from standard input and print one JSON object per event
    #[arg(long)]
    json: bool,
}

/// A parser that takes exactly the names of `all`, and lists them in the help.
pub(super) fn names<T>(all: &'static [T], name: fn(T) -> &'static str) -> impl TypedValueParser<Value = T>
where
    T: Copy + Send + Sync + 'static,
{
    let known = PossibleValuesParser::new(all.iter().map(|&value| name(value)));
    known.try_map(move |text| all.iter().copied().find(|&value| name(value) == text).ok_or("unknown"))
}

pub async fn run(args: DrillArgs, settings: &Settings) -> anyhow::Result<Status> {
    if args.json {
        let outcome = begin(args, settings).await;
        if let Err(error) = &outcome {
            events::failed(error)?;
        }
        return outcome;
    }
    begin(args, settings).await
}

async fn begin(args: DrillArgs, settings: &Settings) -> anyhow::Result<Status> {
    let is_typed = !args.json && std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    // Read before anything starts: an input that cannot be an answer must leave no trace of an interview.
    if !is_typed && std::io::stdin().is_terminal() {
        tell("Your answer is read from the keyboard; Ctrl-D on an empty line ends it.");
    }
    let parts = if is_typed { None } else { Some(parts::read()?) };
    let practice = Practice::open(settings).await?;
    let outcome = drill(args, settings, &practice, parts).await;
    practice.close().await;
    outcome
}

async fn drill(
    args: DrillArgs,
    settings: &Settings,
    practice: &Practice,
    parts: Option<Vec<String>>,
) -> anyhow::Result<Status> {
    let is_json = args.json;
    let id = match &args.resume {
        Some(given) => super::interviews::find_unfinished(practice, given).await?,
        None => practice.start(wish(args, parts.is_some())?).await?,
    };
    match parts {
        Some(parts) if is_json => piped::run(practice, &id, parts, piped::Sheet::Events).await,
        Some(parts) => piped::run(practice, &id, parts, piped::Sheet::Page).await,
        None => typed::run(practice, &id, settings).await,
    }
}

fn wish(args: DrillArgs, is_piped: bool) -> anyhow::Result<StartWish> {
    if is_piped && (args.count.is_some_and(|count| count > 1) || args.question.len() > 1) {
        return Err(misuse(
            "standard input answers one question: ask for one question, or run greenroom drill in a terminal",
        ));
    }
    if is_piped && args.deck.is_some() {
        return Err(misuse("standard input answers one question and a deck may ask more: run it in a terminal"));
    }
    let usual = StartWish::default();
    let count = args.count.unwrap_or(if is_piped { 1 } else { usual.count });
    Ok(StartWish {
        categories: args.category,
        level: args.level,
        count: if args.question.is_empty() { count } else { args.question.len() },
        seed: args.seed,
        questions: args.question,
        deck: args.deck,
        mode: args.mode.unwrap_or(usual.mode),
        job_description: texts::read(args.job_description.as_deref())?,
        resume: texts::read(args.resume_file.as_deref())?,
        ..usual
    })
}

/// How far a reader of the interview has come.
#[derive(Debug, Default)]
struct Seen {
    seq: u64,
}

impl Seen {
    /// The turns that came since, with their take.
    fn fresh<'a>(&mut self, view: &'a InterviewView) -> Vec<(usize, &'a Take, &'a TakeTurn)> {
        let since = self.seq;
        let takes = view.interview.takes().iter().enumerate();
        let fresh: Vec<_> = takes
            .flat_map(|(number, take)| take.turns.iter().map(move |turn| (number, take, turn)))
            .filter(|(_, _, turn)| turn.seq > since)
            .collect();
        self.seq = view.interview.last_seq();
        fresh
    }
}

/// The score of the take was shown here: whoever opens the interview in the browser is not asked to rate it unseen.
async fn seen(practice: &Practice, view: &InterviewView, take: usize) -> anyhow::Result<()> {
    let is_open = view.interview.takes().get(take).is_some_and(Take::wants_self_rating);
    if is_open && view.scorecards.contains_key(&take) {
        match practice.rate(&view.id, take, None).await {
            // Rated in a browser meanwhile.
            Ok(()) | Err(PracticeError::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// How to go on with an interview that was left.
fn how_to_resume(id: &InterviewId) -> String {
    format!("Kept as it is. Go on with: greenroom drill --resume {}", super::interviews::short(id))
}
