//! `greenroom score`: judges a file of answers line by line, in order, and loses no line on the way.

mod kept;
mod lines;

use std::{
    cell::RefCell,
    collections::HashMap,
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, IsTerminal as _, Write},
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};

use anyhow::Context as _;
use futures_util::StreamExt as _;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::{Semaphore, mpsc};
use tokio_stream::wrappers::ReceiverStream;

use self::{
    kept::{Kept, Place},
    lines::{Answer, Outcome, RawLine, Refusal},
};
use super::{Status, misuse, tell};
use crate::{
    bank::Bank,
    config::Settings,
    llm::{Errand, LlmError, Purpose},
    practice::{
        books::purse_of_a_run,
        judge::{self, Judge},
    },
    question::{Question, QuestionId},
    scoring::{EngineName, offline::OfflineJudge},
};

/// Score a file of answers.
#[derive(Debug, Clone, clap::Args)]
pub struct ScoreArgs {
    /// File with one JSON object a line: id, question, and answer or turns; `-` reads standard input
    #[arg(long, value_name = "FILE|-")]
    pub answers: String,
    /// Where the scores go, one JSON object a line; `-` is standard output
    #[arg(long, value_name = "FILE|-", default_value = "-")]
    pub out: String,
    /// How many answers are judged at once
    #[arg(long, value_name = "N")]
    pub concurrency: Option<NonZeroUsize>,
    /// Go on with an existing --out: keep what is scored, try the lines with errors again
    #[arg(long)]
    pub resume: bool,
}

/// How many lines may wait between the reader and the judges.
const READ_AHEAD: usize = 64;

/// How many lines a model judges at once where nobody says, as far as its door lets through as many.
const AT_ONCE: usize = 16;

/// How far ahead of the slowest line others may be, in multiples of the lines that are judged at once. Scores go out in
/// order, so those that come early wait here.
const AHEAD: usize = 4;

/// What became of the lines.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Tally {
    scored: usize,
    failed: usize,
    /// Lines for which the endpoint was out of reach.
    unreachable: usize,
    /// Lines for which the endpoint did not take the key.
    unwelcome: usize,
    /// What the endpoint's last failure was, in words.
    last_failure: Option<String>,
}

impl Tally {
    fn status(&self) -> Status {
        match self.failed {
            0 => Status::Done,
            failed if self.scored == 0 && failed == self.unreachable => Status::OutOfReach,
            failed if self.scored == 0 && failed == self.unwelcome => Status::Misuse,
            _ => Status::Problems,
        }
    }
}

pub async fn run(args: ScoreArgs, settings: &Settings) -> anyhow::Result<Status> {
    let bank = Bank::open(&settings.bank)?;
    let questions: HashMap<QuestionId, Arc<Question>> =
        bank.questions().map(|question| (question.id.clone(), Arc::new(question.clone()))).collect();
    let mut settings = settings.clone();
    if let Some(at_once) = args.concurrency {
        settings.llm.concurrency = at_once.get();
    }
    let purse = purse_of_a_run(&settings).await?;
    let (judge, _) = judge::open(&settings, &Arc::new(OfflineJudge::builtin()), || purse.clone())?;
    let status = score_file(args, judge, |id| questions.get(id).cloned()).await;
    purse.settled().await;
    status
}

/// Scores the answers with `judge`; `find` knows the questions of the bank.
///
/// Errors are misuse (a file that is missing, an `--out` that exists) or a file that cannot be written. Lines
/// that cannot be scored are no error but part of the output, and of the status.
pub async fn score_file(
    args: ScoreArgs,
    judge: Judge,
    find: impl Fn(&QuestionId) -> Option<Arc<Question>>,
) -> anyhow::Result<Status> {
    // Opened first: a mistyped name must not leave an empty file of scores in the way of the next try.
    let input = open_answers(&args.answers)?;
    let output = RefCell::new(Output::open(&args)?);
    let at_once = args.concurrency.map_or_else(|| default_concurrency(judge.describe().engine), NonZeroUsize::get);
    let progress = progress(&args.out);
    let tally = score(input, &output, at_once, &judge, find, &progress).await;
    progress.finish_and_clear();
    let tally = tally?;
    output.into_inner().finish().context("cannot write the scores")?;
    if tally == Tally::default() && !args.resume {
        tell(format_args!("{} holds no lines; nothing was scored", args.answers));
    }
    if tally.failed > 0 {
        let lines = tally.scored + tally.failed;
        let noun = if lines == 1 { "line" } else { "lines" };
        tell(format_args!("{} of {lines} {noun} could not be scored; each says why under `error`", tally.failed));
    }
    if let (Status::OutOfReach | Status::Misuse, Some(failure)) = (tally.status(), &tally.last_failure) {
        tell(format_args!("no line could be scored: {failure}"));
    }
    Ok(tally.status())
}

fn default_concurrency(engine: EngineName) -> usize {
    match engine {
        EngineName::Offline => thread::available_parallelism().map_or(2, NonZeroUsize::get),
        EngineName::Llm => AT_ONCE,
    }
}

/// A count on standard error where somebody watches it and it does not run into the data.
fn progress(out: &str) -> ProgressBar {
    if !io::stderr().is_terminal() || out == "-" && io::stdout().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {pos} answers, {elapsed} {msg}").expect("a fixed template");
    ProgressBar::new_spinner().with_style(style)
}

fn open_answers(path: &str) -> anyhow::Result<Box<dyn BufRead + Send>> {
    if path == "-" {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let file = File::open(path).map_err(|error| misuse(format!("cannot read the answers in {path}: {error}")))?;
    if file.metadata().is_ok_and(|about| about.is_dir()) {
        return Err(misuse(format!("cannot read the answers in {path}: it is a folder; name a file")));
    }
    Ok(Box::new(BufReader::new(file)))
}

/// Where the lines go.
enum Output {
    Plain { to: Box<dyn Write + Send> },
    Resumed(Kept),
}

impl Output {
    fn open(args: &ScoreArgs) -> anyhow::Result<Self> {
        if args.out == "-" {
            if args.resume {
                return Err(misuse("--resume goes on with a file: name it with --out FILE"));
            }
            return Ok(Self::Plain { to: Box::new(io::stdout()) });
        }
        let path = PathBuf::from(&args.out);
        if is_same_file(&path, Path::new(&args.answers)) {
            return Err(misuse(format!("{} holds the answers: write the scores into another file", args.out)));
        }
        if args.resume && path.exists() {
            return Ok(Self::Resumed(Kept::open(path)?));
        }
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => Ok(Self::Plain { to: Box::new(file) }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(misuse(format!("{} exists: add --resume to go on with it, or name another file", args.out)))
            }
            Err(error) => Err(misuse(format!("cannot write the scores to {}: {error}", args.out))),
        }
    }

    /// Whether the line with this id is scored already; its place then counts as taken.
    fn take_finished(&mut self, id: Option<&str>) -> Option<Place> {
        match self {
            Self::Plain { .. } => None,
            Self::Resumed(kept) => kept.take(id?),
        }
    }

    /// Writes one line and lets go of it, so that a crash loses nothing that was paid for.
    fn write(&mut self, line: &str) -> io::Result<()> {
        match self {
            Self::Plain { to } => {
                to.write_all(format!("{line}\n").as_bytes())?;
                to.flush()
            }
            Self::Resumed(kept) => kept.append(line),
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Plain { mut to } => to.flush(),
            Self::Resumed(kept) => kept.finish(),
        }
    }
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// One line on its way: what is known of it, and what to do.
enum Step {
    Finished(Place),
    Done(Outcome),
    Judge(Answer),
    Failed(Answer, LlmError),
}

async fn score(
    input: Box<dyn BufRead + Send>,
    output: &RefCell<Output>,
    at_once: usize,
    judge: &Judge,
    find: impl Fn(&QuestionId) -> Option<Arc<Question>>,
    progress: &ProgressBar,
) -> anyhow::Result<Tally> {
    let window = at_once.max(1).saturating_mul(AHEAD).min(Semaphore::MAX_PERMITS);
    // A model's door counts calls itself. Answers that wait before it are prepared by then, so that no place in it is
    // empty while the next request is made.
    let places = Arc::new(Semaphore::new(match judge.describe().engine {
        EngineName::Offline => at_once.max(1),
        EngineName::Llm => window,
    }));
    let (sender, lines) = mpsc::channel(READ_AHEAD);
    // A thread of its own: one that waits for standard input cannot be called off, and nobody waits for it.
    thread::spawn(move || lines::read(input, |line| sender.blocking_send(line).is_ok()));

    let steps = ReceiverStream::new(lines).map(|line: io::Result<RawLine>| {
        let step = line.map(|line| {
            let (id, parsed) = lines::parse(&line, &find);
            match (output.borrow_mut().take_finished(id.as_deref()), parsed) {
                (Some(place), _) => Step::Finished(place),
                (None, Ok(answer)) => Step::Judge(answer),
                (None, Err(refusal)) => Step::Done(Outcome::refused(id, line.number, refusal)),
            }
        });
        let places = Arc::clone(&places);
        async move {
            Ok::<_, io::Error>(match step? {
                Step::Judge(answer) => judged(judge.clone(), answer, places).await,
                other => other,
            })
        }
    });
    let mut steps = std::pin::pin!(steps.buffered(window));
    let mut tally = Tally::default();
    while let Some(step) = steps.next().await {
        let step = step.map_err(|error| misuse(format!("the answers cannot be read further: {error}")))?;
        let mut output = output.borrow_mut();
        match step {
            Step::Finished(place) => {
                tally.scored += 1;
                if let Output::Resumed(kept) = &mut *output {
                    kept.keep(place);
                }
            }
            Step::Done(outcome) => {
                tally.count(&outcome);
                output.write(&outcome.line()).context("cannot write the scores")?;
            }
            Step::Failed(answer, error) => {
                tally.fail(&error);
                let (code, message) = (error.code(), error.to_string());
                let reply = if let LlmError::Unusable { raw, .. } = error { Some(raw) } else { None };
                let refusal = Refusal { code, message, reply };
                let outcome = Outcome::refused(Some(answer.id), answer.line, refusal);
                output.write(&outcome.line()).context("cannot write the scores")?;
            }
            Step::Judge(_) => unreachable!("judged above"),
        }
        progress.inc(1);
    }
    Ok(tally)
}

/// The answer with its score or why it has none. On a task of its own, so that preparing and checking one answer keeps no
/// other from being sent.
async fn judged(judge: Judge, answer: Answer, places: Arc<Semaphore>) -> Step {
    let task = tokio::spawn(async move {
        let _place = places.acquire().await.expect("nobody closes it");
        match judge.judge(&answer.question, &answer.exchange, &Errand::of(Purpose::Judging)).await {
            Ok(card) => Step::Done(Outcome::scored(answer.id, &card)),
            Err(error) => Step::Failed(answer, error),
        }
    });
    task.await.unwrap_or_else(|broken| std::panic::resume_unwind(broken.into_panic()))
}

impl Tally {
    fn count(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Scored { .. } => self.scored += 1,
            Outcome::Refused { .. } => self.failed += 1,
        }
    }

    fn fail(&mut self, error: &LlmError) {
        self.failed += 1;
        self.unwelcome += usize::from(error.is_refused_key());
        self.unreachable += usize::from(matches!(error, LlmError::Unreachable { .. }));
        self.last_failure = Some(error.to_string());
    }
}
