//! A reply on its way in: its parts in time, its words without the thinking.

use futures_util::StreamExt as _;
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Instant, timeout_at},
};

use super::{
    limits::{Fault, LONGEST_REPLY, Limits},
    openai::Parts,
    reasoning::Reasoning,
    wire::Part,
};

/// The next part of a reply in time. Parts are timed, not bytes: a server that only sends comments is silent.
pub(super) async fn next_part(parts: &mut Parts, limits: Limits, deadline: Instant) -> Result<Part, Fault> {
    let silence = Instant::now() + limits.between_tokens;
    match timeout_at(silence.min(deadline), parts.next()).await {
        Ok(part) => part.unwrap_or(Err(Fault::Cut)),
        Err(_) if silence < deadline => Err(Fault::Stalled { seconds: limits.between_tokens.as_secs() }),
        Err(_) => Err(Fault::Overdue { seconds: limits.total.as_secs() }),
    }
}

/// A reply that has begun.
pub(super) struct Reply {
    limits: Limits,
    first: Option<Part>,
    parts: Parts,
    reasoning: Reasoning,
    chars: usize,
    deadline: Instant,
    /// Given back when the reply ends or is dropped.
    _place: OwnedSemaphorePermit,
}

impl Reply {
    pub(super) fn new(
        (first, parts): (Part, Parts),
        limits: Limits,
        deadline: Instant,
        place: OwnedSemaphorePermit,
    ) -> Self {
        Self { limits, first: Some(first), parts, reasoning: Reasoning::new(), chars: 0, deadline, _place: place }
    }

    /// The next words to show, and whether they are the last.
    pub(super) async fn next(&mut self) -> Result<(String, bool), Fault> {
        loop {
            let part = match self.first.take() {
                Some(part) => part,
                None => next_part(&mut self.parts, self.limits, self.deadline).await?,
            };
            self.chars += part.text.chars().count();
            if self.chars > LONGEST_REPLY {
                return Err(Fault::Endless { chars: LONGEST_REPLY });
            }
            let mut text = self.reasoning.push(&part.text);
            if part.finished {
                text.push_str(&self.reasoning.finish());
            }
            if part.finished || !text.is_empty() {
                return Ok((text, part.finished));
            }
        }
    }
}
