//! The question bank: loaded, checked and built in.

mod choose;
mod finding;
mod format;
mod nearest;
mod read;
mod scaffold;
mod schema;
mod sheet;
mod source;
mod strict;

use std::{fmt::Write as _, io, path::PathBuf, sync::OnceLock};

pub use choose::{Choice, NothingToAsk, Relaxed, Wish, choose};
pub use finding::Finding;
pub use nearest::nearest;
pub use scaffold::scaffold;
pub use schema::schema;
pub use strict::{Coverage, StrictReport, strict};

use crate::{
    config::BankSource,
    question::{Question, QuestionId},
};

/// The questions that can be asked, each checked against the bank's format.
#[derive(Debug, Clone)]
pub struct Bank {
    /// Sorted by id, each id once.
    questions: Vec<Question>,
    /// Of each question, in the same order; made when first asked for.
    hashes: Vec<OnceLock<String>>,
}

/// Why there is no bank to work with.
#[derive(Debug, thiserror::Error)]
pub enum BankError {
    #[error("cannot read the question bank `{}`: {error}; name a folder of question files", folder.display())]
    Unreadable { folder: PathBuf, error: io::Error },
    /// The lint of that source would print these.
    #[error("{}", summary(source_name, findings))]
    Findings { source_name: String, findings: Vec<Finding> },
}

/// A question that the bank does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the question bank has no question `{id}`; {}", suggestion(.nearest.as_ref()))]
pub struct UnknownQuestion {
    pub id: String,
    /// The one that was probably meant.
    pub nearest: Option<QuestionId>,
}

fn suggestion(nearest: Option<&QuestionId>) -> String {
    match nearest {
        Some(id) => format!("did you mean `{id}`?"),
        None => "`greenroom bank list` shows all of them".to_owned(),
    }
}

/// What the lint has to say about one source.
#[derive(Debug)]
pub struct LintReport {
    /// How many questions are in order.
    pub questions: usize,
    /// Sorted by file, then line.
    pub findings: Vec<Finding>,
}

impl Bank {
    /// The bank that comes with the program. Fails only if the program was built from a bank with findings.
    pub fn builtin() -> Result<Self, BankError> {
        Self::open(&[BankSource::Builtin])
    }

    /// Reads every source in order; a later one replaces questions of an earlier one that have the same id.
    ///
    /// One finding anywhere is an error: a question that is left out silently would change every interview.
    pub fn open(sources: &[BankSource]) -> Result<Self, BankError> {
        let mut questions: Vec<Question> = Vec::new();
        for source in sources {
            let checked = source::check(source)?;
            if !checked.findings.is_empty() {
                let source_name = source::shown_root(source);
                return Err(BankError::Findings { source_name, findings: checked.findings });
            }
            questions.retain(|old| checked.questions.binary_search_by(|new| new.id.cmp(&old.id)).is_err());
            questions.extend(checked.questions);
        }
        questions.sort_by(|a, b| a.id.cmp(&b.id));
        let hashes = vec![OnceLock::new(); questions.len()];
        Ok(Self { questions, hashes })
    }

    /// The question that `id` names, or an error that suggests the one that was meant.
    pub fn find(&self, id: &str) -> Result<&Question, UnknownQuestion> {
        let found = id.parse().ok().and_then(|id| self.get(&id));
        found.ok_or_else(|| UnknownQuestion { id: id.to_owned(), nearest: self.nearest_id(id).cloned() })
    }

    pub fn get(&self, id: &QuestionId) -> Option<&Question> {
        self.place(id).map(|place| &self.questions[place])
    }

    /// [`Question::hash`] of the question that the bank holds under this id, made once: the bank never changes.
    pub fn hash_of(&self, id: &QuestionId) -> Option<&str> {
        self.place(id).map(|place| self.hashes[place].get_or_init(|| self.questions[place].hash()).as_str())
    }

    fn place(&self, id: &QuestionId) -> Option<usize> {
        self.questions.binary_search_by(|question| question.id.cmp(id)).ok()
    }

    /// All questions, sorted by id.
    pub fn questions(&self) -> impl ExactSizeIterator<Item = &Question> {
        self.questions.iter()
    }

    pub fn len(&self) -> usize {
        self.questions.len()
    }

    pub fn is_empty(&self) -> bool {
        self.questions.is_empty()
    }

    /// The id that somebody who wrote `given` probably meant, if one comes near.
    fn nearest_id(&self, given: &str) -> Option<&QuestionId> {
        let ids = || self.questions.iter().map(|question| question.id.as_str());
        let slugs = || self.questions.iter().map(|question| question.id.slug());
        let slug = given.rsplit_once('/').map_or(given, |(_, slug)| slug);
        let by_slug = || {
            let near = nearest(slug, slugs())?;
            self.questions.iter().find(|question| question.id.slug() == near)
        };
        let by_part = || self.questions.iter().find(|question| slug.len() > 3 && question.id.slug().contains(slug));
        let by_id = |near: &str| self.questions.iter().find(|question| question.id.as_str() == near);
        nearest(given, ids()).and_then(by_id).or_else(by_slug).or_else(by_part).map(|question| &question.id)
    }
}

/// Every finding about one source, at once.
pub fn lint(source: &BankSource) -> Result<LintReport, BankError> {
    let checked = source::check(source)?;
    Ok(LintReport { questions: checked.questions.len(), findings: checked.findings })
}

/// How many findings there are, the first few, and how to see the rest.
fn summary(source_name: &str, findings: &[Finding]) -> String {
    const SHOWN: usize = 3;
    let noun = if findings.len() == 1 { "finding" } else { "findings" };
    let mut text = format!("the question bank `{source_name}` has {} {noun}:\n", findings.len());
    for finding in findings.iter().take(SHOWN) {
        let _ = writeln!(text, "  {finding}");
    }
    if findings.len() > SHOWN {
        let _ = writeln!(text, "  and {} more", findings.len() - SHOWN);
    }
    let _ = write!(text, "Run `greenroom bank lint {source_name}` to see all of them, then mend the files");
    text
}
