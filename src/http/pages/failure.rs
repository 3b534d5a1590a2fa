//! What a page says when it cannot do what was asked: what happened, and the way out.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::page;
use crate::practice::PracticeError;

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage {
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
    #[error("The address may be mistyped, or what was there is gone.")]
    NoSuchPage,
    #[error("It may have been deleted, or the address is mistyped.")]
    NoSuchInterview,
    #[error("The bank in use has no question at this address.")]
    NoSuchQuestion,
    #[error("What was sent could not be read, or was too much: go back, copy your text and send a shorter one.")]
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
                let title = "That could not be read";
                return simple(status, title, text, "/", "To the start");
            }
            Self::NoSuchPage => return not_found("There is no such page", text, "/", "To the start"),
            Self::NoSuchInterview => {
                return not_found("There is no such interview", text, "/interviews", "Past interviews");
            }
            Self::NoSuchQuestion => return not_found("There is no such question", text, "/questions", "All questions"),
            Self::NotNow { text: words, .. } => {
                let failure = FailurePage {
                    status: 409,
                    title: "That does not fit now",
                    text,
                    kept: Some(words).filter(|words| !words.trim().is_empty()),
                    way_out: "/",
                    way_out_label: "To the start",
                };
                return page(StatusCode::CONFLICT, &failure);
            }
            Self::Practice(error) => (None, error),
            Self::Unkept { error, text } => (Some(text).filter(|text| !text.trim().is_empty()), error),
        };
        let (status, title) = match error {
            PracticeError::NotFound(_) => (StatusCode::NOT_FOUND, "There is no such interview"),
            PracticeError::NothingToSpeak { .. } => (StatusCode::NOT_FOUND, "There is nothing to be spoken"),
            PracticeError::Speech(_) => (StatusCode::BAD_GATEWAY, "That could not be heard or spoken"),
            PracticeError::Refused(_)
            | PracticeError::KeyReused
            | PracticeError::AnsweredMeanwhile
            | PracticeError::Contended => (StatusCode::CONFLICT, "That does not fit now"),
            PracticeError::NothingToAsk(_)
            | PracticeError::TooManyQuestions { .. }
            | PracticeError::UnfitPasted(_)
            | PracticeError::DraftTooLong { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "That cannot be done"),
            error @ PracticeError::Store(_) => {
                tracing::error!(%error, "page failed");
                (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong here")
            }
        };
        let failure =
            FailurePage { status: status.as_u16(), title, text, kept, way_out: "/", way_out_label: "To the start" };
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
    page(status, &FailurePage { status: status.as_u16(), title, text, kept: None, way_out, way_out_label })
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
    let text = "The fault is in Greenroom. What you submitted before is kept: go back and try again.".to_owned();
    simple(StatusCode::INTERNAL_SERVER_ERROR, "Something broke here", text, "/", "To the start")
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
