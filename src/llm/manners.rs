//! What the interviewer's voice may not do, checked while it speaks: praise, grade, stray, repeat or make things up.

#[cfg(test)]
mod tests;
mod words;

use super::interviewer::Task;
use words::{FORBIDDEN, GREETINGS, covered, ends_sentence, has_words, is_end, is_opener, numbers, says_number, stems};

/// The share of the decided words that must come back, by what was decided.
const OF_A_QUESTION: f64 = 0.5;
const OF_A_FOLLOW_UP: f64 = 0.34;

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
