//! Greenroom from the outside, a file for each capability.

mod bank;
mod offline;
