//! Cuts text into the pieces of words that the sentence model was trained on (BERT's uncased one).

use std::collections::HashMap;

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// Words with more characters than this are one unknown piece.
const LONGEST_WORD: usize = 100;

/// The pieces by their text; a piece's number is its line in the vocabulary.
#[derive(Debug)]
pub(super) struct Vocabulary {
    pieces: HashMap<&'static str, u16>,
    unknown: u16,
    pub start: u16,
    pub end: u16,
}

impl Vocabulary {
    /// One piece a line; pieces that continue a word begin with `##`.
    pub fn of(lines: &'static str) -> Self {
        let pieces: HashMap<&'static str, u16> = lines.lines().zip(0..).collect();
        let special = |name: &str| pieces.get(name).copied().unwrap_or_default();
        Self { unknown: special("[UNK]"), start: special("[CLS]"), end: special("[SEP]"), pieces }
    }

    /// The numbers of the text's pieces, without start and end.
    pub fn cut(&self, text: &str) -> Vec<u16> {
        let mut numbers = Vec::new();
        let mut word = String::new();
        for c in text.nfd().filter(|&c| !is_combining_mark(c)).flat_map(char::to_lowercase) {
            if c.is_whitespace() {
                self.cut_word(&std::mem::take(&mut word), &mut numbers);
            } else if c == '\0' || c == '\u{fffd}' || (c.is_control()) || is_format(c) {
            } else if stands_alone(c) {
                self.cut_word(&std::mem::take(&mut word), &mut numbers);
                self.cut_word(c.encode_utf8(&mut [0; 4]), &mut numbers);
            } else {
                word.push(c);
            }
        }
        self.cut_word(&word, &mut numbers);
        numbers
    }

    /// The longest piece that fits comes first, then the longest of the rest, and so on.
    fn cut_word(&self, word: &str, numbers: &mut Vec<u16>) {
        if word.is_empty() {
            return;
        }
        let before = numbers.len();
        let mut rest = word;
        if word.chars().count() > LONGEST_WORD {
            numbers.push(self.unknown);
            return;
        }
        let mut piece = String::with_capacity(word.len() + 2);
        while !rest.is_empty() {
            let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8()).rev();
            let found = ends.into_iter().find_map(|end| {
                piece.clear();
                if rest.len() < word.len() {
                    piece.push_str("##");
                }
                piece.push_str(&rest[..end]);
                self.pieces.get(piece.as_str()).map(|&number| (number, end))
            });
            let Some((number, end)) = found else {
                numbers.truncate(before);
                numbers.push(self.unknown);
                return;
            };
            numbers.push(number);
            rest = &rest[end..];
        }
    }
}

/// Marks, and signs of scripts that are written without spaces.
fn stands_alone(c: char) -> bool {
    let code = u32::from(c);
    c.is_ascii_punctuation()
        || matches!(code, 0x2010..=0x2027 | 0x2030..=0x205e | 0xa1 | 0xa7 | 0xab | 0xb6 | 0xb7 | 0xbb | 0xbf)
        || matches!(code, 0x3000..=0x303f | 0xff01..=0xff0f | 0xff1a..=0xff20)
        || matches!(code, 0x4e00..=0x9fff | 0x3400..=0x4dbf | 0x20000..=0x2a6df | 0xf900..=0xfaff)
}

/// Characters that only steer how others are shown.
const fn is_format(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_into_the_longest_pieces_and_marks_stand_alone() {
        let vocabulary = Vocabulary::of("[UNK]\n[CLS]\n[SEP]\nrisk\n##y\nplan\n##ning\n,\ncafe\n##s\n'");
        let cut = |text: &str| vocabulary.cut(text);
        assert_eq!(cut("Risky planning, CAFÉS"), [3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(cut("plan's"), [5, 10, 0]);
        assert_eq!(cut("risk\u{200b}y\u{0}"), [3, 4]);
        assert_eq!(cut(&"plan".repeat(26)), [0]);
        assert_eq!((vocabulary.start, vocabulary.end), (1, 2));
        assert!(cut(" \n\t").is_empty());
    }
}
