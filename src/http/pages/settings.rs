//! What a candidate sets once for all interviews, and the way to their data.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use super::{
    failure::{Failure, sentence},
    form::{Fields, Sent},
    frame::Frame,
    page, start,
    words::{filters, w},
};
use crate::practice::{Practice, preferences::Preferences};

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    frame: Frame,
    is_saved: bool,
    error: Option<String>,
    date: String,
    switches: Vec<Switch>,
}

struct Switch {
    name: &'static str,
    label: &'static str,
    note: &'static str,
    is_on: bool,
}

#[derive(Deserialize)]
pub struct Shown {
    saved: Option<String>,
}

/// `GET /settings`
pub async fn show(State(practice): State<Practice>, Query(shown): Query<Shown>) -> Result<Response, Failure> {
    let settings = SettingsPage::of(&practice.preferences().await?, shown.saved.is_some(), None);
    Ok(page(StatusCode::OK, &settings))
}

/// `POST /settings`
pub async fn keep(State(practice): State<Practice>, sent: Sent) -> Result<Response, Failure> {
    let fields = Fields::read(sent)?;
    let is_on = |name: &str| !fields.first(name).is_empty();
    let mut preferences = Preferences {
        interview_on: None,
        hide_numbers: is_on("hide-numbers"),
        read_aloud: is_on("read-aloud"),
        browser_recognition: is_on("recognition"),
    };
    match start::date(fields.first("date")) {
        Ok(date) => preferences.interview_on = date,
        Err(error) => {
            let settings = SettingsPage::of(&preferences, false, Some(sentence(&error)));
            return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &settings));
        }
    }
    practice.keep_preferences(&preferences).await?;
    Ok(Redirect::to("/settings?saved=yes").into_response())
}

impl SettingsPage {
    fn of(preferences: &Preferences, is_saved: bool, error: Option<String>) -> Self {
        let switch = |name, label, note, is_on| Switch { name, label, note, is_on };
        Self {
            frame: Frame::from(preferences),
            is_saved,
            error,
            date: preferences.interview_on.map(|date| date.to_string()).unwrap_or_default(),
            switches: vec![
                switch(
                    "hide-numbers",
                    w("settings.hide-numbers"),
                    w("settings.hide-numbers-note"),
                    preferences.hide_numbers,
                ),
                switch("read-aloud", w("settings.read-aloud"), w("settings.read-aloud-note"), preferences.read_aloud),
                switch(
                    "recognition",
                    w("settings.recognition"),
                    w("settings.recognition-note"),
                    preferences.browser_recognition,
                ),
            ],
        }
    }
}
