//! Fits the weights on labelled answers, choosing every cut on questions that the fit has not seen.

use std::thread;

use sha2::{Digest, Sha256};

use super::{
    Compared, Meaning, OfflineJudge,
    answer::as_f64,
    features::{pitfall_features, point_features},
    flags::flags,
    matching::Rarity,
    regression::{Model, Table, softmax},
    weights::{FORMAT, InnerFigures, Weights},
};
use crate::{
    question::{Question, Verdict, hex},
    scoring::{Exchange, Sentences, agreement},
};

/// What squared coefficients cost: points, pitfalls.
const RIDGE: (f64, f64) = (200.0, 200.0);

/// Into how many parts the questions are cut to choose cuts and temperatures.
const FOLDS: usize = 4;

/// An answer with the verdicts that it deserves.
#[derive(Debug, Clone)]
pub struct Sample<'a> {
    pub question: &'a Question,
    pub exchange: Exchange,
    /// In the question's order.
    pub points: Vec<Verdict>,
    /// In the question's order.
    pub pitfalls: Vec<bool>,
    /// How much it counts in the fit. Cuts are chosen on samples that count in full.
    pub counts: Counts,
}

/// How much a sample counts in the fit of the points and of the pitfalls, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counts {
    pub points: f64,
    pub pitfalls: f64,
}

impl Counts {
    pub const IN_FULL: Self = Self { points: 1.0, pitfalls: 1.0 };
}

/// Labelled answers, read once, from which engines are fitted with or without some question.
#[derive(Debug)]
pub struct Study {
    rarity: Rarity,
    meaning: fn() -> &'static Meaning,
    /// One entry a sample.
    rows: Vec<Labelled>,
    data_hash: String,
}

#[derive(Debug)]
struct Labelled {
    question: String,
    fingerprint: String,
    counts: Counts,
    /// A point's numbers and its true class.
    points: Vec<(Vec<f64>, usize)>,
    pitfalls: Vec<(Vec<f64>, usize)>,
}

impl Study {
    /// Reads the samples. `bank` is only used to see which words are rare in rubric texts.
    pub fn new<'a>(
        bank: impl IntoIterator<Item = &'a Question>,
        samples: &[Sample<'_>],
        meaning: fn() -> &'static Meaning,
    ) -> Self {
        let rarity = Rarity::over(bank);
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let share = samples.len().div_ceil(workers).max(1);
        let rows = thread::scope(|scope| {
            let hands: Vec<_> = samples
                .chunks(share)
                .map(|samples| {
                    let rarity = &rarity;
                    scope.spawn(move || {
                        samples.iter().map(|sample| Labelled::of(sample, rarity, meaning())).collect::<Vec<_>>()
                    })
                })
                .collect();
            hands.into_iter().flat_map(|hand| hand.join().expect("reading an answer does not panic")).collect()
        });
        Self { rarity, rows, meaning, data_hash: data_hash(samples) }
    }

    /// The judge that a fit makes without the questions that are left out.
    pub fn judge_without(&self, left_out: &[&str]) -> OfflineJudge {
        OfflineJudge::from_weights(&self.fit_without(left_out), self.meaning)
    }

    fn fingerprints(&self, left_out: &[&str]) -> Vec<String> {
        let kept = self.rows.iter().filter(|row| !left_out.contains(&row.question.as_str()));
        let mut fingerprints: Vec<String> = kept.map(|row| row.fingerprint.clone()).collect();
        fingerprints.sort_unstable();
        fingerprints
    }

    /// Fits everything on the samples whose question is none of those `left_out`.
    pub fn fit_without(&self, left_out: &[&str]) -> Weights {
        let is_kept = |row: &&Labelled| !left_out.contains(&row.question.as_str());
        let kept: Vec<&Labelled> = self.rows.iter().filter(is_kept).collect();
        let mut questions: Vec<&str> = kept.iter().map(|row| row.question.as_str()).collect();
        questions.sort_unstable();
        questions.dedup();

        let (mut points, mut pitfalls) = models(kept.iter().copied(), None);
        // Verdicts on questions that a fit has not seen: the only ground on which cuts are chosen.
        // Where nothing counts in full, whatever is there must do.
        let in_full = |row: &&&Labelled| row.counts == Counts::IN_FULL;
        let all_the_same = !kept.iter().any(|row| in_full(&row));
        let mut unseen = Unseen::default();
        for fold in 0..FOLDS {
            let held =
                |row: &Labelled| questions.binary_search(&row.question.as_str()).is_ok_and(|at| at % FOLDS == fold);
            let near = Some((&points, &pitfalls));
            let (points, pitfalls) = models(kept.iter().copied().filter(|row| !held(row)), near);
            for row in kept.iter().filter(|row| held(row) && (all_the_same || in_full(row))) {
                unseen.points.extend(row.points.iter().map(|(numbers, class)| (points.scores(numbers), *class)));
                unseen.pitfalls.extend(row.pitfalls.iter().map(|(numbers, class)| (pitfalls.scores(numbers), *class)));
            }
        }
        points.temperature = temperature(&unseen.points);
        pitfalls.temperature = temperature(&unseen.pitfalls);
        let (cuts, points_macro_f1, points_qwk) = unseen.cuts(points.temperature);
        let (alarm, pitfalls_f1) = unseen.alarm(pitfalls.temperature);
        Weights {
            format: FORMAT,
            data_hash: self.data_hash.clone(),
            fitted: self.fingerprints(left_out),
            inner: InnerFigures {
                points_macro_f1: thousandth(points_macro_f1),
                points_qwk: thousandth(points_qwk),
                pitfalls_f1: thousandth(pitfalls_f1),
            },
            left_out: None,
            rarity: self.rarity.clone(),
            point_features: point_features(),
            points,
            cuts,
            pitfall_features: pitfall_features(),
            pitfalls,
            alarm,
        }
    }
}

fn thousandth(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// A short hash of one answer to one question: labels may change, the answer stays known.
pub(super) fn fingerprint(sample: &Sample<'_>) -> String {
    let mut hash = Sha256::new();
    hash.update(sample.question.id.as_str());
    for turn in sample.exchange.turns() {
        hash.update([0]);
        hash.update(&turn.answer);
    }
    let mut digits = hex(&hash.finalize());
    digits.truncate(12);
    digits
}

/// SHA-256 over what is learned from: answers and labels, in whatever order they come.
fn data_hash(samples: &[Sample<'_>]) -> String {
    let mut lines: Vec<String> = samples
        .iter()
        .map(|sample| format!("{} {:?} {:?}", fingerprint(sample), sample.points, sample.pitfalls))
        .collect();
    lines.sort_unstable();
    hex(&Sha256::digest(lines.join("\n")))
}

impl Labelled {
    fn of(sample: &Sample<'_>, rarity: &Rarity, meaning: &Meaning) -> Self {
        let sentences = Sentences::of(&sample.exchange);
        let flags = flags(&sentences, sample.question);
        let rows = Compared::of(sample.question, &sentences, &flags, rarity, meaning).rows;
        let verdicts = sample.points.iter().map(|verdict| super::class(*verdict));
        Self {
            question: sample.question.id.to_string(),
            fingerprint: fingerprint(sample),
            counts: sample.counts,
            points: rows.points.into_iter().zip(verdicts).map(|((row, _), class)| (row, class)).collect(),
            pitfalls: rows
                .pitfalls
                .into_iter()
                .map(|(row, _)| row)
                .zip(sample.pitfalls.iter().map(|&b| usize::from(b)))
                .collect(),
        }
    }
}

fn models<'a>(rows: impl Iterator<Item = &'a Labelled>, near: Option<(&Model, &Model)>) -> (Model, Model) {
    let (mut points, mut pitfalls) = (Table::new(point_features().len()), Table::new(pitfall_features().len()));
    let (mut verdicts, mut triggered) = (Vec::new(), Vec::new());
    for row in rows {
        for (numbers, class) in row.points.iter().filter(|_| row.counts.points > 0.0) {
            points.push(numbers, row.counts.points);
            verdicts.push(*class);
        }
        for (numbers, class) in row.pitfalls.iter().filter(|_| row.counts.pitfalls > 0.0) {
            pitfalls.push(numbers, row.counts.pitfalls);
            triggered.push(*class);
        }
    }
    let points = Model::fit(&points, &verdicts, 3, RIDGE.0, near.map(|near| near.0));
    (points, Model::fit(&pitfalls, &triggered, 2, RIDGE.1, near.map(|near| near.1)))
}

/// Class scores from fits that had not seen the question, with the true class.
#[derive(Debug, Default)]
struct Unseen {
    points: Vec<(Vec<f64>, usize)>,
    pitfalls: Vec<(Vec<f64>, usize)>,
}

impl Unseen {
    /// The cuts on the expected verdict with the best sum of macro-F1 and quadratic weighted kappa.
    fn cuts(&self, temperature: f64) -> ([f64; 2], f64, f64) {
        let expected: Vec<(f64, usize)> = self
            .points
            .iter()
            .map(|(scores, class)| (super::expected(&softmax(scores.clone(), temperature)), *class))
            .collect();
        let mut best = ([0.7, 1.3], 0.0, 0.0);
        for low in (6..=22).map(|n| f64::from(n) * 0.05) {
            for high in (16..=34).map(|n| f64::from(n) * 0.05).filter(|&high| high > low + 0.1) {
                let mut table = agreement::Confusion::new(3);
                for &(expected, class) in &expected {
                    table.add(class, usize::from(expected >= low) + usize::from(expected >= high));
                }
                let (f1, qwk) = (table.macro_f1().unwrap_or(0.0), table.quadratic_kappa().unwrap_or(0.0));
                if f1 + qwk > best.1 + best.2 {
                    best = ([thousandth(low), thousandth(high)], f1, qwk);
                }
            }
        }
        best
    }

    /// The highest alarm whose F1 is within a hundredth of the best: a pitfall is an accusation.
    fn alarm(&self, temperature: f64) -> (f64, f64) {
        let chances: Vec<(f64, usize)> =
            self.pitfalls.iter().map(|(scores, class)| (softmax(scores.clone(), temperature)[1], *class)).collect();
        let tried: Vec<(f64, f64)> = (5..=60)
            .map(|n| {
                let alarm = f64::from(n) * 0.01;
                let mut table = agreement::Confusion::new(2);
                for &(chance, class) in &chances {
                    table.add(class, usize::from(chance >= alarm));
                }
                (thousandth(alarm), table.f1(1).unwrap_or(0.0))
            })
            .collect();
        let best = tried.iter().map(|(_, f1)| *f1).fold(0.0, f64::max);
        tried.into_iter().rev().find(|(_, f1)| *f1 >= best - 0.01).unwrap_or((0.5, 0.0))
    }
}

/// The temperature under which the probabilities fit the true classes best.
fn temperature(unseen: &[(Vec<f64>, usize)]) -> f64 {
    let surprise = |temperature: f64| -> f64 {
        unseen.iter().map(|(scores, class)| -softmax(scores.clone(), temperature)[*class].max(1e-12).ln()).sum::<f64>()
            / as_f64(unseen.len().max(1))
    };
    let tried = (10..=60).map(|n| f64::from(n) * 0.05).map(|temperature| (temperature, surprise(temperature)));
    tried.min_by(|a, b| a.1.total_cmp(&b.1)).map_or(1.0, |(temperature, _)| thousandth(temperature))
}
