//! What the interview room shows, made from where the interview stands.

use askama::Template;

use super::transcript::TakeView;
use crate::{
    interview::{Interview, Mode, Next, Take, Task, TurnKind},
    practice::InterviewView,
};

#[derive(Template)]
#[template(path = "room.html")]
pub struct RoomPage {
    id: String,
    last_seq: u64,
    /// From 1.
    question: usize,
    questions: usize,
    /// How many questions lie behind.
    done: usize,
    number: usize,
    take_count: usize,
    category: &'static str,
    mode: &'static str,
    relaxed: Vec<String>,
    earlier: Vec<TakeView>,
    /// The take that is open, or the one whose feedback is shown.
    current: Option<TakeView>,
    conversation_state: String,
    stage: Stage,
    /// Whether the page will look different without the candidate doing anything.
    is_waiting: bool,
}

/// Whose move it is, as the page shows it.
pub enum Stage {
    Answer(AnswerForm),
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
    pub minutes: u8,
}

/// What was typed and could not be taken, with the reason.
pub struct Rejected {
    pub text: String,
    pub question: String,
    pub error: Option<String>,
    pub ask_error: Option<String>,
}

impl RoomPage {
    pub fn of(view: InterviewView, rejected: Option<Rejected>) -> Self {
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
        let stage = match interview.next() {
            Next::Answer => Stage::Answer(answer_form(interview, view.draft, rejected)),
            Next::Choose => {
                let is_last = place + 1 == plan.questions.len();
                let state = current.as_ref().map_or("none", TakeView::state);
                Stage::Choose(Choose {
                    is_last,
                    next_label: if is_last { "Finish and see the debrief" } else { "Next question" },
                    state: format!("{}-{state}", interview.takes().len()),
                })
            }
            Next::Say(_) | Next::Weigh { .. } | Next::Over => Stage::Speaking(view.saying.unwrap_or_default()),
        };
        let is_waiting = match &stage {
            Stage::Answer(_) => false,
            Stage::Speaking(_) => true,
            Stage::Choose(_) => current.as_ref().is_some_and(|take| take.is_awaited),
        };
        let said: usize = interview.takes().iter().map(|take| take.turns.len()).sum();
        Self {
            id: view.id.to_string(),
            last_seq: interview.last_seq(),
            question: place + 1,
            questions: plan.questions.len(),
            done: place + usize::from(is_choosing),
            number,
            take_count: interview.takes().len(),
            category: interview.questions()[place].category().label(),
            mode: match plan.mode {
                Mode::Coached => "coached",
                Mode::Real => "real",
            },
            relaxed: if interview.takes().len() <= 1 { plan.relaxed.clone() } else { Vec::new() },
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

fn answer_form(interview: &Interview, draft: String, rejected: Option<Rejected>) -> AnswerForm {
    let plan = interview.plan();
    let take = interview.takes().last();
    let question = take.map(|take| interview.question_of(take));
    let asked_back = |take: &Take| take.turns.iter().filter(|turn| turn.kind == TurnKind::QuestionBack).count();
    let typed = rejected.unwrap_or(Rejected { text: draft, question: String::new(), error: None, ask_error: None });
    AnswerForm {
        turn: open_turn(interview).unwrap_or_default(),
        words: words(&typed.text),
        text: typed.text,
        question: typed.question,
        error: typed.error,
        ask_error: typed.ask_error,
        can_ask: take.map_or(0, asked_back) < usize::from(plan.clarifications),
        hints: match plan.mode {
            Mode::Coached => question.map_or_else(Vec::new, |question| question.hints.clone()),
            Mode::Real => Vec::new(),
        },
        minutes: question.map_or(5, |question| question.minutes),
    }
}

/// The length of a text in words, as the page's module counts it too.
fn words(text: &str) -> String {
    match text.split_whitespace().count() {
        1 => "1 word".to_owned(),
        count => format!("{count} words"),
    }
}
