//! The exit status and the last words of a command that could not do its work.

use std::{fmt, io, process::ExitCode};

use super::paper::{danger, harmless};
use crate::{
    bank::{BankError, NothingToAsk, UnknownQuestion},
    config::SettingsError,
    practice::{OpenError, PracticeError},
    store::StoreError,
};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    Done,
    /// The work was done and found problems: lint findings, lines that could not be scored.
    Problems,
    /// Wrong usage or configuration; nothing was done.
    Misuse,
    /// A needed service is out of reach.
    OutOfReach,
}

impl Status {
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Problems => 1,
            Self::Misuse => 2,
            Self::OutOfReach => 3,
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status.code())
    }
}

/// An error that a command has already given its status.
#[derive(Debug)]
struct Ended {
    status: Status,
    message: String,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Ended {}

/// An error of status 2: what was asked for cannot be done as asked.
pub fn misuse(message: impl Into<String>) -> anyhow::Error {
    Ended { status: Status::Misuse, message: message.into() }.into()
}

/// An error of status 3: a database or an endpoint does not answer.
pub fn out_of_reach(message: impl Into<String>) -> anyhow::Error {
    Ended { status: Status::OutOfReach, message: message.into() }.into()
}

/// A line on standard error. Where that is full or closed the line is lost: nobody is there to read it, and the
/// work goes on.
pub fn tell(line: impl std::fmt::Display) {
    use std::io::Write as _;
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// Tells the error on standard error and returns its status; a reader that went away is no error.
pub fn report(error: &anyhow::Error) -> Status {
    if is_reader_gone(error) {
        return Status::Done;
    }
    let mut words = Vec::<String>::new();
    for cause in error.chain().map(ToString::to_string) {
        // An error that quotes its cause in its own message must not say it twice.
        if words.last().is_none_or(|last| !last.contains(&cause)) {
            words.push(cause);
        }
    }
    tell(format_args!("{}: {}", danger("error"), harmless(&words.join(": "))));
    of(error)
}

/// The status of an error: the first cause that is known decides.
pub fn of(error: &anyhow::Error) -> Status {
    for cause in error.chain() {
        if let Some(ended) = cause.downcast_ref::<Ended>() {
            return ended.status;
        }
        if cause.is::<SettingsError>()
            || cause.is::<BankError>()
            || cause.is::<UnknownQuestion>()
            || cause.is::<NothingToAsk>()
        {
            return Status::Misuse;
        }
        if let Some(error) = cause.downcast_ref::<OpenError>() {
            return match error {
                OpenError::Store(StoreError::Address(_))
                | OpenError::Bank(_)
                | OpenError::Judge(_)
                | OpenError::Prompt(_)
                | OpenError::Speech(_) => Status::Misuse,
                OpenError::Store(_) => Status::OutOfReach,
            };
        }
        if let Some(error) = cause.downcast_ref::<PracticeError>() {
            return match error {
                PracticeError::Store(_) => Status::OutOfReach,
                PracticeError::Contended | PracticeError::Speech(_) => Status::Problems,
                PracticeError::NotFound(_)
                | PracticeError::Refused(_)
                | PracticeError::NothingToAsk(_)
                | PracticeError::TooManyQuestions { .. }
                | PracticeError::UnfitPasted(_)
                | PracticeError::KeyReused
                | PracticeError::DraftTooLong { .. }
                | PracticeError::AnsweredMeanwhile
                | PracticeError::NothingToSpeak { .. } => Status::Misuse,
            };
        }
        if cause.is::<StoreError>() {
            return Status::OutOfReach;
        }
    }
    Status::Problems
}

fn is_reader_gone(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let direct = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let inside = cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        direct.or(inside) == Some(io::ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    #[test]
    fn the_status_survives_added_context() {
        assert_eq!(of(&misuse("no such thing").context("while looking")), Status::Misuse);
        assert_eq!(of(&out_of_reach("gone")), Status::OutOfReach);
        assert_eq!(of(&anyhow::anyhow!("something else")), Status::Problems);
    }

    #[test]
    fn a_reader_that_went_away_is_no_error() {
        let gone = Err::<(), _>(io::Error::from(io::ErrorKind::BrokenPipe)).context("while printing").unwrap_err();
        assert_eq!(report(&gone), Status::Done);
        let json = serde_json::Error::io(io::Error::from(io::ErrorKind::BrokenPipe));
        assert!(is_reader_gone(&json.into()));
    }
}
