//! How much of a rubric text each sentence of an answer takes up, by the same words or by words of one group.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    answer::{Answer, as_f64, saturating},
    lexicon::{Word, words},
    reading::{Marks, Reading},
};
use crate::question::Question;

/// How telling a stem is: rare stems of the bank's rubric texts weigh more. Stems are kept in order.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Rarity(BTreeMap<String, f64>);

/// What a stem weighs that stands in no rubric text.
const UNSEEN: f64 = 5.0;

impl Rarity {
    /// Counts in how many rubric texts of the questions each stem stands. No answer and no label is looked at.
    pub fn over<'a>(questions: impl IntoIterator<Item = &'a Question>) -> Self {
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        let mut texts = 0_u32;
        for question in questions {
            let points = question.assessment_points.iter().map(|point| &point.text);
            for text in points.chain(question.pitfalls.iter().map(|pitfall| &pitfall.text)) {
                texts += 1;
                let stems: BTreeSet<String> =
                    words(text).into_iter().filter(|word| !word.stop).map(|word| word.stem).collect();
                for stem in stems {
                    *counts.entry(stem).or_default() += 1;
                }
            }
        }
        let rarity = |count: u32| ((f64::from(texts) + 1.0) / (f64::from(count) + 0.5)).ln().clamp(1.0, UNSEEN);
        Self(counts.into_iter().map(|(stem, count)| (stem, (rarity(count) * 1000.0).round() / 1000.0)).collect())
    }

    fn of(&self, stem: &str) -> f64 {
        self.0.get(stem).copied().unwrap_or(UNSEEN)
    }
}

/// The telling words of one rubric text with their weights, which add up to 1.
#[derive(Debug, Clone)]
pub(super) struct Terms {
    pub terms: Vec<(Word, f64)>,
    line: String,
}

impl Terms {
    pub fn of(text: &str, rarity: &Rarity) -> Self {
        let reading = Reading::of(text);
        let mut seen = BTreeSet::new();
        let mut terms: Vec<(Word, f64)> = reading
            .words
            .into_iter()
            .filter(|word| !word.stop && seen.insert(word.stem.clone()))
            .map(|word| {
                let weight = rarity.of(&word.stem);
                (word, weight)
            })
            .collect();
        let total: f64 = terms.iter().map(|(_, weight)| weight).sum();
        if total > 0.0 {
            for (_, weight) in &mut terms {
                *weight /= total;
            }
        }
        Self { terms, line: reading.line }
    }

    /// How much of the text a sentence takes up, words of one group counting somewhat less than the same word.
    pub fn share_in(&self, reading: &Reading) -> f64 {
        let (stems, kin) = Hits::of(self, &reading.words).shares(self);
        0.4 * stems + 0.6 * kin
    }

    /// The text's words as in a reading's line.
    pub fn line(&self) -> &str {
        &self.line
    }

    pub fn asks_for(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.line.contains(&format!(" {phrase}")))
    }
}

/// How much of a rubric text each sentence takes up: a bit set of its terms by stem, and by stem or group.
#[derive(Debug, Clone, Copy, Default)]
struct Hits {
    stems: u128,
    kin: u128,
}

impl Hits {
    fn of(terms: &Terms, words: &[Word]) -> Self {
        let mut hits = Self::default();
        for (bit, (term, _)) in terms.terms.iter().enumerate().take(128) {
            for word in words.iter().filter(|word| !word.stop) {
                if word.stem == term.stem {
                    hits.stems |= 1 << bit;
                    hits.kin |= 1 << bit;
                    break;
                }
                if word.concepts.iter().any(|concept| term.concepts.contains(concept)) {
                    hits.kin |= 1 << bit;
                }
            }
        }
        hits
    }

    fn join(self, other: Self) -> Self {
        Self { stems: self.stems | other.stems, kin: self.kin | other.kin }
    }

    fn shares(self, terms: &Terms) -> (f64, f64) {
        let share = |bits: u128| {
            terms.terms.iter().enumerate().take(128).filter(|(bit, _)| bits >> bit & 1 == 1).map(|(_, (_, w))| w).sum()
        };
        (share(self.stems), share(self.kin))
    }
}

/// How one rubric text meets the answer.
#[derive(Debug, Clone)]
pub(super) struct Match {
    /// Indices (from 0) of sentences, the one that speaks most to the text first; barred ones are not among them.
    pub ranking: Vec<(usize, f64)>,
    pub best: (f64, f64),
    pub window: (f64, f64),
    pub whole: (f64, f64),
    pub density: f64,
    /// What the best sentence and its neighbours show.
    pub near: Marks,
    pub at_best: Marks,
    pub denied: bool,
}

impl Answer {
    /// Compares a rubric text with every sentence that may count.
    pub fn meet(&self, terms: &Terms) -> Match {
        let hits: Vec<Hits> = self.readings.iter().map(|reading| Hits::of(terms, &reading.words)).collect();
        let mut found = Match {
            ranking: Vec::new(),
            best: (0.0, 0.0),
            window: (0.0, 0.0),
            whole: (0.0, 0.0),
            density: 0.0,
            near: Marks::default(),
            at_best: Marks::default(),
            denied: false,
        };
        let mut all = Hits::default();
        for (place, &index) in self.open.iter().enumerate() {
            all = all.join(hits[index]);
            let (stems, kin) = hits[index].shares(terms);
            let words = self.readings[index].words.iter().filter(|word| !word.stop).count();
            let marks = &self.readings[index].marks;
            let tells = marks.i_did + marks.we_did + marks.numbers + marks.names;
            let density = (stems + kin) / (as_f64(words) + 4.0).sqrt();
            found.density = found.density.max(density);
            found.best = (found.best.0.max(stems), found.best.1.max(kin));
            found.ranking.push((index, (stems + 0.7 * kin) * (1.0 + 0.15 * saturating(tells, 1.0))));
            let joined = self.open[place..self.open.len().min(place + 3)]
                .iter()
                .fold(Hits::default(), |joined, &next| joined.join(hits[next]));
            let (stems, kin) = joined.shares(terms);
            found.window = (found.window.0.max(stems), found.window.1.max(kin));
        }
        found.whole = all.shares(terms);
        found.ranking.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        if let Some(&(best, _)) = found.ranking.first() {
            found.at_best = self.readings[best].marks;
            for &near in self.open.iter().filter(|&&near| near.abs_diff(best) <= 1) {
                found.near.add(&self.readings[near].marks);
            }
            let reading = &self.readings[best];
            let is_hit = |word: &Word| {
                !word.stop
                    && terms.terms.iter().any(|(term, _)| {
                        term.stem == word.stem || word.concepts.iter().any(|concept| term.concepts.contains(concept))
                    })
            };
            found.denied = reading.words.iter().enumerate().any(|(at, word)| is_hit(word) && reading.denied_at(at));
        }
        found
    }
}
