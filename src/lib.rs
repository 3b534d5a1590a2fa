//! Greenroom: mock interviews for technical program managers.
//!
//! The modules, each depending only on those above it:

/// The question bank: loading, choosing, lint.
pub mod bank;
/// The command line: one file a command.
pub mod cli;
/// Everything that can be set.
pub mod config;
/// The rules of an interview as a state machine. Pure.
pub mod interview;
/// The door to a language model, and the judge behind it.
pub mod llm;
/// The driver: start, say, score, end.
pub mod practice;
/// Prompt templates.
pub mod prompt;
/// What can be asked: questions and their rubrics. Pure.
pub mod question;
/// How an answer becomes a scorecard: claims, checks, evidence, the formula, the offline judge. Pure.
pub mod scoring;
/// What is kept.
pub mod store;
