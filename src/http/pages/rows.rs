//! An interview as one row of a list.

use jiff::{Timestamp, tz::TimeZone};

use super::words;
use crate::{bank::Bank, practice::Summary};

pub struct InterviewRow {
    pub id: String,
    pub started: String,
    pub mode: String,
    pub questions: String,
    pub state: String,
    /// Whether the state is a score.
    pub is_number: bool,
}

impl InterviewRow {
    pub fn of(summary: &Summary, bank: &Bank) -> Self {
        Self {
            id: summary.id.to_string(),
            started: when(summary.started_at),
            mode: words::label("mode", summary.plan.mode.as_str()),
            questions: questions(summary, bank),
            state: state(summary),
            is_number: summary.ended.is_some() && !summary.waiting && summary.mean_overall.is_some(),
        }
    }
}

/// What was asked. While the interview goes on only how much: what comes next is not given away.
fn questions(summary: &Summary, bank: &Bank) -> String {
    let ids = &summary.plan.questions;
    if summary.ended.is_none() {
        return words::many("interviews.questions", ids.len());
    }
    let title = |id| bank.get(id).map_or_else(|| id.to_string(), |question| question.title.clone());
    ids.iter().map(title).collect::<Vec<_>>().join(" · ")
}

/// Where the interview stands, in a few words.
fn state(summary: &Summary) -> String {
    match (summary.ended, summary.mean_overall) {
        (None, _) => words::w("interviews.unfinished").to_owned(),
        (Some(_), _) if summary.waiting => words::w("interviews.scoring").to_owned(),
        (Some(_), Some(mean)) => words::fill("interviews.mean", &[&format!("{mean:.1}")]),
        (Some(_), None) => words::w("interviews.no-score").to_owned(),
    }
}

/// A time for people, in the time zone of this computer.
pub fn when(unix_ms: i64) -> String {
    Timestamp::from_millisecond(unix_ms).map_or_else(
        |_| words::w("interviews.unknown-time").to_owned(),
        |at| at.to_zoned(TimeZone::system()).strftime("%-d %B %Y, %H:%M").to_string(),
    )
}
