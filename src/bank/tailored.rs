//! Fits questions to a job description and a résumé by the rare words that they share, and says why.

mod orders;
mod words;

use std::collections::{BTreeMap, BTreeSet};

pub use orders::is_addressed;
pub use words::lines;

use super::{Bank, Choice, NothingToAsk, Wish, choose};
use crate::{
    interview::{Because, Pasted, PastedText},
    question::{Question, QuestionId},
};
use words::{Said, honest_lines, said, words};

/// How much a shared word counts where it stands in the question.
const TAG: f64 = 3.0;
const TITLE: f64 = 2.0;
const BODY: f64 = 1.0;

/// A word that more than this share of the bank's questions hold tells them apart too little.
const COMMON: f64 = 0.25;

/// The least sum of a question that fits.
const LEAST_FIT: f64 = 6.0;

/// The most words that a reason names, and that count for a question: a long text shares a few with anything.
const MOST_WORDS: usize = 5;

/// The most of what the texts stress.
const MOST_EMPHASIS: usize = 5;

/// A line must share at least so much with a question to be quoted for it.
const LEAST_QUOTE: f64 = 4.0;

/// How well a question fits the pasted texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    pub question: QuestionId,
    pub score: f64,
    pub because: Because,
}

/// What the texts make of a bank.
#[derive(Debug, Clone, PartialEq)]
pub struct Fits {
    /// Those that fit, the best first.
    pub questions: Vec<Fit>,
    /// What the texts stress, in the bank's own skills and tags, most first.
    pub emphasis: Vec<String>,
}

/// Fits every question of the bank to the texts.
pub fn fits(bank: &Bank, pasted: &Pasted) -> Fits {
    let questions: Vec<(&Question, BTreeMap<String, f64>)> =
        bank.questions().map(|question| (question, terms_of(question))).collect();
    let rarity = Rarity::of(&questions);
    let lines: Vec<(PastedText, &str, BTreeSet<String>)> = honest_lines(bank, pasted)
        .map(|(from, line)| (from, line, words(line).map(|(stem, _)| stem).collect()))
        .collect();
    let said = said(lines.iter().map(|(from, line, _)| (*from, *line)));
    let mut fits: Vec<Fit> = questions
        .iter()
        .filter_map(|(question, terms)| {
            let mut shared: Vec<(f64, &str)> = said
                .iter()
                .filter_map(|(stem, word)| {
                    let weight = terms.get(stem)? * rarity.of_word(stem)? * word.weight();
                    Some((weight, word.surface.as_str()))
                })
                .collect();
            shared.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
            shared.truncate(MOST_WORDS);
            let score: f64 = shared.iter().map(|(weight, _)| weight).sum();
            let quotes = best_lines(&lines, pasted, terms, &rarity);
            let words = shared.into_iter().map(|(_, word)| word.to_owned()).collect();
            let because = Because::Shares { words, quotes };
            (score >= LEAST_FIT).then(|| Fit { question: question.id.clone(), score, because })
        })
        .collect();
    fits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.question.cmp(&b.question)));
    Fits { questions: fits, emphasis: emphasis(bank, &said) }
}

/// Chooses as [`choose()`] does, but takes what is preferred first and in that order, where it is of the wished
/// categories and level, has not been had lately, and leaves room for other categories.
pub fn choose_preferred(
    bank: &Bank,
    wish: &Wish,
    recent: &[QuestionId],
    preferred: &[QuestionId],
) -> Result<Choice, NothingToAsk> {
    let usual = choose(bank, wish, recent)?;
    if !wish.questions.is_empty() || preferred.is_empty() {
        return Ok(usual);
    }
    // Two thirds of an interview may come from one category unless categories were wished for.
    let most = if wish.categories.is_empty() { (wish.count * 2).div_ceil(3) } else { wish.count };
    let mut questions: Vec<QuestionId> = Vec::new();
    for question in
        preferred.iter().filter_map(|id| bank.get(id)).filter(|question| may_be_preferred(question, wish, recent))
    {
        let same = questions.iter().filter(|chosen| chosen.category() == question.category()).count();
        if questions.len() < wish.count && same < most && !questions.contains(&question.id) {
            questions.push(question.id.clone());
        }
    }
    // What is missing comes from the usual order of the whole bank.
    let all = choose(bank, &Wish { count: bank.questions().count(), ..wish.clone() }, recent)?;
    let missing = wish.count.saturating_sub(questions.len());
    let rest: Vec<QuestionId> = all.questions.into_iter().filter(|id| !questions.contains(id)).take(missing).collect();
    questions.extend(rest);
    let relaxed =
        super::choose::relaxed(wish, recent, &questions.iter().filter_map(|id| bank.get(id)).collect::<Vec<_>>());
    Ok(Choice { questions, relaxed })
}

/// Whether the wish leaves room for preferring the question.
pub fn may_be_preferred(question: &Question, wish: &Wish, recent: &[QuestionId]) -> bool {
    (wish.categories.is_empty() || wish.categories.contains(&question.category()))
        && wish.level.is_none_or(|level| question.level <= level)
        && !recent.contains(&question.id)
}

/// The words of a question with what they count.
fn terms_of(question: &Question) -> BTreeMap<String, f64> {
    let mut terms: BTreeMap<String, f64> = BTreeMap::new();
    let mut add = |text: &str, weight: f64| {
        for (stem, _) in words(text) {
            let known = terms.entry(stem).or_insert(weight);
            *known = known.max(weight);
        }
    };
    question.tags.iter().chain(&question.skills).for_each(|tag| add(tag, TAG));
    add(&question.title, TITLE);
    add(&question.prompt, BODY);
    question.assessment_points.iter().for_each(|point| add(&point.text, BODY));
    terms
}

/// How rare each word is among the questions of a bank.
struct Rarity {
    questions: f64,
    holding: BTreeMap<String, f64>,
}

impl Rarity {
    fn of(questions: &[(&Question, BTreeMap<String, f64>)]) -> Self {
        let mut holding: BTreeMap<String, f64> = BTreeMap::new();
        for stem in questions.iter().flat_map(|(_, terms)| terms.keys()) {
            *holding.entry(stem.clone()).or_default() += 1.0;
        }
        let count = u32::try_from(questions.len()).unwrap_or(u32::MAX);
        Self { questions: f64::from(count), holding }
    }

    /// Nothing for a word that too many questions hold. In a small bank every word may tell them apart.
    fn of_word(&self, stem: &str) -> Option<f64> {
        let holding = *self.holding.get(stem)?;
        let is_rare = holding <= (COMMON * self.questions).max(1.0);
        is_rare.then(|| ((self.questions + 1.0) / holding).ln())
    }
}

/// Of each text the line that shares most with the question.
fn best_lines(
    lines: &[(PastedText, &str, BTreeSet<String>)],
    pasted: &Pasted,
    terms: &BTreeMap<String, f64>,
    rarity: &Rarity,
) -> Vec<crate::interview::Quote> {
    let shares = |stems: &BTreeSet<String>| -> f64 {
        stems.iter().filter_map(|stem| Some(terms.get(stem)? * rarity.of_word(stem)?)).sum()
    };
    let best = |wanted: PastedText| {
        let own = lines.iter().filter(|(from, ..)| *from == wanted).map(|(_, line, stems)| (shares(stems), *line));
        let mut own: Vec<(f64, &str)> = own.filter(|(shared, _)| *shared >= LEAST_QUOTE).collect();
        own.sort_by(|a, b| b.0.total_cmp(&a.0));
        own.first().and_then(|(_, line)| pasted.quote(wanted, line))
    };
    [best(PastedText::JobDescription), best(PastedText::Resume)].into_iter().flatten().collect()
}

/// The bank's skills and tags whose words all stand in the texts.
fn emphasis(bank: &Bank, said: &BTreeMap<String, Said>) -> Vec<String> {
    let names: BTreeSet<&str> = vocabulary(bank.questions());
    let mut found: Vec<(f64, &str)> = names
        .into_iter()
        .filter_map(|name| {
            let stems: Vec<String> = words(name).map(|(stem, _)| stem).collect();
            let weights: Option<Vec<f64>> = stems.iter().map(|stem| said.get(stem).map(Said::weight)).collect();
            let weights = weights.filter(|weights| !weights.is_empty())?;
            Some((weights.iter().sum::<f64>(), name))
        })
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    found.into_iter().take(MOST_EMPHASIS).map(|(_, name)| name.to_owned()).collect()
}

/// The skills and tags of the questions, each once.
pub fn vocabulary<'a>(questions: impl Iterator<Item = &'a Question>) -> BTreeSet<&'a str> {
    questions.flat_map(|question| question.skills.iter().chain(&question.tags)).map(String::as_str).collect()
}

#[cfg(test)]
mod tests;
