//! A drill for scripts: one JSON object a line on standard output for everything that happens.

use std::io::Write as _;

use serde::Serialize;

use crate::{
    cli::status_of,
    interview::{AskKind, EndReason, Mode, Outcome, TailoredBy, TakeTurn, TurnKind, Words},
    practice::{InterviewView, judge::Judge},
    question::QuestionId,
    scoring::{EngineName, Scorecard, wire::ScorecardView},
};

#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum DrillEvent<'a> {
    /// `host` receives the answers; null where they stay on this computer.
    Started {
        interview: &'a str,
        engine: EngineName,
        model: Option<&'a str>,
        host: Option<&'a str>,
        mode: Mode,
        seed: u64,
        questions: Vec<&'a str>,
        relaxed: &'a [String],
        /// Who read what was pasted, and why each question was chosen; left out where nothing was.
        #[serde(skip_serializing_if = "Option::is_none")]
        tailored: Option<&'a TailoredBy>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        why: Vec<String>,
    },
    Asked {
        seq: u64,
        take: usize,
        question: &'a str,
        follow_up: Option<&'a str>,
        words: &'a Words,
        text: &'a str,
    },
    Answered {
        seq: u64,
        take: usize,
        text: &'a str,
    },
    AskedBack {
        seq: u64,
        take: usize,
        text: &'a str,
    },
    Clarified {
        seq: u64,
        take: usize,
        words: &'a Words,
        text: &'a str,
    },
    TookLeave {
        seq: u64,
        take: usize,
        words: &'a Words,
        text: &'a str,
    },
    Closed {
        take: usize,
        outcome: Outcome,
    },
    Scored {
        take: usize,
        scorecard: Box<ScorecardView>,
    },
    /// There is no score, with the reason; `greenroom interviews score` tries again.
    NotScored {
        take: usize,
        code: &'a str,
        message: &'a str,
    },
    /// Parts of standard input for which no follow-up came.
    Unused {
        parts: usize,
    },
    /// The interview waits for more answers.
    Left {
        interview: &'a str,
    },
    Ended {
        reason: EndReason,
    },
    Error {
        status: u8,
        message: String,
    },
}

/// Prints one event.
pub fn emit(event: &DrillEvent<'_>) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", serde_json::to_string(event)?)?;
    Ok(out.flush()?)
}

pub fn started(view: &InterviewView, judge: &Judge) -> anyhow::Result<()> {
    let plan = view.interview.plan();
    let judging = judge.describe();
    emit(&DrillEvent::Started {
        interview: view.id.as_str(),
        engine: if judging.model.is_some() { EngineName::Llm } else { EngineName::Offline },
        model: judging.model.as_deref(),
        host: judging.host.as_deref(),
        mode: plan.mode,
        seed: plan.seed,
        questions: plan.questions.iter().map(QuestionId::as_str).collect(),
        relaxed: &plan.relaxed,
        tailored: view.tailored.as_ref().map(|(_, tailoring)| &tailoring.by),
        why: plan.questions.iter().filter_map(|id| view.why(id)).collect(),
    })
}

pub fn turn(view: &InterviewView, take: usize, turn: &TakeTurn) -> anyhow::Result<()> {
    let TakeTurn { seq, kind, text, .. } = turn;
    let seq = *seq;
    let question = view.interview.takes()[take].question;
    emit(&match kind {
        TurnKind::Ask { ask, words } => DrillEvent::Asked {
            seq,
            take,
            question: view.interview.questions()[question].id.as_str(),
            follow_up: match ask {
                AskKind::Question => None,
                AskKind::FollowUp(id) => Some(id),
            },
            words,
            text,
        },
        TurnKind::Answer => DrillEvent::Answered { seq, take, text },
        TurnKind::QuestionBack => DrillEvent::AskedBack { seq, take, text },
        TurnKind::Clarification { words } => DrillEvent::Clarified { seq, take, words, text },
        TurnKind::Leave { words } => DrillEvent::TookLeave { seq, take, words, text },
    })
}

pub fn scored(take: usize, card: &Scorecard) -> anyhow::Result<()> {
    emit(&DrillEvent::Scored { take, scorecard: Box::new(card.into()) })
}

/// The last event of a drill that could not do its work.
pub fn failed(error: &anyhow::Error) -> anyhow::Result<()> {
    emit(&DrillEvent::Error { status: status_of(error).code(), message: format!("{error}") })
}
