//! `greenroom bank`: lists the questions, shows one with its rubric, and lints a folder of them.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    path::PathBuf,
};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::Serialize;

use super::{
    Status,
    paper::{counted, quiet, strong, voice, width, wrap},
    tell,
};
use crate::{
    bank::{self, Bank},
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
    /// List the decks: rounds that `greenroom drill --deck NAME` asks
    Decks,
    /// Print everything that is wrong with a folder of questions, one finding a line
    Lint {
        /// The folder, or `builtin`; without it, the bank in use
        dir: Option<PathBuf>,
    },
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
                print(&table(&listed))?;
            }
            Ok(Status::Done)
        }
        BankCommand::Show { id, json } => {
            let bank = Bank::open(sources)?;
            let question = bank.find(&id)?;
            let text = if json {
                let shown = ShownQuestion { question, category: question.category(), hash: question.hash() };
                serde_json::to_string_pretty(&shown)? + "\n"
            } else {
                page(question, width())
            };
            print(&text)?;
            Ok(Status::Done)
        }
        BankCommand::Decks => {
            let bank = Bank::open(sources)?;
            if bank.decks().is_empty() {
                tell("This bank has no deck; docs/writing-questions.md says how to write one");
            }
            print(&decks(&bank)?)?;
            Ok(Status::Done)
        }
        BankCommand::Lint { dir } => match dir {
            Some(dir) if dir.as_os_str() == "builtin" => lint(&[BankSource::Builtin]),
            Some(dir) => lint(&[BankSource::Folder(dir)]),
            None => lint(sources),
        },
    }
}

fn lint(sources: &[BankSource]) -> anyhow::Result<Status> {
    let (mut questions, mut decks, mut findings) = (0, 0, 0);
    let mut lines = String::new();
    for source in sources {
        let report = bank::lint(source)?;
        questions += report.questions;
        decks += report.decks;
        findings += report.findings.len();
        for finding in &report.findings {
            writeln!(lines, "{finding}")?;
        }
    }
    print(&lines)?;
    if findings > 0 {
        return Ok(Status::Problems);
    }
    let decks = if decks == 0 { String::new() } else { format!(" and {}", counted(decks, "deck")) };
    tell(format_args!("{}{decks}, no findings", counted(questions, "question")));
    Ok(Status::Done)
}

/// One deck a line: its name, how many questions, and what it is.
fn decks(bank: &Bank) -> Result<String, std::fmt::Error> {
    let wide = bank.decks().iter().map(|deck| deck.name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for deck in bank.decks() {
        writeln!(text, "{:wide$}  {}  {}", deck.name, deck.count(), deck.text)?;
    }
    Ok(text)
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
    hash: String,
}

impl<'a> From<&'a Question> for ListedQuestion<'a> {
    fn from(question: &'a Question) -> Self {
        Self {
            id: question.id.as_str(),
            category: question.category(),
            title: &question.title,
            kind: question.kind,
            level: question.level,
            minutes: question.minutes,
            skills: &question.skills,
            tags: &question.tags,
            hash: question.hash(),
        }
    }
}

/// A question in full, with what follows from it.
#[derive(Serialize)]
struct ShownQuestion<'a> {
    #[serde(flatten)]
    question: &'a Question,
    category: Category,
    hash: String,
}

fn table(questions: &[&Question]) -> String {
    let widest = questions.iter().map(|question| question.id.as_str().len()).max().unwrap_or(0);
    let mut text = String::new();
    for Question { id, level, kind, title, .. } in questions {
        let (id, level, kind) = (format!("{id:widest$}"), format!("{level:9}"), format!("{kind:11}"));
        let _ = writeln!(text, "{}  {level}  {}  {title}", voice(id), quiet(kind));
    }
    text
}

/// The question as an author reads it, in lines of at most `width` columns.
fn page(question: &Question, width: usize) -> String {
    let mut page = Page { text: String::new(), width };
    let Question { id, level, kind, minutes, .. } = question;
    let _ = writeln!(page.text, "{}", strong(&question.title));
    let minutes = counted((*minutes).into(), "minute");
    page.line("", &format!("{id} · {} · {} · about {minutes}", level.label(), kind.label()));
    if !question.skills.is_empty() || !question.tags.is_empty() {
        let words: Vec<&str> = question.skills.iter().chain(&question.tags).map(String::as_str).collect();
        page.line("", &words.join(", "));
    }
    page.text.push('\n');
    page.line("", &question.prompt);

    page.list("What a listener looks for, by weight", &question.assessment_points, |page, point| {
        page.entry(&point.id, &format!("weight {}", point.weight), &point.text);
    });
    page.list("Pitfalls", &question.pitfalls, |page, pitfall| {
        page.entry(&pitfall.id, pitfall.severity.label(), &pitfall.text);
    });
    page.list("Follow-ups", &question.follow_ups, |page, follow_up| {
        let probes = follow_up.probes.as_ref().map_or_else(String::new, |point| format!("probes {point}"));
        page.entry(&follow_up.id, &probes, &follow_up.ask);
    });
    page.list("Hints", &question.hints, |page, hint| page.line("  ", hint));
    page.list("What the interviewer may tell when asked", &question.facts, |page, fact| page.line("  ", fact));
    let notes = [(Level::Tpm, &question.levels.tpm), (Level::Senior, &question.levels.senior)];
    let notes = notes.into_iter().chain([(Level::Principal, &question.levels.principal)]);
    let notes: Vec<_> = notes.filter_map(|(level, note)| note.as_ref().map(|note| (level, note))).collect();
    page.list("What is enough", &notes, |page, (level, note)| page.entry(level.label(), "", note));
    page.list("Sample answers", &question.exemplars, |page, exemplar| {
        page.entry(exemplar.quality.label(), "", &exemplar.answer);
        page.line("    ", &format!("Why: {}", exemplar.why));
    });
    let _ = writeln!(page.text, "\n{}", quiet(format!("hash {}", question.hash())));
    page.text
}

/// Text in the making, wrapped to a width.
struct Page {
    text: String,
    width: usize,
}

impl Page {
    /// A paragraph of which every line begins with `indent`.
    fn line(&mut self, indent: &str, text: &str) {
        for line in wrap(text, self.width, indent, indent) {
            let _ = writeln!(self.text, "{line}");
        }
    }

    /// A name with a remark, and its text beneath.
    fn entry(&mut self, name: &str, remark: &str, text: &str) {
        let remark = if remark.is_empty() { String::new() } else { format!("  {}", quiet(remark)) };
        let _ = writeln!(self.text, "  {}{remark}", voice(name));
        self.line("    ", text);
    }

    /// A heading with its items, or nothing if there are none.
    fn list<T>(&mut self, heading: &str, items: &[T], mut each: impl FnMut(&mut Self, &T)) {
        if items.is_empty() {
            return;
        }
        let _ = writeln!(self.text, "\n{}", strong(heading));
        for item in items {
            each(self, item);
        }
    }
}
