//! `greenroom bank`: lists the questions, shows one with its rubric, and lints a folder of them.

mod author;
mod lint;
mod page;
mod score;

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    path::PathBuf,
};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::Serialize;

use super::{
    Status,
    paper::{columns, quiet, voice, width},
    tell,
};
use crate::{
    bank::Bank,
    config::{BankSource, Settings},
    question::{Category, Kind, Level, Question},
};

#[derive(Debug, clap::Subcommand)]
pub enum BankCommand {
    /// List the questions, one a line
    List(ListArgs),
    /// Show one question with its rubric
    Show {
        /// Like execution/late-dependency
        id: String,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Print everything that is wrong with a folder of questions, one finding a line
    Lint {
        /// The folder, or `builtin`; without it, the bank in use
        dir: Option<PathBuf>,
        /// Ask also for what makes a good question, and print the matrix of categories, levels and kinds
        #[arg(long)]
        strict: bool,
    },
    /// Measure whether the offline engine, fitted without a question, puts its sample answers in order
    Score(score::ScoreArgs),
    /// Begin a question: write a file that says what to fill in
    New(author::NewArgs),
    /// Print the question format as a JSON Schema, for editors
    Schema,
}

#[derive(Debug, clap::Args)]
pub struct ListArgs {
    /// Only this category; may be given several times
    #[arg(long, value_parser = PossibleValuesParser::new(Category::ALL.iter().map(|name| name.as_str())).try_map(|name| name.parse::<Category>()))]
    category: Vec<Category>,
    /// Only this level; may be given several times
    #[arg(long, value_parser = PossibleValuesParser::new(Level::ALL.iter().map(|name| name.as_str())).try_map(|name| name.parse::<Level>()))]
    level: Vec<Level>,
    /// Only this kind; may be given several times
    #[arg(long, value_parser = PossibleValuesParser::new(Kind::ALL.iter().map(|name| name.as_str())).try_map(|name| name.parse::<Kind>()))]
    kind: Vec<Kind>,
    /// Only questions whose id, title, text, skills or tags hold every one of these words
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Print one JSON array
    #[arg(long)]
    json: bool,
}

pub fn run(command: BankCommand, settings: &Settings) -> anyhow::Result<Status> {
    let sources = &settings.bank;
    match command {
        BankCommand::List(args) => {
            let bank = Bank::open(sources)?;
            let listed: Vec<&Question> = bank.questions().filter(|question| args.wants(question)).collect();
            if args.json {
                let rows: Vec<ListedQuestion<'_>> = listed.iter().copied().map(ListedQuestion::from).collect();
                print(&(serde_json::to_string_pretty(&rows)? + "\n"))?;
            } else if listed.is_empty() {
                tell(format_args!("No question of the {} fits; leave out a filter", bank.len()));
            } else {
                print(&table(&listed, columns()))?;
            }
            Ok(Status::Done)
        }
        BankCommand::Show { id, json } => {
            let bank = Bank::open(sources)?;
            let question = bank.find(&id)?;
            let text = if json {
                let hash = question.hash();
                let version = Question::version_of(&hash).to_owned();
                let shown = ShownQuestion { question, category: question.category(), version, hash };
                serde_json::to_string_pretty(&shown)? + "\n"
            } else {
                page::page(question, width())
            };
            print(&text)?;
            Ok(Status::Done)
        }
        BankCommand::Lint { dir, strict } => {
            let named =
                dir.map(
                    |dir| if dir.as_os_str() == "builtin" { [BankSource::Builtin] } else { [BankSource::Folder(dir)] },
                );
            let sources = named.as_ref().map_or(&sources[..], |named| &named[..]);
            if strict { lint::strict(sources) } else { lint::plain(sources) }
        }
        BankCommand::Score(args) => score::run(&args, &Bank::open(sources)?),
        BankCommand::New(args) => author::begin(&args, sources),
        BankCommand::Schema => author::schema(),
    }
}

/// Writes to standard output, with colour where the terminal has it. A reader that has seen enough is no error.
fn print(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

impl ListArgs {
    fn wants(&self, question: &Question) -> bool {
        (self.category.is_empty() || self.category.contains(&question.category()))
            && (self.level.is_empty() || self.level.contains(&question.level))
            && (self.kind.is_empty() || self.kind.contains(&question.kind))
            && self.search.as_deref().is_none_or(|search| holds(question, search))
    }
}

/// Whether every word of `search` occurs somewhere in the question, whatever the case.
fn holds(question: &Question, search: &str) -> bool {
    let mut text = [question.id.as_str(), &question.title, &question.prompt].join("\n");
    for word in question.skills.iter().chain(&question.tags) {
        text.push('\n');
        text.push_str(word);
    }
    let text = text.to_lowercase();
    search.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

/// A question as a list gives it.
#[derive(Serialize)]
struct ListedQuestion<'a> {
    id: &'a str,
    category: Category,
    title: &'a str,
    kind: Kind,
    level: Level,
    minutes: u8,
    skills: &'a [String],
    tags: &'a [String],
    version: String,
    hash: String,
}

impl<'a> From<&'a Question> for ListedQuestion<'a> {
    fn from(question: &'a Question) -> Self {
        let hash = question.hash();
        Self {
            id: question.id.as_str(),
            category: question.category(),
            title: &question.title,
            kind: question.kind,
            level: question.level,
            minutes: question.minutes,
            skills: &question.skills,
            tags: &question.tags,
            version: Question::version_of(&hash).to_owned(),
            hash,
        }
    }
}

/// A question in full, with what follows from it.
#[derive(Serialize)]
struct ShownQuestion<'a> {
    #[serde(flatten)]
    question: &'a Question,
    category: Category,
    version: String,
    hash: String,
}

/// Lines of at most `room` columns where there is a terminal of that width: there the kind is left out first, and
/// then titles are cut. Where the list goes elsewhere it is whole.
fn table(questions: &[&Question], room: Option<usize>) -> String {
    let width = |text: &str| textwrap::core::display_width(text);
    let widest = questions.iter().map(|question| question.id.as_str().len()).max().unwrap_or(0);
    let title = questions.iter().map(|question| width(&question.title)).max().unwrap_or(0);
    let is_wide = room.is_none_or(|room| widest + 9 + 11 + title + 6 <= room);
    let left = room.map_or(usize::MAX, |room| room.saturating_sub(widest + 9 + 4 + if is_wide { 13 } else { 0 }));
    let mut text = String::new();
    for Question { id, level, kind, title, .. } in questions {
        let (id, level) = (format!("{id:widest$}"), format!("{level:9}"));
        let kind = if is_wide { format!("{}  ", quiet(format!("{kind:11}"))) } else { String::new() };
        let title = if width(title) <= left { title.clone() } else { cut(title, left) };
        let _ = writeln!(text, "{}  {level}  {kind}{title}", voice(id));
    }
    text
}

/// As much of the text as `width` columns hold, the last of them an ellipsis.
fn cut(text: &str, width: usize) -> String {
    let mut short = String::new();
    for letter in text.chars() {
        if textwrap::core::display_width(&short) + 2 > width.max(2) {
            break;
        }
        short.push(letter);
    }
    short.trim_end().to_owned() + "…"
}
