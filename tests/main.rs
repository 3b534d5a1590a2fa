//! Greenroom from the outside, one file a capability.

mod endpoint;
mod llm;
mod score;
