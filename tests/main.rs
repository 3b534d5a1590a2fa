//! Greenroom from the outside, one file a capability; one binary, so that it links once.

mod api;
mod app;
mod architecture;
mod bank;
mod browser;
mod cli;
mod crash;
mod dependencies;
mod drill;
mod endpoint;
mod faults;
mod judge;
mod llm;
mod offline;
mod pages;
mod pasted;
mod score;
mod speech;
mod spoken;
mod tailoring;
mod terminal;
mod together;
mod typed;
mod voice;
