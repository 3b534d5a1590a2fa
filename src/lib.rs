//! Greenroom: mock interviews for technical program managers.
//!
//! The modules, each depending only on those above it:

/// What can be asked: questions and their rubrics. Pure.
pub mod question;
/// How an answer becomes a scorecard: claims, checks, evidence, the formula, the offline judge. Pure.
pub mod scoring;
/// The rules of an interview as a state machine. Pure.
pub mod interview;
/// Everything that can be set.
pub mod config;
/// The question bank: loading, choosing, lint.
pub mod bank;
/// Prompt templates.
pub mod prompt;
/// The door to a language model, and the judge behind it.
pub mod llm;
/// The door to speech: recordings into text, the interviewer's words into sound.
pub mod speech;
/// What is kept.
pub mod store;
/// The driver: start, say, score, end.
pub mod practice;
/// The server.
pub mod http;
/// The command line: one file a command.
pub mod cli;
