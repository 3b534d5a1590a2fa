//! An interview as its candidate may see it now.

use std::collections::BTreeMap;

use super::{Practice, PracticeError, usage::UsageSum, wording::Wording};
use crate::{
    interview::{EndReason, Interview, InterviewId, ScoreState},
    scoring::Scorecard,
    store::SummaryRow,
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
    /// Whether the take has a score that can be shown; one that cannot be read counts as none, with the reason.
    pub fn score(&self, take: usize) -> ScoreState {
        if let Some(reason) = self.unreadable.get(&take) {
            let message = format!("its scorecard is kept and cannot be read: {reason}");
            return ScoreState::Failed { code: "scorecard-unreadable".to_owned(), message };
        }
        self.interview.takes().get(take).map_or(ScoreState::None, |take| take.score.clone())
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
        })
    }

    /// Interviews, latest first.
    pub async fn list(&self, page: ListPage) -> Result<Vec<Summary>, PracticeError> {
        Ok(self.0.store.interviews(page.before.as_ref(), page.limit).await?)
    }

    /// The latest scorecard of each take, made whole again from the transcript that it cites, or why it cannot be.
    async fn scorecards(&self, id: &InterviewId, interview: &Interview) -> Result<Cards, PracticeError> {
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
struct Cards {
    whole: BTreeMap<usize, Scorecard>,
    unreadable: BTreeMap<usize, String>,
}
