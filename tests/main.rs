//! All integration tests, in one binary so that they link once.

mod api;
mod app;
mod architecture;
mod crash;
