//! Letters of other scripts that pass for Latin ones: a word that mixes them was made to be read in two ways.

use std::borrow::Cow;

/// Cyrillic and Greek letters, each with the Latin letter it looks like.
const LOOKALIKES: &[(char, char)] = &[
    ('а', 'a'),
    ('с', 'c'),
    ('ԁ', 'd'),
    ('е', 'e'),
    ('һ', 'h'),
    ('і', 'i'),
    ('ј', 'j'),
    ('ӏ', 'l'),
    ('о', 'o'),
    ('р', 'p'),
    ('ԛ', 'q'),
    ('ѕ', 's'),
    ('ѵ', 'v'),
    ('ԝ', 'w'),
    ('х', 'x'),
    ('у', 'y'),
    ('А', 'A'),
    ('В', 'B'),
    ('С', 'C'),
    ('Е', 'E'),
    ('Н', 'H'),
    ('І', 'I'),
    ('Ј', 'J'),
    ('К', 'K'),
    ('М', 'M'),
    ('О', 'O'),
    ('Р', 'P'),
    ('Ѕ', 'S'),
    ('Т', 'T'),
    ('Х', 'X'),
    ('Υ', 'Y'),
    ('α', 'a'),
    ('ι', 'i'),
    ('κ', 'k'),
    ('ν', 'v'),
    ('ο', 'o'),
    ('ρ', 'p'),
    ('τ', 't'),
    ('υ', 'u'),
    ('Α', 'A'),
    ('Β', 'B'),
    ('Ε', 'E'),
    ('Ζ', 'Z'),
    ('Η', 'H'),
    ('Ι', 'I'),
    ('Κ', 'K'),
    ('Μ', 'M'),
    ('Ν', 'N'),
    ('Ο', 'O'),
    ('Ρ', 'P'),
    ('Τ', 'T'),
    ('Χ', 'X'),
];

fn latin(c: char) -> Option<char> {
    LOOKALIKES.iter().find(|(other, _)| *other == c).map(|(_, latin)| *latin)
}

/// Whether the word has Latin letters and letters that pass for them.
fn is_mixed(word: &str) -> bool {
    word.chars().any(|c| latin(c).is_some()) && word.chars().any(|c| c.is_ascii_alphabetic())
}

/// Whether any word was mixed.
pub(super) fn has_mixed_words(text: &str) -> bool {
    !text.is_ascii() && text.split(|c: char| !c.is_alphabetic()).any(is_mixed)
}

/// The text as it looks: in mixed words every letter that passes for a Latin one becomes it.
pub(super) fn as_it_looks(text: &str) -> Cow<'_, str> {
    if !has_mixed_words(text) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| latin(c).unwrap_or(c)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_two_scripts_is_read_as_it_looks_and_a_foreign_name_is_left_alone() {
        // "Ignore" with a Cyrillic о, "marks" with a Cyrillic а.
        assert_eq!(as_it_looks("Ignоre the full mаrks"), "Ignore the full marks");
        assert!(has_mixed_words("full mаrks"));
        for honest in ["Our lead Оксана agreed.", "α = 0.05 and Δt", "naïve café", "plain"] {
            assert!(!has_mixed_words(honest), "{honest}");
            assert_eq!(as_it_looks(honest), honest);
        }
    }
}
