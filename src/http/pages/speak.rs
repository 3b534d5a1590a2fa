//! What the candidate sends from the room: an answer, a question back, a skip or the end. Nothing typed is lost.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    back_when_settled,
    failure::{Failure, sentence},
    form::{Fields, Sent},
    frame::Frame,
    history::ConfirmPage,
    interview_id, page,
    room::ending,
    room_view::{Rejected, RoomPage, open_turn},
    words::w,
};
use crate::{
    interview::{Interview, InterviewId, Next, Outcome, TurnKind},
    practice::{Practice, PracticeError, Said, SaidKind},
    scoring::Spoken,
};

/// `POST /interviews/{id}/answer`
pub async fn answer(state: State<Practice>, path: Path<String>, sent: Sent) -> Result<Response, Failure> {
    speak(state, path, sent, SaidKind::Answer).await
}

/// `POST /interviews/{id}/ask`
pub async fn ask(state: State<Practice>, path: Path<String>, sent: Sent) -> Result<Response, Failure> {
    speak(state, path, sent, SaidKind::QuestionBack).await
}

/// The fields of the answer form.
struct Typed {
    text: String,
    question: String,
    /// The place of what the page showed as the thing to answer.
    turn: u64,
    /// How the answer was given aloud, as JSON by a script of the page; what does not fit counts as typed.
    spoken: Option<Spoken>,
}

impl Typed {
    fn of(fields: &Fields) -> Self {
        let turn = fields.first("turn").parse().unwrap_or_default();
        let spoken = serde_json::from_str(fields.first("spoken")).ok();
        Self { text: fields.text("text"), question: fields.text("question"), turn, spoken }
    }

    fn words(&self, kind: SaidKind) -> &str {
        match kind {
            SaidKind::Answer => &self.text,
            SaidKind::QuestionBack => &self.question,
        }
    }
}

async fn speak(
    State(practice): State<Practice>,
    Path(id): Path<String>,
    sent: Sent,
    kind: SaidKind,
) -> Result<Response, Failure> {
    let id = interview_id(&id)?;
    let typed = Typed::of(&Fields::read(sent)?);
    let view = practice.view(&id).await.map_err(|error| unkept(error, &typed, kind))?;
    if open_turn(&view.interview) != Some(typed.turn) {
        if was_said(&view.interview, typed.turn, typed.words(kind)) {
            return Ok(back_when_settled(&practice, &id).await);
        }
        return reject(&practice, &id, typed, kind, w("room.elsewhere")).await;
    }
    if kind == SaidKind::QuestionBack {
        practice.save_draft(&id, typed.text.clone()).await.map_err(|error| unkept(error, &typed, kind))?;
    }
    let key = Some(format!("page-{id}-{}", typed.turn));
    let said = Said { kind, text: typed.words(kind).to_owned(), spoken: typed.spoken.clone(), key };
    match practice.say(&id, said).await {
        Ok(_) => {
            if kind == SaidKind::QuestionBack {
                // Whatever the candidate says clears the draft, and this draft is of the answer still to come.
                practice.save_draft(&id, typed.text.clone()).await.map_err(|error| unkept(error, &typed, kind))?;
            }
            Ok(back_when_settled(&practice, &id).await)
        }
        Err(error @ (PracticeError::Refused(_) | PracticeError::KeyReused)) => {
            reject(&practice, &id, typed, kind, &error.to_string()).await
        }
        Err(error) => Err(unkept(error, &typed, kind)),
    }
}

/// Whether these words are already there as the reply to the ask at `turn`: the form was sent twice.
fn was_said(interview: &Interview, turn: u64, words: &str) -> bool {
    interview.takes().iter().flat_map(|take| take.turns.windows(2)).any(|pair| {
        pair[0].seq == turn
            && matches!(pair[1].kind, TurnKind::Answer | TurnKind::QuestionBack)
            && pair[1].text == words
    })
}

/// The room again with what was typed still in its field and the reason beside it.
async fn reject(
    practice: &Practice,
    id: &InterviewId,
    typed: Typed,
    kind: SaidKind,
    reason: &str,
) -> Result<Response, Failure> {
    let view = practice.view(id).await.map_err(|error| unkept(error, &typed, kind))?;
    if *view.interview.next() != Next::Answer {
        return Err(Failure::NotNow { reason: sentence(reason), text: typed.words(kind).to_owned() });
    }
    let reason = Some(sentence(reason));
    let (error, ask_error) = match kind {
        SaidKind::Answer => (reason, None),
        SaidKind::QuestionBack => (None, reason),
    };
    let rejected = Rejected { text: typed.text, question: typed.question, error, ask_error };
    Ok(page(
        StatusCode::UNPROCESSABLE_ENTITY,
        &RoomPage::of(view, Some(rejected), &practice.preferences().await?, practice.speech()),
    ))
}

fn unkept(error: PracticeError, typed: &Typed, kind: SaidKind) -> Failure {
    Failure::Unkept { error, text: typed.words(kind).to_owned() }
}

/// `POST /interviews/{id}/skip`: asks first where something has been written.
pub async fn skip(State(practice): State<Practice>, Path(id): Path<String>, sent: Sent) -> Result<Response, Failure> {
    let id = interview_id(&id)?;
    let fields = Fields::read(sent)?;
    let typed = Typed::of(&fields);
    let view = practice.view(&id).await.map_err(|error| unkept(error, &typed, SaidKind::Answer))?;
    if open_turn(&view.interview) != Some(typed.turn) {
        return Ok(back_when_settled(&practice, &id).await);
    }
    if fields.first("sure").is_empty() && !typed.text.trim().is_empty() {
        practice.save_draft(&id, typed.text.clone()).await.map_err(|error| unkept(error, &typed, SaidKind::Answer))?;
        return Ok(page(StatusCode::OK, &skipping(&id, typed.turn, Frame::of(&practice).await)));
    }
    practice.pass(&id, Outcome::Skipped).await?;
    practice.save_draft(&id, String::new()).await?;
    Ok(back_when_settled(&practice, &id).await)
}

fn skipping(id: &InterviewId, turn: u64, frame: Frame) -> ConfirmPage {
    ConfirmPage {
        frame,
        title: w("confirm.skip"),
        text: w("confirm.skip-text").to_owned(),
        error: None,
        exports: Vec::new(),
        tick: None,
        action: format!("/interviews/{id}/skip"),
        turn: Some(turn),
        button: w("confirm.skip-button"),
        tone: "",
        back: format!("/interviews/{id}"),
        back_label: w("confirm.skip-back"),
    }
}

/// `POST /interviews/{id}/pause`: keeps what is in the field.
pub async fn pause(State(practice): State<Practice>, Path(id): Path<String>, sent: Sent) -> Result<Response, Failure> {
    let id = interview_id(&id)?;
    let typed = Typed::of(&Fields::read(sent)?);
    let view = practice.view(&id).await.map_err(|error| unkept(error, &typed, SaidKind::Answer))?;
    if open_turn(&view.interview) == Some(typed.turn) {
        practice.save_draft(&id, typed.text.clone()).await.map_err(|error| unkept(error, &typed, SaidKind::Answer))?;
    }
    back_after(&id, practice.pause(&id).await)
}

/// `POST /interviews/{id}/resume`
pub async fn resume(State(practice): State<Practice>, Path(id): Path<String>) -> Result<Response, Failure> {
    let id = interview_id(&id)?;
    back_after(&id, practice.resume(&id).await)
}

/// Back to the room; what was refused had been done already, in another window or by a second press.
fn back_after(id: &InterviewId, outcome: Result<(), PracticeError>) -> Result<Response, Failure> {
    match outcome {
        Ok(()) | Err(PracticeError::Refused(_)) => Ok(Redirect::to(&format!("/interviews/{id}")).into_response()),
        Err(error) => Err(error.into()),
    }
}

/// `POST /interviews/{id}/end`: asks first, and keeps what is in the field.
pub async fn end(State(practice): State<Practice>, Path(id): Path<String>, sent: Sent) -> Result<Response, Failure> {
    let id = interview_id(&id)?;
    let fields = Fields::read(sent)?;
    if fields.first("sure").is_empty() {
        let typed = Typed::of(&fields);
        practice.save_draft(&id, typed.text.clone()).await.map_err(|error| unkept(error, &typed, SaidKind::Answer))?;
        return Ok(page(StatusCode::OK, &ending(&id, Frame::of(&practice).await)));
    }
    match practice.end(&id).await {
        Ok(()) | Err(PracticeError::Refused(_)) => Ok(Redirect::to(&format!("/interviews/{id}")).into_response()),
        Err(error) => Err(error.into()),
    }
}
