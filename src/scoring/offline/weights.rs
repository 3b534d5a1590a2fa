//! The fitted numbers of the offline engine, as a small versioned file that is built in.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    features::{pitfall_features, point_features},
    matching::Rarity,
    regression::Model,
};
use crate::{
    question::hex,
    scoring::agreement::{Figure, Figures, Pair},
};

/// The layout of the file; raised when an older engine could not read it rightly.
pub const FORMAT: u32 = 2;

/// Everything that a fit produces.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    pub format: u32,
    /// SHA-256 of the answers and labels that were fitted.
    pub data_hash: String,
    /// A short hash of each sample fitted, in order, so that `eval` can tell what is in-sample.
    pub fitted: Vec<String>,
    /// How well verdicts made without the question under test agreed with the labels when this was fitted, to
    /// be read beside `eval --left-out`: the shape of the data at the time of the fit.
    pub inner: InnerFigures,
    /// What `greenroom eval --left-out` said of this fit; a scorecard shows it as its reliability.
    pub left_out: Option<LeftOut>,
    pub rarity: Rarity,
    pub point_features: Vec<String>,
    pub points: Model,
    /// The expected verdict (0 missed, 1 partial, 2 met) from which a point is partial, and from which it is met.
    pub cuts: [f64; 2],
    pub pitfall_features: Vec<String>,
    pub pitfalls: Model,
    /// The probability from which a pitfall is triggered.
    pub alarm: f64,
}

/// Agreement on the inner folds on which cuts and temperatures were chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct InnerFigures {
    pub points_macro_f1: f64,
    pub points_qwk: f64,
    pub pitfalls_f1: f64,
}

/// Agreement with the reference raters on labelled answers, each question judged by weights fitted without it.
///
/// Kappa is quadratic and weighted, -1 to 1; F1 and shares are 0 to 1. The raters of the file that is built in are language
/// models (`tests/eval/README.md`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Reliability)]
pub struct LeftOut {
    pub answers: usize,
    pub questions: usize,
    pub points_macro_f1: f64,
    pub points_qwk: f64,
    pub pitfalls_f1: f64,
    pub overall_qwk: f64,
    pub overall_spearman: f64,
    /// Share of the answers whose overall is the raters'.
    pub overall_same: f64,
    /// Share of the answers whose overall is the raters' or next to it.
    pub overall_within_one: f64,
    pub points_calibration_error: f64,
    pub pitfalls_calibration_error: f64,
}

impl LeftOut {
    /// The figures of answers judged by weights fitted without their questions; nothing where a figure is not defined.
    pub fn of(figures: &Figures, pairs: &[Pair]) -> Option<Self> {
        let rounded = |figure: Option<Figure>| figure.map(|figure| (figure.value * 1000.0).round() / 1000.0);
        Some(Self {
            answers: figures.answers,
            questions: pairs.iter().map(|pair| pair.question.as_str()).collect::<BTreeSet<_>>().len(),
            points_macro_f1: rounded(figures.points_macro_f1)?,
            points_qwk: rounded(figures.points_qwk)?,
            pitfalls_f1: rounded(figures.pitfalls_f1)?,
            overall_qwk: rounded(figures.overall_qwk)?,
            overall_spearman: rounded(figures.overall_spearman)?,
            overall_same: rounded(figures.overall_same)?,
            overall_within_one: rounded(figures.overall_within_one)?,
            points_calibration_error: rounded(figures.points_calibration)?,
            pitfalls_calibration_error: rounded(figures.pitfalls_calibration)?,
        })
    }
}

/// Why a file of weights cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum UnfitWeights {
    #[error("the weights cannot be read ({0}): write them anew with `greenroom fit`")]
    Unreadable(#[from] serde_json::Error),
    #[error("the weights have format {0}, this engine reads {FORMAT}: write them anew with `greenroom fit`")]
    Format(u32),
    #[error("the weights were fitted for other features than this engine's: write them anew with `greenroom fit`")]
    Features,
}

impl Weights {
    /// Reads the file and checks that it fits this engine.
    pub fn parse(text: &str) -> Result<Self, UnfitWeights> {
        let weights: Self = serde_json::from_str(text)?;
        if weights.format != FORMAT {
            return Err(UnfitWeights::Format(weights.format));
        }
        let same = weights.point_features == point_features() && weights.pitfall_features == pitfall_features();
        let sound = weights.points.is_sound(weights.point_features.len(), 3)
            && weights.pitfalls.is_sound(weights.pitfall_features.len(), 2);
        if same && sound { Ok(weights) } else { Err(UnfitWeights::Features) }
    }

    /// The file's text.
    pub fn text(&self) -> String {
        let mut text = serde_json::to_string(self).expect("weights are plain numbers and names");
        text.push('\n');
        text
    }

    /// First eight digits of the SHA-256 of the file's text.
    pub fn short_hash(&self) -> String {
        let mut digits = hex(&Sha256::digest(self.text()));
        digits.truncate(8);
        digits
    }
}
