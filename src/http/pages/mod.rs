//! The pages: rendered on the server, every one usable without JavaScript.

mod assets;
mod chart;
mod check;
mod compare;
mod debrief;
mod delivery;
mod failure;
mod form;
mod frame;
mod history;
mod home;
mod marking;
mod outlook;
mod progress;
mod questions;
mod rate;
mod room;
mod room_view;
mod rows;
mod settings;
mod sheet;
mod speak;
mod start;
mod transcript;
mod trend;
mod words;

use std::time::Duration;

use askama::Template;
use axum::{
    Router,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};

use tower_http::catch_panic::CatchPanicLayer;

use crate::{interview::InterviewId, practice::Practice};
use failure::Failure;
pub use failure::no_such_page;

/// How long a form waits for the interviewer before the page is shown all the same, "about to speak".
const PATIENCE: Duration = Duration::from_secs(2);

/// Every page and the files beside them.
pub fn router() -> Router<Practice> {
    Router::new()
        .route("/", get(home::show))
        .route("/interviews", get(history::show).post(start::start))
        .route("/interviews/delete-all", get(history::confirm_delete_all).post(history::delete_all))
        .route("/interviews/{id}", get(room::show))
        .route("/interviews/{id}/debrief", get(room::show))
        .route("/interviews/{id}/print", get(room::print))
        .route("/interviews/{id}/check", get(check::show))
        .route("/interviews/{id}/rate", get(room::back).post(rate::rate))
        .route("/interviews/{id}/pause", get(room::back).post(speak::pause))
        .route("/interviews/{id}/resume", get(room::back).post(speak::resume))
        .route("/interviews/{id}/answer", get(room::back).post(speak::answer))
        .route("/interviews/{id}/ask", get(room::back).post(speak::ask))
        .route("/interviews/{id}/skip", get(room::back).post(speak::skip))
        .route("/interviews/{id}/next", get(room::back).post(room::next))
        .route("/interviews/{id}/retry", get(room::back).post(room::retry))
        .route("/interviews/{id}/end", get(room::confirm_end).post(speak::end))
        .route("/interviews/{id}/takes/{take}/score", get(room::back_from_take).post(room::rescore))
        .route("/interviews/{id}/delete", get(history::confirm_delete).post(history::delete))
        .route("/progress", get(progress::show))
        .route("/settings", get(settings::show).post(settings::keep))
        .route("/questions", get(questions::list))
        .route("/questions/{category}/{slug}", get(questions::show))
        .route("/static/{*name}", get(assets::serve))
        .route("/favicon.ico", get(assets::favicon))
        .layer(CatchPanicLayer::custom(failure::broken))
}

/// The page as a response.
fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "page not rendered");
            (StatusCode::INTERNAL_SERVER_ERROR, "the page could not be written: reload it\n").into_response()
        }
    }
}

/// The id in an address; what is none is a page that is not there.
fn interview_id(text: &str) -> Result<InterviewId, Failure> {
    text.parse().map_err(|_| Failure::NoSuchInterview)
}

/// Back to the room, after the interviewer had a moment to speak and the judge to score.
async fn back_when_settled(practice: &Practice, id: &InterviewId) -> Response {
    // Whether it settled in time or not, the page tells where the interview stands.
    let _ = tokio::time::timeout(PATIENCE, practice.settled(id)).await;
    Redirect::to(&format!("/interviews/{id}")).into_response()
}
