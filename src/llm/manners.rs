//! What the interviewer's voice may not do, checked while it speaks: praise, grade, stray, repeat or make things up.

use std::collections::BTreeSet;

use rust_stemmers::{Algorithm, Stemmer};

use super::interviewer::Task;

/// Words with which praise begins; such a sentence is left out unless it asks something.
const OPENERS: &[&str] = &[
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
const GREETINGS: &[&str] = &["good morning", "good afternoon", "good evening", "good day", "nice to meet"];

/// Praise and grades wherever they stand, unless the question itself has the words.
const FORBIDDEN: &[(&str, &str)] = &[
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

/// The share of the decided words that must come back, by what was decided.
const OF_A_QUESTION: f64 = 0.5;
const OF_A_FOLLOW_UP: f64 = 0.34;

const NUMBER_WORDS: [&str; 13] =
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// Why a turn is not taken, in a few words for the transcript.
pub(super) type Breach = &'static str;

/// Listens to a turn and lets through what may be said.
#[derive(Debug)]
pub(super) struct Manners {
    /// What was decided to be asked, and how much of it must come back; nothing where nothing is asked.
    wanted: Option<(String, f64)>,
    /// Where figures may come from; nothing where the model may make one up.
    figures: Option<String>,
    /// What has been asked before.
    earlier: Vec<String>,
    may_ask: bool,
    heard: String,
    said: String,
    held: String,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// A sentence begins.
    Start,
    /// A sentence that may be praise is held back until it ends.
    Held,
    Through,
}

impl Manners {
    pub(super) fn of(task: &Task) -> Self {
        let (wanted, figures, earlier) = match task {
            Task::Ask { prompt, .. } => (Some((prompt.clone(), OF_A_QUESTION)), Some(prompt.clone()), Vec::new()),
            Task::FollowUp { ask, transcript, told } => {
                let mut known = ask.clone();
                for text in transcript.iter().flat_map(|turn| [&turn.ask, &turn.answer]) {
                    known.push(' ');
                    known.push_str(text);
                }
                for one in told {
                    known.push(' ');
                    known.push_str(&one.told);
                }
                let earlier = transcript.iter().map(|turn| turn.ask.clone()).collect();
                (Some((ask.clone(), OF_A_FOLLOW_UP)), Some(known), earlier)
            }
            Task::Clarify { .. } => (None, None, Vec::new()),
            Task::Close { .. } => (None, Some(String::new()), Vec::new()),
        };
        Self {
            wanted,
            figures,
            earlier,
            may_ask: !matches!(task, Task::Close { .. }),
            heard: String::new(),
            said: String::new(),
            held: String::new(),
            state: State::Start,
        }
    }

    /// Everything that the model said, also what was not let through.
    pub(super) fn heard(&self) -> &str {
        &self.heard
    }

    /// What of the words so far may be heard now.
    pub(super) fn hear(&mut self, piece: &str) -> Result<String, Breach> {
        self.heard.push_str(piece);
        let mut through = String::new();
        for c in piece.chars() {
            self.held.push(c);
            match self.state {
                State::Start => self.begin(c, &mut through),
                State::Held => {
                    if c.is_whitespace() && ends_sentence(self.held.trim_end()) {
                        self.judge_held(&mut through);
                    }
                }
                State::Through => {
                    through.push_str(&std::mem::take(&mut self.held));
                    let said = self.said.chars().chain(through.chars());
                    if c.is_whitespace() && said.rev().find(|c| !c.is_whitespace()).is_some_and(is_end) {
                        self.state = State::Start;
                    }
                }
            }
        }
        self.said.push_str(&through);
        self.forbidden().map_or(Ok(through), Err)
    }

    /// What is left at the end of the turn, and whether all of it was as decided.
    pub(super) fn end(&mut self) -> Result<String, Breach> {
        let mut through = String::new();
        match self.state {
            State::Held => self.judge_held(&mut through),
            State::Start if is_opener(self.held.trim_matches(|c: char| !c.is_alphanumeric())) => self.held.clear(),
            State::Start | State::Through => through = std::mem::take(&mut self.held),
        }
        self.said.push_str(&through);
        if self.said.trim().is_empty() {
            return Err("nothing was said");
        }
        self.breach().map_or(Ok(through), Err)
    }

    /// The first word of a sentence decides whether it is held back.
    fn begin(&mut self, c: char, through: &mut String) {
        let word = self.held.trim_start();
        if word.is_empty() || c.is_alphanumeric() || matches!(c, '\'' | '’' | '-') {
            return;
        }
        let first: String = word.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-')).collect();
        if !is_opener(&first) {
            through.push_str(&std::mem::take(&mut self.held));
            self.state = State::Through;
            // The word itself may have ended the sentence: “Thanks. ”
            if c.is_whitespace() && through.trim_end().chars().next_back().is_some_and(is_end) {
                self.state = State::Start;
            }
        } else if c == ',' {
            // “Great, and which dates moved?” is asked without its first word.
            let space: String = self.held.chars().take_while(|c| c.is_whitespace()).collect();
            self.held = space;
            self.state = State::Start;
        } else {
            self.state = State::Held;
        }
    }

    /// A held sentence is over: praise goes, a question or a greeting stays.
    fn judge_held(&mut self, through: &mut String) {
        let sentence = std::mem::take(&mut self.held);
        let lower = sentence.trim().to_lowercase();
        if lower.contains('?') || GREETINGS.iter().any(|greeting| lower.starts_with(greeting)) {
            through.push_str(&sentence);
        }
        self.state = State::Start;
    }

    fn forbidden(&self) -> Option<Breach> {
        let lower = self.said.to_lowercase().replace('’', "'");
        let wanted = self.wanted.as_ref().map(|(text, _)| text.to_lowercase()).unwrap_or_default();
        FORBIDDEN
            .iter()
            .find(|(words, _)| has_words(&lower, words) && !has_words(&wanted, words))
            .map(|(_, breach)| *breach)
    }

    fn breach(&self) -> Option<Breach> {
        if let Some(breach) = self.forbidden() {
            return Some(breach);
        }
        if !self.may_ask && self.said.contains('?') {
            return Some("it asked something more");
        }
        let said = stems(&self.said);
        if let Some((wanted, least)) = &self.wanted {
            let stems_wanted = stems(wanted);
            let kept = covered(&stems_wanted, &said);
            if stems_wanted.len() >= 3 && kept < *least {
                return Some("it did not ask what was decided");
            }
            let again = self
                .earlier
                .iter()
                .map(|ask| stems(ask))
                .any(|ask| ask.len() >= 4 && covered(&ask, &said) > 0.8 && covered(&ask, &stems_wanted) <= 0.8);
            if again {
                return Some("it asked again what was asked before");
            }
            if !numbers(wanted).iter().all(|number| says_number(&self.said, number)) {
                return Some("it left out a figure");
            }
        }
        let made_up = self
            .figures
            .as_ref()
            .is_some_and(|known| numbers(&self.said).iter().any(|number| !says_number(known, number)));
        made_up.then_some("it made up a figure")
    }
}

fn is_opener(word: &str) -> bool {
    OPENERS.contains(&word.to_lowercase().as_str())
}

const fn is_end(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…')
}

fn ends_sentence(text: &str) -> bool {
    text.chars().next_back().is_some_and(is_end)
}

/// Whether the words stand in the text as words and not inside others.
fn has_words(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + words.len()..].chars().next();
        let is_inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !(is_inside(before) && words.starts_with(char::is_alphanumeric) || is_inside(after))
    })
}

/// The stems of the words that carry meaning.
fn stems(text: &str) -> BTreeSet<String> {
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
fn covered(wanted: &BTreeSet<String>, said: &BTreeSet<String>) -> f64 {
    if wanted.is_empty() {
        return 1.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "a few dozen words")]
    let share = wanted.intersection(said).count() as f64 / wanted.len() as f64;
    share
}

/// The figures of a text, without what groups their digits.
fn numbers(text: &str) -> BTreeSet<String> {
    let plain = text.replace([',', '\u{a0}', '\u{202f}'], "");
    plain.split(|c: char| !c.is_ascii_digit()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Whether the text has the figure, in digits or as a word.
fn says_number(text: &str, number: &str) -> bool {
    let word = number.parse().ok().and_then(|number: usize| NUMBER_WORDS.get(number));
    numbers(text).contains(number) || word.is_some_and(|word| has_words(&text.to_lowercase(), word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{interview::EndReason, llm::interviewer::Place, scoring::Turn};

    fn follow_up() -> Task {
        Task::FollowUp {
            ask: "Which of the delivery dates moved because of the audit?".into(),
            transcript: vec![Turn {
                ask: "Tell me about a programme that slipped badly, and what you did.".into(),
                answer: "We lost 9 days.".into(),
            }],
            told: vec![],
        }
    }

    fn say(task: &Task, text: &str, piece: usize) -> Result<String, Breach> {
        let mut manners = Manners::of(task);
        let mut said = String::new();
        for piece in text.chars().collect::<Vec<_>>().chunks(piece) {
            said.push_str(&manners.hear(&piece.iter().collect::<String>())?);
        }
        said.push_str(&manners.end()?);
        Ok(said)
    }

    #[test]
    fn praise_at_the_beginning_is_left_out_and_the_question_stays() {
        let asks = "Which delivery dates moved because of the audit?";
        for piece in [1, 5, 900] {
            for (praise, left) in [
                ("Great answer! ", ""),
                ("Excellent. That was clear. ", "That was clear. "),
                ("Thanks. ", "Thanks. "),
                ("Nice, ", ""),
                ("I see, 9 days. Good. ", "I see, 9 days. "),
            ] {
                let said = say(&follow_up(), &format!("{praise}{asks}"), piece).unwrap();
                assert_eq!(said.trim(), format!("{left}{asks}"), "{praise} in pieces of {piece}");
            }
        }
    }

    #[test]
    fn a_greeting_is_no_praise() {
        let ask = Task::Ask { prompt: "Tell me about a launch that failed.".into(), place: Place::First };
        let said = "Good morning, and welcome. Tell me about a launch that failed.";
        assert_eq!(say(&ask, said, 3).unwrap(), said);
    }

    #[test]
    fn a_turn_that_grades_strays_repeats_or_makes_things_up_is_not_taken() {
        for (text, breach) in [
            ("That is a 4 out of 5. Which delivery dates moved because of the audit?", "it graded the answer"),
            ("It was, frankly, an impressive audit. Which delivery dates moved?", "it praised the answer"),
            ("The rubric asks which delivery dates moved because of the audit.", "it spoke of the rubric"),
            ("Sure, here is a joke about penguins instead.", "it did not ask what was decided"),
            (
                "Tell me about a programme that slipped badly and what you did; which delivery dates moved?",
                "it asked again what was asked before",
            ),
            ("Which delivery dates moved by 14 weeks because of the audit?", "it made up a figure"),
            ("  \n ", "nothing was said"),
        ] {
            assert_eq!(say(&follow_up(), text, 4), Err(breach), "{text}");
        }
    }

    #[test]
    fn a_question_keeps_its_figures_in_digits_or_words() {
        let prompt = "Your launch is in 6 weeks and 1,200 customers wait. What do you do first?";
        let ask = Task::Ask { prompt: prompt.into(), place: Place::Next };
        let kept = "Thank you. Let us go on: your launch is six weeks away, 1200 customers wait. What do you do first?";
        assert_eq!(say(&ask, kept, 7).unwrap(), kept);
        let lost = "Your launch is near and many customers wait. What do you do first?";
        assert_eq!(say(&ask, lost, 7), Err("it left out a figure"));
    }

    #[test]
    fn words_of_the_question_itself_are_no_breach() {
        let prompt = "An engineer says your rubric for a launch is excellent but useless. What do you reply?";
        let ask = Task::Ask { prompt: prompt.into(), place: Place::First };
        assert_eq!(say(&ask, prompt, 11).unwrap(), prompt);
    }

    #[test]
    fn who_closes_asks_nothing_more() {
        let close = Task::Close { reason: EndReason::Finished };
        assert!(say(&close, "That was the last question. Thank you for your time.", 9).is_ok());
        assert_eq!(say(&close, "Thank you. Do you have questions?", 9), Err("it asked something more"));
    }
}
