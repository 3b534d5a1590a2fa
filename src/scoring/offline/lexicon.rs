//! What words are taken to mean: stems, words too common to tell anything, and groups that speak of the same thing.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use rust_stemmers::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation;

/// One word, lowercase, with its stem and the groups it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub lower: String,
    pub stem: String,
    /// Numbers of the groups in `concepts.txt`.
    pub concepts: &'static [u16],
    pub capital: bool,
    /// Too common to tell anything about the matter.
    pub stop: bool,
}

const STOP: &str = "a an the and or but if then than that this these those there here it its it's is are was were be been \
    being am i i'm i'd i've i'll me my mine we we're we'd we've our us you you'd you're your he she they they'd them their his her him \
    of in on at by for from to with without into onto over under about as so such not no nor do does did done doing \
    have has had having will would can could should may might must shall what which who whom whose when where how \
    all any each some more most other own same too very just also only even still up down out off one thing things \
    something anything someone somebody because while until during through between against both either whether \
    get gets got go goes going went come comes came make makes made take takes took say says let lets like one's \
    rather much many few lot bit yes really quite well now said mean";

static STOPS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| STOP.split_whitespace().collect());
static STEMMER: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));
static CONCEPTS: LazyLock<HashMap<String, Vec<u16>>> = LazyLock::new(|| {
    let mut groups: HashMap<String, Vec<u16>> = HashMap::new();
    let lines = include_str!("concepts.txt").lines().filter(|line| !line.starts_with('#'));
    for (number, line) in (0..).zip(lines) {
        let words = line.split_once(':').map_or("", |(_, words)| words);
        for word in words.split_whitespace() {
            let members = groups.entry(stem(word)).or_default();
            if members.last() != Some(&number) {
                members.push(number);
            }
        }
    }
    groups
});

/// The stem of a lowercase word.
pub(super) fn stem(word: &str) -> String {
    STEMMER.stem(word.strip_suffix("'s").unwrap_or(word)).into_owned()
}

/// What is known of a lowercase word wherever it stands.
#[derive(Debug, Clone)]
struct Known {
    stem: String,
    concepts: &'static [u16],
    stop: bool,
}

/// How many words each thread remembers; stemming a word costs far more than finding it again.
const REMEMBERED: usize = 2048;
/// The longest word that is remembered, in bytes.
const MEMORABLE: usize = 32;

thread_local! {
    static KNOWN: RefCell<HashMap<String, Known>> = RefCell::default();
}

impl Known {
    /// What is known of the word, worked out only where it has not been of late.
    fn of(lower: &str) -> Self {
        if lower.len() > MEMORABLE {
            return Self::anew(lower);
        }
        KNOWN.with_borrow_mut(|words| {
            if let Some(known) = words.get(lower) {
                return known.clone();
            }
            if words.len() >= REMEMBERED {
                words.clear();
            }
            let known = Self::anew(lower);
            words.insert(lower.to_owned(), known.clone());
            known
        })
    }

    fn anew(lower: &str) -> Self {
        let stem = stem(lower);
        let stop = STOPS.contains(lower);
        let concepts = if stop { &[][..] } else { CONCEPTS.get(&stem).map_or(&[][..], Vec::as_slice) };
        Self { stem, concepts, stop }
    }
}

/// The words of a text in order; marks and invisible characters are left out.
pub(super) fn words(text: &str) -> Vec<Word> {
    text.unicode_words()
        .map(|raw| {
            let lower = if raw.is_ascii() { raw.to_ascii_lowercase() } else { raw.to_lowercase().replace('’', "'") };
            let Known { stem, concepts, stop } = Known::of(&lower);
            Word { capital: raw.chars().next().is_some_and(char::is_uppercase), lower, stem, concepts, stop }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_group_share_a_concept_and_common_words_have_none() {
        let words = words("The Vendors warned, the supplier’s lawyer");
        assert!(words[0].stop && words[0].concepts.is_empty());
        assert!(words[1].concepts.iter().any(|concept| words[4].concepts.contains(concept)));
        assert_eq!(words[4].stem, "supplier");
        assert!(words[1].capital && !words[5].capital);
    }

    #[test]
    fn a_word_that_is_remembered_is_the_same_as_one_met_for_the_first_time() {
        let many = (0..REMEMBERED + 10).map(|n| format!("vendor{n}s warned")).collect::<Vec<_>>().join(" ");
        for text in ["The Vendors warned, the supplier’s lawyer", many.as_str()] {
            let first = words(text);
            assert_eq!(first, words(text));
            assert!(first.iter().all(|word| word.stem == stem(&word.lower)));
        }
    }
}
