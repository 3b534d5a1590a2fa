//! What every page needs to know besides its own matter.

use crate::practice::{Practice, preferences::Preferences};

/// What the frame around each page shows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Frame {
    /// Whether scores, counts and clocks are left out.
    pub hide_numbers: bool,
}

impl Frame {
    /// As the candidate has set it. A database that does not answer must not keep a page from saying so.
    pub async fn of(practice: &Practice) -> Self {
        practice.preferences().await.map_or_else(|_| Self::default(), |preferences| Self::from(&preferences))
    }
}

impl From<&Preferences> for Frame {
    fn from(preferences: &Preferences) -> Self {
        Self { hide_numbers: preferences.hide_numbers }
    }
}
