//! The single figures of agreement, each from counts or from pairs of numbers.

use serde::Serialize;

use super::Disagreement;

/// How often each true class was given each class: a row a true class, a column a given one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Confusion {
    rows: Vec<Vec<usize>>,
}

/// A count as a number; counts here stay far below the point where that loses anything.
pub(super) fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

pub(super) fn ratio(part: usize, whole: usize) -> f64 {
    number(part) / number(whole)
}

impl Confusion {
    pub fn new(classes: usize) -> Self {
        Self { rows: vec![vec![0; classes]; classes] }
    }

    /// Counts `(truth, said)`.
    pub fn of(classes: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut table = Self::new(classes);
        pairs.into_iter().for_each(|(truth, said)| table.add(truth, said));
        table
    }

    pub fn add(&mut self, truth: usize, said: usize) {
        self.rows[truth][said] += 1;
    }

    pub fn rows(&self) -> &[Vec<usize>] {
        &self.rows
    }

    fn true_count(&self, class: usize) -> usize {
        self.rows[class].iter().sum()
    }

    fn said_count(&self, class: usize) -> usize {
        self.rows.iter().map(|row| row[class]).sum()
    }

    /// Harmonic mean of precision and recall of one class; nothing where the class neither is nor is said.
    pub fn f1(&self, class: usize) -> Option<f64> {
        let named = self.true_count(class) + self.said_count(class);
        (named > 0).then(|| 2.0 * ratio(self.rows[class][class], named))
    }

    /// Mean of the F1 of those classes that are or are said.
    pub fn macro_f1(&self) -> Option<f64> {
        let each: Vec<f64> = (0..self.rows.len()).filter_map(|class| self.f1(class)).collect();
        (!each.is_empty()).then(|| each.iter().sum::<f64>() / number(each.len()))
    }

    /// Cohen's kappa with squared distances; nothing where truth and scorer both name one and the same class alone.
    pub fn quadratic_kappa(&self) -> Option<f64> {
        let total = number(self.rows.iter().flatten().sum());
        let (mut seen, mut chance) = (0.0, 0.0);
        for truth in 0..self.rows.len() {
            for said in 0..self.rows.len() {
                let distance = number(truth.abs_diff(said)).powi(2);
                seen += distance * number(self.rows[truth][said]);
                chance += distance * number(self.true_count(truth)) * number(self.said_count(said)) / total;
            }
        }
        (total > 0.0 && chance > 0.0).then(|| 1.0 - seen / chance)
    }
}

/// Correlation of ranks, ties sharing their mean rank; nothing where one side never varies.
pub fn spearman(pairs: &[(f64, f64)]) -> Option<f64> {
    stratified_spearman([pairs])
}

/// The same over several groups, each ranked by itself, so that differences between groups count for nothing.
pub fn stratified_spearman<'a>(groups: impl IntoIterator<Item = &'a [(f64, f64)]>) -> Option<f64> {
    let (mut left_spread, mut right_spread, mut together) = (0.0, 0.0, 0.0);
    for pairs in groups {
        let left = ranks(&pairs.iter().map(|pair| pair.0).collect::<Vec<_>>());
        let right = ranks(&pairs.iter().map(|pair| pair.1).collect::<Vec<_>>());
        let middle = f64::midpoint(number(pairs.len()), 1.0);
        for (left, right) in left.iter().zip(&right) {
            left_spread += (left - middle).powi(2);
            right_spread += (right - middle).powi(2);
            together += (left - middle) * (right - middle);
        }
    }
    let spread = (left_spread * right_spread).sqrt();
    (spread > 0.0).then(|| together / spread)
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    while start < order.len() {
        let value = values[order[start]];
        let end = start + order[start..].iter().take_while(|&&at| values[at].total_cmp(&value).is_eq()).count();
        let shared = f64::midpoint(number(start + 1), number(end));
        order[start..end].iter().for_each(|&at| ranks[at] = shared);
        start = end;
    }
    ranks
}

/// Mean distance; nothing of nothing.
pub fn mean_absolute_error(pairs: &[(f64, f64)]) -> Option<f64> {
    (!pairs.is_empty()).then(|| pairs.iter().map(|(a, b)| (a - b).abs()).sum::<f64>() / number(pairs.len()))
}

/// Mean of the second less the first; nothing of nothing.
pub fn mean_excess(pairs: &[(f64, f64)]) -> Option<f64> {
    (!pairs.is_empty()).then(|| pairs.iter().map(|(a, b)| b - a).sum::<f64>() / number(pairs.len()))
}

/// The share of pairs that lie at most so far apart; nothing of nothing.
pub fn share_within(pairs: &[(f64, f64)], distance: f64) -> Option<f64> {
    let near = pairs.iter().filter(|(a, b)| (a - b).abs() <= distance).count();
    (!pairs.is_empty()).then(|| ratio(near, pairs.len()))
}

/// How far confidence and being right lie apart, over ten equal bins of confidence.
#[derive(Debug, Clone, Default)]
pub struct Calibration {
    /// Verdicts, right ones and summed confidence of each bin.
    bins: [(usize, usize, f64); 10],
}

impl Calibration {
    /// Counts one verdict; one without a confidence is left out.
    pub fn add(&mut self, one: &Disagreement) {
        let Some(confidence) = one.confidence else { return };
        let bin = (1..10).take_while(|&edge| confidence >= f64::from(edge) / 10.0).count();
        let (all, right, sum) = &mut self.bins[bin];
        *all += 1;
        *right += usize::from(one.truth == one.said);
        *sum += confidence;
    }

    /// The expected calibration error, 0 to 1; nothing where no verdict had a confidence.
    pub fn error(&self) -> Option<f64> {
        let total: usize = self.bins.iter().map(|bin| bin.0).sum();
        let gap: f64 = self.bins.iter().map(|(_, right, sum)| (number(*right) - sum).abs()).sum();
        (total > 0).then(|| gap / number(total))
    }
}

/// A small generator of random numbers whose sequence depends on its seed alone.
pub(super) struct SplitMix(pub u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to but not including `end`.
    pub fn below(&mut self, end: usize) -> usize {
        let wide = u128::from(self.next()) * u128::try_from(end).unwrap_or(u128::MAX);
        usize::try_from(wide >> 64).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(value: Option<f64>, expected: f64) {
        assert!(value.is_some_and(|value| (value - expected).abs() < 1e-9), "{value:?} is not {expected}");
    }

    /// Truth 0 0 1 1 2 2, said 0 1 1 1 2 0.
    fn six() -> Confusion {
        Confusion::of(3, [(0, 0), (0, 1), (1, 1), (1, 1), (2, 2), (2, 0)])
    }

    #[test]
    fn f1_is_the_harmonic_mean_of_precision_and_recall() {
        near(six().f1(0), 0.5); // precision 1/2, recall 1/2
        near(six().f1(1), 0.8); // precision 2/3, recall 1
        near(six().f1(2), 2.0 / 3.0); // precision 1, recall 1/2
        near(six().macro_f1(), (0.5 + 0.8 + 2.0 / 3.0) / 3.0);
    }

    #[test]
    fn a_class_that_never_occurs_has_no_f1_and_does_not_lower_the_mean() {
        let table = Confusion::of(3, [(0, 0), (2, 2)]);
        assert_eq!(table.f1(1), None);
        near(table.macro_f1(), 1.0);
        assert_eq!(Confusion::new(3).macro_f1(), None);
    }

    #[test]
    fn kappa_weighs_a_step_of_two_four_times() {
        // Seen: 1 (0 said 1) + 4 (2 said 0) = 5. By chance, over 6: truth is 2 each, said 2 3 1:
        // (2x3x1 + 2x1x4 + 2x2x1 + 2x1x1 + 2x2x4 + 2x3x1) / 6 = (6+8+4+2+16+6)/6 = 7.
        near(six().quadratic_kappa(), 1.0 - 5.0 / 7.0);
        near(Confusion::of(2, [(0, 0), (1, 1)]).quadratic_kappa(), 1.0);
        near(Confusion::of(2, [(0, 1), (1, 0)]).quadratic_kappa(), -1.0);
        assert_eq!(Confusion::of(2, [(1, 1), (1, 1)]).quadratic_kappa(), None);
    }

    #[test]
    fn spearman_shares_ranks_among_ties() {
        near(spearman(&[(1.0, 10.0), (2.0, 20.0), (3.0, 30.0)]), 1.0);
        near(spearman(&[(1.0, 3.0), (2.0, 2.0), (3.0, 1.0)]), -1.0);
        // Ranks 1.5 1.5 3 against 1 2 3: covariance 1.5, spreads 1.5 and 2.
        near(spearman(&[(1.0, 1.0), (1.0, 2.0), (5.0, 9.0)]), 1.5 / 3.0_f64.sqrt());
        assert_eq!(spearman(&[(1.0, 1.0), (2.0, 1.0)]), None);
    }

    #[test]
    fn groups_are_ranked_by_themselves() {
        let rising = [(1.0, 1.0), (2.0, 2.0), (3.0, 3.0)];
        let high = [(9.0, 3.0), (8.0, 2.0), (7.0, 1.0)];
        near(stratified_spearman([rising.as_slice(), &high]), 1.0);
        let falling = [(9.0, 1.0), (8.0, 2.0), (7.0, 3.0)];
        near(stratified_spearman([rising.as_slice(), &falling]), 0.0);
        assert_eq!(stratified_spearman([[(1.0, 2.0)].as_slice()]), None);
    }

    #[test]
    fn the_share_within_a_distance_counts_both_ends() {
        let pairs = [(1.0, 2.0), (5.0, 3.0), (2.0, 2.0), (4.0, 5.0)];
        near(share_within(&pairs, 0.0), 0.25);
        near(share_within(&pairs, 1.0), 0.75);
        assert_eq!(share_within(&[], 1.0), None);
        near(mean_excess(&pairs), 0.0);
        near(mean_excess(&pairs[..1]), 1.0);
    }

    #[test]
    fn the_mean_absolute_error_is_the_mean_distance() {
        near(mean_absolute_error(&[(1.0, 2.0), (5.0, 3.0), (2.0, 2.0)]), 1.0);
        assert_eq!(mean_absolute_error(&[]), None);
    }

    #[test]
    fn calibration_compares_confidence_with_being_right_bin_by_bin() {
        let mut calibration = Calibration::default();
        let one = |right: bool, confidence| Disagreement { truth: 1, said: usize::from(right), confidence };
        // Bin 0.9 to 1: two verdicts at 0.95, one right: gap |1 - 1.9|. Bin 0.5 to 0.6: one at 0.5, right: gap 0.5.
        for verdict in [one(true, Some(0.95)), one(false, Some(0.95)), one(true, Some(0.5)), one(false, None)] {
            calibration.add(&verdict);
        }
        near(calibration.error(), (0.9 + 0.5) / 3.0);
        assert_eq!(Calibration::default().error(), None);
    }

    #[test]
    fn the_generator_repeats_itself_and_reaches_every_number() {
        let draw = || {
            let mut random = SplitMix(7);
            (0..200).map(|_| random.below(5)).collect::<Vec<_>>()
        };
        assert_eq!(draw(), draw());
        assert!((0..5).all(|n| draw().contains(&n)));
    }
}
