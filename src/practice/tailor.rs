//! Shapes an interview by what the candidate pasted: shared words choose, or a model ranks what the engine offers.

use std::{collections::BTreeMap, time::Duration};

use tokio::time::timeout;

use super::{Practice, PracticeError};
use crate::{
    bank::{self, Choice, Fits, Wish, choose_preferred, may_be_preferred},
    interview::{Because, InterviewId, Pasted, PastedText, Quote, Reason, TailoredBy, Tailoring},
    llm::{
        Background,
        tailor::{Advice, Line},
    },
    question::{Question, QuestionId},
};

/// How long the start of an interview may wait for a model to rank questions.
const PATIENCE: Duration = Duration::from_secs(30);

/// The most questions that a model is offered.
const MOST_OFFERED: usize = 60;

/// The most lines that the interviewer gets to see while one question is open.
const MOST_BACKGROUND: usize = 4;

/// What decides on the questions, before they are chosen.
struct Ranking {
    by: TailoredBy,
    emphasis: Vec<String>,
    projects: Vec<Quote>,
    /// The best first, with the reason of each.
    preferred: Vec<QuestionId>,
    because: BTreeMap<QuestionId, Because>,
}

impl Practice {
    /// Chooses the questions for what was pasted.
    pub(super) async fn choose_for(
        &self,
        pasted: &Pasted,
        wish: &Wish,
        recent: &[QuestionId],
    ) -> Result<(Choice, Tailoring), PracticeError> {
        // Refuses what cannot be before anybody is asked.
        choose_preferred(&self.0.bank, wish, recent, &[])?;
        let ranking = self.rank(pasted, wish, recent).await?;
        let choice = choose_preferred(&self.0.bank, wish, recent, &ranking.preferred)?;
        let is_named = !wish.questions.is_empty();
        let reasons = choice.questions.iter().map(|question| {
            let because = match ranking.because.get(question) {
                _ if is_named => Because::Named,
                Some(because) => because.clone(),
                None => Because::FillsThePlan,
            };
            Reason { question: question.clone(), because }
        });
        let reasons = reasons.collect();
        let Ranking { by, emphasis, projects, .. } = ranking;
        Ok((choice, Tailoring { by, emphasis, reasons, projects }))
    }

    async fn rank(&self, pasted: &Pasted, wish: &Wish, recent: &[QuestionId]) -> Result<Ranking, PracticeError> {
        let (fits, barred) = self.read_pasted(pasted).await;
        let Some(interviewer) = &self.0.interviewer else { return Ok(by_matching(fits, TailoredBy::Matching)) };
        let offered = self.offered(wish, recent, &fits)?;
        if offered.is_empty() {
            return Ok(by_matching(fits, TailoredBy::Matching));
        }
        let places = bank::lines(pasted);
        let lines: Vec<Line<'_>> = places
            .iter()
            .zip(barred)
            .map(|(&(from, text), is_barred)| Line { is_resume: from == PastedText::Resume, text, is_barred })
            .collect();
        let vocabulary: Vec<&str> = bank::vocabulary(offered.iter().copied()).into_iter().collect();
        let asked = interviewer.advise(&offered, &vocabulary, &lines, wish.count.min(offered.len()));
        let model = interviewer.model().model_name().to_owned();
        Ok(match timeout(PATIENCE, asked).await {
            Ok(Ok(advice)) => by_model(advice, fits, pasted, &places, model),
            Ok(Err(error)) => {
                tracing::warn!(code = error.code(), "tailoring fell back to shared words");
                by_matching(fits, TailoredBy::MatchingInstead { reason: error.to_string() })
            }
            Err(_) => {
                let reason = format!("{model} gave no whole reply within {} s", PATIENCE.as_secs());
                by_matching(fits, TailoredBy::MatchingInstead { reason })
            }
        })
    }

    /// How the questions fit, and of each line whether it gives orders; long texts keep a thread busy for a while.
    async fn read_pasted(&self, pasted: &Pasted) -> (Fits, Vec<bool>) {
        let (practice, pasted) = (self.clone(), pasted.clone());
        let reading = tokio::task::spawn_blocking(move || {
            let bank = &practice.0.bank;
            let any = bank.questions().next();
            let lines = bank::lines(&pasted);
            let barred = lines.iter().map(|(_, line)| any.is_some_and(|question| bank::is_addressed(line, question)));
            (bank::fits(bank, &pasted), barred.collect())
        });
        reading.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
    }

    /// What may be asked by this wish, what fits best first: the wish decides, the texts only order.
    fn offered(&self, wish: &Wish, recent: &[QuestionId], fits: &Fits) -> Result<Vec<&Question>, PracticeError> {
        let bank = &self.0.bank;
        let preferred: Vec<QuestionId> = fits.questions.iter().map(|fit| fit.question.clone()).collect();
        let all = Wish { count: bank.questions().count(), ..wish.clone() };
        let order = choose_preferred(bank, &all, recent, &preferred)?;
        let can_be = |question: &&Question| !wish.questions.is_empty() || may_be_preferred(question, wish, recent);
        Ok(order.questions.iter().filter_map(|id| bank.get(id)).filter(can_be).take(MOST_OFFERED).collect())
    }

    /// What the interviewer may take up of the candidate's own projects while this question is open.
    pub(super) async fn background(
        &self,
        id: &InterviewId,
        question: &QuestionId,
    ) -> Result<Background, PracticeError> {
        let Some((_, tailoring)) = self.0.store.tailoring(id).await? else { return Ok(Background::default()) };
        let lines = tailoring.background(question, MOST_BACKGROUND).into_iter().map(str::to_owned).collect();
        Ok(Background { lines, stress: tailoring.emphasis })
    }
}

fn by_matching(fits: Fits, by: TailoredBy) -> Ranking {
    let preferred: Vec<QuestionId> = fits.questions.iter().map(|fit| fit.question.clone()).collect();
    let because = fits.questions.into_iter().map(|fit| (fit.question, fit.because)).collect();
    Ranking { by, emphasis: fits.emphasis, projects: Vec::new(), preferred, because }
}

/// What the model did not put forward comes after, by shared words.
fn by_model(advice: Advice, fits: Fits, pasted: &Pasted, places: &[(PastedText, &str)], model: String) -> Ranking {
    let quotes = |lines: &[usize]| -> Vec<Quote> {
        let cited = lines.iter().filter_map(|line| places.get(*line));
        cited.filter_map(|(from, text)| pasted.quote(*from, text)).collect()
    };
    let mut ranking = by_matching(fits, TailoredBy::Model { model });
    ranking.emphasis = advice.emphasis;
    ranking.projects = quotes(&advice.projects);
    let put_forward: Vec<QuestionId> = advice.questions.iter().map(|(id, _)| id.clone()).collect();
    ranking.preferred.retain(|id| !put_forward.contains(id));
    ranking.preferred.splice(0..0, put_forward);
    let because = |lines: &[usize]| Because::PutForward { quotes: quotes(lines) };
    ranking.because.extend(advice.questions.iter().map(|(id, lines)| (id.clone(), because(lines))));
    ranking
}
