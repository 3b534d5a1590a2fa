//! Cuts answers into numbered sentences, so that a judge can point at words without repeating them.

use super::{Evidence, Exchange, Span};

/// A stretch without any sentence mark is cut after this many words, at a joining word where there is one.
const LONGEST_RUN: usize = 32;

/// Short forms whose full stop ends no sentence.
const ABBREVIATIONS: &[&str] = &[
    "e.g.", "i.e.", "vs.", "etc.", "approx.", "dr.", "mr.", "mrs.", "ms.", "no.", "cf.", "a.m.", "p.m.", "inc.", "st.",
];

/// The sentences of an exchange, numbered from 1 over all its answers.
#[derive(Debug, Clone)]
pub struct Sentences<'a> {
    exchange: &'a Exchange,
    spans: Vec<Span>,
    texts: Vec<&'a str>,
}

impl<'a> Sentences<'a> {
    pub fn of(exchange: &'a Exchange) -> Self {
        let mut sentences = Self { exchange, spans: Vec::new(), texts: Vec::new() };
        for (turn, said) in exchange.turns().iter().enumerate() {
            for (start, end, text) in segment(&said.answer) {
                sentences.spans.push(Span { turn, start, end });
                sentences.texts.push(text);
            }
        }
        sentences
    }

    pub fn exchange(&self) -> &'a Exchange {
        self.exchange
    }

    /// How many there are; the last number.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Number, span and text of each, in order.
    pub fn iter(&self) -> impl Iterator<Item = (usize, Span, &'a str)> + '_ {
        (1..).zip(&self.spans).zip(&self.texts).map(|((number, span), text)| (number, *span, *text))
    }

    /// The words of the sentence with this number, as evidence.
    pub fn evidence(&self, number: usize) -> Option<Evidence> {
        let span = *self.spans.get(number.checked_sub(1)?)?;
        self.exchange.evidence(span)
    }

    pub fn text(&self, number: usize) -> Option<&'a str> {
        self.texts.get(number.checked_sub(1)?).copied()
    }
}

/// The sentences of any text, each as it stands there.
pub fn sentences_in(text: &str) -> impl Iterator<Item = &str> {
    segment(text).into_iter().map(|(_, _, sentence)| sentence)
}

/// Start and end in code points, and the text, of each sentence; white space around them is left out.
fn segment(answer: &str) -> Vec<(usize, usize, &str)> {
    let mut sentences = Vec::new();
    let mut byte = 0;
    for line in answer.split_inclusive(['\n', '\r', '\u{2028}', '\u{2029}']) {
        for sentence in cut_line(line) {
            for piece in cut_run(sentence) {
                sentences.push((byte, byte + piece.len()));
                byte += piece.len();
            }
        }
    }
    let mut chars = 0;
    let mut last = 0;
    sentences
        .into_iter()
        .filter_map(|(from, to)| {
            let piece = &answer[from..to];
            let text = piece.trim();
            if !text.chars().any(char::is_alphanumeric) {
                return None;
            }
            let from = from + (piece.len() - piece.trim_start().len());
            chars += answer[last..from].chars().count();
            let start = chars;
            chars += text.chars().count();
            last = from + text.len();
            Some((start, chars, text))
        })
        .collect()
}

/// Cuts a line after each full stop, question mark, exclamation mark or ellipsis that ends a sentence.
fn cut_line(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut chars = line.char_indices().peekable();
    while let Some((at, mark)) = chars.next() {
        if !matches!(mark, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '।') {
            continue;
        }
        let mut end = at + mark.len_utf8();
        while let Some((next, closer)) =
            chars.next_if(|(_, c)| matches!(c, '.' | '!' | '?' | '…' | '"' | '\'' | '”' | '’' | ')' | ']'))
        {
            end = next + closer.len_utf8();
        }
        let wide = matches!(mark, '。' | '！' | '？');
        let followed = wide || chars.peek().is_none_or(|(_, c)| c.is_whitespace());
        if followed && !(mark == '.' && is_abbreviation(&line[start..end])) {
            pieces.push(&line[start..end]);
            start = end;
        }
    }
    if start < line.len() {
        pieces.push(&line[start..]);
    }
    pieces
}

/// Whether the text ends in a short form, a list number such as "2." or a single initial.
fn is_abbreviation(text: &str) -> bool {
    let word = text.rsplit(char::is_whitespace).next().unwrap_or(text);
    let word = word.trim_start_matches(['(', '"', '“']).to_lowercase();
    let stem = word.trim_end_matches('.');
    let list_number = text.trim() == word && stem.len() <= 2 && stem.bytes().all(|b| b.is_ascii_digit());
    ABBREVIATIONS.contains(&word.as_str()) || list_number
}

/// Cuts a run that no mark divides (speech without punctuation) into stretches a person can read.
fn cut_run(sentence: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut inside = false;
    for (at, c) in sentence.char_indices() {
        if c.is_whitespace() {
            inside = false;
        } else if !inside {
            inside = true;
            words.push(at);
        }
    }
    if words.len() <= LONGEST_RUN + LONGEST_RUN / 2 {
        return vec![sentence];
    }
    let mut pieces = Vec::new();
    let mut first = 0;
    while words.len() - first > LONGEST_RUN + LONGEST_RUN / 2 {
        let window = first + LONGEST_RUN / 2..first + LONGEST_RUN;
        let joint = window.clone().rev().find(|&n| starts_clause(&sentence[words[n]..])).unwrap_or(window.end);
        let from = if first == 0 { 0 } else { words[first] };
        pieces.push(&sentence[from..words[joint]]);
        first = joint;
    }
    pieces.push(&sentence[if first == 0 { 0 } else { words[first] }..]);
    pieces
}

/// Whether the text starts with a word that usually begins a new clause.
fn starts_clause(text: &str) -> bool {
    const JOINTS: &[&str] =
        &["and", "so", "but", "then", "because", "which", "when", "after", "before", "while", "I", "we"];
    let word = text.split(char::is_whitespace).next().unwrap_or(text);
    JOINTS.contains(&word)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(answer: &str) -> Vec<String> {
        let exchange = Exchange::of_answer("q", answer).unwrap();
        Sentences::of(&exchange).iter().map(|(_, _, text)| text.to_owned()).collect()
    }

    #[test]
    fn sentences_end_at_marks_but_not_at_short_forms_or_decimals() {
        assert_eq!(
            texts("We cut 3.5 weeks, e.g. the audit. \"Done?\" I asked. 2. Ship it!"),
            ["We cut 3.5 weeks, e.g. the audit.", "\"Done?\"", "I asked.", "2. Ship it!"]
        );
    }

    #[test]
    fn bullets_and_lines_are_sentences_of_their_own() {
        assert_eq!(
            texts("- Wed: walked over\n- Thu: told the VP\n\n---\n"),
            ["- Wed: walked over", "- Thu: told the VP"]
        );
    }

    #[test]
    fn speech_without_any_mark_is_cut_into_readable_stretches() {
        let spoken = "so we looked at the plan and I called the lead ".repeat(20);
        let pieces = texts(&spoken);
        assert!(pieces.len() > 4);
        assert!(pieces.iter().all(|piece| piece.split_whitespace().count() <= LONGEST_RUN + LONGEST_RUN / 2));
    }

    proptest! {
        #[test]
        fn every_sentence_is_exactly_its_span(answer in "\\PC{1,200}|[a-z .?!\\n\u{0}🚀é\u{202e}]{1,300}") {
            if let Ok(exchange) = Exchange::of_answer("q", &answer) {
                let sentences = Sentences::of(&exchange);
                let mut last = 0;
                for (number, span, text) in sentences.iter() {
                    let evidence = sentences.evidence(number).unwrap();
                    prop_assert_eq!(evidence.text(), text);
                    prop_assert!(span.start >= last);
                    last = span.end;
                }
            }
        }
    }
}
