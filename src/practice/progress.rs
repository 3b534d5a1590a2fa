//! What becomes of a candidate over many interviews: trends, points that keep being missed, best and latest takes.

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;
use utoipa::ToSchema;

use super::{ListFilter, Practice, PracticeError, wire::rfc3339};
use crate::{
    interview::{Interview, InterviewId, SelfRating, Take, TurnKind},
    question::{Category, Question, Verdict},
    scoring::Scorecard,
};

/// How many interviews back progress looks.
const LOOKED_AT: usize = 100;

/// How many answers stand beside a point that was missed.
const ANSWERS: usize = 3;

/// Everything that can be said about many takes together; oldest first within each list of takes.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Progress {
    /// How many interviews were looked at, at most 100, the latest ones.
    pub interviews: usize,
    /// Whether there are older ones that were not looked at.
    pub has_older: bool,
    pub categories: Vec<Trend>,
    pub skills: Vec<Trend>,
    /// Points missed in the latest take of their question, those missed most often first.
    pub missed: Vec<MissedPoint>,
    pub questions: Vec<QuestionRecord>,
    /// Takes that the candidate rated and that were scored.
    pub self_ratings: Vec<PastTake>,
}

/// The scored takes of one category or skill.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Trend {
    pub name: String,
    pub takes: Vec<PastTake>,
}

/// One scored take.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PastTake {
    pub interview: String,
    pub take: usize,
    pub question: String,
    pub title: String,
    /// When it was asked. RFC 3339, UTC.
    pub at: String,
    #[serde(skip)]
    pub at_ms: i64,
    pub overall: u8,
    pub score: f64,
    /// What the candidate thought before seeing the score; null where they did not say.
    #[schema(required)]
    pub self_rating: Option<u8>,
}

/// A point that the latest take of its question missed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MissedPoint {
    pub question: String,
    pub title: String,
    pub point: String,
    pub text: String,
    /// In how many of the tries it was missed.
    pub times: usize,
    pub tries: usize,
    /// The latest answers that missed it, latest first.
    pub answers: Vec<MissedAnswer>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MissedAnswer {
    pub interview: String,
    pub take: usize,
    pub at: String,
    #[serde(skip)]
    pub at_ms: i64,
    pub answer: String,
}

/// The best and the latest take of a question; the same one where there is one take.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QuestionRecord {
    pub question: String,
    pub title: String,
    pub tries: usize,
    pub best: PastTake,
    pub latest: PastTake,
}

/// A scored take with what it was scored on.
struct Scored {
    past: PastTake,
    question: Arc<Question>,
    card: Scorecard,
    answer: String,
}

impl Practice {
    /// Looks over the latest interviews. Takes of a real interview count once it is over.
    pub async fn progress(&self) -> Result<Progress, PracticeError> {
        let mut found = self.0.store.interviews(None, LOOKED_AT + 1, &ListFilter::default()).await?;
        let has_older = found.len() > LOOKED_AT;
        found.truncate(LOOKED_AT);
        let mut scored = Vec::new();
        for summary in found.iter().rev().filter(|summary| summary.takes_scored > 0) {
            let interview = match self.read(&summary.id).await {
                Ok(interview) => interview,
                // Deleted meanwhile.
                Err(PracticeError::NotFound(_)) => continue,
                Err(error) => return Err(error),
            };
            if interview.shows_scores() {
                let cards = self.scorecards(&summary.id, &interview).await?.whole;
                scored.extend(takes(&summary.id, &interview, cards));
            }
        }
        let mut progress = progress(&scored);
        progress.interviews = found.len();
        progress.has_older = has_older;
        Ok(progress)
    }
}

fn takes(id: &InterviewId, interview: &Interview, cards: BTreeMap<usize, Scorecard>) -> Vec<Scored> {
    let scored = cards.into_iter().filter_map(|(number, card)| {
        let take = interview.takes().get(number)?;
        let question = Arc::clone(interview.question_of(take));
        let sum = card.sum()?;
        let past = PastTake {
            interview: id.to_string(),
            take: number,
            question: question.id.to_string(),
            title: question.title.clone(),
            at: rfc3339(take.turns.first()?.at),
            at_ms: take.turns.first()?.at,
            overall: sum.overall,
            score: (sum.score * 10_000.0).round() / 10_000.0,
            self_rating: match take.self_rating {
                SelfRating::Rated(rating) => Some(rating),
                SelfRating::Open | SelfRating::PassedOn => None,
            },
        };
        Some(Scored { past, question, card, answer: answer(take) })
    });
    scored.collect()
}

fn answer(take: &Take) -> String {
    let answers = take.turns.iter().filter(|turn| turn.kind == TurnKind::Answer).map(|turn| turn.text.as_str());
    answers.collect::<Vec<_>>().join("\n\n")
}

fn progress(scored: &[Scored]) -> Progress {
    let mut skills: BTreeMap<&str, Vec<PastTake>> = BTreeMap::new();
    let mut by_question: BTreeMap<&str, Vec<&Scored>> = BTreeMap::new();
    for one in scored {
        for skill in &one.question.skills {
            skills.entry(skill).or_default().push(one.past.clone());
        }
        by_question.entry(one.question.id.as_str()).or_default().push(one);
    }
    let of = |category: Category| -> Vec<PastTake> {
        scored.iter().filter(|one| one.question.category() == category).map(|one| one.past.clone()).collect()
    };
    let categories = Category::ALL.iter().map(|&category| Trend { name: category.to_string(), takes: of(category) });
    let mut missed: Vec<MissedPoint> = by_question.values().flat_map(|tries| missed(tries)).collect();
    missed.sort_by_key(|point| std::cmp::Reverse(point.times));
    Progress {
        interviews: 0,
        has_older: false,
        categories: categories.filter(|trend| !trend.takes.is_empty()).collect(),
        skills: skills.into_iter().map(|(name, takes)| Trend { name: name.to_owned(), takes }).collect(),
        missed,
        questions: by_question.values().filter_map(|tries| record(tries)).collect(),
        self_ratings: scored.iter().map(|one| one.past.clone()).filter(|past| past.self_rating.is_some()).collect(),
    }
}

fn record(tries: &[&Scored]) -> Option<QuestionRecord> {
    let latest = tries.last()?;
    // Between equals the later one.
    let best = tries.iter().max_by(|a, b| a.past.score.total_cmp(&b.past.score))?;
    Some(QuestionRecord {
        question: latest.past.question.clone(),
        title: latest.past.title.clone(),
        tries: tries.len(),
        best: best.past.clone(),
        latest: latest.past.clone(),
    })
}

fn missed(tries: &[&Scored]) -> Vec<MissedPoint> {
    let Some(latest) = tries.last() else { return Vec::new() };
    let misses = |one: &Scored, id: &str| {
        one.card.points().iter().any(|point| point.id == id && point.verdict == Verdict::Missed)
    };
    let open = latest.question.assessment_points.iter().filter(|point| misses(latest, &point.id));
    open.map(|point| {
        let those: Vec<&&Scored> = tries.iter().filter(|one| misses(one, &point.id)).collect();
        MissedPoint {
            question: latest.past.question.clone(),
            title: latest.past.title.clone(),
            point: point.id.clone(),
            text: point.text.clone(),
            times: those.len(),
            tries: tries.len(),
            answers: those
                .iter()
                .rev()
                .take(ANSWERS)
                .map(|one| MissedAnswer {
                    interview: one.past.interview.clone(),
                    take: one.past.take,
                    at: one.past.at.clone(),
                    at_ms: one.past.at_ms,
                    answer: one.answer.clone(),
                })
                .collect(),
        }
    })
    .collect()
}
