//! What a candidate has set once for all interviews.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Practice, PracticeError};

/// Everything has a default: nothing is hidden, nothing read aloud, no date known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Preferences {
    /// The day of the real interview, as YYYY-MM-DD.
    #[schema(required, value_type = Option<String>)]
    pub interview_on: Option<Date>,
    /// Whether pages leave out scores, counts and clocks.
    pub hide_numbers: bool,
    /// Whether the browser reads the interviewer's words aloud.
    pub read_aloud: bool,
    /// Whether the browser's own speech recognition may be used; its maker may receive the audio.
    pub browser_recognition: bool,
}

impl Practice {
    pub async fn preferences(&self) -> Result<Preferences, PracticeError> {
        Ok(self.0.store.preferences().await?)
    }

    pub async fn keep_preferences(&self, preferences: &Preferences) -> Result<(), PracticeError> {
        Ok(self.0.store.keep_preferences(preferences).await?)
    }
}
