//! Chooses the questions of an interview: what was wished for, spread over categories, nothing had lately.

use std::fmt;

use sha2::{Digest, Sha256};

use super::{Bank, Deck, Pick, UnknownDeck, UnknownQuestion};
use crate::question::{Category, Level, Question, QuestionId};

/// What a candidate wants to be asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// Empty means all.
    pub categories: Vec<Category>,
    /// `None` takes questions of any level alike.
    pub level: Option<Level>,
    pub count: usize,
    /// The same seed chooses the same questions from the same bank.
    pub seed: u64,
    /// If not empty, exactly these are asked in this order, and the rest of the wish does not matter.
    pub questions: Vec<QuestionId>,
}

/// The questions of an interview in the order in which they are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub questions: Vec<QuestionId>,
    /// Where the choice falls short of the wish; empty if it does not.
    pub relaxed: Vec<Relaxed>,
}

/// A part of the wish that could not be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relaxed {
    /// The bank has fewer questions of these categories than were asked for.
    Fewer { wished: usize, found: usize },
    /// More categories were wished for than questions.
    LeftOut { categories: Vec<Category> },
    /// These are of another level than wished.
    OtherLevel { wished: Level, questions: Vec<QuestionId> },
    /// The candidate has had these lately.
    HadLately { questions: Vec<QuestionId> },
}

/// Why no interview can be made of a wish.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NothingToAsk {
    #[error("an interview of 0 questions has nothing to ask; wish for 1 or more")]
    NoneWished,
    #[error("the question bank has no question in {}; choose other categories", listed(.0))]
    NoneInCategories(Vec<Category>),
    #[error(transparent)]
    Unknown(#[from] UnknownQuestion),
    #[error(transparent)]
    UnknownDeck(#[from] UnknownDeck),
    #[error("the question bank has no question that fits the deck `{0}`; choose another deck or another bank")]
    NoneInDeck(String),
}

/// Chooses from `bank` by `wish`. `recent` is what the candidate has had lately, the most recent first.
///
/// Within a category a question the candidate has not had comes first, then one of the wished level, then of a
/// lower, then of a higher level; repeats begin with the one had longest ago. Categories take turns.
pub fn choose(bank: &Bank, wish: &Wish, recent: &[QuestionId]) -> Result<Choice, NothingToAsk> {
    if !wish.questions.is_empty() {
        return exactly(bank, &wish.questions);
    }
    if wish.count == 0 {
        return Err(NothingToAsk::NoneWished);
    }
    let mut queues = queues(bank, wish, recent);
    if queues.is_empty() {
        let categories = if wish.categories.is_empty() { Category::ALL } else { &wish.categories };
        return Err(NothingToAsk::NoneInCategories(categories.to_vec()));
    }

    let mut chosen: Vec<&Question> = Vec::new();
    while chosen.len() < wish.count {
        // The category that had the fewest turns goes next; between equals, the one with the best to offer.
        let next = queues.iter_mut().filter(|queue| !queue.waiting.is_empty()).min_by_key(|queue| {
            let best = queue.waiting.last().map(|candidate| candidate.rank);
            (queue.taken, best, queue.order)
        });
        let Some(queue) = next else { break };
        chosen.extend(queue.waiting.pop().map(|candidate| candidate.question));
        queue.taken += 1;
    }

    let relaxed = relaxed(wish, recent, &chosen);
    Ok(Choice { questions: chosen.into_iter().map(|question| question.id.clone()).collect(), relaxed })
}

/// Chooses what the deck asks for, one rule after the other; no question comes twice.
pub fn choose_deck(
    bank: &Bank,
    deck: &Deck,
    level: Option<Level>,
    seed: u64,
    recent: &[QuestionId],
) -> Result<Choice, NothingToAsk> {
    let mut chosen: Vec<&Question> = Vec::new();
    let mut wished = 0;
    for pick in &deck.picks {
        wished += usize::from(pick.count);
        let mut fitting: Vec<Candidate<'_>> = bank
            .questions()
            .filter(|question| pick.takes(question) && !chosen.iter().any(|had| had.id == question.id))
            .map(|question| Candidate::of(question, level, seed, recent))
            .collect();
        fitting.sort_by_key(|candidate| (candidate.rank, candidate.order));
        chosen.extend(spread(fitting, pick));
    }
    if chosen.is_empty() {
        return Err(NothingToAsk::NoneInDeck(deck.name.clone()));
    }
    let wish = Wish { level, count: wished, seed, ..Wish::default() };
    let relaxed = relaxed(&wish, recent, &chosen);
    Ok(Choice { questions: chosen.into_iter().map(|question| question.id.clone()).collect(), relaxed })
}

/// The best of the fitting ones, the categories taking turns where the rule names more than one.
fn spread<'a>(mut fitting: Vec<Candidate<'a>>, pick: &Pick) -> Vec<&'a Question> {
    let mut taken: Vec<&Question> = Vec::new();
    while taken.len() < usize::from(pick.count) && !fitting.is_empty() {
        let turns = |category| taken.iter().filter(|question| question.category() == category).count();
        let next = fitting
            .iter()
            .enumerate()
            .min_by_key(|(place, candidate)| (turns(candidate.question.category()), *place))
            .map_or(0, |(place, _)| place);
        taken.push(fitting.remove(next).question);
    }
    taken
}

fn exactly(bank: &Bank, ids: &[QuestionId]) -> Result<Choice, NothingToAsk> {
    let mut questions: Vec<QuestionId> = Vec::with_capacity(ids.len());
    for id in ids {
        bank.find(id.as_str())?;
        if !questions.contains(id) {
            questions.push(id.clone());
        }
    }
    Ok(Choice { questions, relaxed: Vec::new() })
}

/// The questions of one category, the best last.
struct Queue<'a> {
    taken: usize,
    order: [u8; 32],
    waiting: Vec<Candidate<'a>>,
}

struct Candidate<'a> {
    rank: (usize, usize),
    order: [u8; 32],
    question: &'a Question,
}

impl<'a> Candidate<'a> {
    fn of(question: &'a Question, level: Option<Level>, seed: u64, recent: &[QuestionId]) -> Self {
        Self {
            rank: (staleness(recent, &question.id), level_rank(level, question.level)),
            order: shuffled(seed, question.id.as_str()),
            question,
        }
    }
}

fn queues<'a>(bank: &'a Bank, wish: &Wish, recent: &[QuestionId]) -> Vec<Queue<'a>> {
    let wished = |category: Category| wish.categories.is_empty() || wish.categories.contains(&category);
    let mut queues = Vec::new();
    for &category in Category::ALL.iter().filter(|&&category| wished(category)) {
        let mut waiting: Vec<Candidate<'_>> = bank
            .questions()
            .filter(|question| question.category() == category)
            .map(|question| Candidate::of(question, wish.level, wish.seed, recent))
            .collect();
        waiting.sort_by_key(|candidate| std::cmp::Reverse((candidate.rank, candidate.order)));
        if !waiting.is_empty() {
            queues.push(Queue { taken: 0, order: shuffled(wish.seed, category.as_str()), waiting });
        }
    }
    queues
}

/// A place in an order that depends on the seed alone.
fn shuffled(seed: u64, name: &str) -> [u8; 32] {
    Sha256::new().chain_update(seed.to_be_bytes()).chain_update(name).finalize().into()
}

/// 0 for a question not had lately, else higher the more recently it was had.
fn staleness(recent: &[QuestionId], id: &QuestionId) -> usize {
    recent.iter().position(|had| had == id).map_or(0, |index| recent.len() - index)
}

/// 0 for the wished level, then lower levels, nearest first, then higher ones.
fn level_rank(wished: Option<Level>, level: Level) -> usize {
    let (Some(wished), place) = (wished, level as usize) else { return 0 };
    let wished = wished as usize;
    if place <= wished { wished - place } else { Level::ALL.len() + place - wished }
}

pub(super) fn relaxed(wish: &Wish, recent: &[QuestionId], chosen: &[&Question]) -> Vec<Relaxed> {
    let ids = |keep: &dyn Fn(&Question) -> bool| -> Vec<QuestionId> {
        chosen.iter().filter(|question| keep(question)).map(|question| question.id.clone()).collect()
    };
    let mut relaxed = Vec::new();
    if chosen.len() < wish.count {
        relaxed.push(Relaxed::Fewer { wished: wish.count, found: chosen.len() });
    }
    let mut categories = wish.categories.clone();
    categories.sort_unstable();
    categories.dedup();
    categories.retain(|&category| chosen.iter().all(|question| question.category() != category));
    if !categories.is_empty() {
        relaxed.push(Relaxed::LeftOut { categories });
    }
    if let Some(wished) = wish.level {
        let questions = ids(&|question| question.level != wished);
        if !questions.is_empty() {
            relaxed.push(Relaxed::OtherLevel { wished, questions });
        }
    }
    let questions = ids(&|question| recent.contains(&question.id));
    if !questions.is_empty() {
        relaxed.push(Relaxed::HadLately { questions });
    }
    relaxed
}

impl fmt::Display for Relaxed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fewer { wished, found } => {
                write!(f, "You wished for {wished} questions; the bank has {found} that fit.")
            }
            Self::LeftOut { categories } => {
                write!(f, "More categories than questions; left out: {}.", listed(categories))
            }
            Self::OtherLevel { wished, questions } => {
                let (level, ids) = (wished.label(), joined(questions));
                write!(f, "Not enough questions of the level {level}; of another level: {ids}.")
            }
            Self::HadLately { questions } => {
                write!(f, "Not enough questions that you have not had lately; repeated: {}.", joined(questions))
            }
        }
    }
}

fn joined(ids: &[QuestionId]) -> String {
    ids.iter().map(QuestionId::as_str).collect::<Vec<_>>().join(", ")
}

fn listed(categories: &[Category]) -> String {
    categories.iter().map(|category| category.label()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
