//! An interview as one row of a list.

use jiff::{Timestamp, tz::TimeZone};

use crate::practice::Summary;

pub struct InterviewRow {
    pub id: String,
    pub started: String,
    pub mode: &'static str,
    pub questions: String,
    pub state: String,
}

impl From<&Summary> for InterviewRow {
    fn from(summary: &Summary) -> Self {
        let count = summary.plan.questions.len();
        Self {
            id: summary.id.to_string(),
            started: when(summary.started_at),
            mode: summary.plan.mode.label(),
            questions: if count == 1 { "1 question".to_owned() } else { format!("{count} questions") },
            state: state(summary),
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
