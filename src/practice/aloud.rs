//! Speaking and listening: recordings become text that the candidate submits, and what the interviewer said becomes
//! sound. Nothing is submitted from here, and no recording is kept.

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::{Practice, PracticeError};
use crate::{
    interview::{Entry, InterviewId},
    question::hex,
    speech::{Audio, Heard, Speech, SpeechError},
};

/// Something that the interviewer said, ready to be spoken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    words: String,
    /// Changes with the words and with whoever speaks them.
    pub tag: String,
}

impl Practice {
    /// The endpoint for speech; nothing where none is configured.
    pub fn speech(&self) -> Option<&Speech> {
        self.0.speech.as_ref()
    }

    /// What is said in the recording, for the candidate to read and mend.
    pub async fn hear(&self, recording: Bytes) -> Result<Heard, PracticeError> {
        let speech = self.speech().ok_or(SpeechError::Off("speech to text"))?;
        Ok(speech.hear(recording).await?)
    }

    /// What the interviewer said at place `seq`. Only words that stand in a transcript can be spoken, so that
    /// nobody has texts of their own spoken at the owner's expense.
    pub async fn line(&self, id: &InterviewId, seq: u64) -> Result<Line, PracticeError> {
        let voice = self.speech().and_then(|speech| Some((speech.host(), speech.voice()?)));
        let (host, voice) = voice.ok_or(SpeechError::Off("the interviewer's voice"))?;
        self.ensure_exists(id).await?;
        let entries = self.0.store.entries(id, seq.saturating_sub(1)).await?;
        let entry = entries.into_iter().find(|recorded| recorded.seq == seq).map(|recorded| recorded.entry);
        let Some(Entry::Asked { text: words, .. } | Entry::Clarified { text: words, .. }) = entry else {
            return Err(PracticeError::NothingToSpeak { seq });
        };
        let mut hash = Sha256::new();
        for part in [host, &voice.model, &voice.name, &words] {
            hash.update(part);
            hash.update([0]);
        }
        let tag = hex(&hash.finalize());
        Ok(Line { words, tag })
    }

    /// The line as sound.
    pub async fn speak_line(&self, line: &Line) -> Result<Audio, PracticeError> {
        let speech = self.speech().ok_or(SpeechError::Off("the interviewer's voice"))?;
        Ok(speech.speak(&line.words).await?)
    }
}
