//! The driver of a practice interview: what happens between a request and the pure core.

pub mod judge;
