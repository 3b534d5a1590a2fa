//! What can be seen in a sentence without knowing the question: who acts, what is denied, what is concrete.

use std::borrow::Cow;

use super::{
    lexicon::{Word, words},
    markers::{Found, Kind, Kinds},
};
use crate::scoring::check::is_invisible;

/// One sentence with its words and what they show.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub words: Vec<Word>,
    /// The words again, lowercase, each with a space before and after, so that phrases can be looked up.
    pub line: String,
    pub marks: Marks,
    pub found: Found,
}

/// Counts of what a sentence shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// "I asked", "I'd drawn up": the candidate did something.
    pub i_did: usize,
    /// "we asked".
    pub we_did: usize,
    /// "they did it", "the lead asked": somebody else did.
    pub others_did: usize,
    /// "I would ask".
    pub would: usize,
    pub numbers: usize,
    /// Days, months, clock times.
    pub dates: usize,
    /// Capitalised words inside a sentence.
    pub names: usize,
    pub quotes: usize,
    pub denials: usize,
    pub hedges: usize,
    pub buzzwords: usize,
    /// "always", "it is important", "one should".
    pub generalities: usize,
    /// "because", "so that", "which meant".
    pub consequences: usize,
    /// "instead of", "at the cost of", "rather than".
    pub trade_offs: usize,
    /// "my mistake", "I should have".
    pub admissions: usize,
    /// "incompetent", "their fault".
    pub blame: usize,
    /// Long words: fluent but empty prose is full of them.
    pub long_words: usize,
}

/// Whether a verb form tells of something done.
fn is_past(lower: &str, kinds: Kinds) -> bool {
    kinds.has(Kind::Past)
        || (lower.len() > 4 && lower.ends_with("ed") && !matches!(lower, "need" | "indeed" | "supposed"))
}

/// The text without invisible characters.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains(is_invisible) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|&c| !is_invisible(c)).collect())
}

impl Reading {
    pub fn of(text: &str) -> Self {
        let words = words(&visible(text));
        let mut line = String::with_capacity(text.len() + 2);
        line.push(' ');
        for word in &words {
            line.push_str(&word.lower);
            line.push(' ');
        }
        let found = Found::among(&words.iter().map(|word| word.lower.as_str()).collect::<Vec<_>>());
        let marks = Marks::of(text, &words, &found);
        Self { words, line, marks, found }
    }

    /// Whether the sentence only fills time: nothing done, denied, counted or named, and no word of the trade.
    pub fn is_filler(&self) -> bool {
        let Marks { i_did, we_did, would, others_did, numbers, dates, names, denials, admissions, blame, .. } =
            self.marks;
        i_did + we_did + would + others_did + numbers + dates + names + denials + admissions + blame == 0
            && self.words.iter().filter(|word| !word.concepts.is_empty()).count() <= 2
    }

    /// Whether the word at this place lies under a denial: one of the five words before it denies.
    pub fn denied_at(&self, at: usize) -> bool {
        (at.saturating_sub(5)..at).any(|before| self.found.kinds_at(before).has(Kind::Denials))
    }
}

impl Marks {
    fn of(text: &str, words: &[Word], found: &Found) -> Self {
        let mut marks = Self {
            numbers: words.iter().filter(|w| w.lower.bytes().any(|b| b.is_ascii_digit())).count()
                + found.count(Kind::NumberWords),
            dates: found.count(Kind::Dates),
            names: words
                .iter()
                .skip(1)
                .filter(|word| word.capital && !word.lower.starts_with("i'") && word.lower != "i")
                .count(),
            quotes: text.matches(['"', '“', '”', '„']).count(),
            denials: found.count(Kind::Denials),
            hedges: found.count(Kind::Hedges),
            buzzwords: found.count(Kind::Buzzwords),
            generalities: found.count(Kind::Generalities),
            consequences: found.count(Kind::Consequences),
            trade_offs: found.count(Kind::TradeOffs),
            admissions: found.count(Kind::Admissions),
            blame: found.count(Kind::Blame),
            long_words: words.iter().filter(|word| word.lower.chars().count() >= 9).count(),
            ..Self::default()
        };
        for (at, word) in words.iter().enumerate() {
            let after = at + 1..words.len().min(at + 4);
            let acts = || {
                after
                    .clone()
                    .take_while(|&at| !matches!(words[at].lower.as_str(), "i" | "we" | "they"))
                    .any(|at| is_past(&words[at].lower, found.kinds_at(at)))
            };
            match word.lower.as_str() {
                "i" | "i'd" | "i've"
                    if words
                        .get(at + 1)
                        .is_some_and(|word| matches!(word.lower.as_str(), "would" | "will" | "could")) =>
                {
                    marks.would += 1;
                }
                "i'll" | "we'll" => marks.would += 1,
                // "As I said" tells of nothing done.
                "i" if at > 0 && matches!(words[at - 1].lower.as_str(), "as" | "like") => {}
                "i" | "i've" => marks.i_did += usize::from(acts()),
                // "I'd asked" and "I'd ask" differ in the verb alone.
                "i'd" => {
                    if acts() {
                        marks.i_did += 1;
                    } else {
                        marks.would += 1;
                    }
                }
                "we" | "we've" | "we'd" => marks.we_did += usize::from(acts()),
                _ if found.kinds_at(at).has(Kind::Others) => marks.others_did += usize::from(acts()),
                _ => {}
            }
        }
        marks
    }

    pub fn add(&mut self, other: &Self) {
        self.i_did += other.i_did;
        self.we_did += other.we_did;
        self.others_did += other.others_did;
        self.would += other.would;
        self.numbers += other.numbers;
        self.dates += other.dates;
        self.names += other.names;
        self.quotes += other.quotes;
        self.denials += other.denials;
        self.hedges += other.hedges;
        self.buzzwords += other.buzzwords;
        self.generalities += other.generalities;
        self.consequences += other.consequences;
        self.trade_offs += other.trade_offs;
        self.admissions += other.admissions;
        self.blame += other.blame;
        self.long_words += other.long_words;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_acted_is_told_apart() {
        let marks = |text: &str| Reading::of(text).marks;
        assert_eq!((marks("I asked the lead.").i_did, marks("I asked the lead.").would), (1, 0));
        assert_eq!((marks("I'd ask the lead.").i_did, marks("I'd ask the lead.").would), (0, 1));
        assert_eq!((marks("I'd already asked her.").i_did, marks("I'd already asked her.").would), (1, 0));
        assert_eq!((marks("They warned the sponsor.").others_did, marks("They warned the sponsor.").i_did), (1, 0));
        assert_eq!(marks("We shipped it.").we_did, 1);
    }

    #[test]
    fn a_denial_reaches_five_words_ahead() {
        let reading = Reading::of("I would never in my life warn the sponsor about anything at all today");
        assert!(reading.denied_at(6));
        assert!(!reading.denied_at(12));
    }

    #[test]
    fn numbers_days_and_names_are_concrete() {
        let marks = Reading::of("On Monday Fenna cut 3.5 weeks and two builds.").marks;
        assert_eq!((marks.numbers, marks.dates, marks.names), (2, 1, 2));
    }
}
