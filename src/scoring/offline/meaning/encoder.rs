//! The sentence model: six layers of attention over the pieces of a text, a vector for each piece.
//!
//! The architecture is BERT's, with the sizes of all-MiniLM-L6-v2. Weights are kept as bytes with one factor a row and made
//! floating-point numbers when the model is first used.

use std::ops::Range;

use ndarray::{Array1, Array2, Axis, Slice, linalg::general_mat_mul};
use safetensors::{SafeTensorError, SafeTensors, tensor::TensorView};

/// Numbers in a vector.
const WIDTH: usize = 384;
const HEADS: usize = 12;
const HEAD: usize = WIDTH / HEADS;

/// The most pieces that are read at once, start and end included.
pub(super) const LONGEST: usize = 448;

/// A table of numbers as bytes: each row has a factor of its own.
#[derive(Debug)]
struct Packed {
    bytes: &'static [u8],
    factors: Vec<f32>,
    columns: usize,
}

#[derive(Debug)]
struct Linear {
    /// Inputs by outputs.
    weight: Array2<f32>,
    bias: Array1<f32>,
}

#[derive(Debug)]
struct Norm {
    scale: Array1<f32>,
    shift: Array1<f32>,
}

#[derive(Debug)]
struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    joined: Linear,
    first: Norm,
    up: Linear,
    down: Linear,
    second: Norm,
}

#[derive(Debug)]
pub(super) struct Encoder {
    words: Packed,
    places: Array2<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

/// A part of the file, or that it is not there.
type Part<T> = Result<T, SafeTensorError>;

fn floats(view: &TensorView<'_>) -> Vec<f32> {
    view.data().chunks_exact(4).map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect()
}

/// One row of numbers.
fn row(file: &SafeTensors<'_>, name: &str) -> Part<Array1<f32>> {
    Ok(Array1::from(floats(&file.tensor(name)?)))
}

/// A table of numbers.
fn table(file: &SafeTensors<'_>, name: &str) -> Part<Array2<f32>> {
    let view = file.tensor(name)?;
    let (numbers, shape) = (floats(&view), view.shape());
    let misfit = || SafeTensorError::InvalidTensorView(view.dtype(), shape.to_vec(), numbers.len());
    match *shape {
        [rows, columns] if rows * columns == numbers.len() => {
            Ok(Array2::from_shape_vec((rows, columns), numbers).expect("the numbers were counted"))
        }
        _ => Err(misfit()),
    }
}

impl Packed {
    fn of(file: &SafeTensors<'static>, name: &str) -> Part<Self> {
        let view = file.tensor(name)?;
        let factors = floats(&file.tensor(&format!("{name}.factor"))?);
        let bytes = view.data();
        let columns = bytes.len() / factors.len().max(1);
        Ok(Self { bytes, factors, columns })
    }

    fn row(&self, number: usize) -> impl Iterator<Item = f32> + '_ {
        let factor = self.factors[number];
        let bytes = &self.bytes[number * self.columns..(number + 1) * self.columns];
        bytes.iter().map(move |byte| f32::from(byte.cast_signed()) * factor)
    }

    fn unpacked(&self) -> Array2<f32> {
        let numbers = (0..self.factors.len()).flat_map(|number| self.row(number)).collect();
        Array2::from_shape_vec((self.factors.len(), self.columns), numbers)
            .expect("a table holds as many bytes as rows times columns")
    }
}

impl Linear {
    /// Kept as outputs by inputs.
    fn of(file: &SafeTensors<'static>, name: &str) -> Part<Self> {
        let weight = Packed::of(file, &format!("{name}.weight"))?.unpacked();
        Ok(Self { weight: weight.reversed_axes(), bias: row(file, &format!("{name}.bias"))? })
    }

    fn apply(&self, input: &Array2<f32>) -> Array2<f32> {
        let mut output = Array2::zeros((input.nrows(), self.weight.ncols()));
        output += &self.bias;
        general_mat_mul(1.0, input, &self.weight, 1.0, &mut output);
        output
    }
}

impl Norm {
    fn of(file: &SafeTensors<'_>, name: &str) -> Part<Self> {
        Ok(Self { scale: row(file, &format!("{name}.scale"))?, shift: row(file, &format!("{name}.shift"))? })
    }

    /// Each row with mean 0 and deviation 1, then scaled and shifted.
    fn apply(&self, rows: &mut Array2<f32>) {
        for mut row in rows.rows_mut() {
            let row = row.as_slice_mut().expect("rows stand in order");
            let count = 384.0;
            let mean = row.iter().sum::<f32>() / count;
            let variance = row.iter().map(|value| (value - mean) * (value - mean)).sum::<f32>() / count;
            let factor = 1.0 / (variance + 1e-12).sqrt();
            for (value, (scale, shift)) in row.iter_mut().zip(self.scale.iter().zip(&self.shift)) {
                *value = (*value - mean) * factor * scale + shift;
            }
        }
    }
}

impl Encoder {
    /// Reads as many layers as the file has; a file without any gives the words' own vectors.
    pub fn of(file: &SafeTensors<'static>) -> Part<Self> {
        let layers = (0..).take_while(|layer| file.tensor(&format!("{layer}.query.bias")).is_ok());
        let layers = layers.map(|layer| Layer::of(file, layer)).collect::<Part<_>>()?;
        Ok(Self {
            words: Packed::of(file, "words")?,
            places: table(file, "places")?,
            norm: Norm::of(file, "norm")?,
            layers,
        })
    }

    /// One vector of length 1 for each text, given as at most [`LONGEST`] pieces.
    ///
    /// Texts are read side by side and do not see each other: one large product is quicker than many small ones.
    pub fn read(&self, texts: &[Vec<u16>]) -> Vec<Array1<f32>> {
        let mut texts = texts;
        let mut vectors = Vec::with_capacity(texts.len());
        while !texts.is_empty() {
            let mut pieces = 0;
            let fitting = texts.iter().take_while(|text| {
                pieces += text.len();
                pieces <= LONGEST
            });
            let (now, later) = texts.split_at(fitting.count().max(1));
            vectors.extend(self.read_side_by_side(now));
            texts = later;
        }
        vectors
    }

    fn read_side_by_side(&self, texts: &[Vec<u16>]) -> Vec<Array1<f32>> {
        let mut ranges = Vec::with_capacity(texts.len());
        let mut end = 0;
        for text in texts {
            ranges.push(end..end + text.len());
            end += text.len();
        }
        let mut state = Array2::zeros((end, WIDTH));
        for (text, range) in texts.iter().zip(&ranges) {
            for (place, (&piece, at)) in text.iter().zip(range.clone()).enumerate() {
                let mut row = state.row_mut(at);
                row += &self.places.row(place);
                row.iter_mut().zip(self.words.row(usize::from(piece))).for_each(|(value, word)| *value += word);
            }
        }
        self.norm.apply(&mut state);
        for layer in &self.layers {
            state = layer.apply(&state, &ranges);
        }
        ranges.into_iter().map(|range| unit(mean(&state, range))).collect()
    }
}

impl Layer {
    fn of(file: &SafeTensors<'static>, layer: usize) -> Part<Self> {
        let linear = |name: &str| Linear::of(file, &format!("{layer}.{name}"));
        let norm = |name: &str| Norm::of(file, &format!("{layer}.{name}"));
        Ok(Self {
            query: linear("query")?,
            key: linear("key")?,
            value: linear("value")?,
            joined: linear("joined")?,
            first: norm("first")?,
            up: linear("up")?,
            down: linear("down")?,
            second: norm("second")?,
        })
    }

    /// The next state of the pieces of several texts, each of which looks at its own pieces alone.
    fn apply(&self, state: &Array2<f32>, texts: &[Range<usize>]) -> Array2<f32> {
        let (query, key, value) = (self.query.apply(state), self.key.apply(state), self.value.apply(state));
        let mut seen = Array2::zeros(state.raw_dim());
        for text in texts {
            let rows = Slice::from(text.clone());
            for head in 0..HEADS {
                let columns = Slice::from(head * HEAD..(head + 1) * HEAD);
                let part = |table: &'_ Array2<f32>| -> Array2<f32> {
                    table.slice_axis(Axis(0), rows).slice_axis(Axis(1), columns).to_owned()
                };
                let mut weights = part(&query).dot(&part(&key).t());
                for mut row in weights.rows_mut() {
                    soften(row.as_slice_mut().expect("rows stand in order"));
                }
                let found = weights.dot(&part(&value));
                seen.slice_axis_mut(Axis(0), rows).slice_axis_mut(Axis(1), columns).assign(&found);
            }
        }
        let mut state = self.joined.apply(&seen) + state;
        self.first.apply(&mut state);
        let mut wide = self.up.apply(&state);
        wide.as_slice_mut().expect("rows stand in order").iter_mut().for_each(|value| *value = gelu(*value));
        let mut next = self.down.apply(&wide) + &state;
        self.second.apply(&mut next);
        next
    }
}

/// Turns products of query and key into shares that add up to 1.
fn soften(row: &mut [f32]) {
    // One over the root of a head's width.
    const SCALE: f32 = 0.176_776_7;
    let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for value in row.iter_mut() {
        *value = ((*value - top) * SCALE).exp();
        sum += *value;
    }
    for value in row {
        *value /= sum;
    }
}

/// The Gaussian error linear unit, its error function by formula 7.1.26 of Abramowitz and Stegun (to 1.5e-7).
fn gelu(value: f32) -> f32 {
    let x = value.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let series = t * (0.254_829_6 + t * (-0.284_496_74 + t * (1.421_413_7 + t * (-1.453_152 + t * 1.061_405_4))));
    let erf = 1.0 - series * (-x * x).exp();
    0.5 * value * (1.0 + erf.copysign(value))
}

/// The mean of some rows.
fn mean(rows: &Array2<f32>, range: Range<usize>) -> Array1<f32> {
    rows.slice_axis(Axis(0), Slice::from(range)).mean_axis(Axis(0)).unwrap_or_else(|| Array1::zeros(WIDTH))
}

/// The vector with length 1.
pub(super) fn unit(mut vector: Array1<f32>) -> Array1<f32> {
    let length = vector.dot(&vector).sqrt().max(1e-9);
    vector /= length;
    vector
}
