//! How an answer was delivered, counted and not judged: it never changes the score.

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use super::{Exchange, SpokenDelivery};

const FILLERS: &[&str] = &["um", "uh", "er", "erm", "hmm", "basically", "literally", "actually"];
const HEDGES: &[&str] = &["maybe", "perhaps", "probably", "possibly", "somewhat", "hopefully", "guess"];

/// Plain counts over all answers of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Delivery {
    pub words: usize,
    /// "um", "basically" and their like.
    pub fillers: usize,
    /// "maybe", "probably" and their like.
    pub hedges: usize,
    /// "I", "my", "me", "mine", "myself".
    pub first_person_singular: usize,
    /// "we", "our", "us", "ours", "ourselves".
    pub first_person_plural: usize,
    /// Pace and pauses of what was spoken; left out where all was typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spoken: Option<SpokenDelivery>,
}

impl Delivery {
    pub fn of(exchange: &Exchange) -> Self {
        let mut counts =
            Self { words: 0, fillers: 0, hedges: 0, first_person_singular: 0, first_person_plural: 0, spoken: None };
        for word in exchange.turns().iter().flat_map(|turn| turn.answer.unicode_words()) {
            counts.words += 1;
            let word = word.to_lowercase();
            let stem = word.split(['\'', '’']).next().unwrap_or(&word);
            counts.fillers += usize::from(FILLERS.contains(&stem));
            counts.hedges += usize::from(HEDGES.contains(&stem));
            counts.first_person_singular += usize::from(matches!(stem, "i" | "my" | "me" | "mine" | "myself"));
            // "US" in capitals is a country, and lowercasing has hidden that; it is rare enough to leave.
            counts.first_person_plural += usize::from(matches!(stem, "we" | "our" | "us" | "ours" | "ourselves"));
        }
        let spoken = exchange.spoken().map(|(turn, spoken)| (spoken, turn.answer.unicode_words().count()));
        counts.spoken = SpokenDelivery::of(spoken);
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_fillers_hedges_and_who_acted_are_counted() {
        let exchange =
            Exchange::of_answer("q", "Um, I'm probably wrong, but we shipped my plan and they thanked us.").unwrap();
        let counts = Delivery::of(&exchange);
        assert_eq!(
            counts,
            Delivery {
                words: 13,
                fillers: 1,
                hedges: 1,
                first_person_singular: 2,
                first_person_plural: 2,
                spoken: None
            }
        );
    }
}
