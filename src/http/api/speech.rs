//! Speech: what is available, recordings into text, and the interviewer's words as sound.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    http::{
        extract::{At, Recording},
        problem::Problem,
    },
    interview::InterviewId,
    practice::Practice,
    scoring::Seconds,
    speech::{HeardWord, MOST_BYTES, Speech},
};

/// How long a browser may play a line again without asking, in seconds: words and voice rarely change within a day.
const FRESH: &str = "private, max-age=86400";

/// What speech this server offers.
#[derive(Debug, Serialize, ToSchema)]
pub struct SpeechOffer {
    /// The host that receives recordings and the interviewer's words; null where speech is not set up.
    #[schema(required)]
    host: Option<String>,
    /// Speech to text; null where it is not offered.
    #[schema(required)]
    transcription: Option<Hearing>,
    /// The interviewer's voice; null where it is not offered.
    #[schema(required)]
    voice: Option<Speaking>,
    /// The largest recording that is taken.
    most_bytes: usize,
    /// What a candidate should know before speaking, in plain words.
    notes: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Hearing {
    model: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Speaking {
    model: String,
    voice: String,
}

/// What was heard. It is a proposal: nothing is submitted.
#[derive(Debug, Serialize, ToSchema)]
pub struct Transcription {
    text: String,
    /// Null where the endpoint gave no times of words.
    #[schema(required)]
    words: Option<Vec<TimedWord>>,
    /// How long the recording lasts; null where nobody told.
    #[schema(required)]
    seconds: Option<Seconds>,
    /// The silences of a second or more between words, as `spoken.pauses` of an answer takes them; null where the
    /// times of words are not known.
    #[schema(required)]
    pauses: Option<Vec<Seconds>>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TimedWord {
    word: String,
    start: Seconds,
    end: Seconds,
}

impl From<HeardWord> for TimedWord {
    fn from(word: HeardWord) -> Self {
        Self { word: word.word, start: word.start, end: word.end }
    }
}

/// What speech is available, and which host receives what is said.
#[utoipa::path(get, path = "/api/v1/speech", responses((status = 200, body = SpeechOffer), Problem))]
pub async fn offer(State(practice): State<Practice>) -> Json<SpeechOffer> {
    let speech = practice.speech();
    Json(SpeechOffer {
        host: speech.map(|speech| speech.host().to_owned()),
        transcription: speech.and_then(Speech::hearing).map(|model| Hearing { model: model.to_owned() }),
        voice: speech
            .and_then(Speech::voice)
            .map(|voice| Speaking { model: voice.model.clone(), voice: voice.name.clone() }),
        most_bytes: MOST_BYTES,
        notes: speech.map(Speech::notes).unwrap_or_default(),
    })
}

/// Turns a recording into text to be mended and submitted. The body is the recording itself, such as a
/// `MediaRecorder` gives it; its format is told by its first bytes. It is not kept.
#[utoipa::path(
    post, path = "/api/v1/speech/transcriptions",
    request_body(
        description = "WebM, Ogg, MP4, WAV, MP3, FLAC or AAC; at most 25 MB",
        content((Vec<u8> = "audio/*"), (Vec<u8> = "application/octet-stream"))
    ),
    responses((status = 200, body = Transcription), Problem)
)]
pub async fn transcribe(
    State(practice): State<Practice>,
    Recording(recording): Recording,
) -> Result<Json<Transcription>, Problem> {
    let heard = practice.hear(recording).await?;
    let pauses = heard.pauses();
    let words = heard.words.map(|words| words.into_iter().map(TimedWord::from).collect());
    Ok(Json(Transcription { text: heard.text, words, seconds: heard.seconds, pauses }))
}

/// What the interviewer said at this place, spoken. Places of anything else have nothing to be spoken.
#[utoipa::path(
    get, path = "/api/v1/interviews/{id}/entries/{seq}/audio",
    params(("id" = String, Path), ("seq" = u64, Path), ("If-None-Match" = Option<String>, Header)),
    responses(
        (
            status = 200, headers(("etag" = String), ("cache-control" = String)),
            content(
                (Vec<u8> = "audio/mpeg"), (Vec<u8> = "audio/wav"), (Vec<u8> = "audio/ogg"), (Vec<u8> = "audio/webm"),
                (Vec<u8> = "audio/mp4"), (Vec<u8> = "audio/flac"), (Vec<u8> = "audio/aac")
            )
        ),
        (status = 304, description = "It has not changed"), Problem
    )
)]
pub async fn audio(
    State(practice): State<Practice>,
    At((id, seq)): At<(InterviewId, u64)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let line = practice.line(&id, seq).await?;
    let tag = format!("\"{}\"", line.tag);
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|tags| tags.to_str().ok());
    let is_known = known.flat_map(|tags| tags.split(',')).any(|known| known.trim().trim_start_matches("W/") == tag);
    let etag = HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\""));
    let cached = [(header::ETAG, etag), (header::CACHE_CONTROL, HeaderValue::from_static(FRESH))];
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, cached).into_response());
    }
    let sound = practice.speak_line(&line).await?;
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static(sound.format.media_type()))];
    Ok((cached, kind, sound.bytes).into_response())
}
