//! Breaks: the clock of an interview stands still while its candidate is away.

use super::{Entry, Interview, Refusal};

impl Interview {
    /// Whether the candidate takes a break.
    pub fn is_paused(&self) -> bool {
        self.pauses.last().is_some_and(|(_, end)| end.is_none())
    }

    /// Milliseconds from `since` to `at` without the breaks.
    pub fn active_since(&self, since: i64, at: i64) -> i64 {
        let rested: i64 =
            self.pauses.iter().map(|(from, to)| (to.unwrap_or(at).min(at) - (*from).max(since)).max(0)).sum();
        (at - since - rested).max(0)
    }

    pub(super) fn paused(&self) -> Result<Entry, Refusal> {
        match (self.ended, self.is_paused()) {
            (Some(_), _) => Err(Refusal::Over),
            (None, true) => Err(Refusal::PausedAlready),
            (None, false) => Ok(Entry::Paused),
        }
    }
}
