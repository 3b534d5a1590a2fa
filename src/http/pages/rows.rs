//! An interview as one row of a list.

use jiff::{Timestamp, tz::TimeZone};

use crate::{bank::Bank, practice::Summary};

pub struct InterviewRow {
    pub id: String,
    pub started: String,
    pub mode: &'static str,
    pub questions: String,
    pub state: String,
}

impl InterviewRow {
    pub fn of(summary: &Summary, bank: &Bank) -> Self {
        Self {
            id: summary.id.to_string(),
            started: when(summary.started_at),
            mode: summary.plan.mode.label(),
            questions: questions(summary, bank),
            state: state(summary),
        }
    }
}

/// What was asked. While the interview goes on only how much: what comes next is not given away.
fn questions(summary: &Summary, bank: &Bank) -> String {
    let ids = &summary.plan.questions;
    match (summary.ended, ids.len()) {
        (None, 1) => "1 question".to_owned(),
        (None, count) => format!("{count} questions"),
        (Some(_), _) => {
            let title = |id| bank.get(id).map_or_else(|| id.to_string(), |question| question.title.clone());
            ids.iter().map(title).collect::<Vec<_>>().join(" · ")
        }
    }
}

/// Where the interview stands, in a few words.
fn state(summary: &Summary) -> String {
    match (summary.ended, summary.mean_overall) {
        (None, _) => "Unfinished".to_owned(),
        (Some(_), _) if summary.waiting => "Being scored…".to_owned(),
        (Some(_), Some(mean)) => format!("{mean:.1} of 5"),
        (Some(_), None) => "No score".to_owned(),
    }
}

/// A time for people, in the time zone of this computer.
pub fn when(unix_ms: i64) -> String {
    Timestamp::from_millisecond(unix_ms).map_or_else(
        |_| "at an unknown time".to_owned(),
        |at| at.to_zoned(TimeZone::system()).strftime("%-d %B %Y, %H:%M").to_string(),
    )
}
