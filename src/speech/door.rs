//! The wire to an endpoint for speech: whole requests and whole replies, with bounded waiting and trying.

use std::{fmt, sync::OnceLock, time::Duration};

use bytes::Bytes;
use reqwest::{
    Client,
    header::{CONTENT_TYPE, HeaderValue},
    multipart::Form,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep, timeout_at},
};

use super::SpeechError;
use crate::{
    config::SpeechSettings,
    llm::{Fault, Tries, causes, complaint, random, unsent},
};

/// Where a key without a base URL belongs.
const DEFAULT_BASE_URL: &str = "https://api.openai.com/v1";
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// How often a request is tried in all.
const ATTEMPTS: u32 = 3;
/// How many requests may run at once.
const AT_ONCE: usize = 4;
/// The largest reply that is read, in bytes: minutes of uncompressed sound.
const LARGEST_REPLY: usize = 25 << 20;

/// One endpoint for speech, with its key.
pub(super) struct Door {
    base_url: String,
    host: String,
    is_local: bool,
    key: Option<SecretString>,
    total: Duration,
    gate: Semaphore,
    /// Made at the first request, because a machine without CA certificates cannot make one.
    client: OnceLock<Client>,
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Door").field("host", &self.host).finish_non_exhaustive()
    }
}

/// What is sent; made anew for each try.
pub(super) enum Body {
    Form(Form),
    Json(Vec<u8>),
}

impl Body {
    pub(super) fn json(value: &impl Serialize) -> Self {
        Self::Json(serde_json::to_vec(value).expect("plain texts can be written as JSON"))
    }
}

impl Door {
    /// Nothing is sent yet. The settings have been checked as far as their own words go.
    pub(super) fn new(settings: &SpeechSettings) -> Result<Self, SpeechError> {
        let wrong = |problem: String| SpeechError::Misconfigured { setting: "the base URL for speech", problem };
        let base_url = settings.base_url.as_deref().unwrap_or(DEFAULT_BASE_URL).to_owned();
        let url = reqwest::Url::parse(&base_url)
            .map_err(|error| wrong(format!("{error}; write it like {DEFAULT_BASE_URL}")))?;
        let Some(host) = url.host_str() else {
            return Err(wrong(format!("it names no web server; write it like {DEFAULT_BASE_URL}")));
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("it may hold no user name; the key is a setting of its own".to_owned()));
        }
        let is_local = host == "localhost"
            || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        Ok(Self {
            base_url,
            host,
            is_local,
            key: settings.api_key.clone(),
            total: Duration::from_secs(settings.total_seconds),
            gate: Semaphore::new(AT_ONCE),
            client: OnceLock::new(),
        })
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) fn key(&self) -> &str {
        self.key.as_ref().map_or("", |key| key.expose_secret())
    }

    /// Sends until a whole reply is there. `body` makes the request of each try; `adapt` may look at a fault and
    /// say that the next request will be another one, which costs no try.
    pub(super) async fn post(
        &self,
        path: &str,
        mut body: impl FnMut() -> Body,
        mut adapt: impl FnMut(&Fault) -> bool,
    ) -> Result<Bytes, Fault> {
        let _place = self.gate.acquire().await.expect("nobody closes the gate");
        let deadline = Instant::now() + self.total;
        let overdue = || Fault::Overdue { seconds: self.total.as_secs() };
        let mut tries = Tries::new(ATTEMPTS);
        loop {
            let outcome = timeout_at(deadline, self.attempt(path, body())).await.map_err(|_| overdue())?;
            let fault = match outcome {
                Ok(reply) => return Ok(reply),
                Err(fault) => fault,
            };
            if adapt(&fault) {
                tracing::debug!(host = self.host, path, "the endpoint does not take all of the request");
                continue;
            }
            let Some(pause) = tries.next(&fault, random()) else { return Err(fault) };
            if Instant::now() + pause >= deadline {
                return Err(fault);
            }
            tracing::debug!(host = self.host, path, pause_ms = pause.as_millis(), "trying again");
            sleep(pause).await;
        }
    }

    async fn attempt(&self, path: &str, body: Body) -> Result<Bytes, Fault> {
        let mut request = self.client()?.post(format!("{}{path}", self.base_url));
        if let Some(key) = &self.key {
            request = request.bearer_auth(key.expose_secret());
        }
        request = match body {
            Body::Form(form) => request.multipart(form),
            Body::Json(json) => request.header(CONTENT_TYPE, HeaderValue::from_static("application/json")).body(json),
        };
        let mut response = request.send().await.map_err(|error| unsent(&error))?;
        if !response.status().is_success() {
            return Err(complaint(response).await);
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| unsent(&error))? {
            if bytes.len() + chunk.len() > LARGEST_REPLY {
                return Err(Fault::Endless { chars: LARGEST_REPLY });
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.into())
    }

    fn client(&self) -> Result<&Client, Fault> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let mut builder = Client::builder()
            .connect_timeout(CONNECT_WITHIN)
            // A redirect would carry the recording to a host that nobody has been told of.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("greenroom/", env!("CARGO_PKG_VERSION")));
        if self.is_local {
            builder = builder.no_proxy();
        }
        let made = builder.build().map_err(|error| Fault::Unbuildable(causes(&error)))?;
        Ok(self.client.get_or_init(|| made))
    }
}
