//! Past interviews, page by page and narrowed to what is sought, and deleting one or all of them.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    failure::Failure,
    form::{Choice, Fields, Sent},
    frame::Frame,
    interview_id, page,
    rows::{InterviewRow, when},
    words::{self, filters, w},
};
use crate::{
    interview::Mode,
    practice::{ListFilter, ListPage, Practice},
    question::Category,
};

/// How many interviews one page lists.
const PER_PAGE: usize = 20;

#[derive(Template)]
#[template(path = "history.html")]
struct HistoryPage {
    frame: Frame,
    rows: Vec<InterviewRow>,
    with_delete: bool,
    is_first_page: bool,
    search: String,
    categories: Vec<Choice>,
    modes: Vec<Choice>,
    /// Whether anything narrows the list.
    is_narrowed: bool,
    /// The address of the next page.
    older: Option<String>,
}

/// A question before something that cannot be undone.
#[derive(Template)]
#[template(path = "confirm.html")]
pub(super) struct ConfirmPage {
    pub frame: Frame,
    pub title: &'static str,
    pub text: String,
    pub error: Option<&'static str>,
    /// What to take along first.
    pub exports: Vec<Export>,
    pub action: String,
    /// The ask that is meant, where one is.
    pub turn: Option<u64>,
    /// What must be ticked before the button does anything.
    pub tick: Option<&'static str>,
    pub button: &'static str,
    /// Class of the button: `danger` or nothing.
    pub tone: &'static str,
    pub back: String,
    pub back_label: &'static str,
}

pub(super) struct Export {
    pub href: String,
    pub label: &'static str,
}

/// What the list is narrowed to; an empty or unknown name narrows nothing.
#[derive(Deserialize)]
pub struct Place {
    before: Option<String>,
    #[serde(default)]
    search: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    mode: String,
}

/// `GET /interviews`
pub async fn show(State(practice): State<Practice>, Query(place): Query<Place>) -> Result<Response, Failure> {
    let before = place.before.as_deref().map(interview_id).transpose()?;
    let is_first_page = before.is_none();
    let filter = ListFilter {
        search: place.search.replace('\0', ""),
        category: place.category.parse().ok(),
        mode: place.mode.parse().ok(),
        is_over: None,
    };
    let mut found = practice.list(ListPage { before, limit: PER_PAGE + 1, filter: filter.clone() }).await?;
    let has_more = found.len() > PER_PAGE;
    found.truncate(PER_PAGE);
    let older = found.last().filter(|_| has_more).map(|summary| address(&filter, summary.id.as_str()));
    let all = |label: &'static str, is_chosen: bool| Choice::new("", label, is_chosen);
    let categories = Category::ALL.iter().map(|category| {
        let label = words::label("category", category.as_str());
        Choice::new(category.as_str(), label, filter.category == Some(*category))
    });
    let modes = Mode::ALL
        .iter()
        .map(|mode| Choice::new(mode.as_str(), words::label("mode", mode.as_str()), filter.mode == Some(*mode)));
    let history = HistoryPage {
        frame: Frame::of(&practice).await,
        rows: found.iter().map(|summary| InterviewRow::of(summary, practice.bank())).collect(),
        with_delete: true,
        is_first_page,
        categories: std::iter::once(all(w("interviews.all-categories"), filter.category.is_none()))
            .chain(categories)
            .collect(),
        modes: std::iter::once(all(w("interviews.all-modes"), filter.mode.is_none())).chain(modes).collect(),
        is_narrowed: filter != ListFilter::default(),
        search: filter.search,
        older,
    };
    Ok(page(StatusCode::OK, &history))
}

/// The next page of the same list.
fn address(filter: &ListFilter, before: &str) -> String {
    let pairs = [
        ("before", before.to_owned()),
        ("search", filter.search.clone()),
        ("category", filter.category.map(|category| category.to_string()).unwrap_or_default()),
        ("mode", filter.mode.map(|mode| mode.to_string()).unwrap_or_default()),
    ];
    let query: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", escaped(value)))
        .collect();
    format!("/interviews?{}", query.join("&"))
}

/// A value as it stands in an address.
fn escaped(value: &str) -> String {
    use std::fmt::Write as _;
    value.bytes().fold(String::with_capacity(value.len()), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            text.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

/// `GET /interviews/{id}/delete`
pub async fn confirm_delete(State(practice): State<Practice>, Path(id): Path<String>) -> Result<Response, Failure> {
    let id = interview_id(&id)?;
    let view = practice.view(&id).await?;
    let export =
        |format: &str, label| Export { href: format!("/api/v1/interviews/{id}/export?format={format}"), label };
    let confirm = ConfirmPage {
        frame: Frame::of(&practice).await,
        title: w("confirm.delete"),
        text: words::fill("confirm.delete-text", &[&when(view.interview.started_at())]),
        error: None,
        exports: vec![export("markdown", w("debrief.markdown")), export("json", w("debrief.json"))],
        action: format!("/interviews/{id}/delete"),
        turn: None,
        tick: None,
        button: w("confirm.delete-button"),
        tone: "danger",
        back: format!("/interviews/{id}"),
        back_label: w("confirm.delete-back"),
    };
    Ok(page(StatusCode::OK, &confirm))
}

/// `POST /interviews/{id}/delete`
pub async fn delete(State(practice): State<Practice>, Path(id): Path<String>) -> Result<Response, Failure> {
    practice.delete(&interview_id(&id)?).await?;
    Ok(Redirect::to("/interviews").into_response())
}

/// `GET /interviews/delete-all`
pub async fn confirm_delete_all(State(practice): State<Practice>) -> Result<Response, Failure> {
    Ok(page(StatusCode::OK, &deleting_all(&practice, None).await?))
}

/// `POST /interviews/delete-all`: only where the box is ticked.
pub async fn delete_all(State(practice): State<Practice>, sent: Sent) -> Result<Response, Failure> {
    if Fields::read(sent)?.first("sure").is_empty() {
        let confirm = deleting_all(&practice, Some(w("confirm.delete-all-unsure"))).await?;
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &confirm));
    }
    practice.delete_all().await?;
    Ok(Redirect::to("/interviews").into_response())
}

async fn deleting_all(practice: &Practice, error: Option<&'static str>) -> Result<ConfirmPage, Failure> {
    let count = practice.list(ListPage { limit: usize::MAX, ..ListPage::default() }).await?.len();
    Ok(ConfirmPage {
        frame: Frame::of(practice).await,
        title: w("confirm.delete-all"),
        text: words::many("confirm.delete-all-text", count),
        error,
        exports: vec![Export { href: "/api/v1/export".to_owned(), label: w("confirm.export-all") }],
        action: "/interviews/delete-all".to_owned(),
        turn: None,
        tick: Some(w("confirm.delete-all-sure")),
        button: w("confirm.delete-all-button"),
        tone: "danger",
        back: "/interviews".to_owned(),
        back_label: w("confirm.delete-all-back"),
    })
}
