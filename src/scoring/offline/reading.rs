//! What can be seen in a sentence without knowing the question: who acts, what is denied, what is concrete.

use super::lexicon::{Word, words};
use crate::scoring::check::is_invisible;

/// One sentence with its words and what they show.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub words: Vec<Word>,
    /// The words again, lowercase, each with a space before and after, so that phrases can be looked up.
    pub line: String,
    pub marks: Marks,
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

const DATES: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mondays",
    "tuesdays",
    "wednesdays",
    "thursdays",
    "fridays",
    "january",
    "february",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "wed",
    "thu",
    "tue",
    "fri",
    "mon",
    "q1",
    "q2",
    "q3",
    "q4",
    "christmas",
    "yesterday",
    "morning",
    "afternoon",
    "evening",
    "noon",
    "tonight",
];
const NUMBER_WORDS: &[&str] = &[
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
    "hundred",
    "thousand",
    "million",
    "half",
    "third",
    "quarter",
    "dozen",
    "twice",
];
const HEDGES: &[&str] = &[
    "maybe",
    "perhaps",
    "probably",
    "possibly",
    "somewhat",
    "hopefully",
    "guess",
    "might",
    "sort of",
    "kind of",
    "it depends",
    "more or less",
    "i think",
    "i suppose",
    "i believe",
    "could be",
    "tend to",
    "not sure",
    "somehow",
    "or so",
    "some kind",
    "some sort",
];
const BUZZWORDS: &[&str] = &[
    "stakeholders",
    "stakeholder",
    "alignment",
    "align",
    "aligned",
    "transparency",
    "transparent",
    "transparently",
    "communication",
    "communicate",
    "communicated",
    "collaborative",
    "collaboration",
    "collaborate",
    "proactive",
    "proactively",
    "synergy",
    "leverage",
    "leveraged",
    "holistic",
    "robust",
    "seamless",
    "best practices",
    "best practice",
    "agile",
    "framework",
    "mindset",
    "culture",
    "empower",
    "empowered",
    "strategic",
    "visibility",
    "drive",
    "driving",
    "driven",
    "ensure",
    "ensured",
    "ensuring",
    "raid",
    "okr",
    "okrs",
    "smart",
    "north star",
    "single source of truth",
    "deep dive",
    "stakeholder management",
    "mitigation",
    "excellence",
    "passionate",
    "impactful",
    "innovative",
    "effective",
    "effectively",
    "efficient",
    "efficiently",
    "key",
    "crucial",
    "essential",
    "critical",
    "successfully",
    "successful",
    "data-driven",
    "various",
    "relevant",
    "appropriate",
    "optimal",
    "cross-functional",
    "actionable",
    "structured",
    "facilitate",
    "foster",
    "value",
    "trust",
    "accountability",
    "continuous",
    "scalable",
    "cadence",
    "buy-in",
    "north",
    "journey",
    "empathy",
    "landscape",
    "importance",
];
const GENERALITIES: &[&str] = &[
    "always",
    "usually",
    "generally",
    "typically",
    "normally",
    "often",
    "never",
    "important",
    "should",
    "must",
    "need to",
    "have to",
    "has to",
    "it is about",
    "it's about",
    "in general",
    "everyone",
    "everybody",
    "every time",
    "in my experience",
    "i believe",
    "the key",
    "as a tpm",
    "one should",
    "you have to",
    "you need",
    "at all times",
    "that's how",
    "in such",
    "in any",
    "such situations",
    "depending on",
];
const CONSEQUENCES: &[&str] = &[
    "because",
    "so that",
    "which meant",
    "that meant",
    "meaning",
    "therefore",
    "since",
    "as a result",
    "turned out",
    "otherwise",
    "so we",
    "so i",
    "that's why",
    "in the end",
    "until",
    "led to",
];
const TRADE_OFFS: &[&str] = &[
    "instead",
    "rather than",
    "at the cost",
    "cost us",
    "trade",
    "gave up",
    "give up",
    "worse",
    "versus",
    "against",
    "but not",
    "except",
    "the price",
    "downside",
    "on the other hand",
    "in exchange",
    "in return",
    "only if",
    "unless",
];
const ADMISSIONS: &[&str] = &[
    "my mistake",
    "my fault",
    "i should have",
    "i'd missed",
    "i missed",
    "i was wrong",
    "i got wrong",
    "i hadn't",
    "i overlooked",
    "i misjudged",
    "on me",
    "i underestimated",
    "i learned",
    "i learnt",
    "looking back",
    "in hindsight",
    "mine",
    "my own",
    "i'd assumed",
    "i assumed",
    "i admitted",
    "i regret",
    "too late",
    "i'd do",
    "i failed",
    "i didn't know",
    "i didn't ask",
    "i'd have",
];
const BLAME: &[&str] = &[
    "incompetent",
    "useless",
    "lazy",
    "garbage",
    "cowards",
    "joke",
    "stupid",
    "idiots",
    "idiot",
    "their fault",
    "his fault",
    "her fault",
    "blame",
    "never listen",
    "didn't listen",
    "nobody listens",
    "not my job",
    "not my problem",
    "their problem",
    "ridiculous",
    "clueless",
    "hopeless",
    "blamed",
    "fault",
    "of course they",
    "typical",
    "excuses",
    "unprofessional",
    "dropped the ball",
    "failed us",
    "let us down",
    "messed",
    "sloppy",
    "unreliable",
    "politics",
    "i told them",
    "told you so",
];
const DENIALS: &[&str] = &[
    "not",
    "no",
    "never",
    "nobody",
    "nothing",
    "none",
    "nor",
    "neither",
    "without",
    "cannot",
    "refuse",
    "refused",
    "didn't",
    "don't",
    "doesn't",
    "wasn't",
    "weren't",
    "isn't",
    "aren't",
    "won't",
    "wouldn't",
    "can't",
    "couldn't",
    "hadn't",
    "haven't",
    "hasn't",
    "shouldn't",
];
const PAST: &[&str] = &[
    "asked", "wrote", "took", "told", "went", "made", "put", "ran", "drew", "built", "said", "got", "found", "sat",
    "sent", "gave", "kept", "cut", "met", "set", "spoke", "chose", "brought", "held", "showed", "led", "split",
    "bought", "drove", "began", "left", "let", "thought", "taught", "had", "did", "saw", "read", "knew", "flew",
    "rang", "dug", "stood", "froze", "swapped", "won", "lost", "heard", "felt", "came", "called", "paid", "sold",
    "laid", "hung", "fought", "stuck", "shut", "wanted",
];
const OTHERS: &[&str] = &[
    "they",
    "he",
    "she",
    "lead",
    "manager",
    "director",
    "team",
    "engineers",
    "architect",
    "boss",
    "somebody",
    "someone",
    "colleague",
    "vp",
    "sponsor",
    "owner",
    "engineer",
    "legal",
    "finance",
    "predecessor",
];

/// Whether a verb form tells of something done.
fn is_past(lower: &str) -> bool {
    PAST.contains(&lower)
        || (lower.len() > 4 && lower.ends_with("ed") && !matches!(lower, "need" | "indeed" | "supposed"))
}

/// How many of the words and phrases stand in the line.
fn hits(line: &str, list: &[&str]) -> usize {
    list.iter().map(|phrase| line.matches(&format!(" {phrase} ")).count()).sum()
}

/// How many words of the list there are.
fn members(words: &[Word], list: &[&str]) -> usize {
    words.iter().filter(|word| list.contains(&word.lower.as_str())).count()
}

impl Reading {
    pub fn of(text: &str) -> Self {
        let visible: String = text.chars().filter(|&c| !is_invisible(c)).collect();
        let words = words(&visible);
        let mut line = String::with_capacity(text.len() + 2);
        line.push(' ');
        for word in &words {
            line.push_str(&word.lower);
            line.push(' ');
        }
        let marks = Marks::of(text, &words, &line);
        Self { words, line, marks }
    }

    /// Whether one of the phrases stands in the sentence, at word borders.
    pub fn says(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.line.contains(&format!(" {phrase} ")))
    }

    /// Whether the word at this place lies under a denial: one of the five words before it denies.
    pub fn denied_at(&self, at: usize) -> bool {
        self.words[at.saturating_sub(5)..at].iter().any(|word| DENIALS.contains(&word.lower.as_str()))
    }
}

impl Marks {
    fn of(text: &str, words: &[Word], line: &str) -> Self {
        let mut marks = Self {
            numbers: words.iter().filter(|w| w.lower.bytes().any(|b| b.is_ascii_digit())).count()
                + members(words, NUMBER_WORDS),
            dates: members(words, DATES),
            names: words
                .iter()
                .skip(1)
                .filter(|word| word.capital && !word.lower.starts_with("i'") && word.lower != "i")
                .count(),
            quotes: text.matches(['"', '“', '”', '„']).count(),
            denials: members(words, DENIALS),
            hedges: hits(line, HEDGES),
            buzzwords: hits(line, BUZZWORDS),
            generalities: hits(line, GENERALITIES),
            consequences: hits(line, CONSEQUENCES),
            trade_offs: hits(line, TRADE_OFFS),
            admissions: hits(line, ADMISSIONS),
            blame: hits(line, BLAME),
            long_words: words.iter().filter(|word| word.lower.chars().count() >= 9).count(),
            ..Self::default()
        };
        for (at, word) in words.iter().enumerate() {
            let next = &words[at + 1..words.len().min(at + 4)];
            let acts = next
                .iter()
                .take_while(|word| !matches!(word.lower.as_str(), "i" | "we" | "they"))
                .any(|word| is_past(&word.lower));
            match word.lower.as_str() {
                "i" | "i'd" | "i've"
                    if next.first().is_some_and(|word| matches!(word.lower.as_str(), "would" | "will" | "could")) =>
                {
                    marks.would += 1
                }
                "i'll" | "we'll" => marks.would += 1,
                "i" | "i've" => marks.i_did += usize::from(acts),
                // "I'd asked" and "I'd ask" differ in the verb alone.
                "i'd" => {
                    if acts {
                        marks.i_did += 1
                    } else {
                        marks.would += 1
                    }
                }
                "we" | "we've" | "we'd" => marks.we_did += usize::from(acts),
                lower if OTHERS.contains(&lower) => marks.others_did += usize::from(acts),
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
