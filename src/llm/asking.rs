//! How a model is asked: within its limits, tried again where that may help, and told what it does not take.

use std::{fmt, time::Duration};

use futures_util::{Stream, StreamExt, stream};
use tokio::time::{Instant, sleep, timeout_at};

use super::{
    account::Account,
    arriving::{Reply, next_part},
    call::{Purpose, Tokens, estimate},
    chat::{Chat, Message, Role},
    error::LlmError,
    limits::{Fault, Tries},
    model::Model,
    openai::Parts,
    quirks::{Parts as RequestParts, Quirks, Shape, Thinking},
    wire::{NamedSchema, Part, Request, ResponseFormat, StreamOptions, TemplateOptions},
};

/// How much of a model's thinking is kept, in bytes, where it may turn out to be all that it says.
const MOST_THOUGHTS: usize = 64 << 10;

impl Model {
    /// Asks, and returns the words of the reply as they come. Waits for a free place first; a budget that the call
    /// would overdraw and an endpoint that has failed too often refuse it before it is made.
    ///
    /// Returns when the first words are there, having tried as often as the settings allow; once they are, nothing
    /// is tried again. An error is the stream's last item; a stream without one is a whole reply. Dropping the
    /// stream ends the request.
    pub async fn stream(
        &self,
        chat: Chat,
    ) -> Result<impl Stream<Item = Result<String, LlmError>> + Send + use<>, LlmError> {
        let door = &self.door;
        let place = std::sync::Arc::clone(&door.gate).acquire_owned().await.expect("nobody closes the gate");
        let quirks = self.quirks().await;
        let takes = Tokens { input: estimate(chat.chars()), output: u64::from(chat.expected_tokens) };
        let hold = door.purse.take(&chat.errand, self.model_name(), takes).await?;
        let begun = Instant::now();
        door.breaker.admit(begun).map_err(|resting| LlmError::Unreachable {
            host: self.host().to_owned(),
            what: format!("{} calls in a row failed", resting.failures),
            way_out: format!("it is left alone and tried again in {} s", resting.seconds),
        })?;
        let mut account = Account::open(self, hold, &chat);
        let deadline = begun + door.limits.total;
        let first_by = chat.patience.map_or(deadline, |patience| deadline.min(begun + patience));
        match self.first_words(&chat, quirks, first_by, &mut account).await {
            Ok((part, parts)) => {
                account.hears();
                let reply = Reply::new((part, parts), door.limits, deadline, account, place);
                let model = self.clone();
                Ok(stream::unfold((model, Some(reply)), |(model, reply)| async move {
                    let mut reply = reply?;
                    match reply.next().await {
                        Ok(Some(text)) => Some((Ok(text), (model, Some(reply)))),
                        Ok(None) => None,
                        Err(fault) => Some((Err(model.error(fault)), (model, None))),
                    }
                }))
            }
            Err(fault) => {
                account.fails(&fault);
                Err(self.error(fault))
            }
        }
    }

    /// Asks and waits for the whole reply.
    pub async fn ask_text(&self, chat: Chat) -> Result<String, LlmError> {
        let mut words = std::pin::pin!(self.stream(chat).await?);
        let mut reply = String::new();
        while let Some(text) = words.next().await {
            reply.push_str(&text?);
        }
        Ok(reply)
    }

    /// Asks for something that `read` can make out. Where it cannot, the model is told once what was wrong, in
    /// the words of `again`; if that fails too, the error keeps the reply.
    pub async fn ask<T, F>(
        &self,
        chat: Chat,
        read: impl Fn(&str) -> Result<T, F>,
        again: impl Fn(&F) -> Result<String, LlmError>,
    ) -> Result<T, LlmError>
    where
        F: fmt::Display,
    {
        let reply = self.ask_text(chat.clone()).await?;
        let faults = match read(&reply) {
            Ok(value) => return Ok(value),
            Err(faults) => faults,
        };
        tracing::debug!(host = self.host(), model = self.model_name(), %faults, "asking again");
        let mut chat = chat;
        // An empty message is refused by some endpoints.
        let shown = if reply.trim().is_empty() { "(no reply)".to_owned() } else { reply.clone() };
        chat.messages.push(Message::assistant(shown));
        chat.messages.push(Message::user(again(&faults)?));
        if chat.errand.purpose == Purpose::Judging {
            chat.errand = chat.errand.become_for(Purpose::AskingAgain);
        }
        let raw = self.ask_text(chat).await?;
        // Where the second reply is silence, the first one tells more about what went wrong.
        let kept = |raw: String| if raw.trim().is_empty() { reply.clone() } else { raw };
        read(&raw).map_err(|faults| self.unusable(faults.to_string(), kept(raw)))
    }

    /// Tries until the first words of a reply are there, leaving out what the endpoint does not take.
    async fn first_words(
        &self,
        chat: &Chat,
        mut quirks: Quirks,
        deadline: Instant,
        account: &mut Account,
    ) -> Result<(Part, Parts), Fault> {
        let messages = messages(chat);
        let held = RequestParts {
            schema: chat.response_schema.is_some(),
            temperature: chat.temperature.is_some(),
            limit: chat.max_tokens.is_some(),
        };
        let mut tries = Tries::new(self.door.limits.attempts);
        loop {
            account.tries();
            let fault = match self.attempt(chat, &messages, quirks, deadline).await {
                Ok(begun) => {
                    self.learn(quirks);
                    return Ok(begun);
                }
                Err(fault) => fault,
            };
            if quirks.adapt(&fault, held) {
                tracing::debug!(host = self.host(), ?quirks, "the endpoint does not take all of the request");
                continue;
            }
            let Some(pause) = tries.next(&fault, random()) else { return Err(fault) };
            if Instant::now() + pause >= deadline {
                return Err(fault);
            }
            tracing::debug!(host = self.host(), pause_ms = pause.as_millis(), "trying again");
            sleep(pause).await;
        }
    }

    /// One request, up to the first words of its reply.
    pub(super) async fn attempt(
        &self,
        chat: &Chat,
        messages: &[Message],
        quirks: Quirks,
        deadline: Instant,
    ) -> Result<(Part, Parts), Fault> {
        let schema = chat.response_schema.as_ref();
        let limit = chat.max_tokens.filter(|_| !quirks.no_limit);
        let request = Request {
            model: self.model_name(),
            messages,
            stream: !quirks.no_stream,
            temperature: chat.temperature.filter(|_| !quirks.no_temperature),
            max_tokens: limit.filter(|_| !quirks.max_completion_tokens),
            max_completion_tokens: limit.filter(|_| quirks.max_completion_tokens),
            response_format: schema.and_then(|(name, schema)| match quirks.shape {
                Shape::Strict => {
                    Some(ResponseFormat::JsonSchema { json_schema: NamedSchema { name, strict: true, schema } })
                }
                Shape::JsonWithSchema => Some(ResponseFormat::JsonObject { schema: Some(schema) }),
                Shape::SomeJson => Some(ResponseFormat::JsonObject { schema: None }),
                Shape::PromptOnly => None,
            }),
            stream_options: (!quirks.no_stream && !quirks.no_usage).then_some(StreamOptions { include_usage: true }),
            chat_template_kwargs: (quirks.thinking == Thinking::TurnedOff)
                .then_some(TemplateOptions { enable_thinking: false }),
        };
        let limits = self.door.limits;
        let begun = Instant::now();
        let first_by = deadline.min(begun + limits.first_byte);
        let silent = || Fault::Silent { seconds: rounded(first_by.saturating_duration_since(begun)) };
        let first = async {
            let mut parts = self.endpoint()?.open(&request).await?;
            let part = parts.next().await.unwrap_or(Err(Fault::Cut))?;
            Ok((part, parts))
        };
        let (mut part, mut parts) = timeout_at(first_by, first).await.map_err(|_| silent())??;
        let mut thoughts = String::new();
        let mut tokens = part.tokens;
        while part.text.is_empty() && !part.finished {
            if thoughts.len() < MOST_THOUGHTS {
                thoughts.push_str(&part.thoughts);
            }
            part = next_part(&mut parts, limits, deadline).await?;
            tokens = part.tokens.or(tokens);
        }
        part.tokens = tokens;
        if part.text.is_empty() {
            thoughts.push_str(&part.thoughts);
            let thoughts = thoughts.trim();
            // A server that takes a schema may file what the model was held to under its thinking.
            if thoughts.starts_with('{') && thoughts.ends_with('}') {
                thoughts.clone_into(&mut part.text);
            } else if !thoughts.is_empty() {
                return Err(Fault::OnlyThought { thoughts: thoughts.to_owned() });
            }
        }
        Ok((part, parts))
    }
}

/// The messages of a chat as they are sent.
pub(super) fn messages(chat: &Chat) -> Vec<Message> {
    std::iter::once(Message { role: Role::System, content: chat.system.clone() })
        .chain(chat.messages.iter().cloned())
        .collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a wait of at most hours")]
fn rounded(wait: Duration) -> u64 {
    wait.as_secs_f64().round() as u64
}

pub(crate) fn random() -> u64 {
    let bytes = *uuid::Uuid::now_v7().as_bytes();
    // The last 48 bits of such an id are random; they are enough to spread a pause.
    u64::from_be_bytes([bytes[10], bytes[11], bytes[12], bytes[13], bytes[14], bytes[15], 0, 0])
}
