//! Has a model rank questions for a job description and a résumé: it may name what it was offered and cite lines.

use std::fmt;

use super::{
    Interviewer, LlmError,
    call::{Errand, Purpose},
    chat::{Chat, Message},
    literal::Literal,
    nonce,
    quoted::neutral,
    reply::{self, Faults},
    schema::Schema,
};
use crate::{
    prompt::{OfferedQuestion, PastedLine, TailorRepair, TailorRules, TailorTexts},
    question::{Question, QuestionId},
};

const TEMPERATURE: f32 = 0.0;
const LONGEST_REPLY_TOKENS: u32 = 4096;
const EXPECTED_TOKENS: u32 = 400;

/// The most lines about projects, and for one question, that are kept.
const MOST_PROJECTS: usize = 8;
const MOST_CITED: usize = 2;
const MOST_EMPHASIS: usize = 5;

/// A line of a pasted text, and whether it may be cited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a> {
    /// Whether it is of the résumé; else it is of the job description.
    pub is_resume: bool,
    pub text: &'a str,
    /// A line that speaks to whoever asks or scores is shown and cannot be cited.
    pub is_barred: bool,
}

/// What a model made of the texts, with nothing in it but what it was offered. Lines are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// The best first, each with the lines that speak for it.
    pub questions: Vec<(QuestionId, Vec<usize>)>,
    pub emphasis: Vec<String>,
    /// Lines of the résumé.
    pub projects: Vec<usize>,
}

impl Interviewer {
    /// Asks once, and once more with the faults named. Emphasis may be named by words of the `vocabulary` alone.
    pub async fn advise(
        &self,
        offered: &[&Question],
        vocabulary: &[&str],
        lines: &[Line<'_>],
        count: usize,
    ) -> Result<Advice, LlmError> {
        let ticket = nonce();
        let rules = TailorRules {
            count,
            questions: &offered.iter().map(|question| OfferedQuestion::of(question)).collect::<Vec<_>>(),
            vocabulary,
        };
        let numbered: Vec<PastedLine> = (1..).zip(lines).map(|(number, line)| PastedLine::of(number, line)).collect();
        let (resume, job): (Vec<&PastedLine>, Vec<&PastedLine>) = numbered.iter().partition(|line| line.is_resume);
        let texts = TailorTexts { ticket: &ticket, job: &job, resume: &resume };
        let ids = Schema::OneOf(offered.iter().map(|question| question.id.to_string()).collect());
        let numbers = || Schema::list(Schema::Integer);
        let words = match vocabulary {
            [] => Schema::Text,
            words => Schema::OneOf(words.iter().map(|&word| word.to_owned()).collect()),
        };
        let schema = Schema::object([
            ("ticket", Schema::Text),
            ("questions", Schema::list(Schema::object([("lines", numbers()), ("id", ids)]))),
            ("emphasis", Schema::list(words)),
            ("projects", numbers()),
        ]);
        let chat = Chat {
            system: self.prompts.render(&rules)?,
            messages: vec![Message::user(self.prompts.render(&texts)?)],
            temperature: Some(TEMPERATURE),
            max_tokens: Some(LONGEST_REPLY_TOKENS),
            response_schema: Some(("tailoring", schema)),
            errand: Errand::of(Purpose::Tailoring),
            expected_tokens: EXPECTED_TOKENS,
            patience: None,
        };
        let read = |said: &str| advice(said, &ticket, offered, vocabulary, lines);
        let again = |faults: &Faults| Ok(self.prompts.render(&TailorRepair { ticket: &ticket, faults: &faults.0 })?);
        self.model.ask(chat, read, again).await
    }
}

impl<'a> OfferedQuestion<'a> {
    fn of(question: &'a Question) -> Self {
        Self {
            id: question.id.as_str(),
            title: &question.title,
            about: question.skills.iter().chain(&question.tags).map(String::as_str).collect(),
        }
    }
}

impl PastedLine {
    fn of(number: usize, line: &Line<'_>) -> Self {
        Self { number, text: neutral(line.text).0, barred: line.is_barred, is_resume: line.is_resume }
    }
}

/// Reads a reply; everything in it that was not offered is a fault.
fn advice(
    said: &str,
    ticket: &str,
    offered: &[&Question],
    vocabulary: &[&str],
    lines: &[Line<'_>],
) -> Result<Advice, Faults> {
    let entries = reply::object_with(said, ticket, |key| key == "questions")?;
    let mut faults = Vec::new();
    let mut questions: Vec<(QuestionId, Vec<usize>)> = Vec::new();
    for fields in list(&entries, "questions", &mut faults) {
        let Literal::Object(fields) = fields else {
            faults.push("an item of `questions` is no object".to_owned());
            continue;
        };
        let Some(Literal::Text(id)) = reply::get(fields, &["id"]) else {
            faults.push("an item of `questions` has no `id`".to_owned());
            continue;
        };
        let Some(question) = offered.iter().find(|question| question.id.as_str() == id.trim()) else {
            faults.push(format!("there is no question `{}` on the list", id.trim()));
            continue;
        };
        let mut cited = cited(reply::get(fields, &["lines"]), id, lines, &mut faults);
        cited.truncate(MOST_CITED);
        if questions.iter().all(|(known, _)| *known != question.id) {
            questions.push((question.id.clone(), cited));
        }
    }
    let mut emphasis: Vec<String> = Vec::new();
    for word in list(&entries, "emphasis", &mut faults) {
        match word {
            Literal::Text(word) if vocabulary.contains(&word.trim()) => {
                if !emphasis.iter().any(|known| known == word.trim()) {
                    emphasis.push(word.trim().to_owned());
                }
            }
            other => faults.push(format!("{} is no word of the list for `emphasis`", Shown(other))),
        }
    }
    emphasis.truncate(MOST_EMPHASIS);
    let mut projects = cited(reply::get(&entries, &["projects"]), "projects", lines, &mut faults);
    if let Some(line) = projects.iter().find(|line| !lines[**line].is_resume) {
        faults.push(format!("`projects` cites line {}, which is not of the résumé", line + 1));
    }
    projects.truncate(MOST_PROJECTS);
    if questions.is_empty() && faults.is_empty() {
        faults.push("`questions` names none".to_owned());
    }
    if faults.is_empty() { Ok(Advice { questions, emphasis, projects }) } else { Err(Faults::new(faults)) }
}

fn list<'a>(entries: &'a [(String, Literal)], key: &str, faults: &mut Vec<String>) -> &'a [Literal] {
    if let Some(Literal::List(items)) = reply::get(entries, &[key]) {
        items
    } else {
        faults.push(format!("`{key}` is missing or is no list"));
        &[]
    }
}

/// The lines that were cited, counted from 0, each once.
fn cited(value: Option<&Literal>, by: &str, lines: &[Line<'_>], faults: &mut Vec<String>) -> Vec<usize> {
    let numbers = match value {
        None | Some(Literal::Null) => Some(Vec::new()),
        Some(Literal::List(items)) => {
            items.iter().map(reply::numbers).collect::<Option<Vec<_>>>().map(|all| all.concat())
        }
        Some(one) => reply::numbers(one),
    };
    let Some(numbers) = numbers else {
        faults.push(format!("what `{by}` cites are no line numbers"));
        return Vec::new();
    };
    let mut places: Vec<usize> = Vec::new();
    for number in numbers {
        match number.checked_sub(1).and_then(|place| Some((place, lines.get(place)?))) {
            None => faults.push(format!("`{by}` cites line {number}; there are lines 1 to {}", lines.len())),
            Some((_, line)) if line.is_barred => {
                faults.push(format!("`{by}` cites line {number}, which cannot be cited"));
            }
            Some((place, _)) if places.contains(&place) => {}
            Some((place, _)) => places.push(place),
        }
    }
    places
}

/// A value as a fault names it: short, and nothing of it where it is no plain text.
struct Shown<'a>(&'a Literal);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Literal::Text(text) => write!(f, "`{}`", text.chars().take(40).collect::<String>()),
            _ => f.write_str("a value that is no text"),
        }
    }
}
