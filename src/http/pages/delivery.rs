//! How an answer was delivered, as facts beside the scorecard: counted and never judged.

use super::words::{self, w};
use crate::{
    question::Question,
    scoring::{Delivery, Scorecard},
};

/// How many words people say in a minute when they tell something, for the length of what was typed.
const WORDS_A_MINUTE: usize = 130;

pub struct Fact {
    pub name: &'static str,
    pub value: String,
    /// Whether the value is a number, for those who would rather not see any.
    pub is_number: bool,
}

/// Length against what is expected, pace, pauses, fillers, hedges, and who acted.
pub fn facts(question: &Question, card: &Scorecard) -> Vec<Fact> {
    let counts = card.delivery();
    let number = |name, value| Fact { name, value, is_number: true };
    let (pace, pauses) = spoken(&counts);
    let fillers = match counts.spoken {
        Some(_) => format!("{} ({})", counts.fillers, w("sheet.fillers-note")),
        None => counts.fillers.to_string(),
    };
    let who = words::fill("sheet.who-counts", &[&counts.first_person_singular, &counts.first_person_plural]);
    let facts = [
        Some(number(w("sheet.length"), length(question, &counts))),
        Some(Fact { name: w("sheet.pace"), value: pace, is_number: counts.spoken.is_some() }),
        pauses.map(|pauses| number(w("sheet.pauses"), pauses)),
        Some(number(w("sheet.fillers"), fillers)),
        Some(number(w("sheet.hedges"), counts.hedges.to_string())),
        Some(number(w("sheet.who"), who)),
    ];
    facts.into_iter().flatten().collect()
}

fn length(question: &Question, counts: &Delivery) -> String {
    let expected = words::fill("sheet.length-expected", &[&question.minutes]);
    let length = match counts.spoken {
        Some(spoken) => words::fill("sheet.length-spoken", &[&counts.words, &spoken.seconds]),
        None => words::fill("sheet.length-words", &[&counts.words, &minutes(counts.words)]),
    };
    format!("{length}; {expected}")
}

/// Minutes of so many words, to a half.
fn minutes(words: usize) -> String {
    let halves = (2 * words + WORDS_A_MINUTE / 2) / WORDS_A_MINUTE;
    match (halves / 2, halves % 2) {
        (0, _) => "½".to_owned(),
        (whole, 0) => whole.to_string(),
        (whole, _) => format!("{whole}½"),
    }
}

/// Pace, and pauses where anything was spoken.
fn spoken(counts: &Delivery) -> (String, Option<String>) {
    let Some(spoken) = counts.spoken else { return (w("sheet.pace-typed").to_owned(), None) };
    let pace = spoken.words_per_minute.map_or_else(String::new, |pace| words::fill("sheet.pace-spoken", &[&pace]));
    let pauses = match spoken.pauses {
        None => w("sheet.pauses-unknown").to_owned(),
        Some(pauses) if pauses.count == 0 => w("sheet.pauses-none").to_owned(),
        Some(pauses) => words::fill("sheet.pauses-many", &[&pauses.count, &pauses.longest]),
    };
    (pace, Some(pauses))
}

#[cfg(test)]
mod tests {
    use super::minutes;

    #[test]
    fn typed_words_are_told_as_half_minutes_of_speech() {
        assert_eq!([10, 65, 130, 200, 250].map(minutes), ["½", "½", "1", "1½", "2"]);
    }
}
