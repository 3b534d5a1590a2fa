//! An interview as its candidate may see it now.

use std::collections::BTreeMap;

use super::{Practice, PracticeError, usage::UsageSum, wording::Wording};
use crate::{
    interview::{EndReason, Interview, InterviewId, Pasted, ScoreState, TailoredBy, Tailoring, Take},
    question::QuestionId,
    scoring::Scorecard,
    store::{ListFilter, SummaryRow},
};

/// One interview with its draft and those scorecards that may be seen now.
#[derive(Debug, Clone)]
pub struct InterviewView {
    pub id: InterviewId,
    pub interview: Interview,
    /// What has been typed and not submitted; empty where there is nothing.
    pub draft: String,
    /// By take. In real mode empty until the end.
    pub scorecards: BTreeMap<usize, Scorecard>,
    /// By take, why its scorecard cannot be shown although there was one.
    pub unreadable: BTreeMap<usize, String>,
    /// What it took of models so far; nothing where none was asked.
    pub usage: Option<UsageSum>,
    /// How each question of the plan stands to the bank at hand, in the plan's order.
    pub wordings: Vec<Wording>,
    /// What the interviewer is saying right now, as far as it has come.
    pub saying: Option<String>,
    /// Milliseconds since the latest ask, without breaks; 0 where nothing is asked.
    pub active_ms: i64,
    /// What was pasted to shape the interview, and what came of it.
    pub tailored: Option<(Pasted, Tailoring)>,
}

/// Which part of the list of interviews.
#[derive(Debug, Clone, Default)]
pub struct ListPage {
    /// Only those before this one; all where it is missing.
    pub before: Option<InterviewId>,
    pub limit: usize,
    pub filter: ListFilter,
}

/// One line of the list of interviews.
pub type Summary = SummaryRow;

impl InterviewView {
    /// Whether the take has a score that can be shown; one that cannot be read counts as none, with the reason.
    pub fn score(&self, take: usize) -> ScoreState {
        if let Some(reason) = self.unreadable.get(&take) {
            let message = format!("its scorecard is kept and cannot be read: {reason}");
            return ScoreState::Failed { code: "scorecard-unreadable".to_owned(), message };
        }
        self.interview.takes().get(take).map_or(ScoreState::None, |take| take.score.clone())
    }

    /// Why the question was chosen, in plain words; nothing where no texts were pasted.
    pub fn why(&self, question: &QuestionId) -> Option<String> {
        let (_, tailoring) = self.tailored.as_ref()?;
        tailoring.because(question).map(ToString::to_string)
    }

    /// Whether shared words chose the questions because a model failed to.
    pub fn is_tailored_instead(&self) -> bool {
        self.tailored.as_ref().is_some_and(|(_, tailoring)| matches!(tailoring.by, TailoredBy::MatchingInstead { .. }))
    }

    pub fn ended(&self) -> Option<EndReason> {
        self.interview.ended()
    }
}

impl Practice {
    /// The interview as it is now.
    pub async fn view(&self, id: &InterviewId) -> Result<InterviewView, PracticeError> {
        self.ensure_exists(id).await?;
        let live = self.0.live.get(id);
        self.kick(&live).await?;
        let interview = self.look(&live, Interview::clone).await?;
        let cards = if interview.shows_scores() { self.scorecards(id, &interview).await? } else { Cards::default() };
        let draft = self.0.store.draft(id).await?;
        let asked = interview.takes().last().and_then(Take::asked_at);
        let active_ms = asked.map_or(0, |asked| interview.active_since(asked, super::now()));
        let tailored = self.0.store.tailoring(id).await?;
        let usage = UsageSum::of(&self.0.store.calls(id).await?);
        Ok(InterviewView {
            id: id.clone(),
            wordings: self.wordings(interview.questions()),
            interview,
            draft,
            scorecards: cards.whole,
            unreadable: cards.unreadable,
            usage,
            saying: live.saying(),
            active_ms,
            tailored,
        })
    }

    /// Interviews, latest first.
    pub async fn list(&self, page: ListPage) -> Result<Vec<Summary>, PracticeError> {
        Ok(self.0.store.interviews(page.before.as_ref(), page.limit, &page.filter).await?)
    }

    /// Every interview as [`super::export::json`] gives it, latest first.
    pub async fn export_all(&self) -> Result<Vec<super::wire::InterviewJson>, PracticeError> {
        let mut all = Vec::new();
        for summary in self.0.store.interviews(None, usize::MAX, &ListFilter::default()).await? {
            match self.view(&summary.id).await {
                Ok(view) => all.push(super::export::json(&view)),
                // Deleted meanwhile.
                Err(PracticeError::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(all)
    }

    /// The latest scorecard of each take, made whole again from the transcript that it cites, or why it cannot be.
    pub(super) async fn scorecards(&self, id: &InterviewId, interview: &Interview) -> Result<Cards, PracticeError> {
        let mut kept: BTreeMap<String, _> = self.0.store.scorecards(id).await?.into_iter().collect();
        let mut cards = Cards::default();
        for (number, take) in interview.takes().iter().enumerate() {
            let ScoreState::Scored { scorecard } = &take.score else { continue };
            let card = match (kept.remove(scorecard), take.exchange()) {
                (None, _) => Err("it is gone".to_owned()),
                (Some(Err(error)), _) => Err(error.to_string()),
                (Some(Ok(_)), Err(unfit)) => Err(unfit.to_string()),
                (Some(Ok(record)), Ok(exchange)) => {
                    record.restore(interview.question_of(take), &exchange).map_err(|error| error.to_string())
                }
            };
            match card {
                Ok(card) => drop(cards.whole.insert(number, card)),
                Err(reason) => {
                    tracing::error!(interview = %id, take = number, %scorecard, reason, "scorecard not readable");
                    cards.unreadable.insert(number, reason);
                }
            }
        }
        Ok(cards)
    }
}

/// The scorecards of an interview by take.
#[derive(Debug, Default)]
pub(super) struct Cards {
    pub(super) whole: BTreeMap<usize, Scorecard>,
    unreadable: BTreeMap<usize, String>,
}
