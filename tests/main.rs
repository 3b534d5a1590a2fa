//! Greenroom from the outside, one file a capability; one binary, so that it links once.

mod api;
mod app;
mod architecture;
mod authors;
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
mod score;
mod terminal;
mod together;
mod typed;
mod voice;
mod wording;
