//! Fits questions to a job description and a résumé by the rare words that they share, and says why.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use rust_stemmers::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation as _;

use super::{Bank, Choice, NothingToAsk, Wish, choose};
use crate::{
    interview::{Because, Pasted, PastedText},
    question::{Question, QuestionId},
    scoring::{Exchange, FlagCode, Sentences, offline::flags, sentences_in},
};

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

/// Short words that are worth a look all the same.
const SHORT: &[&str] = &["ai", "ml", "qa", "ci", "cd", "ux"];

/// What stands for a word of the bank in texts of the trade.
const ALIASES: &[(&str, &str)] = &[
    ("gdpr", "compliance"),
    ("hipaa", "compliance"),
    ("sox", "compliance"),
    ("fedramp", "compliance"),
    ("regulatory", "compliance"),
    ("supplier", "vendor"),
    ("genai", "ai"),
    ("llm", "ai"),
    ("outage", "incident"),
    ("postmortem", "incident"),
    ("sre", "reliability"),
    ("uptime", "reliability"),
    ("firmware", "hardware"),
    ("budget", "cost"),
    ("rollout", "launch"),
    ("cutover", "migration"),
];

static STEMMER: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));

static BOILERPLATE: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let lines = include_str!("tailored/boilerplate.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).map(|word| STEMMER.stem(word).into_owned()).collect()
});

/// Stems of the aliases with the stem of what each stands for.
static MEANT: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let stem = |word: &str| STEMMER.stem(word).into_owned();
    ALIASES.iter().map(|(word, meant)| (stem(word), stem(meant))).collect()
});

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
    let said = said(pasted);
    let lines: Vec<(PastedText, &str, BTreeSet<String>)> = lines(pasted)
        .into_iter()
        .map(|(from, line)| (from, line, words(line).map(|(stem, _)| stem).collect()))
        .collect();
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
            let quotes = best_lines(&lines, pasted, question, terms, &rarity);
            let words = shared.into_iter().map(|(_, word)| word.to_owned()).collect();
            let because = Because::Shares { words, quotes };
            (score >= LEAST_FIT).then(|| Fit { question: question.id.clone(), score, because })
        })
        .collect();
    fits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.question.cmp(&b.question)));
    Fits { questions: fits, emphasis: emphasis(bank, &said) }
}

/// Chooses as [`choose`] does, but takes what is preferred first and in that order, where it is of the wished
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

/// Whether the line speaks to whoever scores or asks rather than about the candidate: such a line is not quoted.
pub fn is_addressed(line: &str, question: &Question) -> bool {
    let Ok(exchange) = Exchange::of_answer("", line) else { return true };
    flags(&Sentences::of(&exchange), question)
        .iter()
        .any(|flag| matches!(flag.code, FlagCode::AddressesTheGrader | FlagCode::ForgedVerdict | FlagCode::HiddenText))
}

/// The lines of both texts, each a stretch of its text.
pub fn lines(pasted: &Pasted) -> Vec<(PastedText, &str)> {
    pasted.texts().flat_map(|(from, text)| sentences_in(text).map(move |line| (from, line))).collect()
}

/// A word of the texts.
struct Said {
    /// As it stands there first, in lowercase.
    surface: String,
    count: u32,
    /// Whether the job description has it: that tells what will be asked, a résumé what has been.
    wanted: bool,
}

impl Said {
    fn weight(&self) -> f64 {
        let often = 1.0 + 0.25 * f64::from(self.count.min(4) - 1);
        if self.wanted { often } else { 0.6 * often }
    }
}

fn said(pasted: &Pasted) -> BTreeMap<String, Said> {
    let mut said: BTreeMap<String, Said> = BTreeMap::new();
    for (from, text) in pasted.texts() {
        for (stem, surface) in words(text) {
            let word = said.entry(stem).or_insert(Said { surface, count: 0, wanted: false });
            word.count += 1;
            word.wanted |= from == PastedText::JobDescription;
        }
    }
    said
}

/// Stem and lowercase form of each word that may tell something.
fn words(text: &str) -> impl Iterator<Item = (String, String)> {
    text.unicode_words().flat_map(|word| {
        let lower = word.to_lowercase();
        let stem = STEMMER.stem(&lower).into_owned();
        let is_telling = (lower.chars().count() > 2 || SHORT.contains(&lower.as_str()))
            && lower.chars().any(char::is_alphabetic)
            && !BOILERPLATE.contains(&stem);
        let alias = MEANT.get(&stem).map(|meant| (meant.clone(), lower.clone()));
        is_telling.then_some((stem, lower)).into_iter().chain(alias)
    })
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
    question: &Question,
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
        own.into_iter().find(|(_, line)| !is_addressed(line, question)).and_then(|(_, line)| pasted.quote(wanted, line))
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
