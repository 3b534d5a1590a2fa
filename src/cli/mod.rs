//! The command line: one file a command.

pub mod score;
mod status;

pub use status::{Status, misuse};
