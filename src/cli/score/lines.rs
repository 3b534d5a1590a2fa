//! A line of answers as it comes in and a line of scores as it goes out.

use std::{
    io::{self, BufRead},
    sync::Arc,
};

use serde::Serialize;
use serde_json::Value;

use crate::{
    question::{Question, QuestionId},
    scoring::{Exchange, Scorecard, Turn, UnfitAnswer, wire::ScorecardView},
};

/// The longest line that is read, in bytes: any answer of permitted length fits, however it is escaped.
const LONGEST_LINE: usize = 4 << 20;

/// A line without its end, counted from 1; `text` is cut where the line is longer than anybody may send.
#[derive(Debug)]
pub(super) struct RawLine {
    pub(super) number: usize,
    pub(super) text: Vec<u8>,
    pub(super) is_cut: bool,
}

/// Reads line after line in bounded memory until the end, an error, or `each` wants no more.
pub(super) fn read(mut input: impl BufRead, mut each: impl FnMut(io::Result<RawLine>) -> bool) {
    let mut number = 0;
    loop {
        number += 1;
        match one(&mut input, number) {
            Ok(Some(line)) => {
                if !each(Ok(line)) {
                    return;
                }
            }
            Ok(None) => return,
            Err(error) => {
                each(Err(error));
                return;
            }
        }
    }
}

fn one(input: &mut impl BufRead, number: usize) -> io::Result<Option<RawLine>> {
    let mut line = RawLine { number, text: Vec::new(), is_cut: false };
    let mut any = false;
    loop {
        let buffer = match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            other => other?,
        };
        if buffer.is_empty() {
            return Ok(any.then_some(line));
        }
        any = true;
        let end = buffer.iter().position(|&byte| byte == b'\n');
        let piece = &buffer[..end.unwrap_or(buffer.len())];
        let room = LONGEST_LINE - line.text.len();
        line.is_cut |= piece.len() > room;
        line.text.extend_from_slice(&piece[..piece.len().min(room)]);
        let used = end.map_or(buffer.len(), |end| end + 1);
        input.consume(used);
        if end.is_some() {
            return Ok(Some(line));
        }
    }
}

/// Why a line was not scored, by its stable code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Refusal {
    pub(super) code: &'static str,
    pub(super) message: String,
    /// What a model replied where that could not be used, as it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reply: Option<String>,
}

impl Refusal {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), reply: None }
    }
}

/// An answer that can be judged.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) id: String,
    pub(super) line: usize,
    pub(super) question: Arc<Question>,
    pub(super) exchange: Exchange,
}

/// The id, as far as there is one, and the answer or what is wrong with the line.
pub(super) fn parse(
    line: &RawLine,
    find: impl Fn(&QuestionId) -> Option<Arc<Question>>,
) -> (Option<String>, Result<Answer, Refusal>) {
    if line.is_cut {
        return (
            None,
            Err(Refusal::new("too-long", format!("the line has more than {LONGEST_LINE} bytes; shorten it"))),
        );
    }
    let text = line.text.strip_prefix("\u{feff}".as_bytes()).filter(|_| line.number == 1).unwrap_or(&line.text);
    let fields = match serde_json::from_slice::<Value>(text) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) => return (None, Err(Refusal::new("not-json", "the line is no JSON object; write {\"id\": …} on it"))),
        Err(_) if text.trim_ascii().is_empty() => {
            return (None, Err(Refusal::new("not-json", "the line is empty; take it out")));
        }
        Err(error) => {
            // The parser counts lines within this one, which would read like the number of another line.
            let message = error.to_string().replace(&format!(" at line {} column ", error.line()), " at byte ");
            return (
                None,
                Err(Refusal::new("not-json", format!("the line is no JSON: {message}; write one object a line"))),
            );
        }
    };
    let text = |name: &str| match fields.get(name) {
        Some(Value::String(text)) => Ok(text.as_str()),
        Some(_) => Err(Refusal::new("missing-field", format!("`{name}` is no text; put it in quotes"))),
        None => Err(Refusal::new("missing-field", format!("`{name}` is missing; add it"))),
    };
    let id = match text("id") {
        Ok(id) => id.to_owned(),
        Err(refusal) => return (None, Err(refusal)),
    };
    let answer = || {
        let given = text("question")?;
        let unknown = |why: String| Refusal::new("unknown-question", why);
        let question: QuestionId = given.parse().map_err(|error| unknown(format!("{error}")))?;
        let question = find(&question).ok_or_else(|| {
            unknown(format!("the bank has no question `{question}`; `greenroom bank list` shows those there are"))
        })?;
        let exchange = match fields.get("turns") {
            Some(Value::Array(turns)) => Exchange::new(said(turns, &question)?),
            Some(Value::Null) | None => Exchange::of_answer(&question.prompt, text("answer")?),
            Some(_) => return Err(Refusal::new("missing-field", "`turns` is no list of {\"ask\": …, \"answer\": …}")),
        };
        let exchange = exchange.map_err(|unfit| match unfit {
            UnfitAnswer::Empty => Refusal::new("no-answer", unfit.to_string()),
            UnfitAnswer::TooLong { .. } => Refusal::new("too-long", unfit.to_string()),
        })?;
        Ok(Answer { id: id.clone(), line: line.number, question, exchange })
    };
    let answer = answer();
    (Some(id), answer)
}

/// The turns of a conversation; the first may leave out its ask, which is the question.
fn said(turns: &[Value], question: &Question) -> Result<Vec<Turn>, Refusal> {
    let text = |at: usize, name: &str| match turns[at].get(name) {
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Null) | None => Ok(None),
        Some(_) => Err(Refusal::new("missing-field", format!("`turns[{at}].{name}` is no text; put it in quotes"))),
    };
    let missing =
        |at: usize, name: &str| Refusal::new("missing-field", format!("`turns[{at}].{name}` is missing; add it"));
    (0..turns.len())
        .map(|at| {
            let opening = (at == 0).then(|| question.prompt.clone());
            let ask = text(at, "ask")?.or(opening).ok_or_else(|| missing(at, "ask"))?;
            let answer = text(at, "answer")?.ok_or_else(|| missing(at, "answer"))?;
            Ok(Turn { ask, answer })
        })
        .collect()
}

/// What became of a line.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Outcome {
    Scored {
        id: String,
        #[serde(flatten)]
        card: Box<ScorecardView>,
    },
    Refused {
        id: Option<String>,
        line: usize,
        error: Refusal,
    },
}

impl Outcome {
    pub(super) fn scored(id: String, card: &Scorecard) -> Self {
        Self::Scored { id, card: Box::new(card.into()) }
    }

    pub(super) fn refused(id: Option<String>, line: usize, error: Refusal) -> Self {
        Self::Refused { id, line, error }
    }

    pub(super) fn line(&self) -> String {
        serde_json::to_string(self).expect("a score is plain data")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(input: &[u8], capacity: usize) -> Vec<RawLine> {
        let mut lines = Vec::new();
        read(io::BufReader::with_capacity(capacity, input), |line| {
            lines.push(line.unwrap());
            true
        });
        lines
    }

    fn code(line: &[u8]) -> &'static str {
        let line = RawLine { number: 2, text: line.to_vec(), is_cut: false };
        parse(&line, |_| None).1.unwrap_err().code
    }

    #[test]
    fn lines_are_the_same_whatever_the_size_of_the_buffer_and_a_last_line_needs_no_end() {
        for capacity in [1, 3, 4096] {
            let lines = all(b"one\n\n\xff\xfe\0\ntwo", capacity);
            let seen: Vec<_> = lines.iter().map(|line| (line.number, line.text.as_slice())).collect();
            assert_eq!(seen, [(1, &b"one"[..]), (2, b""), (3, b"\xff\xfe\0"), (4, b"two")]);
        }
        assert_eq!(all(b"one\n", 8).len(), 1);
        assert!(all(b"", 8).is_empty());
    }

    #[test]
    fn a_line_without_end_is_read_in_bounded_memory_and_the_next_one_is_whole() {
        let mut input = vec![b'x'; LONGEST_LINE + 10];
        input.extend_from_slice(b"\nnext");
        let lines = all(&input, 1 << 16);
        assert!(lines[0].is_cut && lines[0].text.len() == LONGEST_LINE);
        assert_eq!((lines[1].text.as_slice(), lines[1].is_cut), (&b"next"[..], false));
    }

    #[test]
    fn noise_is_refused_by_code_and_never_panics() {
        let deep = "[".repeat(100_000);
        for (line, wanted) in [
            (&b""[..], "not-json"),
            (b"   \r", "not-json"),
            (b"\xff\xfe\0\x01", "not-json"),
            (b"null", "not-json"),
            (b"[1]", "not-json"),
            (b"{\"id\": \"a\"", "not-json"),
            (b"{\"id\": \"a\", \"answer\": \"\\ud800\"}", "not-json"),
            (deep.as_bytes(), "not-json"),
            (b"{}", "missing-field"),
            (b"{\"id\": 7}", "missing-field"),
            (b"{\"id\": \"a\"}", "missing-field"),
            (b"{\"id\": \"a\", \"question\": \"Nonsense\"}", "unknown-question"),
            (b"{\"id\": \"a\", \"question\": \"risk/none\"}", "unknown-question"),
        ] {
            assert_eq!(code(line), wanted, "{}", String::from_utf8_lossy(&line[..line.len().min(40)]));
        }
    }
}
