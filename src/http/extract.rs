//! Reads requests and turns what does not fit into problems with a way out.

use axum::{
    body::Bytes,
    extract::{
        FromRequest, FromRequestParts, Path, Query, Request,
        rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection},
    },
    http::{HeaderMap, StatusCode, request::Parts},
};
use serde::de::DeserializeOwned;

use super::problem::Problem;
use crate::{interview::Refusal, practice::PracticeError, speech::MOST_BYTES};

/// A JSON body.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(body)) => Ok(Self(body)),
            Err(rejection) => Err(of_json(&rejection)),
        }
    }
}

fn of_json(rejection: &JsonRejection) -> Problem {
    let status = rejection.status();
    match rejection {
        JsonRejection::JsonDataError(error) => {
            let detail = format!("{}: compare it with /api/v1/openapi.json", error.body_text());
            Problem::new(status, "unfit-body", detail)
        }
        JsonRejection::JsonSyntaxError(error) => {
            Problem::new(status, "not-json", format!("{}: send valid JSON in UTF-8", error.body_text()))
        }
        JsonRejection::MissingJsonContentType(_) => {
            Problem::new(status, "not-json", "the body is not marked as JSON: send Content-Type: application/json")
        }
        _ if status == StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(status, "too-large", "the body is too large: an answer has at most 20000 characters")
        }
        other => Problem::new(status, "unreadable-body", format!("{}: send it again", other.body_text())),
    }
}

/// A body that is a recording.
#[derive(Debug)]
pub struct Recording(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Recording {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Bytes::from_request(request, state).await.map(Self).map_err(|rejection: BytesRejection| {
            match rejection.status() {
                status @ StatusCode::PAYLOAD_TOO_LARGE => {
                    let detail =
                        format!("the recording is too large: at most {MOST_BYTES} bytes are taken; record it in parts");
                    Problem::new(status, "too-large", detail)
                }
                status => Problem::new(status, "unreadable-body", format!("{}: send it again", rejection.body_text())),
            }
        })
    }
}

/// The variable parts of an address. What does not parse names nothing that exists.
#[derive(Debug)]
pub struct At<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(error)) => {
                Err(Problem::new(StatusCode::NOT_FOUND, "no-such-thing", error.body_text()))
            }
            Err(other) => Err(Problem::new(other.status(), "unreadable-address", other.body_text())),
        }
    }
}

/// What follows the question mark of an address.
#[derive(Debug)]
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            return Err(PracticeError::from(Refusal::Nul).into());
        }
        Query::<T>::from_request_parts(parts, state).await.map(|Query(value)| Self(value)).map_err(
            |rejection: QueryRejection| Problem::new(StatusCode::BAD_REQUEST, "unfit-query", rejection.body_text()),
        )
    }
}

/// The client's key for an answer: 1 to 200 visible ASCII characters.
pub fn idempotency_key(headers: &HeaderMap) -> Result<String, Problem> {
    let refuse = |detail: &str| Problem::new(StatusCode::BAD_REQUEST, "idempotency-key", detail);
    let Some(value) = headers.get("idempotency-key") else {
        return Err(refuse(
            "send an Idempotency-Key header, such as a new UUID, so that an answer sent twice counts once",
        ));
    };
    match value.to_str() {
        Ok(key) if (1..=200).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) => {
            Ok(key.to_owned())
        }
        Ok(_) | Err(_) => Err(refuse("the Idempotency-Key must be 1 to 200 visible ASCII characters, such as a UUID")),
    }
}
