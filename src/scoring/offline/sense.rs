//! What the sentence model says of an answer, as the numbers that the fitted weights are applied to.

use std::sync::Arc;

use super::{
    answer::as_f64,
    meaning::{Meaning, Vector},
};

/// The names of a rubric text's numbers, in order: cosines of the text with the nearest sentence, the nearest two and three in
/// a row, the whole answer and the mean of the nearest three; how far the first two lie above those of the question's
/// other texts of the sort, and those others; how far the nearest lies above what is nearest to the prompt; the text's own
/// cosine with the prompt; and the share of sentences that are near.
pub(super) const SENSE_FEATURES: &[&str] = &[
    "best",
    "pair",
    "triple",
    "whole",
    "top",
    "best-lead",
    "pair-lead",
    "best-ground",
    "whole-ground",
    "over-prompt",
    "prompt-kin",
    "near",
];

/// The cosine from which a sentence counts as near.
const NEAR: f64 = 0.35;

/// A question's prompt and the texts of its rubric, as the sentence model reads them.
pub(super) struct RubricSense {
    prompt: Arc<Vector>,
    pub points: Vec<Arc<Vector>>,
    pub pitfalls: Vec<Arc<Vector>>,
}

/// The sentences of an answer that may count, as the sentence model reads them.
pub(super) struct AnswerSense {
    /// One entry a sentence of the answer; nothing for those that may not count.
    pub sentences: Vec<Option<Vector>>,
    open: Vec<Vector>,
    pairs: Vec<Vector>,
    triples: Vec<Vector>,
    whole: Option<Vector>,
}

impl RubricSense {
    pub fn of(meaning: &Meaning, prompt: &str, points: &[&str], pitfalls: &[&str]) -> Self {
        let texts: Vec<&str> = [prompt].iter().chain(points).chain(pitfalls).copied().collect();
        let mut read = meaning.recall(&texts).into_iter();
        let prompt = read.next().expect("as many vectors come back as texts were given");
        let points = read.by_ref().take(points.len()).collect();
        Self { prompt, points, pitfalls: read.collect() }
    }
}

impl AnswerSense {
    /// `open` names the sentences that may count, by index.
    pub fn of(meaning: &Meaning, sentences: &[&str], open: &[usize]) -> Self {
        let texts: Vec<&str> = open.iter().map(|&index| sentences[index]).collect();
        let read = meaning.read(&texts);
        let runs = |length: usize| -> Vec<Vector> {
            let length = length.min(read.len()).max(1);
            read.windows(length).filter_map(Vector::middle).collect()
        };
        let (pairs, triples) = (runs(2), runs(3));
        let mut placed = vec![None; sentences.len()];
        for (&index, vector) in open.iter().zip(&read) {
            placed[index] = Some(vector.clone());
        }
        Self { sentences: placed, pairs, triples, whole: Vector::middle(&read), open: read }
    }

    /// How near each sentence is to each text, less how near it is to the texts on the whole: a row a text, an entry a
    /// sentence of the answer, 0 for those that may not count.
    pub fn nearness(&self, texts: &[Arc<Vector>]) -> Vec<Vec<(f64, f64)>> {
        let mean = |sentence: &Vector| {
            texts.iter().map(|text| sentence.cosine(text)).sum::<f64>() / as_f64(texts.len().max(1))
        };
        let means: Vec<f64> = self.sentences.iter().map(|one| one.as_ref().map_or(0.0, mean)).collect();
        texts
            .iter()
            .map(|text| {
                let near = |(one, mean): (&Option<Vector>, &f64)| {
                    one.as_ref().map_or((0.0, 0.0), |one| (one.cosine(text), one.cosine(text) - mean))
                };
                self.sentences.iter().zip(&means).map(near).collect()
            })
            .collect()
    }

    /// The numbers of each of these texts, in the order of [`SENSE_FEATURES`].
    pub fn numbers(&self, rubric: &RubricSense, texts: &[Arc<Vector>]) -> Vec<[f64; SENSE_FEATURES.len()]> {
        let Some(whole) = &self.whole else { return vec![[0.0; SENSE_FEATURES.len()]; texts.len()] };
        let highest =
            |vectors: &[Vector], text: &Vector| vectors.iter().map(|vector| vector.cosine(text)).fold(-1.0, f64::max);
        let over_all =
            |of: &dyn Fn(&Vector) -> f64| texts.iter().map(|text| of(text)).sum::<f64>() / as_f64(texts.len().max(1));
        let best = |text: &Vector| highest(&self.open, text);
        let pair = |text: &Vector| highest(&self.pairs, text);
        let (mean_best, mean_pair) = (over_all(&best), over_all(&pair));
        let mean_whole = over_all(&|text| whole.cosine(text));
        let to_prompt = highest(&self.open, &rubric.prompt);
        texts
            .iter()
            .map(|text| {
                let mut cosines: Vec<f64> = self.open.iter().map(|vector| vector.cosine(text)).collect();
                cosines.sort_by(|a, b| b.total_cmp(a));
                let near = cosines.iter().filter(|&&cosine| cosine > NEAR).count();
                let top = &cosines[..cosines.len().min(3)];
                [
                    cosines[0],
                    pair(text),
                    highest(&self.triples, text),
                    whole.cosine(text),
                    top.iter().sum::<f64>() / as_f64(top.len()),
                    cosines[0] - mean_best,
                    pair(text) - mean_pair,
                    mean_best,
                    mean_whole,
                    cosines[0] - to_prompt,
                    text.cosine(&rubric.prompt),
                    as_f64(near) / (2.0 + as_f64(cosines.len())),
                ]
            })
            .collect()
    }
}
