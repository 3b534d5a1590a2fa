//! What was said about one question, and spans of it: evidence can only be made from words that are there.

use serde::{Deserialize, Serialize};

use super::Spoken;

/// The most that one exchange may hold, in Unicode code points over all its answers.
pub const MAX_ANSWER_CHARS: usize = 20_000;

/// One ask of the interviewer with the candidate's answer to it, exactly as given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    pub ask: String,
    pub answer: String,
}

/// A question's first answer and the answers to its follow-ups: the unit that is scored.
///
/// Holds at least one turn, at least one answer that is more than white space, and at most [`MAX_ANSWER_CHARS`]
/// code points of answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    turns: Vec<Turn>,
    /// How each answer was given aloud; shorter than the turns where the rest was typed. No judge looks at it.
    spoken: Vec<Option<Spoken>>,
}

/// Why what was said cannot be scored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnfitAnswer {
    #[error("the answer is empty: say or type at least a word")]
    Empty,
    #[error("the answer has {chars} characters; at most {MAX_ANSWER_CHARS} are read: shorten it by {}", chars - MAX_ANSWER_CHARS)]
    TooLong { chars: usize },
}

impl Exchange {
    pub fn new(turns: Vec<Turn>) -> Result<Self, UnfitAnswer> {
        let chars: usize = turns.iter().map(|turn| turn.answer.chars().count()).sum();
        if turns.iter().all(|turn| turn.answer.trim().is_empty()) {
            Err(UnfitAnswer::Empty)
        } else if chars > MAX_ANSWER_CHARS {
            Err(UnfitAnswer::TooLong { chars })
        } else {
            Ok(Self { turns, spoken: Vec::new() })
        }
    }

    /// An exchange of one answer without follow-ups.
    pub fn of_answer(ask: &str, answer: &str) -> Result<Self, UnfitAnswer> {
        Self::new(vec![Turn { ask: ask.to_owned(), answer: answer.to_owned() }])
    }

    /// The same exchange with how each answer was given, in the order of the turns.
    #[must_use]
    pub fn given(self, spoken: Vec<Option<Spoken>>) -> Self {
        Self { spoken, ..self }
    }

    /// The answers that were spoken, with how.
    pub fn spoken(&self) -> impl Iterator<Item = (&Turn, &Spoken)> {
        self.turns.iter().zip(&self.spoken).filter_map(|(turn, spoken)| Some((turn, spoken.as_ref()?)))
    }

    pub fn turns(&self) -> &[Turn] {
        &self.turns
    }

    /// The words at `span`, or nothing where the span does not lie inside one of the answers.
    pub fn evidence(&self, span: Span) -> Option<Evidence> {
        let answer = &self.turns.get(span.turn)?.answer;
        let text = slice_chars(answer, span.start, span.end)?;
        Some(Evidence { span, text: text.to_owned() })
    }
}

/// A stretch of one answer, in Unicode code points of the answer as it was given; `end` is one past the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// Which answer of the exchange, from 0.
    pub turn: usize,
    pub start: usize,
    pub end: usize,
}

/// Words that the candidate said, with the place where they stand.
///
/// Only [`Exchange::evidence`] makes one, from a span of that exchange: a quote that is not in the
/// transcript cannot be represented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    span: Span,
    text: String,
}

impl Evidence {
    pub fn span(&self) -> Span {
        self.span
    }

    pub fn text(&self) -> &str {
        &self.text
    }
}

/// The slice of `text` from code point `start` up to `end`; nothing where it is empty or passes the end.
fn slice_chars(text: &str, start: usize, end: usize) -> Option<&str> {
    if start >= end {
        return None;
    }
    let mut offsets = text.char_indices().map(|(byte, _)| byte).chain([text.len()]);
    let from = offsets.nth(start)?;
    let to = offsets.nth(end - start - 1)?;
    Some(&text[from..to])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_the_exact_slice_in_code_points() {
        let exchange = Exchange::of_answer("q", "né 🚀 then I shipped").unwrap();
        let evidence = exchange.evidence(Span { turn: 0, start: 3, end: 9 }).unwrap();
        assert_eq!(evidence.text(), "🚀 then");
    }

    #[test]
    fn a_span_outside_the_answer_is_no_evidence() {
        let exchange = Exchange::of_answer("q", "short").unwrap();
        for (turn, start, end) in [(0, 0, 6), (0, 5, 6), (0, 2, 2), (0, 3, 1), (1, 0, 1)] {
            assert!(exchange.evidence(Span { turn, start, end }).is_none());
        }
        assert_eq!(exchange.evidence(Span { turn: 0, start: 0, end: 5 }).unwrap().text(), "short");
    }

    #[test]
    fn white_space_is_no_answer_and_length_is_counted_in_code_points() {
        assert_eq!(Exchange::of_answer("q", " \n\t"), Err(UnfitAnswer::Empty));
        assert!(Exchange::of_answer("q", &"é".repeat(MAX_ANSWER_CHARS)).is_ok());
        let long = Exchange::of_answer("q", &"é".repeat(MAX_ANSWER_CHARS + 1));
        assert_eq!(long, Err(UnfitAnswer::TooLong { chars: MAX_ANSWER_CHARS + 1 }));
    }
}
