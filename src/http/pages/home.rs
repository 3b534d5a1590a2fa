//! The first page: what this is, what waits to be continued, and the form that starts an interview.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use jiff::{Unit, Zoned, civil::Date};

use super::{
    check::Voice,
    failure::Failure,
    form::Choice,
    frame::Frame,
    page,
    rows::InterviewRow,
    words::{self, filters, w},
};
use crate::{
    bank::Deck,
    interview::{Mode, Style},
    practice::{ListPage, Practice, StartWish, preferences::Preferences},
    question::{Category, Level},
};

/// How many of the last interviews the first page lists.
const LATELY: usize = 5;

/// Lengths that are offered, in questions and in minutes.
const COUNTS: [usize; 5] = [1, 2, 3, 5, 8];
const MINUTES: [u16; 3] = [15, 30, 45];

#[derive(Template)]
#[template(path = "home.html")]
pub struct HomePage {
    frame: Frame,
    error: Option<String>,
    /// Whether nobody has practised here yet.
    is_first: bool,
    countdown: Option<String>,
    unfinished: Option<InterviewRow>,
    decks: Vec<Round>,
    categories: Vec<Choice>,
    levels: Vec<Choice>,
    lengths: Vec<Choice>,
    styles: Vec<Choice>,
    modes: Vec<Choice>,
    voices: Vec<Choice>,
    date: String,
    /// What was pasted, where the form comes back.
    job_description: String,
    resume: String,
    /// Where the texts go.
    texts_go: String,
    engine: String,
    recent: Vec<InterviewRow>,
    with_delete: bool,
}

/// A deck, or the candidate's own mix, as something to choose.
struct Round {
    value: String,
    title: String,
    text: String,
    facts: String,
    checked: bool,
}

/// `GET /`
pub async fn show(State(practice): State<Practice>) -> Result<Response, Failure> {
    let home = HomePage::of(&practice, &StartWish::default(), None).await?;
    Ok(page(StatusCode::OK, &home))
}

impl HomePage {
    /// The page with this chosen in its form.
    pub async fn of(practice: &Practice, wish: &StartWish, error: Option<String>) -> Result<Self, Failure> {
        let last = practice.list(ListPage { limit: LATELY, ..ListPage::default() }).await?;
        let preferences = practice.preferences().await?;
        let row = |summary| InterviewRow::of(summary, practice.bank());
        Ok(Self {
            frame: Frame::from(&preferences),
            error,
            is_first: last.is_empty(),
            countdown: preferences.interview_on.map(|date| countdown(date, Zoned::now().date())),
            unfinished: last.iter().find(|summary| summary.ended.is_none()).map(row),
            decks: rounds(practice.bank().decks(), wish.deck.as_deref()),
            categories: categories(&wish.categories),
            levels: levels(wish.level),
            lengths: lengths(wish),
            styles: named("style", Style::ALL, Style::as_str, wish.style),
            modes: named("mode", Mode::ALL, Mode::as_str, wish.mode)
                .into_iter()
                .map(|choice| {
                    let note = words::label("home", &format!("mode-{}", choice.value));
                    choice.noted(note)
                })
                .collect(),
            voices: vec![
                Choice::new("", w("home.by-typing"), !wish.voice).noted(w("home.by-typing-note")),
                Choice::new("yes", w("home.by-voice"), wish.voice).noted(voice_note(practice, &preferences)),
            ],
            date: preferences.interview_on.map(|date| date.to_string()).unwrap_or_default(),
            job_description: wish.job_description.clone(),
            resume: wish.resume.clone(),
            texts_go: texts_go(practice),
            engine: engine(practice),
            recent: last.iter().map(row).collect(),
            with_delete: false,
        })
    }
}

/// What speaking takes here.
fn voice_note(practice: &Practice, preferences: &Preferences) -> &'static str {
    let can_hear = Voice::of(practice.speech(), preferences, true).by.is_some();
    if can_hear { w("home.by-voice-note") } else { w("home.by-voice-off") }
}

/// How far away the real interview is.
fn countdown(date: Date, today: Date) -> String {
    let days = today.until((Unit::Day, date)).map_or(0, |span| span.get_days());
    match usize::try_from(days) {
        Ok(0) => w("home.day-today").to_owned(),
        Ok(days) => words::many("home.days", days),
        Err(_) => words::fill("home.day-past", &[&date.strftime("%-d %B %Y")]),
    }
}

/// The candidate's own mix first, then the decks of the bank.
fn rounds(decks: &[Deck], chosen: Option<&str>) -> Vec<Round> {
    if decks.is_empty() {
        return Vec::new();
    }
    let mix = Round {
        value: String::new(),
        title: w("home.mix").to_owned(),
        text: w("home.mix-text").to_owned(),
        facts: String::new(),
        checked: chosen.is_none(),
    };
    let rounds = decks.iter().map(|deck| {
        let minutes = deck.minutes.map(|minutes| words::fill("home.deck-minutes", &[&minutes]));
        let facts = std::iter::once(words::many("home.deck-count", deck.count())).chain(minutes);
        Round {
            value: deck.name.clone(),
            title: deck.title.clone(),
            text: deck.text.clone(),
            facts: facts.collect::<Vec<_>>().join(" · "),
            checked: chosen == Some(deck.name.as_str()),
        }
    });
    std::iter::once(mix).chain(rounds).collect()
}

/// The values of a fixed list of names as choices.
pub fn named<T: Copy + PartialEq>(section: &str, all: &[T], name: fn(T) -> &'static str, chosen: T) -> Vec<Choice> {
    all.iter().map(|&value| Choice::new(name(value), words::label(section, name(value)), value == chosen)).collect()
}

fn categories(chosen: &[Category]) -> Vec<Choice> {
    let choice = |category: &Category| {
        Choice::new(category.as_str(), words::label("category", category.as_str()), chosen.contains(category))
    };
    Category::ALL.iter().map(choice).collect()
}

/// The levels with "any" first.
pub fn levels(chosen: Option<Level>) -> Vec<Choice> {
    let any = Choice::new("", w("home.any-level"), chosen.is_none());
    let known = Level::ALL
        .iter()
        .map(|level| Choice::new(level.as_str(), words::label("level", level.as_str()), chosen == Some(*level)));
    std::iter::once(any).chain(known).collect()
}

/// Numbers of questions, then minutes.
fn lengths(wish: &StartWish) -> Vec<Choice> {
    let counts = COUNTS.iter().map(|&count| {
        let label = words::many("home.length-count", count);
        Choice::new(count.to_string(), label, wish.minutes.is_none() && wish.count == count)
    });
    let minutes = MINUTES.iter().map(|&minutes| {
        let label = words::fill("home.length-minutes", &[&minutes]);
        Choice::new(format!("{minutes}m"), label, wish.minutes == Some(minutes))
    });
    counts.chain(minutes).collect()
}

/// What becomes of pasted texts, before anybody pastes one.
fn texts_go(practice: &Practice) -> String {
    match practice.judge().describe().host {
        Some(host) => words::fill("home.texts-sent", &[&host]),
        None => w("home.texts-stay").to_owned(),
    }
}

/// Who scores, and where the answers go for it.
fn engine(practice: &Practice) -> String {
    let judging = practice.judge().describe();
    match (judging.model, judging.host) {
        (Some(model), Some(host)) => words::fill("home.scored-by-model", &[&model, &host]),
        (_, None) | (None, Some(_)) => w("home.scored-by-rules").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::countdown;

    #[test]
    fn the_days_to_the_interview_are_counted_and_a_day_gone_by_is_said() {
        let day = date(2027, 3, 14);
        assert_eq!(countdown(day, date(2027, 3, 1)), "13 days to your interview.");
        assert_eq!(countdown(day, date(2027, 3, 13)), "1 day to your interview.");
        assert!(countdown(day, day).starts_with("Your interview is today."));
        assert!(countdown(day, date(2027, 4, 1)).contains("14 March 2027"));
    }
}
