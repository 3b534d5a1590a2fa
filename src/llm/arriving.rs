//! A reply on its way in: its parts in time, its words without the thinking.

use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Instant, timeout_at},
};

use super::{
    account::Account,
    limits::{Fault, LONGEST_REPLY, Limits},
    openai::Parts,
    reasoning::Reasoning,
    wire::Part,
};

/// How long the end of a stream is waited for after the last word, for the tokens that some tell there, and so that
/// the connection can be used again.
const TAIL: Duration = Duration::from_millis(500);

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
    is_finished: bool,
    deadline: Instant,
    account: Account,
    /// Given back when the reply ends or is dropped.
    _place: OwnedSemaphorePermit,
}

impl Reply {
    pub(super) fn new(
        (first, parts): (Part, Parts),
        limits: Limits,
        deadline: Instant,
        account: Account,
        place: OwnedSemaphorePermit,
    ) -> Self {
        let reasoning = Reasoning::new();
        let first = Some(first);
        Self { limits, first, parts, reasoning, chars: 0, is_finished: false, deadline, account, _place: place }
    }

    /// The next words to show; nothing once the reply is complete.
    pub(super) async fn next(&mut self) -> Result<Option<String>, Fault> {
        let words = self.words().await;
        if let Err(fault) = &words {
            self.account.fails(fault);
        }
        words
    }

    async fn words(&mut self) -> Result<Option<String>, Fault> {
        while !self.is_finished {
            let part = match self.first.take() {
                Some(part) => part,
                None => next_part(&mut self.parts, self.limits, self.deadline).await?,
            };
            let chars = part.text.chars().count();
            self.account.receives(chars + part.thoughts.chars().count(), part.tokens);
            self.chars += chars;
            if self.chars > LONGEST_REPLY {
                return Err(Fault::Endless { chars: LONGEST_REPLY });
            }
            let mut text = self.reasoning.push(&part.text);
            if part.finished {
                self.is_finished = true;
                text.push_str(&self.reasoning.finish());
            }
            if !text.is_empty() {
                return Ok(Some(text));
            }
        }
        self.tail().await;
        self.account.ends();
        Ok(None)
    }

    /// Reads on to the end of the stream; whatever comes, the reply is complete.
    async fn tail(&mut self) {
        let until = self.deadline.min(Instant::now() + TAIL);
        while let Ok(Some(part)) = timeout_at(until, self.parts.next()).await {
            match part {
                Ok(part) => self.account.receives(0, part.tokens),
                Err(_) => return,
            }
        }
    }
}
