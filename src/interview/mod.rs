//! The rules of an interview: a pure machine that decides what happens next; the interviewer only phrases it.

mod entry;
mod event;
mod follow_up;
mod machine;
mod pause;
mod plan;
mod question_back;
mod state;
mod tailoring;
mod transcript;

pub use entry::{AskKind, Chosen, EndReason, Entry, Outcome, Words};
pub use event::{Event, Next, Refusal, Task};
pub use follow_up::Unproven;
pub use machine::Interview;
pub use plan::{BadInterviewId, InterviewId, Mode, Plan, Style};
pub use tailoring::{Because, MOST_PASTED, Pasted, PastedText, Quote, Reason, TailoredBy, Tailoring, UnfitPasted};
pub use transcript::{Recorded, ScoreState, SelfRating, Take, TakeTurn, TurnKind};

#[cfg(test)]
mod tests;
