//! Errors on the wire: RFC 9457 problem details with a stable code, each saying the way out.

use std::collections::BTreeMap;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::{
    IntoResponses, PartialSchema, ToSchema,
    openapi::{ContentBuilder, RefOr, ResponseBuilder, response::Response as DocumentedResponse},
};

use crate::{
    bank::NothingToAsk,
    interview::{Refusal, UnfitPasted},
    practice::PracticeError,
    scoring::UnfitAnswer,
    speech::SpeechError,
};

/// A problem as clients read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the code tells the kind.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: &'static str,
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// Stable, for programs.
    code: &'static str,
    /// What happened, to what, and the way out; for people.
    detail: String,
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Error");
        Self { kind: "about:blank", title, status: status.as_u16(), code, detail: detail.into() }
    }

    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub fn detail(&self) -> &str {
        &self.detail
    }

    pub fn code(&self) -> &'static str {
        self.code
    }

    pub fn no_such_address(path: &str) -> Self {
        let detail = format!("there is nothing at {path}: /api/v1/openapi.json lists what there is");
        Self::new(StatusCode::NOT_FOUND, "no-such-address", detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let kind = HeaderValue::from_static("application/problem+json");
        (self.status(), [(header::CONTENT_TYPE, kind)], body).into_response()
    }
}

/// Every route may answer with these besides its own responses.
impl IntoResponses for Problem {
    fn responses() -> BTreeMap<String, RefOr<DocumentedResponse>> {
        let problem = |what: &str| {
            let content = ContentBuilder::new().schema(Some(<Self as PartialSchema>::schema())).build();
            RefOr::T(ResponseBuilder::new().description(what).content("application/problem+json", content).build())
        };
        [
            ("400", "The request is malformed"),
            ("403", "The request comes from another site"),
            ("404", "There is no such thing"),
            ("405", "The address does not take this method"),
            ("409", "It does not fit the state of the interview"),
            ("413", "The request is too large"),
            ("415", "The request is not JSON"),
            ("421", "The request is for another host"),
            ("422", "The request is understood and cannot be done"),
            ("500", "Something broke; nothing said is lost"),
            ("501", "This server is not set up for it"),
            ("502", "The endpoint for speech did not do its work"),
            ("503", "The database is out of reach"),
        ]
        .into_iter()
        .map(|(status, what)| (status.to_owned(), problem(what)))
        .collect()
    }
}

impl From<PracticeError> for Problem {
    fn from(error: PracticeError) -> Self {
        let (status, code) = match &error {
            PracticeError::NotFound(_) => (StatusCode::NOT_FOUND, "no-such-interview"),
            PracticeError::Refused(refusal) => of_refusal(refusal),
            PracticeError::NothingToAsk(NothingToAsk::Unknown { .. }) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "unknown-question")
            }
            PracticeError::NothingToAsk(NothingToAsk::UnknownDeck(_)) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "unknown-deck")
            }
            PracticeError::NothingToAsk(
                NothingToAsk::NoneWished | NothingToAsk::NoneInCategories(_) | NothingToAsk::NoneInDeck(_),
            ) => (StatusCode::UNPROCESSABLE_ENTITY, "nothing-to-ask"),
            PracticeError::TooManyQuestions { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "too-many-questions"),
            PracticeError::UnfitPasted(UnfitPasted::TooLong { .. }) => (StatusCode::UNPROCESSABLE_ENTITY, "too-long"),
            PracticeError::UnfitPasted(UnfitPasted::Nul { .. }) => (StatusCode::UNPROCESSABLE_ENTITY, "nul-character"),
            PracticeError::KeyReused => (StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-reused"),
            PracticeError::DraftTooLong { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "draft-too-long"),
            PracticeError::AnsweredMeanwhile => (StatusCode::CONFLICT, "answered-meanwhile"),
            PracticeError::NothingToSpeak { .. } => (StatusCode::NOT_FOUND, "nothing-to-speak"),
            PracticeError::Speech(error) => of_speech(error),
            PracticeError::Contended => (StatusCode::CONFLICT, "contended"),
            PracticeError::Store(inner) => {
                tracing::error!(error = %inner, "store failed");
                (StatusCode::SERVICE_UNAVAILABLE, "store-unavailable")
            }
        };
        Self::new(status, code, error.to_string())
    }
}

fn of_speech(error: &SpeechError) -> (StatusCode, &'static str) {
    match error {
        SpeechError::Off(_) => (StatusCode::NOT_IMPLEMENTED, "speech-off"),
        SpeechError::NothingRecorded => (StatusCode::UNPROCESSABLE_ENTITY, "nothing-recorded"),
        SpeechError::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
        SpeechError::NotAudio => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-audio"),
        SpeechError::NothingHeard => (StatusCode::UNPROCESSABLE_ENTITY, "nothing-heard"),
        SpeechError::TooLong { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "too-long-to-speak"),
        SpeechError::Unreachable { .. } => (StatusCode::BAD_GATEWAY, "speech-unreachable"),
        SpeechError::Refused { .. } | SpeechError::Misconfigured { .. } => (StatusCode::BAD_GATEWAY, "speech-refused"),
        SpeechError::Unusable { .. } => (StatusCode::BAD_GATEWAY, "speech-unusable-reply"),
    }
}

fn of_refusal(refusal: &Refusal) -> (StatusCode, &'static str) {
    match refusal {
        Refusal::Unfit(UnfitAnswer::Empty) => (StatusCode::UNPROCESSABLE_ENTITY, "no-answer"),
        Refusal::Unfit(UnfitAnswer::TooLong { .. }) | Refusal::LongQuestionBack { .. } => {
            (StatusCode::UNPROCESSABLE_ENTITY, "too-long")
        }
        Refusal::Nul => (StatusCode::UNPROCESSABLE_ENTITY, "nul-character"),
        Refusal::Over => (StatusCode::CONFLICT, "interview-over"),
        Refusal::NotYet => (StatusCode::CONFLICT, "not-yet"),
        Refusal::NothingAsked => (StatusCode::CONFLICT, "nothing-asked"),
        Refusal::NothingToChoose => (StatusCode::CONFLICT, "nothing-to-choose"),
        Refusal::NoMoreQuestionsBack => (StatusCode::CONFLICT, "no-more-questions-back"),
        Refusal::NoSuchTake(_) => (StatusCode::NOT_FOUND, "no-such-take"),
        Refusal::NothingToScore(_) => (StatusCode::CONFLICT, "nothing-to-score"),
        Refusal::NoSuchRating(_) => (StatusCode::UNPROCESSABLE_ENTITY, "out-of-range"),
        Refusal::RatedAlready(_) => (StatusCode::CONFLICT, "rated-already"),
        Refusal::PausedAlready => (StatusCode::CONFLICT, "paused-already"),
        Refusal::NotPaused => (StatusCode::CONFLICT, "not-paused"),
    }
}
