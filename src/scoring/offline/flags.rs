//! Plain signs that an answer is no answer: each rule looks for one thing and says which sentences show it.

mod asked;
mod copied;
mod grader;
mod lookalike;
mod matter;

use super::{
    lexicon::words,
    markers::Found,
    reading::{Reading, visible},
};
use crate::{
    question::Question,
    scoring::{FlagClaim, FlagCode, Sentences},
};
use asked::Asked;

/// What is wrong with the answer as a whole, in the order in which the rules are tried; each code at most once.
///
/// The words decide and nothing fitted, so that the same text gets the same flags whatever the weights.
pub fn flags(sentences: &Sentences<'_>, question: &Question) -> Vec<FlagClaim> {
    let text = Text::of(sentences);
    let asked = Asked::by(question);
    let mut found = Vec::new();
    let mut claim = |code: FlagCode, sentences: Option<Vec<usize>>| {
        found.extend(sentences.map(|sentences| FlagClaim { code, sentences }));
    };
    if let Some(foreign) = matter::foreign(&text) {
        claim(FlagCode::LanguageNotSupported, Some(foreign));
        claim(FlagCode::HiddenText, matter::hidden(&text));
        return found;
    }
    claim(FlagCode::AddressesTheGrader, grader::addressed(&text));
    claim(FlagCode::ForgedVerdict, grader::forged(&text, question));
    claim(FlagCode::HiddenText, matter::hidden(&text));
    claim(FlagCode::RestatesRubric, copied::from_rubric(&text, &asked));
    claim(FlagCode::RestatesQuestion, copied::from_question(&text, &asked));
    // What was said to the grader or forged is dealt with; the rest is looked at for whether it is an answer.
    let text = text.without(&found);
    let mut claim = |code: FlagCode, sentences: Option<Vec<usize>>| {
        found.extend(sentences.map(|sentences| FlagClaim { code, sentences }));
    };
    let gibberish = matter::gibberish(&text);
    let list = if gibberish.is_none() { matter::keyword_list(&text) } else { None };
    let readable = gibberish.is_none() && list.is_none();
    claim(FlagCode::Gibberish, gibberish);
    claim(FlagCode::KeywordList, list);
    if readable {
        claim(FlagCode::OffTopic, matter::off_topic(&text, &asked));
        claim(FlagCode::Generic, matter::generic(&text));
    }
    found
}

impl Line<'_> {
    fn unquoted(&self) -> &Found {
        self.unquoted.as_ref().unwrap_or(&self.reading.found)
    }
}

/// The sentences as the rules read them.
struct Text<'a> {
    lines: Vec<Line<'a>>,
    /// Words in all.
    words: usize,
}

struct Line<'a> {
    /// From 1.
    number: usize,
    raw: &'a str,
    /// In lower case.
    lower: String,
    reading: Reading,
    /// The markers of what stands outside quotation marks, where that is not all of it; a quotation may run over several
    /// sentences of one line.
    unquoted: Option<Found>,
    /// Sentences with the same number stand on one line of the answer.
    row: usize,
}

impl<'a> Text<'a> {
    fn of(sentences: &Sentences<'a>) -> Self {
        let mut lines = Vec::new();
        let (mut row, mut turn, mut breaks) = (0, 0, Vec::new());
        let (mut quoting, mut last_row) = (false, 0);
        for (number, span, raw) in sentences.iter() {
            if number == 1 || span.turn != turn {
                turn = span.turn;
                let answer = &sentences.exchange().turns()[turn].answer;
                breaks =
                    answer.chars().enumerate().filter(|(_, c)| matches!(c, '\n' | '\r')).map(|(at, _)| at).collect();
                row += crate::scoring::MAX_ANSWER_CHARS;
            }
            let own_row = row + breaks.partition_point(|&at| at < span.start);
            quoting &= own_row == last_row;
            last_row = own_row;
            let seen = lookalike::as_it_looks(raw);
            let unquoted = outside_quotes(&seen, &mut quoting).map(|outside| {
                let words = words(&visible(&outside));
                Found::among(&words.iter().map(|word| word.lower.as_str()).collect::<Vec<_>>())
            });
            let (lower, reading) = (raw.to_lowercase(), Reading::of(&seen));
            lines.push(Line { number, raw, lower, reading, unquoted, row: own_row });
        }
        let words = lines.iter().map(|line| line.reading.words.len()).sum();
        Self { lines, words }
    }

    /// The text without the sentences that are flagged already.
    fn without(self, flags: &[FlagClaim]) -> Self {
        let flagged =
            |number: usize| flags.iter().any(|flag| flag.code.bars_evidence() && flag.sentences.contains(&number));
        let lines: Vec<Line<'a>> = self.lines.into_iter().filter(|line| !flagged(line.number)).collect();
        let words = lines.iter().map(|line| line.reading.words.len()).sum();
        Self { lines, words }
    }

    /// Numbers of the sentences for which it holds; nothing where it holds for none.
    fn numbers(&self, holds: impl Fn(&Line<'_>) -> bool) -> Option<Vec<usize>> {
        let numbers: Vec<usize> = self.lines.iter().filter(|line| holds(line)).map(|line| line.number).collect();
        (!numbers.is_empty()).then_some(numbers)
    }

    fn all(&self) -> Vec<usize> {
        self.lines.iter().map(|line| line.number).collect()
    }

    /// How many words the sentences with these numbers have.
    fn words_in(&self, numbers: &[usize]) -> usize {
        self.lines
            .iter()
            .filter(|line| numbers.binary_search(&line.number).is_ok())
            .map(|line| line.reading.words.len())
            .sum()
    }
}

/// What stands outside quotation marks, unless that is everything; `quoting` carries an open quotation on to the next
/// sentence.
fn outside_quotes(raw: &str, quoting: &mut bool) -> Option<String> {
    if !*quoting && !raw.contains(['“', '„', '«', '”', '»', '"']) {
        return None;
    }
    let mut outside = String::new();
    for c in raw.chars() {
        match c {
            '“' | '„' | '«' => *quoting = true,
            '”' | '»' => *quoting = false,
            '"' => *quoting = !*quoting,
            _ if !*quoting => outside.push(c),
            _ => {}
        }
    }
    Some(outside)
}
