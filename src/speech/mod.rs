//! The door to speech: what a candidate says becomes text to be mended, and the interviewer's words become sound.
//!
//! Nothing that is heard or spoken here is kept: a recording goes to the endpoint and is dropped.

mod audio;
mod door;
mod error;
mod hearing;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use bytes::Bytes;
use reqwest::multipart::{Form, Part};
use serde::Serialize;

pub use audio::{Audio, Format, MOST_BYTES};
pub use error::SpeechError;
pub use hearing::{Heard, HeardWord};

use crate::{config::SpeechSettings, llm::Fault};
use door::{Body, Door};
use hearing::NoTranscript;

/// The longest text that is spoken at once, in code points: what the usual endpoints take.
const MOST_CHARS: usize = 4_096;

const HEARING: &str = "/audio/transcriptions";
const SPEAKING: &str = "/audio/speech";

/// Speech over one endpoint; cheap to clone, and all clones share its limits.
#[derive(Debug, Clone)]
pub struct Speech(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    door: Door,
    hearing: Option<String>,
    voice: Option<Voice>,
    /// Whether the endpoint has refused to give the times of words, so that it is asked without from then on.
    is_plain: AtomicBool,
}

/// Who speaks for the interviewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice {
    pub model: String,
    pub name: String,
}

/// The request for the interviewer's words as sound.
#[derive(Serialize)]
struct Utterance<'a> {
    model: &'a str,
    voice: &'a str,
    input: &'a str,
    response_format: &'a str,
}

impl Speech {
    /// The endpoint of `settings`; nothing where none is configured. Nothing is sent yet.
    pub fn open(settings: &SpeechSettings) -> Result<Option<Self>, SpeechError> {
        if !settings.is_known() {
            return Ok(None);
        }
        let voice = settings.voice_model.clone().map(|model| Voice { model, name: settings.voice.clone() });
        Ok(Some(Self(Arc::new(Inner {
            door: Door::new(settings)?,
            hearing: settings.transcription_model.clone(),
            voice,
            is_plain: AtomicBool::new(false),
        }))))
    }

    /// Which host receives recordings and words, with its port where it is not the usual one.
    pub fn host(&self) -> &str {
        self.0.door.host()
    }

    /// The model that hears the candidate; nothing where that is switched off.
    pub fn hearing(&self) -> Option<&str> {
        self.0.hearing.as_deref()
    }

    /// Who speaks for the interviewer; nothing where that is switched off.
    pub fn voice(&self) -> Option<&Voice> {
        self.0.voice.as_ref()
    }

    /// What a candidate should know before speaking, a sentence each.
    pub fn notes(&self) -> Vec<String> {
        let host = self.host();
        let mut notes = Vec::new();
        if self.hearing().is_some() {
            notes.push(format!("Your recording is sent to {host} and turned into text; Greenroom does not keep it."));
            notes.push("Read the text before you submit it: nothing is submitted by itself.".to_owned());
            notes.push("Recognisers often drop fillers such as “um”: there may be more than are counted.".to_owned());
        }
        if self.voice().is_some() {
            notes.push(format!("The interviewer's words are sent to {host} to be spoken by a computer's voice."));
        }
        notes
    }

    /// What is said in the recording. The times of words are asked for first; an endpoint that refuses that is
    /// asked for the text alone.
    pub async fn hear(&self, recording: Bytes) -> Result<Heard, SpeechError> {
        let model = self.hearing().ok_or(SpeechError::Off("speech to text"))?;
        if recording.is_empty() {
            return Err(SpeechError::NothingRecorded);
        }
        if recording.len() > MOST_BYTES {
            return Err(SpeechError::TooLarge { bytes: recording.len() });
        }
        let recording = Audio::of(recording).ok_or(SpeechError::NotAudio)?;
        let is_plain = &self.0.is_plain;
        // A server may answer with a 500 to what it does not take; that is believed for this request alone.
        let plain_once = AtomicBool::new(is_plain.load(Ordering::Relaxed));
        let form = || Body::Form(form(model, &recording, plain_once.load(Ordering::Relaxed)));
        let refused = AtomicBool::new(false);
        let body = self.0.door.post(HEARING, form, |fault| {
            let Fault::Status { status, .. } = fault else { return false };
            match status {
                400 | 422 | 501 if !plain_once.swap(true, Ordering::Relaxed) => {
                    refused.store(true, Ordering::Relaxed);
                    true
                }
                500.. => {
                    plain_once.store(true, Ordering::Relaxed);
                    false
                }
                _ => false,
            }
        });
        let body = body.await.map_err(|fault| self.error(fault, model, HEARING))?;
        // It took the plain request, so it was the times of words that it had refused.
        if refused.into_inner() {
            is_plain.store(true, Ordering::Relaxed);
        }
        Heard::read(&body, recording.seconds()).map_err(|fault| match fault {
            NoTranscript::Silence => SpeechError::NothingHeard,
            NoTranscript::Unreadable(what) => self.unusable(model, what),
        })
    }

    /// The words as sound, in whatever format the endpoint gives; what is no sound is refused.
    pub async fn speak(&self, words: &str) -> Result<Audio, SpeechError> {
        let Voice { model, name } = self.voice().ok_or(SpeechError::Off("the interviewer's voice"))?;
        let chars = words.chars().count();
        if chars > MOST_CHARS {
            return Err(SpeechError::TooLong { chars });
        }
        let utterance = Utterance { model, voice: name, input: words, response_format: "mp3" };
        let reply = self.0.door.post(SPEAKING, || Body::json(&utterance), |_| false).await;
        let bytes = reply.map_err(|fault| self.error(fault, model, SPEAKING))?;
        if bytes.is_empty() {
            return Err(self.unusable(model, "the reply is empty"));
        }
        Audio::of(bytes).ok_or_else(|| self.unusable(model, "the reply is no sound that a browser plays"))
    }

    fn error(&self, fault: Fault, model: &str, path: &str) -> SpeechError {
        SpeechError::of(fault, self.host(), model, path, self.0.door.key())
    }

    fn unusable(&self, model: &str, what: &str) -> SpeechError {
        SpeechError::Unusable { host: self.host().to_owned(), model: model.to_owned(), what: what.to_owned() }
    }
}

fn form(model: &str, recording: &Audio, is_plain: bool) -> Form {
    let length = u64::try_from(recording.bytes.len()).unwrap_or(u64::MAX);
    let file = Part::stream_with_length(recording.bytes.clone(), length).file_name(recording.format.file_name());
    let file = file.mime_str(recording.format.media_type()).expect("our own media types are well formed");
    let form = Form::new().part("file", file).text("model", model.to_owned());
    if is_plain {
        form.text("response_format", "json")
    } else {
        form.text("response_format", "verbose_json").text("timestamp_granularities[]", "word")
    }
}
