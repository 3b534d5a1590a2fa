//! Past interviews, page by page, and deleting one of them.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    failure::Failure,
    interview_id, page,
    rows::{InterviewRow, when},
};
use crate::practice::{ListPage, Practice};

/// How many interviews one page lists.
const PER_PAGE: usize = 20;

#[derive(Template)]
#[template(path = "history.html")]
struct HistoryPage {
    rows: Vec<InterviewRow>,
    with_delete: bool,
    is_first_page: bool,
    /// The id from which the next page goes on.
    older: Option<String>,
}

/// A question before something that cannot be undone.
#[derive(Template)]
#[template(path = "confirm.html")]
pub(super) struct ConfirmPage {
    pub title: &'static str,
    pub text: String,
    pub action: String,
    /// The ask that is meant, where one is.
    pub turn: Option<u64>,
    pub button: &'static str,
    /// Class of the button: `danger` or nothing.
    pub tone: &'static str,
    pub back: String,
    pub back_label: &'static str,
}

#[derive(Deserialize)]
pub struct Place {
    before: Option<String>,
}

/// `GET /interviews`
pub async fn show(State(practice): State<Practice>, Query(place): Query<Place>) -> Result<Response, Failure> {
    let before = place.before.as_deref().map(interview_id).transpose()?;
    let is_first_page = before.is_none();
    let mut found = practice.list(ListPage { before, limit: PER_PAGE + 1 }).await?;
    let has_more = found.len() > PER_PAGE;
    found.truncate(PER_PAGE);
    let older = found.last().filter(|_| has_more).map(|summary| summary.id.to_string());
    let rows = found.iter().map(|summary| InterviewRow::of(summary, practice.bank())).collect();
    Ok(page(StatusCode::OK, &HistoryPage { rows, with_delete: true, is_first_page, older }))
}

/// `GET /interviews/{id}/delete`
pub async fn confirm_delete(State(practice): State<Practice>, Path(id): Path<String>) -> Result<Response, Failure> {
    let id = interview_id(&id)?;
    let view = practice.view(&id).await?;
    let confirm = ConfirmPage {
        title: "Delete this interview?",
        text: format!(
            "The interview of {} with everything you said in it and its scores will be gone for good.",
            when(view.interview.started_at())
        ),
        action: format!("/interviews/{id}/delete"),
        turn: None,
        button: "Delete for good",
        tone: "danger",
        back: format!("/interviews/{id}"),
        back_label: "Keep it",
    };
    Ok(page(StatusCode::OK, &confirm))
}

/// `POST /interviews/{id}/delete`
pub async fn delete(State(practice): State<Practice>, Path(id): Path<String>) -> Result<Response, Failure> {
    practice.delete(&interview_id(&id)?).await?;
    Ok(Redirect::to("/interviews").into_response())
}
