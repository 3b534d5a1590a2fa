//! Greenroom from the outside, one file a capability; one binary, so that it links once.

mod api;
mod app;
mod architecture;
mod bank;
mod browser;
mod crash;
mod dependencies;
mod endpoint;
mod llm;
mod pages;
mod score;
