//! Drops the thinking that some models write in front of their reply, while the reply is still coming in.

const TAGS: &[&str] = &["think", "thinking", "thought", "reasoning"];

/// Passes text through except for a leading `<think>…</think>`, however it is cut into pieces.
#[derive(Debug)]
pub(super) struct Reasoning {
    held: String,
    state: State,
    /// Whether there was any; the white space after it goes with it.
    thought: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Thinking(&'static str),
    Through,
}

impl Reasoning {
    pub(super) fn new() -> Self {
        Self { held: String::new(), state: State::Start, thought: false }
    }

    /// What of the text so far may be shown now.
    pub(super) fn push(&mut self, text: &str) -> String {
        self.held.push_str(text);
        loop {
            match self.state {
                State::Through => return std::mem::take(&mut self.held),
                State::Start => {
                    let begun = self.held.trim_start();
                    if TAGS.iter().any(|tag| format!("<{tag}>").starts_with(begun)) {
                        return String::new();
                    }
                    if let Some(tag) = TAGS.iter().find(|tag| begun.starts_with(&format!("<{tag}>"))) {
                        self.state = State::Thinking(tag);
                        continue;
                    }
                    if self.thought {
                        self.held = begun.to_owned();
                    }
                    self.state = State::Through;
                }
                State::Thinking(tag) => {
                    let end = format!("</{tag}>");
                    let Some(at) = self.held.find(&end) else { return String::new() };
                    self.held.drain(..at + end.len());
                    self.state = State::Start;
                    self.thought = true;
                }
            }
        }
    }

    /// What is left at the end of the reply; unfinished thinking is nothing.
    pub(super) fn finish(&mut self) -> String {
        match self.state {
            State::Start | State::Through => std::mem::take(&mut self.held),
            State::Thinking(_) => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, piece: usize) -> String {
        let mut reasoning = Reasoning::new();
        let chars: Vec<char> = text.chars().collect();
        let mut shown: String =
            chars.chunks(piece).map(|piece| reasoning.push(&piece.iter().collect::<String>())).collect();
        shown.push_str(&reasoning.finish());
        shown
    }

    #[test]
    fn leading_thinking_is_dropped_however_it_is_cut() {
        for piece in 1..30 {
            assert_eq!(shown("\n<think>a < b</think>\n\nTell me more.", piece), "Tell me more.");
            assert_eq!(shown("<think>x</think><reasoning>y</reasoning>Hi", piece), "Hi");
            assert_eq!(shown("Why <think> so?", piece), "Why <think> so?");
            assert_eq!(shown("<th", piece), "<th");
            assert_eq!(shown("<think>never ends", piece), "");
        }
    }
}
