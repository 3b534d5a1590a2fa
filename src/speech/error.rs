//! Why nothing was heard or spoken, each with its way out.

use super::{MOST_BYTES, MOST_CHARS};
use crate::llm::{Fault, excerpt, is_spent};

/// What went wrong with a recording or with the interviewer's voice. Typing goes on in any case. No message holds
/// a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpeechError {
    #[error(
        "{0} is not set up: give GREENROOM_SPEECH_BASE_URL or GREENROOM_SPEECH_API_KEY, and see that its model is not `off`"
    )]
    Off(&'static str),
    #[error("the recording is empty: check the microphone and record again")]
    NothingRecorded,
    #[error("the recording has {bytes} bytes; at most {MOST_BYTES} are taken: record it in parts")]
    TooLarge { bytes: usize },
    #[error("what was sent is no recording that is known here: send WebM, Ogg, MP4, WAV, MP3, FLAC or AAC")]
    NotAudio,
    #[error("no words were heard in the recording: speak closer to the microphone and record again, or type")]
    NothingHeard,
    #[error("the interviewer said {chars} characters; at most {MOST_CHARS} can be spoken: read them")]
    TooLong { chars: usize },
    /// No whole reply came: no connection, a time-out, an overloaded or failing server.
    #[error("{host} is out of reach: {what}; {way_out}")]
    Unreachable { host: String, what: String, way_out: String },
    /// The endpoint answered and said no.
    #[error("{host} refused the request{}: {excerpt}; {way_out}", status.map(|code| format!(" with status {code}")).unwrap_or_default())]
    Refused { host: String, status: Option<u16>, excerpt: String, way_out: String },
    /// The endpoint answered with something that is neither a transcript nor a sound.
    #[error("{host} gave no usable reply for the model `{model}`: {what}; check that the model fits its task")]
    Unusable { host: String, model: String, what: String },
    /// The settings cannot name an endpoint.
    #[error("{setting} cannot be used: {problem}")]
    Misconfigured { setting: &'static str, problem: String },
}

impl SpeechError {
    /// Words a fault for people. `key` is struck out of whatever the endpoint said.
    pub(super) fn of(fault: Fault, host: &str, model: &str, path: &str, key: &str) -> Self {
        let refused = |status: Option<u16>, words: &str, way_out: String| Self::Refused {
            host: host.to_owned(),
            status,
            excerpt: excerpt(words, key),
            way_out,
        };
        let unreachable = |what: String, way_out: &str| Self::Unreachable {
            host: host.to_owned(),
            what: excerpt(&what, key),
            way_out: way_out.to_owned(),
        };
        let unusable =
            |what: &str| Self::Unusable { host: host.to_owned(), model: model.to_owned(), what: what.to_owned() };
        let later = "type instead, or try again later";
        match fault {
            Fault::Status { status: status @ (401 | 403), body, .. } => {
                refused(Some(status), &body, format!("check the key for speech and that it may use `{model}`"))
            }
            Fault::Status { status: 429, body, .. } if is_spent(&body) => {
                refused(Some(429), &body, "top up the account or use another key".to_owned())
            }
            Fault::Status { status: 429, body, .. } => {
                unreachable(format!("it limits the rate (status 429): {}", excerpt(&body, key)), later)
            }
            Fault::Status { status, body, .. } if status >= 500 || matches!(status, 408 | 409 | 425) => {
                unreachable(format!("it failed with status {status}: {}", excerpt(&body, key)), later)
            }
            Fault::Status { status, location: Some(location), .. } if (300..400).contains(&status) => refused(
                Some(status),
                &format!("it points to {location}"),
                "redirects are not followed: set the base URL for speech to the new address".to_owned(),
            ),
            Fault::Status { status, body, .. } => {
                refused(Some(status), &body, format!("check the base URL for speech and that `{model}` serves {path}"))
            }
            Fault::NoEndpoint { body } => unusable(&excerpt(&body, key)),
            Fault::Unconnected(why) => unreachable(
                format!("no connection ({})", excerpt(&why, key)),
                "check the base URL for speech, that the server runs, and the network",
            ),
            Fault::Broken(why) => unreachable(format!("the connection broke ({})", excerpt(&why, key)), later),
            Fault::Silent { seconds } | Fault::Stalled { seconds } | Fault::Overdue { seconds } => unreachable(
                format!("no whole reply within {seconds} s"),
                "type instead, or allow more with GREENROOM_SPEECH_TOTAL_SECONDS",
            ),
            Fault::Cut => unreachable("the reply ended before it was finished".to_owned(), later),
            Fault::Endless { .. } => unusable("the reply is larger than any answer or utterance"),
            Fault::OnlyThought { .. } => unusable("the reply was empty"),
            Fault::Unreadable => unusable("the reply could not be read"),
            Fault::Filtered => refused(None, "its content filter stopped the reply", "type instead".to_owned()),
            Fault::ErrorEvent { status, message } => refused(status, &message, later.to_owned()),
            Fault::Unbuildable(why) => {
                Self::Misconfigured { setting: "the connection for speech", problem: excerpt(&why, key) }
            }
        }
    }
}
