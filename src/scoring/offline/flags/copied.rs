//! Sentences that only give back the question or the rubric.

use std::collections::BTreeSet;

use super::{Text, asked::Asked};

/// How many telling words a sentence or rubric text must have before a likeness means anything.
const ENOUGH: usize = 5;

/// The part of a rubric text that a sentence must repeat, and the part of the sentence that must be repetition.
const REPEATED: (usize, usize) = (70, 55);

/// Per cent of `part` in `whole`.
fn percent(part: usize, whole: usize) -> usize {
    (part * 100).checked_div(whole).unwrap_or(0)
}

/// Sentences that repeat a point or a pitfall of this question nearly word for word, at least two of them or most of
/// the answer.
pub(super) fn from_rubric(text: &Text<'_>, asked: &Asked) -> Option<Vec<usize>> {
    let numbers = text.numbers(|line| {
        let said: BTreeSet<&String> =
            line.reading.words.iter().filter(|word| !word.stop).map(|word| &word.stem).collect();
        asked.rubric.iter().any(|wanted| {
            let shared = said.iter().filter(|stem| wanted.contains(**stem)).count();
            wanted.len() >= 3
                && shared >= 3
                && percent(shared, wanted.len()) >= REPEATED.0
                && percent(shared, said.len()) >= REPEATED.1
        })
    })?;
    (numbers.len() >= 2 || percent(text.words_in(&numbers), text.words) >= 50).then_some(numbers)
}

/// Sentences made of the question's words, where they are most of the answer.
pub(super) fn from_question(text: &Text<'_>, asked: &Asked) -> Option<Vec<usize>> {
    let numbers = text.numbers(|line| {
        let said: BTreeSet<&String> =
            line.reading.words.iter().filter(|word| !word.stop).map(|word| &word.stem).collect();
        let shared = said.iter().filter(|stem| asked.prompt.contains(**stem)).count();
        said.len() >= ENOUGH.min(3) && percent(shared, said.len()) >= 45
    })?;
    (text.words >= 12 && percent(text.words_in(&numbers), text.words) >= 45).then_some(numbers)
}
