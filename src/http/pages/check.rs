//! Tries the microphone before the first question of an interview by voice.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};

use super::{failure::Failure, frame::Frame, interview_id, page, words::filters};
use crate::{
    practice::{Practice, preferences::Preferences},
    speech::Speech,
};

#[derive(Template)]
#[template(path = "check.html")]
struct CheckPage {
    frame: Frame,
    id: String,
    /// Whether there is a service that turns recordings into text.
    hears: bool,
    by_browser: bool,
    notes: Vec<String>,
}

/// By what a candidate can speak, as the answer form shows it.
pub struct Voice {
    /// `server`, `browser`, or nothing.
    pub by: Option<&'static str>,
    /// Who receives the recordings.
    pub host: String,
    /// Whether the candidate means to speak.
    pub is_wished: bool,
}

impl Voice {
    /// Speech is offered where the candidate chose it, by the server where it can hear, else by the browser where that is
    /// allowed.
    pub fn of(speech: Option<&Speech>, preferences: &Preferences, is_wished: bool) -> Self {
        let hearing = speech.filter(|speech| speech.hearing().is_some());
        let by = match hearing {
            Some(_) => Some("server"),
            None if preferences.browser_recognition => Some("browser"),
            None => None,
        };
        let host = hearing.map_or_else(String::new, |speech| speech.host().to_owned());
        Self { by: by.filter(|_| is_wished), host, is_wished }
    }

    pub fn is_browser(&self) -> bool {
        self.by == Some("browser")
    }
}

/// `GET /interviews/{id}/check`
pub async fn show(State(practice): State<Practice>, Path(id): Path<String>) -> Result<Response, Failure> {
    let id = interview_id(&id)?;
    if !practice.view(&id).await?.interview.is_paused() {
        return Ok(Redirect::to(&format!("/interviews/{id}")).into_response());
    }
    let preferences = practice.preferences().await?;
    let voice = Voice::of(practice.speech(), &preferences, true);
    let check = CheckPage {
        frame: Frame::from(&preferences),
        id: id.to_string(),
        hears: voice.by == Some("server"),
        by_browser: voice.is_browser(),
        notes: practice.speech().map(Speech::notes).unwrap_or_default(),
    };
    Ok(page(StatusCode::OK, &check))
}
