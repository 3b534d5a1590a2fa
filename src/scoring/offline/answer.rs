//! An answer as the engine reads it, and the numbers that describe it as a whole.

use std::collections::BTreeSet;

use super::{
    lexicon::words,
    reading::{Marks, Reading},
};
use crate::{
    question::{Kind, Question},
    scoring::Sentences,
};

/// An answer as the engine reads it.
#[derive(Debug)]
pub(super) struct Answer {
    pub readings: Vec<Reading>,
    /// Sentences that may count, by index from 0: not barred, no filler, none twice.
    pub open: Vec<usize>,
    /// To which turn each sentence belongs, from 0.
    pub turns: Vec<usize>,
    /// The number of the point, from 0, that the follow-up was about to which the sentence answers.
    pub probed: Vec<Option<usize>>,
    pub total: Marks,
    /// Words of those sentences.
    pub words: usize,
    /// The numbers of [`ANSWER_FEATURES`].
    pub common: Vec<f64>,
}

/// The names of the numbers that describe an answer as a whole.
pub(super) const ANSWER_FEATURES: &[&str] = &[
    "length",
    "length2",
    "i-did",
    "we-did",
    "we-share",
    "would",
    "numbers",
    "numbers-rate",
    "dates",
    "names",
    "names-rate",
    "quotes",
    "denials",
    "hedges",
    "buzzwords",
    "buzzword-count",
    "generalities",
    "consequences",
    "trade-offs",
    "admissions",
    "blame",
    "long-words",
    "sentence-length",
    "variety",
    "question-overlap",
    "concreteness",
    "situational",
    "situational-would",
    "others-did",
];

/// The place of the concreteness among them.
pub(super) const CONCRETENESS: usize = 25;

/// Grows quickly at first and never passes 1, so that more of the same adds nothing.
pub(super) fn saturating(count: usize, half: f64) -> f64 {
    let count = as_f64(count);
    count / (count + half)
}

pub(super) fn as_f64(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

/// The number of the point that this turn asked for, where the bank's own follow-up says so.
fn probed(question: &Question, sentences: &Sentences<'_>, turn: usize) -> Option<usize> {
    let ask = sentences.exchange().turns().get(turn)?.ask.trim();
    let follow_up = question.follow_ups.iter().find(|follow_up| follow_up.ask.trim() == ask)?;
    question.assessment_points.iter().position(|point| Some(&point.id) == follow_up.probes.as_ref())
}

impl Answer {
    /// Reads the sentences; those whose numbers (from 1) are barred count for nothing.
    pub fn read(question: &Question, sentences: &Sentences<'_>, barred: &BTreeSet<usize>) -> Self {
        let readings: Vec<Reading> = sentences.iter().map(|(_, _, text)| Reading::of(text)).collect();
        // What is said twice counts once, and what only fills time counts for nothing.
        let mut said = BTreeSet::new();
        let open: Vec<usize> = (0..readings.len())
            .filter(|index| !barred.contains(&(index + 1)) && !readings[*index].is_filler())
            .filter(|index| said.insert(readings[*index].line.as_str()))
            .collect();
        let mut total = Marks::default();
        let mut count = 0;
        for &index in &open {
            total.add(&readings[index].marks);
            count += readings[index].words.len();
        }
        let turns: Vec<usize> = sentences.iter().map(|(_, span, _)| span.turn).collect();
        let probed = turns.iter().map(|&turn| probed(question, sentences, turn)).collect();
        let mut answer = Self { readings, open, turns, probed, total, words: count, common: Vec::new() };
        answer.common = answer.describe(question);
        answer
    }

    fn describe(&self, question: &Question) -> Vec<f64> {
        let marks = &self.total;
        let length = as_f64(self.words).max(1.0);
        let rate = |count: usize| (as_f64(count) / length * 25.0).min(3.0);
        let stems: BTreeSet<&str> =
            self.open.iter().flat_map(|&index| &self.readings[index].words).map(|word| word.stem.as_str()).collect();
        let asked: BTreeSet<String> =
            words(&question.prompt).into_iter().filter(|word| !word.stop).map(|word| word.stem).collect();
        let overlap =
            as_f64(asked.iter().filter(|stem| stems.contains(stem.as_str())).count()) / as_f64(asked.len().max(1));
        let who = as_f64(marks.i_did + marks.we_did + marks.would) + 1.0;
        let situational = f64::from(u8::from(matches!(question.kind, Kind::Situational | Kind::Design)));
        let concreteness = (saturating(marks.numbers, 4.0)
            + saturating(marks.names + marks.dates, 4.0)
            + saturating(marks.i_did + marks.we_did, 4.0))
            / 3.0
            - 0.5 * (rate(marks.buzzwords) + rate(marks.generalities)).min(1.5);
        vec![
            // Beyond some forty words more length counts for nothing.
            length.ln().min(3.7),
            saturating(self.words, 15.0),
            saturating(marks.i_did, 3.0),
            saturating(marks.we_did, 3.0),
            as_f64(marks.we_did) / who,
            as_f64(marks.would) / who,
            saturating(marks.numbers, 3.0),
            rate(marks.numbers),
            saturating(marks.dates, 1.0),
            saturating(marks.names, 3.0),
            rate(marks.names),
            saturating(marks.quotes, 2.0),
            rate(marks.denials),
            rate(marks.hedges),
            rate(marks.buzzwords),
            saturating(marks.buzzwords, 4.0),
            rate(marks.generalities),
            saturating(marks.consequences, 2.0),
            saturating(marks.trade_offs, 2.0),
            saturating(marks.admissions, 1.0),
            saturating(marks.blame, 1.0),
            as_f64(marks.long_words) / length,
            (length / as_f64(self.open.len().max(1))).min(40.0) / 20.0,
            as_f64(stems.len()) / length.powf(0.8),
            overlap,
            concreteness,
            situational,
            situational * as_f64(marks.would) / who,
            rate(marks.others_did),
        ]
    }
}
