//! How much two texts say the same: by the stems of their telling words, rare ones counting most.

use std::collections::HashMap;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation as _;

/// Words that say nothing about what a text is about.
const COMMON: &str = "a an the and or but nor if of to in on at by for with from as is are was were be been being it \
    its this that these those they them their there he she him his her you your i me my we us our what which who \
    whom whose how when where why do does did done not no so than then too very can could would should will may \
    might must has have had about into over under up down out off own one before after between only also just any \
    some all both each more most other same such rather walk tell through say says get gets give gives";

/// Fewer telling words in common than this prove nothing, however short the texts are.
const FEWEST_SHARED: usize = 3;

/// Texts of one sort, ready to be compared with each other.
pub(super) struct Likeness {
    /// Of each text its stems, sorted, with what each is worth.
    stems: Vec<Vec<(usize, f64)>>,
}

/// How two texts compare; both figures are 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Alike {
    /// How much they say the same.
    pub alike: f64,
    /// How much of what the shorter one says the longer one says too.
    pub contained: f64,
}

impl Likeness {
    pub fn over(texts: &[&str]) -> Self {
        let stemmer = Stemmer::create(Algorithm::English);
        let common: Vec<&str> = COMMON.split_whitespace().collect();
        let mut numbers: HashMap<String, usize> = HashMap::new();
        let mut texts_with: Vec<f64> = Vec::new();
        let mut stems = Vec::with_capacity(texts.len());
        for text in texts {
            let lower = text.to_lowercase();
            let mut found: Vec<usize> = lower
                .unicode_words()
                .filter(|word| !common.contains(word))
                .map(|word| {
                    let next = numbers.len();
                    *numbers.entry(stemmer.stem(word).into_owned()).or_insert(next)
                })
                .collect();
            found.sort_unstable();
            found.dedup();
            texts_with.resize(numbers.len(), 0.0);
            for &stem in &found {
                texts_with[stem] += 1.0;
            }
            stems.push(found);
        }
        let all = f64::from(u32::try_from(texts.len()).unwrap_or(u32::MAX));
        let worth = |stem: usize| ((all + 1.0) / texts_with[stem]).ln();
        let stems = stems.into_iter().map(|found| found.into_iter().map(|stem| (stem, worth(stem))).collect());
        Self { stems: stems.collect() }
    }

    /// The one function that tells how alike two of the texts are, by their places.
    pub fn of(&self, a: usize, b: usize) -> Alike {
        let (a, b) = (&self.stems[a], &self.stems[b]);
        let (mut shared, mut worth, mut squares) = (0, 0.0, 0.0);
        for (stem, value) in a {
            if b.binary_search_by_key(stem, |(stem, _)| *stem).is_ok() {
                shared += 1;
                worth += value;
                squares += value * value;
            }
        }
        if shared < FEWEST_SHARED {
            return Alike { alike: 0.0, contained: 0.0 };
        }
        let sum = |stems: &[(usize, f64)]| stems.iter().map(|(_, value)| value).sum::<f64>();
        let length = |stems: &[(usize, f64)]| stems.iter().map(|(_, value)| value * value).sum::<f64>().sqrt();
        Alike { alike: squares / (length(a) * length(b)), contained: worth / sum(a).min(sum(b)) }
    }
}

/// The words of a text in lower case with single spaces between and around them, so that a run of words can be found.
pub(super) fn spelled(text: &str) -> String {
    let lower = text.to_lowercase();
    lower.unicode_words().fold(" ".to_owned(), |mut line, word| {
        line.push_str(word);
        line.push(' ');
        line
    })
}

/// How many words a run has.
pub(super) fn run_of_words(text: &str) -> usize {
    text.unicode_words().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: &[&str] = &[
        "Compares the options by the same few measures.",
        "Has compared all the options, by few and equal measures.",
        "Compares the options by the same few measures, the cost of waiting among them, before anybody decides.",
        "Tells support of the new date before customers ask.",
        "Says what they did.",
        "Says what they did not.",
    ];

    #[test]
    fn another_form_of_the_same_words_is_alike_and_another_matter_is_not() {
        let likeness = Likeness::over(TEXTS);
        assert!(likeness.of(0, 1).alike > 0.6, "{:?}", likeness.of(0, 1));
        assert!(likeness.of(0, 3).alike < 0.1, "{:?}", likeness.of(0, 3));
    }

    #[test]
    fn a_text_that_another_holds_and_adds_to_is_contained() {
        let Alike { alike, contained } = Likeness::over(TEXTS).of(0, 2);
        assert!(contained > 0.99 && alike < 0.8, "{alike} {contained}");
    }

    #[test]
    fn two_or_three_everyday_words_in_common_prove_nothing() {
        assert_eq!(Likeness::over(TEXTS).of(4, 5), Alike { alike: 0.0, contained: 0.0 });
    }
}
