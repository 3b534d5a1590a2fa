//! What can go wrong while practising, each with its way out.

use crate::{
    bank::{BankError, NothingToAsk},
    interview::{InterviewId, Refusal, UnfitPasted},
    llm::LlmError,
    prompt::BadPrompt,
    speech::SpeechError,
    store::StoreError,
};

/// Why practising cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Bank(#[from] BankError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Judge(#[from] LlmError),
    #[error(transparent)]
    Prompt(#[from] BadPrompt),
    #[error(transparent)]
    Speech(#[from] SpeechError),
}

/// Why something asked of an interview was not done; nothing said has been lost.
#[derive(Debug, thiserror::Error)]
pub enum PracticeError {
    #[error("there is no interview {0}: `greenroom interviews list` shows those there are")]
    NotFound(InterviewId),
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    NothingToAsk(#[from] NothingToAsk),
    #[error(transparent)]
    UnfitPasted(#[from] UnfitPasted),
    #[error("an interview has at most {most} questions, not {wished}: ask for fewer")]
    TooManyQuestions { wished: usize, most: usize },
    #[error("this idempotency key was used for another answer: send a new key with a new answer")]
    KeyReused,
    #[error("the draft has {chars} characters; at most {most} are kept: shorten it")]
    DraftTooLong { chars: usize, most: usize },
    #[error(
        "the draft was not kept: what it replies to has been answered or skipped meanwhile; look at the interview again"
    )]
    AnsweredMeanwhile,
    #[error("the interviewer said nothing at place {seq}: only the interviewer's own words can be spoken")]
    NothingToSpeak { seq: u64 },
    #[error(transparent)]
    Speech(#[from] SpeechError),
    #[error("the interview is being changed elsewhere at the same time: try again")]
    Contended,
    #[error(transparent)]
    Store(#[from] StoreError),
}
