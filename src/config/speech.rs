//! How to reach an endpoint for speech: its own address, key, models and voice, apart from those of the judge.

use std::path::Path;

use secrecy::SecretString;

use super::{
    resolve::{Key, Search, key},
    value::{self, Raw},
};

pub(super) const BASE_URL: Key = key("speech.base_url", None, &["GREENROOM_SPEECH_BASE_URL"]);
pub(super) const API_KEY: Key = key("speech.api_key", None, &["GREENROOM_SPEECH_API_KEY"]);
pub(super) const TRANSCRIPTION_MODEL: Key =
    key("speech.transcription_model", None, &["GREENROOM_SPEECH_TRANSCRIPTION_MODEL"]);
pub(super) const VOICE_MODEL: Key = key("speech.voice_model", None, &["GREENROOM_SPEECH_VOICE_MODEL"]);
pub(super) const VOICE: Key = key("speech.voice", None, &["GREENROOM_SPEECH_VOICE"]);
pub(super) const TOTAL: Key = key("speech.total_seconds", None, &["GREENROOM_SPEECH_TOTAL_SECONDS"]);

/// The word that switches one half of speech off where an endpoint offers the other alone.
const OFF: &str = "off";

/// How to turn speech into text and text into speech. Off unless an address or a key for speech is configured:
/// the key of the judge is never used for it, so that no recording goes anywhere by surprise.
#[derive(Debug, Clone)]
pub struct SpeechSettings {
    /// Without a trailing slash, like `https://api.openai.com/v1`.
    pub base_url: Option<String>,
    pub api_key: Option<SecretString>,
    /// Hears the candidate; none where that is switched off.
    pub transcription_model: Option<String>,
    /// Speaks for the interviewer; none where that is switched off.
    pub voice_model: Option<String>,
    /// Which of the model's voices speaks.
    pub voice: String,
    /// Longest wait for one recording or one utterance, further tries included, in seconds.
    pub total_seconds: u64,
}

impl SpeechSettings {
    /// Whether an endpoint for speech is configured at all.
    pub fn is_known(&self) -> bool {
        self.base_url.is_some() || self.api_key.is_some()
    }
}

pub(super) fn settings(search: &mut Search<'_>) -> SpeechSettings {
    let shown = |model: &Option<String>| model.clone().unwrap_or_else(|| OFF.to_owned());
    SpeechSettings {
        base_url: search.base_url(&BASE_URL),
        api_key: search.api_key(&API_KEY),
        transcription_model: search.take(&TRANSCRIPTION_MODEL, Some("gpt-4o-mini-transcribe".to_owned()), model, shown),
        voice_model: search.take(&VOICE_MODEL, Some("gpt-4o-mini-tts".to_owned()), model, shown),
        voice: search.take(&VOICE, "alloy".to_owned(), |raw, _| value::word(raw), Clone::clone),
        total_seconds: search.number(&TOTAL, 60, 1..=3_600),
    }
}

fn model(raw: Raw, _: &Path) -> Result<Option<String>, String> {
    Ok(Some(value::word(raw)?).filter(|model| model != OFF))
}
