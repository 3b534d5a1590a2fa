//! Greenroom from the outside, one file a capability; one binary, so that it links once.

mod api;
mod app;
mod architecture;
mod attacks;
mod bank;
mod browser;
mod cli;
mod crash;
mod doctor;
mod dependencies;
mod drill;
mod endpoint;
mod faults;
mod foreign;
mod judge;
mod limits;
mod llm;
mod offline;
mod pages;
mod prompts;
mod replies;
mod score;
mod terminal;
mod together;
mod typed;
mod voice;
