//! The exit status of a command.

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

/// An error of status 2: what was asked for cannot be done as asked.
pub fn misuse(message: impl Into<String>) -> anyhow::Error {
    anyhow::Error::msg(message.into())
}
