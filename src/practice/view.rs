//! An interview as its candidate may see it now.

use std::collections::BTreeMap;

use super::{Practice, PracticeError};
use crate::{
    interview::{EndReason, Interview, InterviewId, ScoreState},
    scoring::Scorecard,
    store::{StoreError, SummaryRow},
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
    /// What the interviewer is saying right now, as far as it has come.
    pub saying: Option<String>,
}

/// Which part of the list of interviews.
#[derive(Debug, Clone, Default)]
pub struct ListPage {
    /// Only those before this one; all where it is missing.
    pub before: Option<InterviewId>,
    pub limit: usize,
}

/// One line of the list of interviews.
pub type Summary = SummaryRow;

impl InterviewView {
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
        let scorecards =
            if interview.shows_scores() { self.scorecards(id, &interview).await? } else { BTreeMap::new() };
        let draft = self.0.store.draft(id).await?;
        Ok(InterviewView { id: id.clone(), interview, draft, scorecards, saying: live.saying() })
    }

    /// Interviews, latest first.
    pub async fn list(&self, page: ListPage) -> Result<Vec<Summary>, PracticeError> {
        Ok(self.0.store.interviews(page.before.as_ref(), page.limit).await?)
    }

    /// The latest scorecard of each take, made whole again from the transcript that it cites.
    async fn scorecards(
        &self,
        id: &InterviewId,
        interview: &Interview,
    ) -> Result<BTreeMap<usize, Scorecard>, PracticeError> {
        let mut kept: BTreeMap<String, _> = self.0.store.scorecards(id).await?.into_iter().collect();
        let mut cards = BTreeMap::new();
        for (number, take) in interview.takes().iter().enumerate() {
            let ScoreState::Scored { scorecard } = &take.score else { continue };
            let (Some(record), Ok(exchange)) = (kept.remove(scorecard), take.exchange()) else { continue };
            let card = record.restore(interview.question_of(take), &exchange).map_err(|error| {
                StoreError::Unreadable { what: format!("scorecard {scorecard}"), reason: error.to_string() }
            })?;
            cards.insert(number, card);
        }
        Ok(cards)
    }
}
