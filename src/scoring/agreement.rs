//! How well a scorer agrees with reference raters: kappa, F1, rank correlation, calibration, with intervals.

mod figures;
mod pair;
mod steadiness;

pub use figures::{Calibration, Confusion, mean_absolute_error, mean_excess, share_within, spearman};
pub use pair::{Disagreement, Pair, Rating, UnfitRating};
pub use steadiness::{Steadiness, steadiness};

use std::collections::BTreeMap;

use serde::Serialize;

/// How often the questions are drawn anew for an interval.
const DRAWS: usize = 1000;

/// Where the drawing starts: fixed, so that the same data gives the same interval.
const SEED: u64 = 0x6772_6565_6e72_6f6f;

/// How many figures there are.
const FIGURES: usize = 12;

/// A figure with its 95 % interval; the interval is missing where the figure is no sample of questions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figure {
    pub value: f64,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

/// Agreement over a set of answers. A figure is missing where it is not defined, such as a correlation of one answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    pub answers: usize,
    /// Share of the answers that got an overall; the others are in none of the figures below.
    pub coverage: f64,
    pub points_macro_f1: Option<Figure>,
    pub points_qwk: Option<Figure>,
    pub pitfalls_f1: Option<Figure>,
    pub overall_qwk: Option<Figure>,
    pub overall_spearman: Option<Figure>,
    pub overall_mae: Option<Figure>,
    /// Mean of the overall less the raters': above 0 the scorer is too kind.
    pub overall_excess: Option<Figure>,
    /// Share of the answers whose overall is the raters'.
    pub overall_same: Option<Figure>,
    /// Share of the answers whose overall is the raters' or next to it.
    pub overall_within_one: Option<Figure>,
    /// Rank correlation of an answer's words with its score among answers to which the raters gave the same overall:
    /// 0 where length alone gains nothing.
    pub length_bias: Option<Figure>,
    /// Expected calibration error of the confidence in point verdicts, 10 equal bins.
    pub points_calibration: Option<Figure>,
    pub pitfalls_calibration: Option<Figure>,
}

impl Figures {
    /// The figures by name, in the order in which they are printed.
    pub fn named(&self) -> [(&'static str, Option<Figure>); FIGURES] {
        [
            ("points macro-F1", self.points_macro_f1),
            ("points QWK", self.points_qwk),
            ("pitfalls F1", self.pitfalls_f1),
            ("overall QWK", self.overall_qwk),
            ("overall Spearman", self.overall_spearman),
            ("overall mean abs. error", self.overall_mae),
            ("overall mean excess", self.overall_excess),
            ("overall the same", self.overall_same),
            ("overall within one", self.overall_within_one),
            ("length bias", self.length_bias),
            ("points calibration error", self.points_calibration),
            ("pitfalls calibration error", self.pitfalls_calibration),
        ]
    }
}

/// Everything that `eval` tells.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    pub figures: Figures,
    /// The raters against each other: no scorer can be told to do better than that on this data.
    pub ceiling: Option<Figures>,
    /// Verdicts on points: a row for what the raters say (missed, partial, met), a column for what the scorer says.
    pub points: Confusion,
    /// Pitfalls: a row for what the raters say (not triggered, triggered), a column for what the scorer says.
    pub pitfalls: Confusion,
    /// The same figures by category, question or tier, without intervals.
    pub groups: BTreeMap<String, Figures>,
}

/// Measures what was scored. `answers` counts those without an overall as well; `group` names an answer's group.
pub fn report(
    scored: &[Pair],
    ceiling: &[Pair],
    answers: usize,
    group: impl Fn(&Pair) -> Option<String>,
    group_sizes: &BTreeMap<String, usize>,
) -> Report {
    let mut members: BTreeMap<String, Vec<&Pair>> = group_sizes.keys().map(|name| (name.clone(), Vec::new())).collect();
    for pair in scored {
        if let Some(name) = group(pair) {
            members.entry(name).or_default().push(pair);
        }
    }
    let all: Vec<&Pair> = scored.iter().collect();
    Report {
        figures: with_intervals(&all, answers),
        ceiling: (!ceiling.is_empty()).then(|| with_intervals(&ceiling.iter().collect::<Vec<_>>(), ceiling.len())),
        points: Confusion::of(3, all.iter().flat_map(|pair| pair.points.iter().map(|one| (one.truth, one.said)))),
        pitfalls: Confusion::of(2, all.iter().flat_map(|pair| pair.pitfalls.iter().map(|one| (one.truth, one.said)))),
        groups: members
            .into_iter()
            .map(|(name, pairs)| {
                let size = group_sizes.get(&name).copied().unwrap_or(pairs.len());
                (name, plain(&pairs, size))
            })
            .collect(),
    }
}

/// The figures of what was scored, without intervals. `answers` counts those without an overall as well.
pub fn figures(scored: &[Pair], answers: usize) -> Figures {
    plain(&scored.iter().collect::<Vec<_>>(), answers)
}

fn plain(pairs: &[&Pair], answers: usize) -> Figures {
    let figures = values(pairs).map(|value| value.map(|value| Figure { value, low: None, high: None }));
    collect(&figures, answers, pairs.len())
}

/// The figures in the order of [`Figures::named`].
fn values(pairs: &[&Pair]) -> [Option<f64>; FIGURES] {
    let points = Confusion::of(3, pairs.iter().flat_map(|pair| pair.points.iter().map(|one| (one.truth, one.said))));
    let pitfalls =
        Confusion::of(2, pairs.iter().flat_map(|pair| pair.pitfalls.iter().map(|one| (one.truth, one.said))));
    let overall =
        Confusion::of(5, pairs.iter().map(|pair| (usize::from(pair.overall.0 - 1), usize::from(pair.overall.1 - 1))));
    let marks: Vec<(f64, f64)> =
        pairs.iter().map(|pair| (f64::from(pair.overall.0), f64::from(pair.overall.1))).collect();
    let (mut sure_points, mut sure_pitfalls) = (Calibration::default(), Calibration::default());
    for pair in pairs {
        pair.points.iter().for_each(|one| sure_points.add(one));
        pair.pitfalls.iter().for_each(|one| sure_pitfalls.add(one));
    }
    [
        points.macro_f1(),
        points.quadratic_kappa(),
        pitfalls.f1(1),
        overall.quadratic_kappa(),
        spearman(&marks),
        mean_absolute_error(&marks),
        mean_excess(&marks),
        share_within(&marks, 0.0),
        share_within(&marks, 1.0),
        length_bias(pairs),
        sure_points.error(),
        sure_pitfalls.error(),
    ]
}

/// The correlation of words and score within each overall of the raters, put together over the overalls.
fn length_bias(pairs: &[&Pair]) -> Option<f64> {
    let mut groups: BTreeMap<u8, Vec<(f64, f64)>> = BTreeMap::new();
    for pair in pairs {
        if let Some((words, score)) = pair.length {
            groups.entry(pair.overall.0).or_default().push((figures::number(words), score));
        }
    }
    figures::stratified_spearman(groups.values().map(Vec::as_slice))
}

fn collect(figures: &[Option<Figure>; FIGURES], answers: usize, scored: usize) -> Figures {
    let [
        points_macro_f1,
        points_qwk,
        pitfalls_f1,
        overall_qwk,
        overall_spearman,
        overall_mae,
        overall_excess,
        overall_same,
        overall_within_one,
        length_bias,
        points_calibration,
        pitfalls_calibration,
    ] = *figures;
    Figures {
        answers,
        coverage: if answers == 0 { 0.0 } else { figures::ratio(scored, answers) },
        points_macro_f1,
        points_qwk,
        pitfalls_f1,
        overall_qwk,
        overall_spearman,
        overall_mae,
        overall_excess,
        overall_same,
        overall_within_one,
        length_bias,
        points_calibration,
        pitfalls_calibration,
    }
}

/// The figures with intervals: whole questions are drawn with replacement, because answers to one question
/// stand and fall together.
fn with_intervals(pairs: &[&Pair], answers: usize) -> Figures {
    let mut questions: BTreeMap<&str, Vec<&Pair>> = BTreeMap::new();
    for pair in pairs {
        questions.entry(&pair.question).or_default().push(pair);
    }
    let questions: Vec<Vec<&Pair>> = questions.into_values().collect();
    let mut drawn: [Vec<f64>; FIGURES] = Default::default();
    if questions.len() > 1 {
        let mut random = figures::SplitMix(SEED);
        for _ in 0..DRAWS {
            let draw: Vec<&Pair> =
                (0..questions.len()).flat_map(|_| questions[random.below(questions.len())].iter().copied()).collect();
            for (kept, value) in drawn.iter_mut().zip(values(&draw)) {
                kept.extend(value);
            }
        }
    }
    let mut found = values(pairs).into_iter().zip(drawn).map(|(value, mut drawn)| {
        drawn.sort_by(f64::total_cmp);
        // Nearest rank: the 25th lowest and the 25th highest of a thousand.
        let at = |rank: usize| drawn.get((drawn.len() * rank / 40).min(drawn.len().saturating_sub(1))).copied();
        value.map(|value| Figure { value, low: at(1), high: at(39) })
    });
    collect(&std::array::from_fn(|_| found.next().flatten()), answers, pairs.len())
}
