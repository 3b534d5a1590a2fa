//! Words and phrases that show something wherever they stand: hedges, denials, dates, talk to the grader.

use std::{collections::HashSet, sync::LazyLock};

use super::lexicon::{Word, words};

/// One kind of `markers.txt`.
#[derive(Debug)]
pub(super) struct Markers {
    words: HashSet<String>,
    /// Each with a space before and after, as in a reading's line.
    phrases: Vec<String>,
}

macro_rules! kinds {
    ($($kind:ident = $name:literal),+ $(,)?) => {
        $(pub(super) static $kind: LazyLock<Markers> = LazyLock::new(|| Markers::named($name));)+

        #[cfg(test)]
        const NAMES: &[&str] = &[$($name),+];
    };
}

kinds! {
    ADMISSIONS = "admissions",
    BLAME = "blame",
    BUZZWORDS = "buzzwords",
    CONSEQUENCES = "consequences",
    DATES = "dates",
    DENIALS = "denials",
    GENERALITIES = "generalities",
    HEDGES = "hedges",
    NUMBER_WORDS = "number-words",
    ORDERS = "orders",
    OTHERS = "others",
    OVERRIDES = "overrides",
    PAST = "past",
    SCORERS = "scorers",
    TRADE_OFFS = "trade-offs",
}

impl Markers {
    fn named(name: &str) -> Self {
        let list = include_str!("markers.txt").lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let mut markers = Self { words: HashSet::new(), phrases: Vec::new() };
        for phrase in list.unwrap_or_default().split(',') {
            // Cut into words just as answers are, so that "trade-off" is found in them.
            let cut: Vec<String> = words(phrase).into_iter().map(|word| word.lower).collect();
            match cut.as_slice() {
                [] => {}
                [word] => {
                    markers.words.insert(word.clone());
                }
                _ => markers.phrases.push(format!(" {} ", cut.join(" "))),
            }
        }
        markers
    }

    /// Whether this single word is one of the kind.
    pub fn has(&self, lower: &str) -> bool {
        self.words.contains(lower)
    }

    /// How often a sentence has one; `line` holds its words with a space around each.
    pub fn count(&self, words: &[Word], line: &str) -> usize {
        words.iter().filter(|word| self.has(&word.lower)).count()
            + self.phrases.iter().map(|phrase| line.matches(phrase.as_str()).count()).sum::<usize>()
    }

    /// How many different ones a line has.
    pub fn kinds_in(&self, line: &str) -> usize {
        line.split(' ').filter(|word| self.has(word)).collect::<HashSet<_>>().len()
            + self.phrases.iter().filter(|phrase| line.contains(phrase.as_str())).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_line_in_the_file_and_every_line_a_kind() {
        for name in NAMES {
            let markers = Markers::named(name);
            assert!(markers.words.len() + markers.phrases.len() > 3, "{name}");
        }
        let lines = include_str!("markers.txt").lines().filter(|line| !line.starts_with('#'));
        for line in lines {
            assert!(NAMES.contains(&line.split(':').next().unwrap()), "{line}");
        }
    }
}
