//! Whether the bank still words a question as it was when somebody was asked it.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::{InterviewView, Practice};
use crate::question::Question;

/// How a question that was asked stands to the bank at hand. The interview keeps the wording that was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Wording {
    /// The bank has it word for word.
    Current,
    /// The bank has another wording or rubric under this id now.
    Changed,
    /// The bank at hand has no question of this id.
    Gone,
}

impl Wording {
    /// What people are told beside a score; nothing where there is nothing to tell.
    pub const fn note(self) -> Option<&'static str> {
        match self {
            Self::Current => None,
            Self::Changed => Some(
                "Judged against an earlier wording: the question bank has changed this question since. What was \
                 asked and judged then is kept here.",
            ),
            Self::Gone => {
                Some("The question bank in use no longer has this question. What was asked and judged is kept here.")
            }
        }
    }
}

impl Practice {
    /// How each of these questions stands to the bank, in their order.
    pub(super) fn wordings(&self, asked: &[Arc<Question>]) -> Vec<Wording> {
        let of = |question: &Arc<Question>| match self.bank().hash_of(&question.id) {
            Some(hash) if *hash == question.hash() => Wording::Current,
            Some(_) => Wording::Changed,
            None => Wording::Gone,
        };
        asked.iter().map(of).collect()
    }
}

impl InterviewView {
    /// The remark on the wording that belongs beside the scorecard of this take.
    pub fn wording_note(&self, take: usize) -> Option<&'static str> {
        let take = self.interview.takes().get(take)?;
        self.wordings.get(take.question)?.note()
    }
}
