//! What a page says when it cannot do what was asked: what happened, and the way out.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{
    frame::Frame,
    page,
    words::{filters, w},
};
use crate::practice::PracticeError;

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage {
    frame: Frame,
    status: u16,
    title: &'static str,
    text: String,
    /// Text of the candidate that would otherwise be lost.
    kept: Option<String>,
    way_out: &'static str,
    way_out_label: &'static str,
}

/// Why a page could not be shown or a form not be followed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{}", w("failure.no-page-text"))]
    NoSuchPage,
    #[error("{}", w("failure.no-interview-text"))]
    NoSuchInterview,
    #[error("{}", w("failure.no-question-text"))]
    NoSuchQuestion,
    #[error("{}", w("failure.unreadable-text"))]
    Unreadable(StatusCode),
    /// With the candidate's words to give back.
    #[error("{reason}")]
    NotNow { reason: String, text: String },
    #[error(transparent)]
    Practice(#[from] PracticeError),
    /// As `Practice`, with the candidate's words to give back.
    #[error("{error}")]
    Unkept { error: PracticeError, text: String },
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let text = sentence(&self.to_string());
        let (kept, error) = match self {
            Self::Unreadable(status) => {
                return simple(status, w("failure.unreadable"), text, "/", w("failure.start"));
            }
            Self::NoSuchPage => return not_found(w("failure.no-page"), text, "/", w("failure.start")),
            Self::NoSuchInterview => {
                return not_found(w("failure.no-interview"), text, "/interviews", w("interviews.title"));
            }
            Self::NoSuchQuestion => {
                return not_found(w("failure.no-question"), text, "/questions", w("failure.all-questions"));
            }
            Self::NotNow { text: words, .. } => {
                let failure = FailurePage {
                    frame: Frame::default(),
                    status: 409,
                    title: w("failure.not-now"),
                    text,
                    kept: Some(words).filter(|words| !words.trim().is_empty()),
                    way_out: "/",
                    way_out_label: w("failure.start"),
                };
                return page(StatusCode::CONFLICT, &failure);
            }
            Self::Practice(error) => (None, error),
            Self::Unkept { error, text } => (Some(text).filter(|text| !text.trim().is_empty()), error),
        };
        let (status, title) = match error {
            PracticeError::NotFound(_) => (StatusCode::NOT_FOUND, w("failure.no-interview")),
            PracticeError::NothingToSpeak { .. } => (StatusCode::NOT_FOUND, w("failure.not-spoken")),
            PracticeError::Speech(_) => (StatusCode::BAD_GATEWAY, w("failure.no-speech")),
            PracticeError::Refused(_)
            | PracticeError::KeyReused
            | PracticeError::AnsweredMeanwhile
            | PracticeError::Contended => (StatusCode::CONFLICT, w("failure.not-now")),
            PracticeError::NothingToAsk(_)
            | PracticeError::TooManyQuestions { .. }
            | PracticeError::UnfitPasted(_)
            | PracticeError::DraftTooLong { .. } => (StatusCode::UNPROCESSABLE_ENTITY, w("failure.cannot")),
            error @ PracticeError::Store(_) => {
                tracing::error!(%error, "page failed");
                (StatusCode::INTERNAL_SERVER_ERROR, w("failure.wrong"))
            }
        };
        let failure = FailurePage {
            frame: Frame::default(),
            status: status.as_u16(),
            title,
            text,
            kept,
            way_out: "/",
            way_out_label: w("failure.start"),
        };
        page(status, &failure)
    }
}

fn not_found(title: &'static str, text: String, way_out: &'static str, way_out_label: &'static str) -> Response {
    simple(StatusCode::NOT_FOUND, title, text, way_out, way_out_label)
}

fn simple(
    status: StatusCode,
    title: &'static str,
    text: String,
    way_out: &'static str,
    way_out_label: &'static str,
) -> Response {
    let frame = Frame::default();
    page(status, &FailurePage { frame, status: status.as_u16(), title, text, kept: None, way_out, way_out_label })
}

/// The message as a sentence: a capital first and a full stop last.
pub fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    let mut text: String = chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect();
    if !text.ends_with(['.', '!', '?', '…']) {
        text.push('.');
    }
    text
}

/// Every address that is no page.
pub async fn no_such_page() -> Response {
    Failure::NoSuchPage.into_response()
}

/// What is shown where the program itself is at fault.
pub fn broken(_: Box<dyn std::any::Any + Send>) -> Response {
    let text = w("failure.broken-text").to_owned();
    simple(StatusCode::INTERNAL_SERVER_ERROR, w("failure.broken"), text, "/", w("failure.start"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_becomes_a_sentence() {
        assert_eq!(sentence("the answer is empty: say a word"), "The answer is empty: say a word.");
        assert_eq!(sentence("Really?"), "Really?");
    }
}
