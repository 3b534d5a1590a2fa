//! Starts an interview from the form of the first page, or of any page that offers one by a button.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use jiff::civil::Date;

use super::{
    back_when_settled,
    failure::{Failure, sentence},
    form::{Fields, Sent},
    home::HomePage,
    page, words,
};
use crate::{
    practice::{Practice, PracticeError, StartWish},
    question::Level,
};

/// How many minutes one question takes with its follow-ups, to fill a length that is given in minutes.
const MINUTES_A_QUESTION: u16 = 6;

/// `POST /interviews`
pub async fn start(State(practice): State<Practice>, sent: Sent) -> Result<Response, Failure> {
    let fields = Fields::read(sent)?;
    let wish = match wish(&fields) {
        Ok(wish) => wish,
        Err(error) => return again(&practice, &StartWish::default(), &error).await,
    };
    if let Err(error) = keep_date(&practice, &fields).await? {
        return again(&practice, &wish, &error).await;
    }
    match practice.start(wish.clone()).await {
        Ok(id) if wish.voice => {
            // The clock stands still while the microphone is tried.
            practice.pause(&id).await?;
            Ok(Redirect::to(&format!("/interviews/{id}/check")).into_response())
        }
        Ok(id) => Ok(back_when_settled(&practice, &id).await.into_response()),
        Err(error @ (PracticeError::NothingToAsk(_) | PracticeError::UnfitPasted(_))) => {
            again(&practice, &wish, &error.to_string()).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The form again with what was wrong and everything that was chosen.
async fn again(practice: &Practice, wish: &StartWish, error: &str) -> Result<Response, Failure> {
    let home = HomePage::of(practice, wish, Some(sentence(error))).await?;
    Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &home))
}

/// Keeps the date of the real interview where the form has the field; the inner error is for the page.
async fn keep_date(practice: &Practice, fields: &Fields) -> Result<Result<(), String>, Failure> {
    if fields.all("date").next().is_none() {
        return Ok(Ok(()));
    }
    let date = match date(fields.first("date")) {
        Ok(date) => date,
        Err(error) => return Ok(Err(error)),
    };
    let mut preferences = practice.preferences().await?;
    if preferences.interview_on != date {
        preferences.interview_on = date;
        practice.keep_preferences(&preferences).await?;
    }
    Ok(Ok(()))
}

/// A date as the browser sends it; nothing where the field is empty.
pub fn date(text: &str) -> Result<Option<Date>, String> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| words::fill("home.bad-date", &[&text])),
    }
}

/// What the form asks for. What it leaves out has the usual value.
fn wish(fields: &Fields) -> Result<StartWish, String> {
    let usual = StartWish::default();
    let words = |error: &dyn std::error::Error| error.to_string();
    let categories = fields.all("category").map(str::parse).collect::<Result<_, _>>().map_err(|e| words(&e))?;
    let questions: Vec<_> = fields.all("question").map(str::parse).collect::<Result<_, _>>().map_err(|e| words(&e))?;
    let level = match fields.first("level") {
        "" => None,
        name => Some(name.parse::<Level>().map_err(|e| words(&e))?),
    };
    let mode = match fields.first("mode") {
        "" => usual.mode,
        name => name.parse().map_err(|e| words(&e))?,
    };
    let style = match fields.first("style") {
        "" => usual.style,
        name => name.parse().map_err(|e| words(&e))?,
    };
    let (count, minutes) = length(fields.first("length"), &usual)?;
    let deck = Some(fields.first("deck").to_owned()).filter(|name| !name.is_empty());
    let (count, minutes) = if deck.is_some() { (usual.count, None) } else { (count, minutes) };
    let voice = !fields.first("voice").is_empty();
    let (job_description, resume) = (fields.text("job_description"), fields.text("resume"));
    Ok(StartWish {
        categories,
        level,
        count,
        questions,
        mode,
        style,
        minutes,
        deck,
        voice,
        job_description,
        resume,
        ..usual
    })
}

/// A number of questions like `3`, or minutes like `30m` with as many questions as they hold.
fn length(text: &str, usual: &StartWish) -> Result<(usize, Option<u16>), String> {
    let bad = || words::fill("home.bad-length", &[&text]);
    match (text, text.strip_suffix('m')) {
        ("", _) => Ok((usual.count, None)),
        (_, Some(minutes)) => {
            let minutes: u16 = minutes.parse().map_err(|_| bad())?;
            if !(1..=120).contains(&minutes) {
                return Err(bad());
            }
            Ok((usize::from(minutes.div_ceil(MINUTES_A_QUESTION)), Some(minutes)))
        }
        (count, None) => match count.parse() {
            Ok(count) if (1..=20).contains(&count) => Ok((count, None)),
            Ok(_) | Err(_) => Err(bad()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_a_number_of_questions_or_of_minutes() {
        let usual = StartWish::default();
        assert_eq!(length("", &usual), Ok((3, None)));
        assert_eq!(length("5", &usual), Ok((5, None)));
        assert_eq!(length("30m", &usual), Ok((5, Some(30))));
        for bad in ["0", "21", "0m", "m", "121m", "three"] {
            assert!(length(bad, &usual).is_err(), "{bad}");
        }
    }
}
