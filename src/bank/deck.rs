//! A deck: a round as real loops have it, made of rules by which its questions are chosen.

use super::{
    Finding, nearest,
    read::read_with,
    sheet::{Sheet, Table},
};
use crate::question::{Category, Kind, Level, Question};

const FILE_KEYS: &[&str] = &["title", "text", "order", "minutes", "follow_ups", "picks"];
const PICK_KEYS: &[&str] =
    &["count", "categories", "kinds", "levels", "skills", "tags", "questions", "shortest", "longest"];

/// A round that can be practised by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deck {
    /// The name of its file.
    pub name: String,
    pub title: String,
    /// What the round is, in a sentence.
    pub text: String,
    /// Its place where decks are offered, lowest first.
    pub order: u8,
    /// After this many minutes nothing new is asked.
    pub minutes: Option<u8>,
    /// The most follow-ups to one take.
    pub follow_ups: Option<u8>,
    /// At least one.
    pub picks: Vec<Pick>,
}

/// One rule: so many questions that fit all of this. An empty list asks for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    pub count: u8,
    pub categories: Vec<Category>,
    pub kinds: Vec<Kind>,
    pub levels: Vec<Level>,
    /// One of these is enough.
    pub skills: Vec<String>,
    /// One of these is enough.
    pub tags: Vec<String>,
    /// Only out of these, by id.
    pub questions: Vec<String>,
    /// Expected minutes of an answer.
    pub shortest: u8,
    pub longest: u8,
}

/// A deck that the bank does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the question bank has no deck `{name}`; {}", suggestion(.nearest.as_deref(), .known))]
pub struct UnknownDeck {
    pub name: String,
    pub nearest: Option<String>,
    pub known: Vec<String>,
}

fn suggestion(nearest: Option<&str>, known: &[String]) -> String {
    match nearest {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if known.is_empty() => "this bank has none".to_owned(),
        None => format!("use one of {}", known.join(", ")),
    }
}

impl UnknownDeck {
    pub(super) fn new(name: &str, decks: &[Deck]) -> Self {
        let known: Vec<String> = decks.iter().map(|deck| deck.name.clone()).collect();
        let meant = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
        Self { name: name.chars().take(60).collect(), nearest: meant, known }
    }
}

impl Deck {
    /// How many questions it asks where the bank has enough.
    pub fn count(&self) -> usize {
        self.picks.iter().map(|pick| usize::from(pick.count)).sum()
    }
}

impl Pick {
    pub fn takes(&self, question: &Question) -> bool {
        fn among<T: PartialEq>(wanted: &[T], has: &T) -> bool {
            wanted.is_empty() || wanted.contains(has)
        }
        let shares =
            |wanted: &[String], has: &[String]| wanted.is_empty() || has.iter().any(|one| wanted.contains(one));
        among(&self.categories, &question.category())
            && among(&self.kinds, &question.kind)
            && among(&self.levels, &question.level)
            && shares(&self.skills, &question.skills)
            && shares(&self.tags, &question.tags)
            && (self.questions.is_empty() || self.questions.iter().any(|id| id == question.id.as_str()))
            && (self.shortest..=self.longest).contains(&question.minutes)
    }
}

/// Reads `bytes` as the deck `name`. Where the questions of its bank are known, each rule must be able to be kept.
pub(super) fn read(file: &str, name: &str, bytes: &[u8], known: Option<&[Question]>) -> Result<Deck, Vec<Finding>> {
    read_with(file, bytes, |sheet, table| deck(sheet, table, name, known))
}

fn deck(sheet: &mut Sheet<'_>, file: Table<'_, '_>, name: &str, known: Option<&[Question]>) -> Option<Deck> {
    sheet.refuse_other_keys(file, FILE_KEYS);
    let (title, text) = (sheet.text(file, "title"), sheet.text(file, "text"));
    let order = sheet.number(file, "order", &(0..=99), Some(50));
    let minutes = file.get("minutes").map(|_| sheet.number(file, "minutes", &(1..=240), None));
    let follow_ups = file.get("follow_ups").map(|_| sheet.number(file, "follow_ups", &(0..=5), None));
    let mut picks = Vec::new();
    for table in sheet.tables(file, "picks", &(1..=20)) {
        let pick = pick(sheet, table);
        if let (Some(pick), Some(known)) = (&pick, known) {
            refuse_unfillable(sheet, table, pick, known);
        }
        picks.push(pick);
    }
    let picks = picks.into_iter().collect::<Option<Vec<Pick>>>()?;
    let count: usize = picks.iter().map(|pick| usize::from(pick.count)).sum();
    if count > 20 {
        sheet.add(file.at, "picks", format!("ask for {count} questions together"), "ask for 20 at most");
    }
    Some(Deck {
        name: name.to_owned(),
        title: title?,
        text: text?,
        order: order?,
        minutes: minutes.flatten(),
        follow_ups: follow_ups.flatten(),
        picks,
    })
}

fn pick(sheet: &mut Sheet<'_>, table: Table<'_, '_>) -> Option<Pick> {
    sheet.refuse_other_keys(table, PICK_KEYS);
    let count = sheet.number(table, "count", &(1..=20), Some(1));
    let (categories, kinds, levels) =
        (sheet.names(table, "categories"), sheet.names(table, "kinds"), sheet.names(table, "levels"));
    let (skills, tags) = (sheet.texts(table, "skills"), sheet.texts(table, "tags"));
    let questions = sheet.texts(table, "questions");
    let shortest = sheet.number(table, "shortest", &(1..=60), Some(1));
    let longest = sheet.number(table, "longest", &(1..=60), Some(60));
    Some(Pick {
        count: count?,
        categories,
        kinds,
        levels,
        skills,
        tags,
        questions,
        shortest: shortest?,
        longest: longest?,
    })
}

/// Notes an id that names no question, and a rule for which there are too few.
fn refuse_unfillable(sheet: &mut Sheet<'_>, table: Table<'_, '_>, pick: &Pick, known: &[Question]) {
    for id in &pick.questions {
        if !known.iter().any(|question| question.id.as_str() == id) {
            let at = table.get("questions").map_or(table.at, |found| found.at);
            let mend = match nearest(id, known.iter().map(|question| question.id.as_str())) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "use the id of a question of this bank".to_owned(),
            };
            sheet.add(at, "picks.questions", format!("there is no question `{id}`"), mend);
        }
    }
    let fitting = known.iter().filter(|question| pick.takes(question)).count();
    if fitting < usize::from(pick.count) {
        let problem = format!("asks for {}, and {fitting} of this bank fit", pick.count);
        sheet.add(table.at, "picks", problem, "ask for less, or loosen the rule");
    }
}
