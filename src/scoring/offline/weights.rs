//! The fitted numbers of the offline engine, as a small versioned file that is built in.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    features::{pitfall_features, point_features},
    matching::Rarity,
    regression::Model,
};
use crate::question::hex;

/// The layout of the file; raised when an older engine could not read it rightly.
pub const FORMAT: u32 = 1;

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
