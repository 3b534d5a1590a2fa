//! The interview room and, once it is over, the debrief at the same address.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    back_when_settled, debrief::DebriefPage, failure::Failure, frame::Frame, history::ConfirmPage, interview_id, page,
    room_view::RoomPage, words::w,
};
use crate::{
    interview::{Chosen, InterviewId},
    practice::{Practice, PracticeError},
};

/// `GET /interviews/{id}`
pub async fn show(State(practice): State<Practice>, Path(id): Path<String>) -> Result<Response, Failure> {
    let view = practice.view(&interview_id(&id)?).await?;
    let preferences = practice.preferences().await?;
    Ok(if view.interview.ended().is_some() {
        page(StatusCode::OK, &DebriefPage::of(&view, practice.bank(), &preferences))
    } else {
        page(StatusCode::OK, &RoomPage::of(view, None, &preferences, practice.speech()))
    })
}

/// `GET /interviews/{id}/print`: the debrief with everything open. What must be rated first has no paper yet.
pub async fn print(State(practice): State<Practice>, Path(id): Path<String>) -> Result<Response, Failure> {
    let view = practice.view(&interview_id(&id)?).await?;
    let debrief = DebriefPage::of(&view, practice.bank(), &practice.preferences().await?);
    if view.interview.ended().is_none() || debrief.wants_rating() {
        return Ok(Redirect::to(&format!("/interviews/{}", view.id)).into_response());
    }
    Ok(page(StatusCode::OK, &debrief.for_print()))
}

/// A form's address opened by hand leads back to the room.
pub async fn back(Path(id): Path<String>) -> Result<Redirect, Failure> {
    Ok(Redirect::to(&format!("/interviews/{}", interview_id(&id)?)))
}

/// As [`back`], from an address with a take.
pub async fn back_from_take(Path((id, _)): Path<(String, String)>) -> Result<Redirect, Failure> {
    back(Path(id)).await
}

/// `POST /interviews/{id}/next`
pub async fn next(State(practice): State<Practice>, Path(id): Path<String>) -> Result<Response, Failure> {
    choose(&practice, &interview_id(&id)?, Chosen::Next).await
}

/// `POST /interviews/{id}/retry`
pub async fn retry(State(practice): State<Practice>, Path(id): Path<String>) -> Result<Response, Failure> {
    choose(&practice, &interview_id(&id)?, Chosen::Retry).await
}

async fn choose(practice: &Practice, id: &InterviewId, choice: Chosen) -> Result<Response, Failure> {
    match practice.choose(id, choice).await {
        // Pressed twice, or in another window: the room shows what there is to do now.
        Ok(()) | Err(PracticeError::Refused(_)) => Ok(back_when_settled(practice, id).await),
        Err(error) => Err(error.into()),
    }
}

/// `POST /interviews/{id}/takes/{take}/score`
pub async fn rescore(
    State(practice): State<Practice>,
    Path((id, take)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let id = interview_id(&id)?;
    let take = take.parse().map_err(|_| Failure::NoSuchPage)?;
    practice.rescore(&id, take).await?;
    Ok(Redirect::to(&format!("/interviews/{id}")).into_response())
}

/// `GET /interviews/{id}/end`
pub async fn confirm_end(State(practice): State<Practice>, Path(id): Path<String>) -> Result<Response, Failure> {
    let view = practice.view(&interview_id(&id)?).await?;
    if view.interview.ended().is_some() {
        return Ok(Redirect::to(&format!("/interviews/{}", view.id)).into_response());
    }
    Ok(page(StatusCode::OK, &ending(&view.id, Frame::of(&practice).await)))
}

/// The question before an interview is ended early.
pub fn ending(id: &InterviewId, frame: Frame) -> ConfirmPage {
    ConfirmPage {
        frame,
        title: w("confirm.end"),
        text: w("confirm.end-text").to_owned(),
        error: None,
        exports: Vec::new(),
        tick: None,
        action: format!("/interviews/{id}/end"),
        turn: None,
        button: w("confirm.end-button"),
        tone: "",
        back: format!("/interviews/{id}"),
        back_label: w("confirm.end-back"),
    }
}
