//! The candidate's own rating, asked for before the score is shown.

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};

use super::{
    failure::Failure,
    form::{Fields, Sent},
    interview_id, words,
};
use crate::{
    interview::{Interview, ScoreState, SelfRating, Take},
    practice::{Practice, PracticeError},
};

/// One take to rate.
pub struct RatedTake {
    pub index: usize,
    pub title: String,
    pub legend: String,
    pub rungs: Vec<Rung>,
}

/// One rung of the scale.
pub struct Rung {
    pub value: u8,
    pub words: String,
}

impl RatedTake {
    /// Those that can be rated now, where scores may be seen.
    pub fn all(interview: &Interview) -> Vec<Self> {
        let open = interview.takes().iter().enumerate().filter(|(_, take)| is_to_rate(interview, take));
        open.map(|(index, take)| Self::of(interview, index, take)).collect()
    }

    fn of(interview: &Interview, index: usize, take: &Take) -> Self {
        let place = take.question + 1;
        Self {
            index,
            title: interview.question_of(take).title.clone(),
            legend: if take.number > 1 {
                words::fill("rate.legend-take", &[&place, &take.number])
            } else {
                words::fill("rate.legend", &[&place])
            },
            rungs: (1..=5).map(|value| Rung { value, words: signal(value) }).collect(),
        }
    }
}

/// Whether the take is to be rated now: its score may be seen and is there or being made.
pub fn is_to_rate(interview: &Interview, take: &Take) -> bool {
    let is_failed = matches!(take.score, ScoreState::Failed { .. });
    interview.shows_scores() && take.wants_self_rating() && !is_failed
}

/// The overall in the words of a hiring panel.
pub fn signal(overall: u8) -> String {
    words::label("signal", &format!("n{}", overall.clamp(1, 5)))
}

/// How the candidate's own rating stands to the score; nothing where they gave none.
pub fn difference(rating: SelfRating, overall: u8) -> Option<String> {
    let SelfRating::Rated(own) = rating else { return None };
    let (mine, theirs) = (signal(own).to_lowercase(), signal(overall).to_lowercase());
    Some(match own.cmp(&overall) {
        std::cmp::Ordering::Equal => words::fill("rate.same-words", &[&mine]),
        std::cmp::Ordering::Greater => words::fill("rate.higher-words", &[&mine, &theirs]),
        std::cmp::Ordering::Less => words::fill("rate.lower-words", &[&mine, &theirs]),
    })
}

/// `POST /interviews/{id}/rate`: each take that is open gets its rating, or none where none was chosen.
pub async fn rate(State(practice): State<Practice>, Path(id): Path<String>, sent: Sent) -> Result<Response, Failure> {
    let id = interview_id(&id)?;
    let fields = Fields::read(sent)?;
    let is_skipped = !fields.first("skip").is_empty();
    let view = practice.view(&id).await?;
    for take in RatedTake::all(&view.interview) {
        let chosen = fields.first(&format!("rating-{}", take.index)).parse().ok().filter(|_| !is_skipped);
        match practice.rate(&id, take.index, chosen).await {
            // Rated in another window meanwhile.
            Ok(()) | Err(PracticeError::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Redirect::to(&format!("/interviews/{id}")).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_rating_is_set_against_the_score_in_words() {
        assert_eq!(difference(SelfRating::Open, 3), None);
        let said = difference(SelfRating::Rated(4), 2).unwrap();
        assert_eq!(said, "You saw it higher than the score does: hire against no hire.");
        assert!(difference(SelfRating::Rated(3), 3).unwrap().ends_with("borderline."));
    }
}
