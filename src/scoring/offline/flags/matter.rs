//! Whether there is an answer at all: its language, its readability, its matter.

use std::collections::BTreeSet;

use super::{Line, Text, asked::Asked, lookalike::has_mixed_words};
use crate::scoring::check::is_invisible;

/// The fewest letters from which a language is told, and how sure the detection must be.
const LANGUAGE: (usize, f64) = (80, 0.9);

/// All sentences, where the answer is surely in another language than English.
pub(super) fn foreign(text: &Text<'_>) -> Option<Vec<usize>> {
    let whole = text.lines.iter().map(|line| line.raw).collect::<Vec<_>>().join(" ");
    let letters = whole.chars().filter(|c| c.is_alphabetic()).count();
    let latin = whole.chars().filter(char::is_ascii_alphabetic).count();
    // English function words are in every English answer; names and terms of art are in all languages.
    let words = text.lines.iter().flat_map(|line| &line.reading.words);
    let stops = words.filter(|word| word.stop).count();
    let other_script = letters >= 20 && latin * 2 < letters;
    let few_stops = letters >= LANGUAGE.0 && stops * 4 < text.words;
    // Detection takes longer than all other rules together and has no say in any other case.
    if !other_script && !few_stops {
        return None;
    }
    let found = whatlang::detect(&whole)?;
    let other_language = few_stops && found.confidence() >= LANGUAGE.1;
    (found.lang() != whatlang::Lang::Eng && (other_script || other_language)).then(|| text.all())
}

/// Sentences with characters that cannot be seen and have no business in English prose, with a comment mark, or with a word
/// that mixes Latin letters with others that look like them.
pub(super) fn hidden(text: &Text<'_>) -> Option<Vec<usize>> {
    text.numbers(|line| {
        let mut before = ' ';
        let mut chars = line.raw.chars().peekable();
        while let Some(c) = chars.next() {
            // Soft hyphens and byte-order marks come with honest pasting; joiners hold emoji and many scripts together.
            let joiner = matches!(c, '\u{200c}' | '\u{200d}')
                && !before.is_ascii()
                && chars.peek().is_some_and(|next| !next.is_ascii());
            if is_invisible(c) && !matches!(c, '\u{ad}' | '\u{feff}') && !joiner {
                return true;
            }
            before = c;
        }
        line.raw.contains("<!--") || has_mixed_words(line.raw)
    })
}

/// All sentences, where the text is no prose: random letters, or words said over and over.
pub(super) fn gibberish(text: &Text<'_>) -> Option<Vec<usize>> {
    let words: Vec<&str> =
        text.lines.iter().flat_map(|line| &line.reading.words).map(|word| word.lower.as_str()).collect();
    if words.len() < 4 {
        let symbols = text.lines.iter().flat_map(|line| line.raw.chars()).filter(|c| !c.is_whitespace());
        let (letters, all) =
            symbols.fold((0, 0), |(letters, all), c| (letters + usize::from(c.is_alphanumeric()), all + 1));
        return (all >= 20 && letters * 2 < all || words.iter().any(|word| !is_wordlike(word))).then(|| text.all());
    }
    let unlike = words.iter().filter(|word| !is_wordlike(word)).count();
    // "I I went" is speech, and so are some such; the same word again and again is not.
    let twice = words.windows(2).filter(|pair| pair[0] == pair[1]).count();
    let kinds = words.iter().collect::<BTreeSet<_>>().len();
    let stuck = words.len() >= 15 && (twice * 12 >= words.len() || kinds * 6 < words.len() && kinds < 25);
    (unlike * 3 >= words.len() || stuck).then(|| text.all())
}

/// Whether letters stand as they do in words: some vowel, no long run of consonants, no endless length.
fn is_wordlike(word: &str) -> bool {
    if !word.is_ascii() || word.bytes().any(|byte| byte.is_ascii_digit()) {
        return !word.contains('\u{fffd}');
    }
    let letters = word.bytes().filter(u8::is_ascii_alphabetic);
    let (mut run, mut longest, mut vowels, mut count) = (0, 0, 0, 0);
    for letter in letters {
        count += 1;
        if matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y') {
            vowels += 1;
            run = 0;
        } else {
            run += 1;
            longest = longest.max(run);
        }
    }
    count < 5 || (vowels > 0 && longest < 6 && count < 25)
}

/// Sentences that string terms together, where they are most of the answer.
pub(super) fn keyword_list(text: &Text<'_>) -> Option<Vec<usize>> {
    let numbers = text.numbers(is_list)?;
    let joined = text.words_in(&numbers);
    (text.words >= 12 && joined * 100 >= text.words * 60).then_some(numbers)
}

/// Many short pieces between commas and hardly a word that makes a sentence of them.
fn is_list(line: &Line<'_>) -> bool {
    let pieces = line.raw.split([',', ';', '|', '/', '•', '\n']).filter(|piece| !piece.trim().is_empty()).count();
    let words = line.reading.words.len();
    let stops = line.reading.words.iter().filter(|word| word.stop).count();
    let acts = line.reading.marks.i_did + line.reading.marks.we_did + line.reading.marks.would;
    let bare = words >= 6 && stops * 10 <= words;
    acts == 0
        && line.reading.marks.numbers * 4 < words
        && (pieces >= 4 && words <= pieces * 4 && stops * 4 <= words || bare)
}

/// All sentences, where a long enough answer shares no word with the question and its points and hardly any with a
/// program manager's work. Anything closer than that needs an understanding that word lists do not have.
pub(super) fn off_topic(text: &Text<'_>, asked: &Asked) -> Option<Vec<usize>> {
    let telling = || text.lines.iter().flat_map(|line| &line.reading.words).filter(|word| !word.stop);
    let shared: BTreeSet<&str> =
        telling().map(|word| word.stem.as_str()).filter(|stem| asked.matter.contains(*stem)).collect();
    let at_work = telling().filter(|word| !word.concepts.is_empty()).count();
    (text.words >= 50 && shared.len() <= 1 && at_work * 100 < telling().count() * AT_WORK).then(|| text.all())
}

/// Per cent of the telling words that must belong to a group of `concepts.txt`.
const AT_WORK: usize = 25;

/// All sentences, where a long enough answer has no case: nothing done, no number, no name, and general talk instead.
pub(super) fn generic(text: &Text<'_>) -> Option<Vec<usize>> {
    let sum = |count: fn(&Line<'_>) -> usize| text.lines.iter().map(count).sum::<usize>();
    let done = sum(|line| line.reading.marks.i_did + line.reading.marks.we_did);
    let concrete = sum(|line| line.reading.marks.numbers + line.reading.marks.dates);
    let talk = sum(|line| line.reading.marks.buzzwords + line.reading.marks.generalities);
    (text.words >= 50 && done <= 1 && concrete <= 2 && talk * 25 >= text.words).then(|| text.all())
}
