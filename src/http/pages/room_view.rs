//! What the interview room shows, made from where the interview stands.

use askama::Template;

use super::{
    check::Voice,
    compare::Compare,
    frame::Frame,
    outlook::category_label,
    rate::RatedTake,
    transcript::TakeView,
    words::{self, filters, w},
};
use crate::{
    interview::{Interview, Mode, Next, Take, Task, TurnKind},
    practice::{InterviewView, preferences::Preferences},
    speech::Speech,
};

/// Minutes that an answer to a follow-up is expected to take.
const FOLLOW_UP_MINUTES: u8 = 2;

#[derive(Template)]
#[template(path = "room.html")]
#[expect(clippy::struct_excessive_bools, reason = "the inputs of a template: each is one condition on the page")]
pub struct RoomPage {
    frame: Frame,
    id: String,
    last_seq: u64,
    /// From 1.
    question: usize,
    questions: usize,
    /// How many questions lie behind.
    done: usize,
    number: usize,
    take_count: usize,
    category: String,
    mode: String,
    read_aloud: bool,
    /// Whether the server has a voice for the interviewer.
    speaks: bool,
    voice: Voice,
    /// Nothing lies open that need not.
    is_print: bool,
    relaxed: Vec<String>,
    /// Why the question shown was chosen, and who read what was pasted; nothing where nothing was.
    why: Option<String>,
    tailored_by: Option<String>,
    earlier: Vec<TakeView>,
    /// The take that is open, or the one whose feedback is shown.
    current: Option<TakeView>,
    conversation_state: String,
    stage: Stage,
    /// The take to rate before its score is shown.
    rated_takes: Vec<RatedTake>,
    /// A question taken again, against the take before.
    compare: Option<Compare>,
    /// Whether the page will look different without the candidate doing anything.
    is_waiting: bool,
}

/// Whose move it is, as the page shows it.
pub enum Stage {
    Answer(AnswerForm),
    /// The candidate takes a break.
    Paused,
    /// What the interviewer has said so far of the next thing.
    Speaking(String),
    Choose(Choose),
}

pub struct Choose {
    pub is_last: bool,
    pub next_label: &'static str,
    pub state: String,
}

/// The form in which the candidate answers.
pub struct AnswerForm {
    /// The place of what is being answered; a form sent twice is one answer.
    pub turn: u64,
    pub text: String,
    pub question: String,
    pub error: Option<String>,
    pub ask_error: Option<String>,
    pub can_ask: bool,
    pub hints: Vec<String>,
    pub words: String,
    /// Expected length of this answer.
    pub minutes: u8,
    /// Seconds since it was asked, without breaks.
    pub elapsed: i64,
    /// Whether it takes half as long again as expected.
    pub is_long: bool,
}

/// What was typed and could not be taken, with the reason.
pub struct Rejected {
    pub text: String,
    pub question: String,
    pub error: Option<String>,
    pub ask_error: Option<String>,
}

impl RoomPage {
    pub fn of(
        view: InterviewView,
        rejected: Option<Rejected>,
        preferences: &Preferences,
        speech: Option<&Speech>,
    ) -> Self {
        let interview = &view.interview;
        let plan = interview.plan();
        let coming = match interview.next() {
            Next::Say(Task::Ask { question }) => Some(*question),
            Next::Say(Task::FollowUp { .. } | Task::Clarify { .. } | Task::TakeLeave { .. })
            | Next::Weigh { .. }
            | Next::Answer
            | Next::Choose
            | Next::Over => None,
        };
        let mut earlier = TakeView::all(&view);
        let current = if coming.is_none() { earlier.pop() } else { None };
        let place = coming.or_else(|| interview.takes().last().map(|take| take.question)).unwrap_or(0);
        let is_choosing = matches!(interview.next(), Next::Choose);
        let number = match coming {
            Some(question) => 1 + interview.takes().iter().filter(|take| take.question == question).count(),
            None => current.as_ref().map_or(1, |take| take.number),
        };
        let why = interview.questions().get(place).and_then(|question| view.why(&question.id));
        let tailored_by = view.tailored.as_ref().map(|(_, tailoring)| tailoring.by.to_string());
        // A model that failed is told where everybody sees it.
        let fallback = tailored_by.clone().filter(|_| view.is_tailored_instead());
        let remarks = plan.relaxed.iter().cloned().chain(fallback).collect();
        let rated_takes = RatedTake::all(interview)
            .into_iter()
            .filter(|rated| current.as_ref().is_some_and(|take| take.index == rated.index))
            .collect();
        let compare = current
            .as_ref()
            .filter(|take| is_choosing && !take.wants_rating)
            .and_then(|take| Compare::of(&view, take.index));
        let stage = match interview.next() {
            Next::Answer if interview.is_paused() && rejected.is_none() => Stage::Paused,
            Next::Answer => Stage::Answer(answer_form(interview, view.draft, view.active_ms / 1_000, rejected)),
            Next::Choose => {
                let is_last = place + 1 == plan.questions.len();
                let state = current.as_ref().map_or("none", TakeView::state);
                Stage::Choose(Choose {
                    is_last,
                    next_label: if is_last { w("room.finish") } else { w("room.next") },
                    state: format!("{}-{state}", interview.takes().len()),
                })
            }
            Next::Say(_) | Next::Weigh { .. } | Next::Over => Stage::Speaking(view.saying.unwrap_or_default()),
        };
        let is_waiting = match &stage {
            Stage::Answer(_) | Stage::Paused => false,
            Stage::Speaking(_) => true,
            Stage::Choose(_) => current.as_ref().is_some_and(|take| take.is_awaited),
        };
        let said: usize = interview.takes().iter().map(|take| take.turns.len()).sum();
        Self {
            frame: Frame::from(preferences),
            read_aloud: preferences.read_aloud,
            speaks: speech.is_some_and(|speech| speech.voice().is_some()),
            voice: Voice::of(speech, preferences, plan.voice),
            is_print: false,
            rated_takes,
            compare,
            id: view.id.to_string(),
            last_seq: interview.last_seq(),
            question: place + 1,
            questions: plan.questions.len(),
            done: place + usize::from(is_choosing),
            number,
            take_count: interview.takes().len(),
            category: category_label(interview.questions()[place].category()),
            mode: words::label("mode", plan.mode.as_str()).to_lowercase(),
            relaxed: if interview.takes().len() <= 1 { remarks } else { Vec::new() },
            why,
            tailored_by,
            conversation_state: format!("{said}-{is_choosing}"),
            earlier,
            current,
            stage,
            is_waiting,
        }
    }
}

/// The place of the ask or clarification that the candidate is answering now.
pub fn open_turn(interview: &Interview) -> Option<u64> {
    match interview.next() {
        Next::Answer => interview.takes().last()?.turns.last().map(|turn| turn.seq),
        Next::Say(_) | Next::Weigh { .. } | Next::Choose | Next::Over => None,
    }
}

fn answer_form(interview: &Interview, draft: String, elapsed: i64, rejected: Option<Rejected>) -> AnswerForm {
    let plan = interview.plan();
    let take = interview.takes().last();
    let question = take.map(|take| interview.question_of(take));
    let asked_back = |take: &Take| take.turns.iter().filter(|turn| turn.kind == TurnKind::QuestionBack).count();
    let typed = rejected.unwrap_or(Rejected { text: draft, question: String::new(), error: None, ask_error: None });
    let is_follow_up = take.is_some_and(|take| !take.follow_ups().is_empty());
    let minutes = if is_follow_up { FOLLOW_UP_MINUTES } else { question.map_or(5, |question| question.minutes) };
    AnswerForm {
        turn: open_turn(interview).unwrap_or_default(),
        words: words::many("room.words", typed.text.split_whitespace().count()),
        text: typed.text,
        question: typed.question,
        error: typed.error,
        ask_error: typed.ask_error,
        can_ask: take.map_or(0, asked_back) < usize::from(plan.clarifications),
        hints: match plan.mode {
            Mode::Coached => question.map_or_else(Vec::new, |question| question.hints.clone()),
            Mode::Real => Vec::new(),
        },
        minutes,
        elapsed,
        is_long: 2 * elapsed >= 3 * 60 * i64::from(minutes),
    }
}
