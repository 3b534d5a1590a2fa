//! The question bank: loaded, checked and built in.
