//! Answers from standard input: the answer to the question, then those to the follow-ups, set apart by `---`.

use std::io::Read as _;

use crate::{
    cli::misuse,
    scoring::{MAX_ANSWER_CHARS, UnfitAnswer},
};

/// Reads standard input to its end and takes it apart; an error of status 2 where it cannot be an answer.
pub fn read() -> anyhow::Result<Vec<String>> {
    // More than this is refused anyway, and an endless input must not fill the memory.
    let most = 8 * MAX_ANSWER_CHARS as u64;
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(|error| misuse(format!("standard input cannot be read: {error}")))?;
    take_apart(bytes).map_err(misuse)
}

fn take_apart(bytes: Vec<u8>) -> Result<Vec<String>, String> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        format!("standard input is no text: byte {place} is not UTF-8; nothing was kept, give the answer as UTF-8 text")
    })?;
    if text.contains('\0') {
        return Err("standard input holds a NUL character (U+0000); nothing was kept, remove it".to_owned());
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut parts = vec![String::new()];
    for line in text.split_inclusive('\n') {
        if line.trim_end() == "---" {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push_str(line);
        }
    }
    while parts.last().is_some_and(|part| part.trim().is_empty()) {
        parts.pop();
    }
    if parts.is_empty() {
        return Err("no answer on standard input: pipe one in, or run greenroom drill in a terminal".to_owned());
    }
    if let Some(place) = parts.iter().position(|part| part.trim().is_empty()) {
        return Err(format!("part {} of standard input is empty: give an answer before each line of ---", place + 1));
    }
    let chars: usize = parts.iter().map(|part| part.chars().count()).sum();
    if chars > MAX_ANSWER_CHARS {
        return Err(format!("{}; nothing was kept", UnfitAnswer::TooLong { chars }));
    }
    Ok(parts.iter().map(|part| part.trim_end_matches(['\n', '\r']).to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Result<Vec<String>, String> {
        take_apart(text.as_bytes().to_vec())
    }

    #[test]
    fn a_line_of_three_dashes_sets_the_answers_apart() {
        assert_eq!(parts("one\n\ntwo\n---\nthree\r\n--- \nfour").unwrap(), ["one\n\ntwo", "three", "four"]);
        assert_eq!(parts("one\n---\n\n---\n").unwrap(), ["one"]);
        assert_eq!(parts("a --- b\n----\n").unwrap(), ["a --- b\n----"]);
    }

    #[test]
    fn what_cannot_be_an_answer_is_refused_with_the_way_out() {
        assert!(parts(" \n---\n").unwrap_err().contains("no answer"));
        assert!(parts("---\ntwo").unwrap_err().contains("part 1"));
        assert!(parts("a\0b").unwrap_err().contains("NUL"));
        assert!(take_apart(vec![b'a', 0xff, 0xfe]).unwrap_err().contains("byte 1"));
        assert!(parts(&"x".repeat(MAX_ANSWER_CHARS + 1)).unwrap_err().contains("shorten it by 1"));
    }
}
