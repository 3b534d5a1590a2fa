//! The rules of an interview.
