//! Logistic regression with a ridge, fitted the same to the last bit on every run.

use serde::{Deserialize, Serialize};

/// Rows of numbers, each of the same width, kept one after the other, and how much each counts.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    width: usize,
    cells: Vec<f64>,
    /// How much each row counts.
    weights: Vec<f64>,
}

impl Table {
    pub fn new(width: usize) -> Self {
        Self { width, cells: Vec::new(), weights: Vec::new() }
    }

    pub fn push(&mut self, row: &[f64], weight: f64) {
        debug_assert_eq!(row.len(), self.width);
        self.cells.extend_from_slice(row);
        self.weights.push(weight);
    }

    pub fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.cells.chunks_exact(self.width.max(1))
    }
}

/// Probabilities of classes from numbers: what is kept of a fit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Mean of each number over the rows fitted.
    mean: Vec<f64>,
    /// One over its standard deviation; 0 for a number that never varies.
    scale: Vec<f64>,
    /// A class a row: its constant, then one coefficient a number.
    coefficients: Vec<Vec<f64>>,
    /// Divides the scores before they become probabilities; above 1 makes the model less sure.
    pub(super) temperature: f64,
}

/// Six decimals are kept, so that the file stays small and the same on every machine.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

impl Model {
    /// Fits one row of coefficients a class; `strength` is what the squared coefficients cost in all.
    ///
    /// `near` is a fit on much the same rows, from which the search starts; it makes the search shorter and
    /// does not change where it ends.
    pub(super) fn fit(table: &Table, classes: &[usize], kinds: usize, strength: f64, near: Option<&Self>) -> Self {
        let (mean, scale) = spread(table);
        let mut scaled = Table::new(table.width + 1);
        let mut row_buffer = vec![1.0; table.width + 1];
        for (row, &weight) in table.rows().zip(&table.weights) {
            for (cell, (value, (mean, scale))) in
                row_buffer[1..].iter_mut().zip(row.iter().zip(mean.iter().zip(&scale)))
            {
                *cell = standard(*value, *mean, *scale);
            }
            scaled.push(&row_buffer, weight);
        }
        let start = near.map_or_else(|| vec![0.0; kinds * scaled.width], |near| near.coefficients.concat());
        let flat = minimise(start, |at, slope| loss(&scaled, classes, kinds, strength, at, slope));
        let coefficients =
            flat.chunks_exact(scaled.width).map(|row| row.iter().copied().map(rounded).collect()).collect();
        Self {
            mean: mean.into_iter().map(rounded).collect(),
            scale: scale.into_iter().map(rounded).collect(),
            coefficients,
            temperature: 1.0,
        }
    }

    /// How many numbers a row must have.
    pub fn width(&self) -> usize {
        self.mean.len()
    }

    /// Whether the parts fit each other and `kinds` classes of `width` numbers.
    pub fn is_sound(&self, width: usize, kinds: usize) -> bool {
        self.mean.len() == width
            && self.scale.len() == width
            && self.coefficients.len() == kinds
            && self.temperature > 0.0
            && self.coefficients.iter().all(|row| row.len() == width + 1 && row.iter().all(|cell| cell.is_finite()))
    }

    /// The score of each class before it becomes a probability.
    pub fn scores(&self, row: &[f64]) -> Vec<f64> {
        self.coefficients
            .iter()
            .map(|coefficients| {
                let sum: f64 = coefficients[1..]
                    .iter()
                    .zip(row.iter().zip(self.mean.iter().zip(&self.scale)))
                    .map(|(coefficient, (value, (mean, scale)))| coefficient * standard(*value, *mean, *scale))
                    .sum();
                coefficients[0] + sum
            })
            .collect()
    }

    /// The probability of each class.
    pub fn probabilities(&self, row: &[f64]) -> Vec<f64> {
        softmax(self.scores(row), self.temperature)
    }
}

/// How many standard deviations from the mean a number counts at most: past that, an answer is merely unlike those that
/// were fitted, and a straight line says nothing.
const FARTHEST: f64 = 3.0;

fn standard(value: f64, mean: f64, scale: f64) -> f64 {
    ((value - mean) * scale).clamp(-FARTHEST, FARTHEST)
}

/// Scores as probabilities that add up to 1.
pub(super) fn softmax(mut scores: Vec<f64>, temperature: f64) -> Vec<f64> {
    let top = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for score in &mut scores {
        *score = ((*score - top) / temperature).exp();
    }
    let total: f64 = scores.iter().sum();
    for score in &mut scores {
        *score /= total;
    }
    scores
}

/// Mean and one over the standard deviation of each number.
fn spread(table: &Table) -> (Vec<f64>, Vec<f64>) {
    let count = super::answer::as_f64(table.rows().count()).max(1.0);
    let mut mean = vec![0.0; table.width];
    for row in table.rows() {
        mean.iter_mut().zip(row).for_each(|(mean, value)| *mean += value / count);
    }
    let mut variance = vec![0.0; table.width];
    for row in table.rows() {
        variance
            .iter_mut()
            .zip(row.iter().zip(&mean))
            .for_each(|(sum, (value, mean))| *sum += (value - mean).powi(2) / count);
    }
    let scale =
        variance.into_iter().map(|variance| if variance > 1e-9 { 1.0 / variance.sqrt() } else { 0.0 }).collect();
    (mean, scale)
}

/// Negative log-likelihood plus the ridge (the constants are free), and its slope.
fn loss(table: &Table, classes: &[usize], kinds: usize, strength: f64, at: &[f64], slope: &mut [f64]) -> f64 {
    let width = table.width;
    let mut total = 0.0;
    slope.fill(0.0);
    let mut scores = vec![0.0; kinds];
    for ((row, &weight), &class) in table.rows().zip(&table.weights).zip(classes) {
        for (score, coefficients) in scores.iter_mut().zip(at.chunks_exact(width)) {
            *score = dot(coefficients, row);
        }
        let top = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = scores.iter().map(|score| (score - top).exp()).sum();
        total += weight * (top + sum.ln() - scores[class]);
        for (kind, (score, slope)) in scores.iter().zip(slope.chunks_exact_mut(width)).enumerate() {
            let error = weight * ((score - top).exp() / sum - f64::from(u8::from(kind == class)));
            slope.iter_mut().zip(row).for_each(|(slope, cell)| *slope += error * cell);
        }
    }
    for (coefficients, slope) in at.chunks_exact(width).zip(slope.chunks_exact_mut(width)) {
        for (coefficient, slope) in coefficients[1..].iter().zip(&mut slope[1..]) {
            total += 0.5 * strength * coefficient * coefficient;
            *slope += strength * coefficient;
        }
    }
    total
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}

/// How many past steps the minimiser remembers.
const MEMORY: usize = 8;

/// Finds the lowest point of a smooth convex function from `at` on (limited-memory BFGS with a backtracking line search).
fn minimise(mut at: Vec<f64>, mut function: impl FnMut(&[f64], &mut [f64]) -> f64) -> Vec<f64> {
    let mut slope = vec![0.0; at.len()];
    let mut value = function(&at, &mut slope);
    let mut past: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
    let mut next = at.clone();
    let mut next_slope = slope.clone();
    for _ in 0..200 {
        let mut step = slope.clone();
        let mut shares = Vec::new();
        for (moved, bent) in past.iter().rev() {
            let share = dot(moved, &step) / dot(moved, bent);
            step.iter_mut().zip(bent).for_each(|(step, bent)| *step -= share * bent);
            shares.push(share);
        }
        let first = match past.last() {
            Some((moved, bent)) => dot(moved, bent) / dot(bent, bent),
            None => 1.0 / dot(&slope, &slope).sqrt().max(1e-12),
        };
        for step in &mut step {
            *step *= first;
        }
        for ((moved, bent), share) in past.iter().zip(shares.into_iter().rev()) {
            let correction = share - dot(bent, &step) / dot(moved, bent);
            step.iter_mut().zip(moved).for_each(|(step, moved)| *step += correction * moved);
        }
        let descent = dot(&slope, &step);
        let mut stride = 1.0;
        let next_value = loop {
            for (next, (at, step)) in next.iter_mut().zip(at.iter().zip(&step)) {
                *next = at - stride * step;
            }
            let tried = function(&next, &mut next_slope);
            if tried <= value - 1e-4 * stride * descent || stride < 1e-10 {
                break tried;
            }
            stride *= 0.5;
        };
        let moved: Vec<f64> = next.iter().zip(&at).map(|(next, at)| next - at).collect();
        let bent: Vec<f64> = next_slope.iter().zip(&slope).map(|(next, slope)| next - slope).collect();
        let gained = value - next_value;
        std::mem::swap(&mut at, &mut next);
        std::mem::swap(&mut slope, &mut next_slope);
        value = next_value;
        if gained.abs() < 1e-6 * value.abs().max(1.0) {
            break;
        }
        if dot(&moved, &bent) > 1e-12 {
            if past.len() == MEMORY {
                past.remove(0);
            }
            past.push((moved, bent));
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fit_finds_the_class_that_a_number_tells_and_ignores_one_that_never_varies() {
        let mut table = Table::new(2);
        let classes: Vec<usize> = (0..60).map(|n| n / 20).collect();
        for n in 0..60_u8 {
            table.push(&[f64::from(n), 7.0], 1.0);
        }
        let model = Model::fit(&table, &classes, 3, 0.1, None);
        let likeliest = |value: f64| {
            let chances = model.probabilities(&[value, 7.0]);
            (0..3).max_by(|&a, &b| chances[a].total_cmp(&chances[b])).unwrap()
        };
        assert_eq!([likeliest(5.0), likeliest(30.0), likeliest(55.0)], [0, 1, 2]);
        assert!((model.probabilities(&[30.0, 7.0]).iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(model.probabilities(&[5.0, 7.0]), model.probabilities(&[5.0, 1e6]));
        assert!(model.is_sound(2, 3));
    }

    #[test]
    fn a_row_of_weight_two_counts_like_two_rows() {
        let (mut doubled, mut weighted) = (Table::new(1), Table::new(1));
        let (mut classes, mut fewer) = (Vec::new(), Vec::new());
        for n in 0..20_u8 {
            let class = usize::from(n > 12 || n == 3);
            weighted.push(&[f64::from(n)], 2.0);
            fewer.push(class);
            for _ in 0..2 {
                doubled.push(&[f64::from(n)], 1.0);
                classes.push(class);
            }
        }
        let one = Model::fit(&doubled, &classes, 2, 1.0, None).probabilities(&[9.0])[1];
        let other = Model::fit(&weighted, &fewer, 2, 1.0, None).probabilities(&[9.0])[1];
        assert!((one - other).abs() < 1e-3, "{one} {other}");
    }

    #[test]
    fn a_stronger_ridge_pulls_towards_the_shares_of_the_classes() {
        let mut table = Table::new(1);
        let classes: Vec<usize> = (0..40).map(|n| usize::from(n >= 30)).collect();
        for n in 0..40_u8 {
            table.push(&[f64::from(n)], 1.0);
        }
        let sure = Model::fit(&table, &classes, 2, 0.01, None).probabilities(&[39.0])[1];
        let unsure = Model::fit(&table, &classes, 2, 1e6, None).probabilities(&[39.0])[1];
        assert!(sure > 0.95);
        assert!((unsure - 0.25).abs() < 0.01, "{unsure}");
    }
}
