//! Which follow-up comes: the one that gives a second chance on the weightiest point still unproven.

use crate::question::{FollowUp, Question, Verdict};

/// A point that the answers so far have not shown in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unproven {
    pub point: String,
    /// `Missed` or `Partial`.
    pub verdict: Verdict,
}

/// The follow-up to ask next, or nothing where none that is left probes an unproven point.
///
/// A missed point comes before a partly shown one, a heavier one before a lighter one, and then the bank's
/// order decides.
pub(super) fn choose<'a>(question: &'a Question, asked: &[&str], unproven: &[Unproven]) -> Option<&'a FollowUp> {
    question
        .follow_ups
        .iter()
        .filter(|follow_up| !asked.contains(&follow_up.id.as_str()))
        .filter_map(|follow_up| {
            let probed = follow_up.probes.as_deref()?;
            let open = unproven.iter().find(|open| open.point == probed && open.verdict != Verdict::Met)?;
            Some((follow_up, (open.verdict == Verdict::Missed, question.point(probed)?.weight)))
        })
        // `max_by_key` keeps the last of equals and the bank's order wants the first, hence the reversal.
        .rev()
        .max_by_key(|(_, rank)| *rank)
        .map(|(follow_up, _)| follow_up)
}
