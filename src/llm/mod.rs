//! One way to ask a language model, and what it may be trusted with.
