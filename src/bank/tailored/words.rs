//! The words and lines of pasted texts: what may tell one question from another, and what gives orders.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use rust_stemmers::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation as _;

use super::orders::is_addressed;
use crate::{
    bank::Bank,
    interview::{Pasted, PastedText},
    scoring::sentences_in,
};

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
    let lines = include_str!("boilerplate.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).map(|word| STEMMER.stem(word).into_owned()).collect()
});

/// Stems of the aliases with the stem of what each stands for.
static MEANT: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let stem = |word: &str| STEMMER.stem(word).into_owned();
    ALIASES.iter().map(|(word, meant)| (stem(word), stem(meant))).collect()
});

/// The lines of both texts, each a stretch of its text.
pub fn lines(pasted: &Pasted) -> Vec<(PastedText, &str)> {
    pasted.texts().flat_map(|(from, text)| sentences_in(text).map(move |line| (from, line))).collect()
}

/// The lines that speak of the candidate or the job. Those that speak to whoever asks or scores choose nothing.
pub(super) fn honest_lines<'a>(bank: &Bank, pasted: &'a Pasted) -> impl Iterator<Item = (PastedText, &'a str)> {
    let any = bank.questions().next();
    lines(pasted).into_iter().filter(move |(_, line)| any.is_none_or(|question| !is_addressed(line, question)))
}

/// A word of the texts.
pub(super) struct Said {
    /// As it stands there first, in lowercase.
    pub(super) surface: String,
    count: u32,
    /// Whether the job description has it: that tells what will be asked, a résumé what has been.
    wanted: bool,
}

impl Said {
    pub(super) fn weight(&self) -> f64 {
        let often = 1.0 + 0.25 * f64::from(self.count.min(4) - 1);
        if self.wanted { often } else { 0.6 * often }
    }
}

/// Every word of the lines that may tell something, by its stem.
pub(super) fn said<'a>(lines: impl Iterator<Item = (PastedText, &'a str)>) -> BTreeMap<String, Said> {
    let mut said: BTreeMap<String, Said> = BTreeMap::new();
    for (from, text) in lines {
        for (stem, surface) in words(text) {
            let word = said.entry(stem).or_insert(Said { surface, count: 0, wanted: false });
            word.count += 1;
            word.wanted |= from == PastedText::JobDescription;
        }
    }
    said
}

/// Stem and lowercase form of each word that may tell something.
pub(super) fn words(text: &str) -> impl Iterator<Item = (String, String)> {
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
