//! All integration tests, in one binary so that they link once.

mod api;
mod app;
mod architecture;
mod cli;
mod crash;
mod drill;
mod terminal;
