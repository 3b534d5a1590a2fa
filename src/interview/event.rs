//! What can happen in an interview, whose move it is then, and why something may not happen now.

use super::{Chosen, EndReason, Unproven, Words};
use crate::scoring::{Spoken, UnfitAnswer};

/// The longest question back, in code points; longer texts are answers.
pub(super) const LONGEST_QUESTION_BACK: usize = 2_000;

/// Something that happened; times are Unix milliseconds and come with the call, since the machine has no clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The candidate said something as an answer. A short text that only asks is taken as a question back.
    Answered {
        text: String,
        /// How it was given aloud; nothing where it was typed.
        spoken: Option<Spoken>,
    },
    /// The candidate asks back explicitly.
    AskedBack {
        text: String,
    },
    /// The offline judge told what the answers so far leave unproven; `None` where it could not judge.
    Weighed {
        unproven: Option<Vec<Unproven>>,
    },
    /// The interviewer said what [`Next::Say`] wanted.
    Said {
        text: String,
        words: Words,
    },
    /// The candidate passes on what was asked.
    Skipped,
    /// The time for an answer ran out.
    TimedOut,
    Chose {
        choice: Chosen,
    },
    /// The candidate rates a take themself, 1 to 5, or would rather not.
    SelfRated {
        take: usize,
        rating: Option<u8>,
    },
    /// The candidate needs a break.
    Paused,
    /// The candidate is back.
    Resumed,
    /// The candidate ends the interview.
    Ended,
    Scored {
        take: usize,
        scorecard: String,
    },
    ScoreFailed {
        take: usize,
        code: String,
        message: String,
    },
    ScoreWanted {
        take: usize,
    },
}

/// Whose move it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// The interviewer: phrase this.
    Say(Task),
    /// The offline judge: tell what is unproven.
    Weigh { take: usize },
    /// The candidate: answer.
    Answer,
    /// The candidate: take it again or go on (coached mode).
    Choose,
    /// Nobody: the interview is over.
    Over,
}

/// What the interviewer is to say, decided by the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    Ask {
        question: usize,
    },
    FollowUp {
        question: usize,
        id: String,
    },
    Clarify {
        question: usize,
        asked: String,
    },
    /// End the interview with a few words.
    TakeLeave {
        reason: EndReason,
    },
}

/// Why an event does not fit; nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error(transparent)]
    Unfit(#[from] UnfitAnswer),
    #[error("the text holds a NUL character (U+0000): remove it and send it again")]
    Nul,
    #[error("the question back has {chars} characters; at most {LONGEST_QUESTION_BACK} are read: shorten it")]
    LongQuestionBack { chars: usize },
    #[error("the interview is over: start another one to go on practising")]
    Over,
    #[error("the interviewer is about to speak: wait for the question, then answer")]
    NotYet,
    #[error("nothing is being asked: choose to take the question again or to go on")]
    NothingAsked,
    #[error("there is nothing to choose now: answer, skip or end")]
    NothingToChoose,
    #[error("no question back is answered any more in this take: answer with an assumption and say it")]
    NoMoreQuestionsBack,
    #[error("there is no take {0}")]
    NoSuchTake(usize),
    #[error("take {0} has no closed answer to score")]
    NothingToScore(usize),
    #[error("a self-rating goes from 1 to 5, not {0}: choose one of these, or none")]
    NoSuchRating(u8),
    #[error("take {0} has its self-rating: the first one counts, since the score may have been seen by now")]
    RatedAlready(usize),
    #[error("the interview is paused already: go on when you are ready")]
    PausedAlready,
    #[error("the interview is not paused: answer, skip or end")]
    NotPaused,
}
