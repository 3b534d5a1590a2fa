//! Greenroom from the outside, one file a capability.

mod endpoint;
mod judge;
mod llm;
mod score;
mod voice;
