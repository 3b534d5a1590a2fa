//! What sentences mean: a small sentence model that is built in, and first read when it is first used.

mod encoder;
mod wordpiece;

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use ndarray::Array1;
use safetensors::SafeTensors;

use encoder::{Encoder, LONGEST, unit};
use wordpiece::Vocabulary;

static BUILTIN: LazyLock<Meaning> = LazyLock::new(|| {
    Meaning::of(include_bytes!("sentences.safetensors")).expect("a test reads the model that is built in")
});

/// How many rubric texts are remembered; past that the memory is emptied.
const REMEMBERED: usize = 8192;

/// What a text means, as a direction: texts that speak of the same thing point the same way.
#[derive(Debug, Clone, PartialEq)]
pub struct Vector(Array1<f32>);

/// A sentence model.
pub struct Meaning {
    vocabulary: Vocabulary,
    encoder: Encoder,
    rubric: Mutex<HashMap<String, Arc<Vector>>>,
}

/// A file that holds no sentence model.
#[derive(Debug, thiserror::Error)]
#[error("the file holds no sentence model ({0}): scripts/meaning/export.py writes one")]
pub struct NoModel(#[from] safetensors::SafeTensorError);

impl Vector {
    /// The cosine of the angle between two vectors, -1 to 1.
    pub fn cosine(&self, other: &Self) -> f64 {
        f64::from(self.0.dot(&other.0))
    }

    /// The direction in the middle of several; nothing of nothing.
    pub fn middle<'a>(vectors: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let mut sum: Option<Array1<f32>> = None;
        for vector in vectors {
            match &mut sum {
                Some(sum) => *sum += &vector.0,
                None => sum = Some(vector.0.clone()),
            }
        }
        sum.map(|sum| Self(unit(sum)))
    }
}

impl Meaning {
    /// The model that is built in.
    pub fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// Reads a file of `scripts/meaning/export.py`.
    pub fn of(bytes: &'static [u8]) -> Result<Self, NoModel> {
        let file = SafeTensors::deserialize(bytes)?;
        Ok(Self {
            vocabulary: Vocabulary::of(include_str!("vocabulary.txt")),
            encoder: Encoder::of(&file)?,
            rubric: Mutex::default(),
        })
    }

    /// What each text means by itself.
    pub fn read(&self, texts: &[&str]) -> Vec<Vector> {
        let pieces = |text: &&str| {
            let mut pieces = vec![self.vocabulary.start];
            pieces.extend(self.vocabulary.cut(text).into_iter().take(LONGEST - 2));
            pieces.push(self.vocabulary.end);
            pieces
        };
        self.encoder.read(&texts.iter().map(pieces).collect::<Vec<_>>()).into_iter().map(Vector).collect()
    }

    /// The same for texts that come again with every answer, such as those of a rubric: each is read once.
    pub fn recall(&self, texts: &[&str]) -> Vec<Arc<Vector>> {
        let mut rubric = self.rubric.lock().unwrap_or_else(PoisonError::into_inner);
        let mut known: Vec<Option<Arc<Vector>>> = texts.iter().map(|text| rubric.get(*text).cloned()).collect();
        let new: Vec<&str> =
            texts.iter().zip(&known).filter(|(_, known)| known.is_none()).map(|(text, _)| *text).collect();
        if rubric.len() + new.len() > REMEMBERED {
            rubric.clear();
        }
        drop(rubric);
        let mut read = self.read(&new).into_iter().map(Arc::new);
        for (text, known) in texts.iter().zip(&mut known).filter(|(_, known)| known.is_none()) {
            *known = read.next();
            if let Some(vector) = known {
                let mut rubric = self.rubric.lock().unwrap_or_else(PoisonError::into_inner);
                rubric.insert((*text).to_owned(), Arc::clone(vector));
            }
        }
        known.into_iter().flatten().collect()
    }
}

impl fmt::Debug for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meaning").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_mean_much_the_same_point_the_same_way_as_in_the_model_that_was_packed() {
        let texts = ["I called the lead the same day.", "Warns the sponsor promptly.", "grapes ripen"];
        let vectors = Meaning::builtin().read(&texts);
        // The cosines of the model before packing, computed in 32-bit floating point.
        for (pair, cosine) in [((0, 1), 0.216_886), ((0, 2), 0.112_278), ((1, 2), 0.099_089)] {
            let found = vectors[pair.0].cosine(&vectors[pair.1]);
            assert!((found - cosine).abs() < 0.01, "{pair:?}: {found} is not {cosine}");
        }
        let alone = Meaning::builtin().read(&texts[1..2]);
        assert!((alone[0].cosine(&vectors[1]) - 1.0).abs() < 1e-5, "texts read side by side do not see each other");
    }

    #[test]
    fn any_text_has_a_direction_and_what_is_recalled_is_what_was_read() {
        let long = "word ".repeat(4000);
        let texts = ["", "\u{0}\u{202e}", "🚀🚀", "供应商告诉我们", long.as_str()];
        for (read, recalled) in Meaning::builtin().read(&texts).iter().zip(Meaning::builtin().recall(&texts)) {
            assert!((read.cosine(read) - 1.0).abs() < 1e-5);
            assert!((read.cosine(&recalled) - 1.0).abs() < 1e-5);
        }
        assert_eq!(Meaning::builtin().recall(&texts)[4], Meaning::builtin().recall(&texts)[4]);
    }
}
