//! A language model that can be asked: one way in, a stream, with bounded waiting and trying.

use std::{
    fmt,
    sync::{Arc, Mutex, OnceLock},
};

use futures_util::{Stream, StreamExt, stream};
use secrecy::{ExposeSecret, SecretString};
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep, timeout_at},
};

use super::{
    arriving::{Reply, next_part},
    chat::{Chat, Message, Role},
    error::LlmError,
    limits::{Fault, Limits, Tries},
    openai::{Endpoint, Parts},
    quirks::{Parts as RequestParts, Quirks, Shape},
    wire::{NamedSchema, Part, Request, ResponseFormat},
};
use crate::config::LlmSettings;

/// Where a key without a base URL belongs.
const DEFAULT_BASE_URL: &str = "https://api.openai.com/v1";

/// One model at one endpoint; cheap to clone, and all clones share its limits.
#[derive(Clone)]
pub struct Model(Arc<Inner>);

struct Inner {
    base_url: String,
    host: String,
    is_local: bool,
    key: Option<SecretString>,
    name: String,
    limits: Limits,
    gate: Arc<Semaphore>,
    /// Made at the first request, because a machine without CA certificates cannot make one.
    endpoint: OnceLock<Endpoint>,
    quirks: Mutex<Quirks>,
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model").field("host", &self.0.host).field("name", &self.0.name).finish_non_exhaustive()
    }
}

impl Model {
    /// The model of `settings`. Nothing is sent yet; an address or key that can never work is
    /// [`LlmError::Misconfigured`].
    pub fn new(settings: &LlmSettings) -> Result<Self, LlmError> {
        let wrong = |setting, problem: String| LlmError::Misconfigured { setting, problem };
        let given = settings.base_url.as_deref().map(str::trim).filter(|url| !url.is_empty());
        let base_url = given.unwrap_or(DEFAULT_BASE_URL).trim_end_matches('/');
        let url = reqwest::Url::parse(base_url)
            .map_err(|error| wrong("the base URL", format!("{error}; write it like {DEFAULT_BASE_URL}")))?;
        let Some(host) = url.host_str().filter(|_| matches!(url.scheme(), "http" | "https")) else {
            return Err(wrong("the base URL", format!("it names no web server; write it like {DEFAULT_BASE_URL}")));
        };
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
            return Err(wrong(
                "the base URL",
                "it may hold no user name, `?` or `#`; the key is a setting of its own".to_owned(),
            ));
        }
        let key = settings.api_key.as_ref().map(|key| key.expose_secret().trim()).filter(|key| !key.is_empty());
        if key.is_some_and(|key| !key.bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err(wrong(
                "the API key",
                "it holds a space, line break or foreign letter; copy it again".to_owned(),
            ));
        }
        let name = settings.model.trim();
        if name.is_empty() {
            return Err(wrong("the model's name", "it is empty; name a model that the endpoint serves".to_owned()));
        }
        let is_local = host == "localhost"
            || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        Ok(Self(Arc::new(Inner {
            base_url: base_url.to_owned(),
            host,
            is_local,
            key: key.map(SecretString::from),
            name: name.to_owned(),
            limits: Limits::of(settings),
            gate: Arc::new(Semaphore::new(settings.concurrency.clamp(1, Semaphore::MAX_PERMITS))),
            endpoint: OnceLock::new(),
            quirks: Mutex::new(Quirks::default()),
        })))
    }

    /// Which host receives the answers, with its port where it is not the usual one.
    pub fn host(&self) -> &str {
        &self.0.host
    }

    pub fn model_name(&self) -> &str {
        &self.0.name
    }

    /// Asks, and returns the words of the reply as they come. Waits for a free place first.
    ///
    /// Returns when the first words are there, having tried as often as the settings allow; once they are, nothing
    /// is tried again. An error is the stream's last item; a stream without one is a whole reply. Dropping the
    /// stream ends the request.
    pub async fn stream(
        &self,
        chat: Chat,
    ) -> Result<impl Stream<Item = Result<String, LlmError>> + Send + use<>, LlmError> {
        let gate = Arc::clone(&self.0.gate);
        let place = gate.acquire_owned().await.expect("nobody closes the gate");
        let deadline = Instant::now() + self.0.limits.total;
        let begun = self.first_words(&chat, deadline).await.map_err(|fault| self.error(fault))?;
        let reply = Reply::new(begun, self.0.limits, deadline, place);
        let model = self.clone();
        Ok(stream::unfold((model, Some(reply)), |(model, reply)| async move {
            let mut reply = reply?;
            match reply.next().await {
                Ok((text, false)) => Some((Ok(text), (model, Some(reply)))),
                Ok((text, true)) if text.is_empty() => None,
                Ok((text, true)) => Some((Ok(text), (model, None))),
                Err(fault) => Some((Err(model.error(fault)), (model, None))),
            }
        }))
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
        let shown = if reply.trim().is_empty() { "(no reply)".to_owned() } else { reply };
        chat.messages.push(Message::assistant(shown));
        chat.messages.push(Message::user(again(&faults)?));
        let raw = self.ask_text(chat).await?;
        read(&raw).map_err(|faults| self.unusable(faults.to_string(), raw))
    }

    /// The error of a reply that cannot be used.
    pub(super) fn unusable(&self, faults: String, raw: String) -> LlmError {
        LlmError::Unusable { host: self.host().to_owned(), model: self.model_name().to_owned(), faults, raw }
    }

    fn error(&self, fault: Fault) -> LlmError {
        let key = self.0.key.as_ref().map_or("", |key| key.expose_secret());
        LlmError::of(fault, self.host(), self.model_name(), key)
    }

    fn endpoint(&self) -> Result<&Endpoint, Fault> {
        if let Some(endpoint) = self.0.endpoint.get() {
            return Ok(endpoint);
        }
        let made = Endpoint::new(&self.0.base_url, self.0.key.as_ref(), self.0.is_local)?;
        Ok(self.0.endpoint.get_or_init(|| made))
    }

    /// Tries until the first words of a reply are there, leaving out what the endpoint does not take.
    async fn first_words(&self, chat: &Chat, deadline: Instant) -> Result<(Part, Parts), Fault> {
        let messages: Vec<Message> = std::iter::once(Message { role: Role::System, content: chat.system.clone() })
            .chain(chat.messages.iter().cloned())
            .collect();
        let held = RequestParts {
            schema: chat.response_schema.is_some(),
            temperature: chat.temperature.is_some(),
            limit: chat.max_tokens.is_some(),
        };
        let mut quirks = *self.0.quirks.lock().expect("nothing panics under this lock");
        let mut tries = Tries::new(self.0.limits.attempts);
        loop {
            let fault = match self.attempt(chat, &messages, quirks, deadline).await {
                Ok(begun) => {
                    self.0.quirks.lock().expect("nothing panics under this lock").merge(quirks);
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

    async fn attempt(
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
                Shape::SomeJson => Some(ResponseFormat::JsonObject),
                Shape::PromptOnly => None,
            }),
        };
        let limits = self.0.limits;
        let first_byte = Instant::now() + limits.first_byte;
        let silent = || Fault::Silent { seconds: limits.first_byte.as_secs() };
        let first = async {
            let mut parts = self.endpoint()?.open(&request).await?;
            let part = parts.next().await.unwrap_or(Err(Fault::Cut))?;
            Ok((part, parts))
        };
        let (mut part, mut parts) = timeout_at(first_byte.min(deadline), first).await.map_err(|_| silent())??;
        while part.text.is_empty() && !part.finished {
            part = next_part(&mut parts, limits, deadline).await?;
        }
        Ok((part, parts))
    }
}

pub(crate) fn random() -> u64 {
    let bytes = *uuid::Uuid::now_v7().as_bytes();
    // The last 48 bits of such an id are random; they are enough to spread a pause.
    u64::from_be_bytes([bytes[10], bytes[11], bytes[12], bytes[13], bytes[14], bytes[15], 0, 0])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(base_url: &str, key: &str) -> LlmSettings {
        LlmSettings {
            base_url: Some(base_url.to_owned()),
            api_key: Some(SecretString::from(key.to_owned())),
            model: "m".to_owned(),
            first_byte_seconds: 1,
            between_tokens_seconds: 1,
            total_seconds: 2,
            attempts: 1,
            concurrency: 1,
        }
    }

    #[test]
    fn the_host_that_receives_the_answers_is_known_before_anything_is_sent() {
        let host = |url| Model::new(&settings(url, " sk-1\n")).map(|model| model.host().to_owned());
        assert_eq!(host("https://api.example.com/v1/").unwrap(), "api.example.com");
        assert_eq!(host(" http://127.0.0.1:11434/v1 ").unwrap(), "127.0.0.1:11434");
        assert_eq!(host("http://[::1]:8080").unwrap(), "[::1]:8080");
        assert_eq!(host("").unwrap(), "api.openai.com");
    }

    #[test]
    fn an_address_or_key_that_can_never_work_is_a_setting_to_mend_and_no_panic() {
        for (url, key) in [
            ("localhost:11434/v1", "k"),
            ("ftp://x", "k"),
            ("http://", "k"),
            ("not a url", "k"),
            ("https://user:pw@host/v1", "k"),
            ("https://host/v1?x=1", "k"),
            ("https://host/v1", "two words"),
            ("https://host/v1", "line\nbreak"),
            ("https://host/v1", "schlüssel"),
            ("https://host/v1", "nul\0"),
        ] {
            let error = Model::new(&settings(url, key)).unwrap_err();
            assert!(matches!(error, LlmError::Misconfigured { .. }), "{url} {key}");
            assert!(!error.to_string().contains(key) || key == "k", "{error}");
        }
    }
}
