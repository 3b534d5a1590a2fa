//! Words and phrases that show something wherever they stand: hedges, denials, dates, talk to the grader.

use std::{collections::HashMap, sync::LazyLock};

use super::lexicon::words;

macro_rules! kinds {
    ($($kind:ident = $name:literal),+ $(,)?) => {
        /// One line of `markers.txt`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Kind {
            $($kind),+
        }

        const KINDS: &[(Kind, &str)] = &[$((Kind::$kind, $name)),+];
        const COUNT: usize = KINDS.len();
    };
}

kinds! {
    Admissions = "admissions",
    Blame = "blame",
    Buzzwords = "buzzwords",
    Consequences = "consequences",
    Dates = "dates",
    Denials = "denials",
    Generalities = "generalities",
    Hedges = "hedges",
    NumberWords = "number-words",
    Orders = "orders",
    Others = "others",
    Overrides = "overrides",
    Past = "past",
    Scorers = "scorers",
    TradeOffs = "trade-offs",
}

/// What one word is by itself, and the phrases that begin with it.
#[derive(Debug, Default)]
struct Entry {
    is: Kinds,
    begins: Vec<Phrase>,
}

#[derive(Debug)]
struct Phrase {
    kind: Kind,
    /// Its place among all phrases.
    number: usize,
    /// The words after the first.
    rest: Vec<String>,
}

/// All kinds by the word with which a marker begins, so that a sentence is gone through once and not once a phrase.
static BY_FIRST_WORD: LazyLock<HashMap<String, Entry>> = LazyLock::new(|| {
    let mut entries: HashMap<String, Entry> = HashMap::new();
    let phrases = KINDS.iter().flat_map(|&(kind, name)| list(name).map(move |phrase| (kind, phrase)));
    for (number, (kind, phrase)) in phrases.enumerate() {
        // Cut into words just as answers are, so that "trade-off" is found in them.
        let mut cut = words(phrase).into_iter().map(|word| word.lower);
        let Some(first) = cut.next() else { continue };
        let rest: Vec<String> = cut.collect();
        let entry = entries.entry(first).or_default();
        if rest.is_empty() {
            entry.is.insert(kind);
        } else {
            entry.begins.push(Phrase { kind, number, rest });
        }
    }
    entries
});

/// The words and phrases of a kind, as they stand in the file.
fn list(name: &str) -> impl Iterator<Item = &'static str> {
    let line = include_str!("markers.txt").lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.unwrap_or_default().split(',')
}

/// The kinds of which a single word is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Kinds(u16);

impl Kinds {
    pub fn has(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u16) != 0
    }

    fn insert(&mut self, kind: Kind) {
        self.0 |= 1 << kind as u16;
    }
}

/// The markers of one sentence.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    all: [usize; COUNT],
    different: [usize; COUNT],
    /// Of each word in order.
    words: Vec<Kinds>,
}

impl Found {
    /// Looks through lowercase words. A phrase is counted again only after at least one more word.
    pub fn among(words: &[&str]) -> Self {
        let mut found = Self { words: Vec::with_capacity(words.len()), ..Self::default() };
        // By the phrase's number: the first place at which it may begin again.
        let mut free: Vec<(usize, usize)> = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let Some(entry) = BY_FIRST_WORD.get(*word) else {
                found.words.push(Kinds::default());
                continue;
            };
            found.words.push(entry.is);
            if entry.is != Kinds::default() {
                let is_new = !words[..at].contains(word);
                for &(kind, _) in KINDS.iter().filter(|(kind, _)| entry.is.has(*kind)) {
                    found.all[kind as usize] += 1;
                    found.different[kind as usize] += usize::from(is_new);
                }
            }
            for Phrase { kind, number, rest } in &entry.begins {
                let end = at + 1 + rest.len();
                if words.get(at + 1..end).is_none_or(|next| next != rest.as_slice()) {
                    continue;
                }
                match free.iter_mut().find(|(of, _)| of == number) {
                    Some((_, from)) if at < *from => continue,
                    Some((_, from)) => *from = end + 1,
                    None => {
                        free.push((*number, end + 1));
                        found.different[*kind as usize] += 1;
                    }
                }
                found.all[*kind as usize] += 1;
            }
        }
        found
    }

    /// How often there is one of the kind.
    pub fn count(&self, kind: Kind) -> usize {
        self.all[kind as usize]
    }

    /// How many different ones of the kind there are.
    pub fn different(&self, kind: Kind) -> usize {
        self.different[kind as usize]
    }

    /// What the word at this place is by itself.
    pub fn kinds_at(&self, at: usize) -> Kinds {
        self.words[at]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_kind_has_a_line_in_the_file_and_every_line_a_kind() {
        for (kind, name) in KINDS {
            assert!(list(name).count() > 3, "{name}");
            let first = list(name).next().unwrap();
            let cut = words(first);
            let lower: Vec<&str> = cut.iter().map(|word| word.lower.as_str()).collect();
            assert!(Found::among(&lower).count(*kind) > 0, "{name}: {first}");
        }
        let lines = include_str!("markers.txt").lines().filter(|line| !line.starts_with('#'));
        for line in lines {
            assert!(KINDS.iter().any(|(_, name)| *name == line.split(':').next().unwrap()), "{line}");
        }
    }

    /// Counts as by looking for each phrase in the whole line, a space around each word.
    fn plainly(kind: Kind, name: &str, lower: &[&str]) -> (usize, usize) {
        let line = format!(" {} ", lower.join(" "));
        let (mut all, mut different) = (0, 0);
        let mut single = HashSet::new();
        for phrase in list(name) {
            let cut: Vec<String> = words(phrase).into_iter().map(|word| word.lower).collect();
            match cut.as_slice() {
                [] => {}
                [word] => {
                    single.insert(word.clone());
                }
                _ => {
                    let phrase = format!(" {} ", cut.join(" "));
                    all += line.matches(&phrase).count();
                    different += usize::from(line.contains(&phrase));
                }
            }
        }
        assert!(single.iter().all(|word| Found::among(&[word]).kinds_at(0).has(kind)));
        all += lower.iter().filter(|word| single.contains(**word)).count();
        different += lower.iter().copied().filter(|word| single.contains(*word)).collect::<HashSet<_>>().len();
        (all, different)
    }

    proptest::proptest! {
        #[test]
        fn what_is_found_in_one_go_is_what_each_phrase_by_itself_would_find(
            picks in proptest::collection::vec((0..COUNT, 0..1000_usize, proptest::bool::ANY), 0..12),
        ) {
            let mut cut = Vec::new();
            for (kind, pick, twice) in picks {
                let phrases: Vec<&str> = list(KINDS[kind].1).collect();
                let phrase = words(phrases[pick % phrases.len()]);
                cut.extend(phrase.iter().cloned());
                // Phrases that follow or overlap themselves are where ways of counting part.
                if twice {
                    cut.extend(phrase.into_iter().skip(pick % 2));
                }
            }
            let lower: Vec<&str> = cut.iter().map(|word| word.lower.as_str()).collect();
            let found = Found::among(&lower);
            for &(kind, name) in KINDS {
                proptest::prop_assert_eq!((found.count(kind), found.different(kind)), plainly(kind, name, &lower), "{}", name);
            }
        }
    }
}
