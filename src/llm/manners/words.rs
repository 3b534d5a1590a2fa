//! The words by which praise, grades and talk about itself are known.

use std::collections::BTreeSet;

use rust_stemmers::{Algorithm, Stemmer};

/// Words with which praise begins; such a sentence is left out unless it asks something.
pub(super) const OPENERS: &[&str] = &[
    "great",
    "excellent",
    "perfect",
    "fantastic",
    "awesome",
    "impressive",
    "brilliant",
    "wonderful",
    "amazing",
    "superb",
    "nice",
    "good",
    "love",
    "outstanding",
    "terrific",
    "well-done",
    "bravo",
    "correct",
    "exactly",
    "absolutely",
];
/// Greetings that begin like praise.
pub(super) const GREETINGS: &[&str] = &["good morning", "good afternoon", "good evening", "good day", "nice to meet"];

/// Praise and grades wherever they stand, unless the question itself has the words.
pub(super) const FORBIDDEN: &[(&str, &str)] = &[
    ("great answer", "it praised the answer"),
    ("good answer", "it praised the answer"),
    ("strong answer", "it praised the answer"),
    ("excellent", "it praised the answer"),
    ("impressive", "it praised the answer"),
    ("fantastic", "it praised the answer"),
    ("brilliant", "it praised the answer"),
    ("well done", "it praised the answer"),
    ("great job", "it praised the answer"),
    ("good job", "it praised the answer"),
    ("nice work", "it praised the answer"),
    ("great work", "it praised the answer"),
    ("that's great", "it praised the answer"),
    ("that is great", "it praised the answer"),
    ("that's a great", "it praised the answer"),
    ("that's a good", "it praised the answer"),
    ("i love", "it praised the answer"),
    ("i like how", "it praised the answer"),
    ("weak answer", "it graded the answer"),
    ("out of 5", "it graded the answer"),
    ("out of five", "it graded the answer"),
    ("out of 10", "it graded the answer"),
    ("out of ten", "it graded the answer"),
    ("/5", "it graded the answer"),
    ("/10", "it graded the answer"),
    ("full marks", "it graded the answer"),
    ("your score", "it graded the answer"),
    ("i'd score", "it graded the answer"),
    ("i would score", "it graded the answer"),
    ("scorecard", "it graded the answer"),
    ("strong hire", "it graded the answer"),
    ("no hire", "it graded the answer"),
    ("you passed", "it graded the answer"),
    ("you have passed", "it graded the answer"),
    ("you're hired", "it graded the answer"),
    ("rubric", "it spoke of the rubric"),
    ("assessment point", "it spoke of the rubric"),
    ("my instructions", "it spoke of its instructions"),
    ("system prompt", "it spoke of its instructions"),
    ("language model", "it spoke of itself"),
    ("as an ai", "it spoke of itself"),
];

pub(super) const NUMBER_WORDS: [&str; 13] =
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

pub(super) fn is_opener(word: &str) -> bool {
    OPENERS.contains(&word.to_lowercase().as_str())
}

pub(super) const fn is_end(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…')
}

pub(super) fn ends_sentence(text: &str) -> bool {
    text.chars().next_back().is_some_and(is_end)
}

/// Whether the words stand in the text as words and not inside others.
pub(super) fn has_words(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + words.len()..].chars().next();
        let is_inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !(is_inside(before) && words.starts_with(char::is_alphanumeric) || is_inside(after))
    })
}

/// The stems of the words that carry meaning.
pub(super) fn stems(text: &str) -> BTreeSet<String> {
    let stemmer = Stemmer::create(Algorithm::English);
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() > 3)
        .map(str::to_lowercase)
        .filter(|word| {
            !matches!(
                word.as_str(),
                "that"
                    | "this"
                    | "what"
                    | "when"
                    | "with"
                    | "your"
                    | "would"
                    | "have"
                    | "from"
                    | "they"
                    | "then"
                    | "were"
                    | "which"
                    | "there"
                    | "their"
                    | "about"
                    | "could"
                    | "should"
                    | "will"
                    | "into"
                    | "them"
            )
        })
        .map(|word| stemmer.stem(&word).into_owned())
        .collect()
}

/// The share of `wanted` that is in `said`; 1 where nothing is wanted.
pub(super) fn covered(wanted: &BTreeSet<String>, said: &BTreeSet<String>) -> f64 {
    if wanted.is_empty() {
        return 1.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "a few dozen words")]
    let share = wanted.intersection(said).count() as f64 / wanted.len() as f64;
    share
}

/// The figures of a text, without what groups their digits.
pub(super) fn numbers(text: &str) -> BTreeSet<String> {
    let plain = text.replace([',', '\u{a0}', '\u{202f}'], "");
    plain.split(|c: char| !c.is_ascii_digit()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Whether the text has the figure, in digits or as a word.
pub(super) fn says_number(text: &str, number: &str) -> bool {
    let word = number.parse().ok().and_then(|number: usize| NUMBER_WORDS.get(number));
    numbers(text).contains(number) || word.is_some_and(|word| has_words(&text.to_lowercase(), word))
}
