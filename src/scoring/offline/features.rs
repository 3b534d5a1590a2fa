//! Turns an answer and a rubric text into the numbers that the fitted weights are applied to.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    lexicon::{Word, words},
    reading::{Marks, Reading},
};
use crate::{
    question::{Kind, Question, Severity},
    scoring::Sentences,
};

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
struct Terms {
    terms: Vec<(Word, f64)>,
    line: String,
}

impl Terms {
    fn of(text: &str, rarity: &Rarity) -> Self {
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
            terms.iter_mut().for_each(|(_, weight)| *weight /= total);
        }
        Self { terms, line: reading.line }
    }

    fn asks_for(&self, phrases: &[&str]) -> bool {
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
    best: (f64, f64),
    window: (f64, f64),
    whole: (f64, f64),
    density: f64,
    /// What the best sentence and its neighbours show.
    near: Marks,
    at_best: Marks,
    denied: bool,
}

/// An answer as the engine reads it.
#[derive(Debug)]
pub(super) struct Answer {
    pub readings: Vec<Reading>,
    /// Sentences that may count, by index from 0.
    pub open: Vec<usize>,
    pub total: Marks,
    pub words: usize,
    common: Vec<f64>,
}

/// The names of the numbers that describe an answer as a whole.
const ANSWER_FEATURES: &[&str] = &[
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

/// Grows quickly at first and never passes 1, so that more of the same adds nothing.
fn saturating(count: usize, half: f64) -> f64 {
    let count = as_f64(count);
    count / (count + half)
}

pub(super) fn as_f64(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

impl Answer {
    /// Reads the sentences; those whose numbers (from 1) are barred count for nothing.
    pub fn read(question: &Question, sentences: &Sentences<'_>, barred: &BTreeSet<usize>) -> Self {
        let readings: Vec<Reading> = sentences.iter().map(|(_, _, text)| Reading::of(text)).collect();
        let open: Vec<usize> = (0..readings.len()).filter(|index| !barred.contains(&(index + 1))).collect();
        let mut total = Marks::default();
        let mut count = 0;
        for &index in &open {
            total.add(&readings[index].marks);
            count += readings[index].words.len();
        }
        let mut answer = Self { readings, open, total, words: count, common: Vec::new() };
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
            length.ln().min(5.3),
            saturating(self.words, 100.0),
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

    fn meet(&self, terms: &Terms) -> Match {
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

/// What a rubric text asks to hear, told by words in it, and the share of that in an answer.
const DEMANDS: &[(&str, &[&str], fn(&Marks) -> usize)] = &[
    (
        "number",
        &[
            "measur", "figure", "number", "cost", "price", "amount", "value", "length", "long", "size", "how much",
            "how many", "estimate", "likely", "money", "revenue", "target",
        ],
        |marks| marks.numbers,
    ),
    (
        "time",
        &[
            "date", "when", "interval", "regular", "soon", "prompt", "within", "day", "time", "rhythm", "before",
            "early",
        ],
        |marks| marks.dates,
    ),
    (
        "choice",
        &[
            "trade-off",
            "trade",
            "alternative",
            "another",
            "choice",
            "two",
            "several",
            "option",
            "instead",
            "against",
            "worse",
            "weigh",
        ],
        |marks| marks.trade_offs + marks.consequences,
    ),
    (
        "own",
        &[
            "own ",
            "themselves",
            "personally",
            "misjudged",
            "wrong",
            "missed",
            "overlooked",
            "share in",
            "learned",
            "since",
        ],
        |marks| marks.admissions,
    ),
    ("someone", &["each", "named", "who ", "people", "person", "leader", "sponsor", "customer", "director"], |marks| {
        marks.names
    }),
    (
        "act",
        &[
            "asks",
            "tells",
            "told",
            "takes",
            "finds out",
            "goes back",
            "speaks",
            "listens",
            "gets",
            "warns",
            "tries",
            "offers",
        ],
        |marks| marks.i_did,
    ),
];

/// What a pitfall says is wrong, told by words in it.
const FAULTS: &[(&str, &[&str], fn(&Marks) -> usize)] = &[
    (
        "blame",
        &["blam", "fail", "fault", "portray", "malicious", "treats", "temper", "other people", "ignorant", "who "],
        |marks| marks.blame,
    ),
    (
        "vague",
        &["general", "recite", "vague", "without", "terms", "lists", "never says", "commonplace", "nothing"],
        |marks| marks.buzzwords + marks.generalities,
    ),
    ("own", &["candidate", "themselves", "alone", "own", "group"], |marks| marks.we_did),
    ("refuse", &["never", "no ", "refuse", "not ", "nobody", "without"], |marks| marks.denials),
];

/// The rubric of a question, ready to be compared with answers.
#[derive(Debug)]
pub(super) struct Prepared {
    points: Vec<(Vec<Terms>, f64, f64)>,
    pitfalls: Vec<(Terms, Severity, f64)>,
}

/// The numbers of one answer: one row a point and one a pitfall, in the bank's order.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    pub points: Vec<(Vec<f64>, Match)>,
    pub pitfalls: Vec<(Vec<f64>, Match)>,
}

const POINT_FEATURES: &[&str] = &[
    "best-stem",
    "best-kin",
    "window-stem",
    "window-kin",
    "whole-stem",
    "whole-kin",
    "density",
    "relative-stem",
    "relative-kin",
    "mean-stem",
    "mean-kin",
    "near-i-did",
    "near-numbers",
    "near-names",
    "near-would",
    "near-hedges",
    "near-others",
    "near-buzzwords",
    "near-generalities",
    "denied",
    "denied-i",
    "kin-x-concrete",
    "stem-x-concrete",
    "terms",
    "weight",
    "first",
];
const PITFALL_FEATURES: &[&str] = &[
    "best-stem",
    "best-kin",
    "window-stem",
    "window-kin",
    "whole-stem",
    "whole-kin",
    "relative-kin",
    "denied",
    "points-stem",
    "points-kin",
    "lowest-kin",
    "critical",
    "minor",
    "omission",
    "omission-x-kin",
    "omission-x-concrete",
    "terms",
    "near-would",
    "near-hedges",
    "kin-x-points",
];

/// The names of a point's numbers, in order.
pub(super) fn point_features() -> Vec<String> {
    let demands = DEMANDS
        .iter()
        .flat_map(|(name, ..)| [format!("asks-{name}"), format!("asks-{name}-whole"), format!("asks-{name}-near")]);
    names(ANSWER_FEATURES, POINT_FEATURES).chain(demands).collect()
}

/// The names of a pitfall's numbers, in order.
pub(super) fn pitfall_features() -> Vec<String> {
    let faults = FAULTS.iter().flat_map(|(name, ..)| [format!("fault-{name}"), format!("fault-{name}-whole")]);
    names(ANSWER_FEATURES, PITFALL_FEATURES).chain(faults).collect()
}

fn names(answer: &'static [&'static str], own: &'static [&'static str]) -> impl Iterator<Item = String> {
    answer.iter().map(|name| format!("answer-{name}")).chain(own.iter().map(|&name| name.to_owned()))
}

impl Prepared {
    pub fn of(question: &Question, rarity: &Rarity) -> Self {
        let points = question
            .assessment_points
            .iter()
            .enumerate()
            .map(|(place, point)| {
                let texts = [&point.text].into_iter().chain(&point.cues).chain(&point.strong);
                (
                    texts.map(|text| Terms::of(text, rarity)).collect(),
                    f64::from(point.weight),
                    f64::from(u8::from(place == 0)),
                )
            })
            .collect();
        let pitfalls = question
            .pitfalls
            .iter()
            .map(|pitfall| {
                let terms = Terms::of(&pitfall.text, rarity);
                let omission = terms.asks_for(&[
                    "never", "without", "no ", "nothing", "not ", "only", "nobody", "leaves", "cannot", "hardly",
                ]);
                (terms, pitfall.severity, f64::from(u8::from(omission)))
            })
            .collect();
        Self { points, pitfalls }
    }

    pub fn rows(&self, answer: &Answer) -> Rows {
        let concrete = answer.common[25];
        let met: Vec<Match> = self
            .points
            .iter()
            .map(|(texts, ..)| {
                let mut matches: Vec<Match> = texts.iter().map(|terms| answer.meet(terms)).collect();
                // The point's own text speaks first; a cue or a strong sentence replaces it only where it fits better.
                let best = (0..matches.len()).max_by(|&a, &b| {
                    (matches[a].window.0 + matches[a].window.1)
                        .total_cmp(&(matches[b].window.0 + matches[b].window.1))
                        .then(b.cmp(&a))
                });
                matches.swap_remove(best.unwrap_or(0))
            })
            .collect();
        let mean = |part: fn(&Match) -> f64| met.iter().map(part).sum::<f64>() / as_f64(met.len().max(1));
        let (mean_stem, mean_kin) = (mean(|m| m.window.0), mean(|m| m.window.1));
        let lowest = met.iter().map(|m| m.window.1).fold(1.0, f64::min);
        let points = self
            .points
            .iter()
            .zip(met)
            .map(|((texts, weight, first), found)| {
                let mut row = answer.common.clone();
                let near = &found.near;
                row.extend([
                    found.best.0,
                    found.best.1,
                    found.window.0,
                    found.window.1,
                    found.whole.0,
                    found.whole.1,
                    found.density,
                    found.window.0 - mean_stem,
                    found.window.1 - mean_kin,
                    mean_stem,
                    mean_kin,
                    saturating(near.i_did, 1.0),
                    saturating(near.numbers, 1.0),
                    saturating(near.names, 1.0),
                    saturating(near.would, 1.0),
                    saturating(near.hedges, 1.0),
                    f64::from(u8::from(
                        found.at_best.others_did > 0 && found.at_best.i_did + found.at_best.we_did == 0,
                    )),
                    saturating(near.buzzwords, 1.0),
                    saturating(near.generalities, 1.0),
                    f64::from(u8::from(found.denied)),
                    f64::from(u8::from(found.denied && found.at_best.i_did + found.at_best.would > 0)),
                    found.window.1 * concrete,
                    found.window.0 * concrete,
                    as_f64(texts[0].terms.len()).ln_1p(),
                    *weight,
                    *first,
                ]);
                for (_, phrases, count) in DEMANDS {
                    let asks = f64::from(u8::from(texts[0].asks_for(phrases)));
                    row.extend([
                        asks,
                        asks * (saturating(count(&answer.total), 2.0) - 0.5),
                        asks * (saturating(count(near), 1.0) - 0.3),
                    ]);
                }
                (row, found)
            })
            .collect();
        let triggered: Vec<Match> = self.pitfalls.iter().map(|(terms, ..)| answer.meet(terms)).collect();
        let mean_pitfall = triggered.iter().map(|m| m.window.1).sum::<f64>() / as_f64(triggered.len().max(1));
        let pitfalls = self
            .pitfalls
            .iter()
            .zip(triggered)
            .map(|((terms, severity, omission), found)| {
                let mut row = answer.common.clone();
                row.extend([
                    found.best.0,
                    found.best.1,
                    found.window.0,
                    found.window.1,
                    found.whole.0,
                    found.whole.1,
                    found.window.1 - mean_pitfall,
                    f64::from(u8::from(found.denied)),
                    mean_stem,
                    mean_kin,
                    lowest,
                    f64::from(u8::from(*severity == Severity::Critical)),
                    f64::from(u8::from(*severity == Severity::Minor)),
                    *omission,
                    omission * (found.window.1 - 0.4),
                    omission * concrete,
                    as_f64(terms.terms.len()).ln_1p(),
                    saturating(found.near.would, 1.0),
                    saturating(found.near.hedges, 1.0),
                    found.window.1 * mean_kin,
                ]);
                for (_, phrases, count) in FAULTS {
                    let says = f64::from(u8::from(terms.asks_for(phrases)));
                    row.extend([says, says * (saturating(count(&answer.total), 2.0) - 0.5)]);
                }
                (row, found)
            })
            .collect();
        Rows { points, pitfalls }
    }
}
