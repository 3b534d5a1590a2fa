//! Speaks the OpenAI-compatible interface; the only file that names the vendor's crate.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use async_openai::{Client, config::Config, error::OpenAIError, middleware::HttpRequestFactory};
use futures_util::{Stream, StreamExt};
use reqwest::{
    Response,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{
    limits::{Fault, retry_after},
    model::Message,
    schema::Schema,
};

/// The longest body that is read whole, in bytes.
const LONGEST_BODY: usize = 8 << 20;
/// The most of an error's body that is kept, in bytes.
const LONGEST_COMPLAINT: usize = 64 << 10;
/// How long the body of an error may take.
const COMPLAINT_WITHIN: Duration = Duration::from_secs(5);
const CONNECT_WITHIN: Duration = Duration::from_secs(10);

/// A request as it goes over the wire.
#[derive(Debug, Serialize)]
pub(super) struct Request<'a> {
    pub(super) model: &'a str,
    pub(super) messages: &'a [Message],
    pub(super) stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) temperature: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) response_format: Option<ResponseFormat<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ResponseFormat<'a> {
    JsonSchema { json_schema: NamedSchema<'a> },
    JsonObject,
}

#[derive(Debug, Serialize)]
pub(super) struct NamedSchema<'a> {
    pub(super) name: &'a str,
    pub(super) strict: bool,
    pub(super) schema: &'a Schema,
}

/// One part of a reply. A part without text and end is a sign of life, such as reasoning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) text: String,
    pub(super) finished: bool,
}

pub(super) type Parts = Pin<Box<dyn Stream<Item = Result<Part, Fault>> + Send>>;

/// A kept connection to one endpoint.
pub(super) struct Endpoint(Client<Door>);

impl Endpoint {
    /// `base_url` has no trailing slash. Proxies of the environment are used except for a server on this machine.
    pub(super) fn new(base_url: &str, key: Option<&SecretString>, is_local: bool) -> Result<Self, Fault> {
        let mut builder = reqwest::Client::builder()
            .connect_timeout(CONNECT_WITHIN)
            // A redirect would carry the answers to a host that nobody has been told of.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("greenroom/", env!("CARGO_PKG_VERSION")));
        if is_local {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| Fault::Unbuildable(causes(&error)))?;
        let door = Door::new(base_url, key)?;
        Ok(Self(Client::build(client.clone(), door).with_http_service(Http(client))))
    }

    /// Sends the request and returns the reply as it comes in; nothing is tried again here.
    pub(super) async fn open(&self, request: &Request<'_>) -> Result<Parts, Fault> {
        let chunks = self.0.chat().create_stream_byot::<_, Chunk>(request).await.map_err(fault)?;
        Ok(Box::pin(chunks.map(|chunk| chunk.map_err(fault).and_then(Part::try_from))))
    }
}

/// Address and key, without the variables that the vendor's own configuration reads by itself.
#[derive(Debug, Clone)]
struct Door {
    base_url: String,
    key: SecretString,
    headers: HeaderMap,
}

impl Door {
    fn new(base_url: &str, key: Option<&SecretString>) -> Result<Self, Fault> {
        let mut headers = HeaderMap::new();
        if let Some(key) = key {
            let mut bearer = HeaderValue::from_str(&format!("Bearer {}", key.expose_secret()))
                .map_err(|_| Fault::Unbuildable("the key does not fit into a header".to_owned()))?;
            bearer.set_sensitive(true);
            headers.insert(AUTHORIZATION, bearer);
        }
        Ok(Self { base_url: base_url.to_owned(), key: key.cloned().unwrap_or_default(), headers })
    }
}

impl Config for Door {
    fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }

    fn api_base(&self) -> &str {
        &self.base_url
    }

    fn api_key(&self) -> &SecretString {
        &self.key
    }
}

/// Sends requests and turns whatever is not an event stream into one, or into a fault with its status.
#[derive(Debug, Clone)]
struct Http(reqwest::Client);

impl tower::Service<HttpRequestFactory> for Http {
    type Response = Response;
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Fault>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: HttpRequestFactory) -> Self::Future {
        let client = self.0.clone();
        Box::pin(async move {
            let request = request.build().await.map_err(|error| Fault::Unbuildable(error.to_string()))?;
            let response = client.execute(request).await.map_err(|error| unsent(&error))?;
            if !response.status().is_success() {
                return Err(complaint(response).await);
            }
            let header = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
            if header.is_some_and(|kind| kind.to_ascii_lowercase().contains("event-stream")) {
                return Ok(response);
            }
            let body = read(response, LONGEST_BODY).await.map_err(|error| unsent(&error))?;
            as_events(&body)
        })
    }
}

/// An endpoint that ignores `stream` answers with one JSON document: it becomes a stream of one event. Some
/// send events without saying so in the header: they pass.
fn as_events(body: &str) -> Result<Response, Fault> {
    let body = body.trim_start_matches('\u{feff}').trim_start();
    let events = if body.starts_with('{') {
        format!("data: {}\n\n", body.replace("\r\n", "\n").replace(['\n', '\r'], "\ndata: "))
    } else if body.lines().any(|line| line.starts_with("data:")) {
        body.to_owned()
    } else if body.is_empty() {
        return Err(Fault::Cut);
    } else {
        return Err(Fault::NoEndpoint { body: body.chars().take(LONGEST_COMPLAINT / 4).collect() });
    };
    Ok(http::Response::new(reqwest::Body::from(events)).into())
}

async fn complaint(response: Response) -> Fault {
    let status = response.status().as_u16();
    let header = |name| response.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let wait = header(RETRY_AFTER).and_then(|value| retry_after(value, jiff::Timestamp::now()));
    let location = header(LOCATION).map(str::to_owned);
    let body = tokio::time::timeout(COMPLAINT_WITHIN, read(response, LONGEST_COMPLAINT)).await;
    let body = body.ok().and_then(Result::ok).unwrap_or_default();
    Fault::Status { status, retry_after: wait, body, location }
}

/// The body as text, as much of it as `limit` bytes.
async fn read(mut response: Response, limit: usize) -> Result<String, reqwest::Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        bytes.extend_from_slice(&chunk[..chunk.len().min(limit - bytes.len())]);
        if bytes.len() == limit {
            break;
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn unsent(error: &reqwest::Error) -> Fault {
    if error.is_connect() || error.is_timeout() {
        Fault::Unconnected(causes(error))
    } else if error.is_builder() {
        Fault::Unbuildable(causes(error))
    } else {
        Fault::Broken(causes(error))
    }
}

/// The innermost cause, which says most; the outer ones repeat the address.
fn causes(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

impl From<Fault> for OpenAIError {
    fn from(fault: Fault) -> Self {
        Self::Boxed(Box::new(fault))
    }
}

fn fault(error: OpenAIError) -> Fault {
    match error {
        OpenAIError::Boxed(inner) => match inner.downcast::<Fault>() {
            Ok(fault) => *fault,
            Err(other) => Fault::Broken(other.to_string()),
        },
        OpenAIError::JSONDeserialize(..) => Fault::Unreadable,
        OpenAIError::StreamError(_) => Fault::Cut,
        OpenAIError::Reqwest(error) => unsent(&error),
        OpenAIError::ApiError(said) => Fault::Status {
            status: said.status_code.as_u16(),
            retry_after: None,
            body: said.api_error.message,
            location: None,
        },
        other => Fault::Unbuildable(other.to_string()),
    }
}

/// An event of a stream, or a whole reply: only what we read, and nothing of it required.
#[derive(Debug, Deserialize)]
struct Chunk {
    choices: Option<Vec<Choice>>,
    #[serde(flatten)]
    complaint: Complaint,
}

#[derive(Debug, Deserialize)]
struct Choice {
    index: Option<Loose>,
    delta: Option<Words>,
    message: Option<Words>,
    finish_reason: Option<Loose>,
}

#[derive(Debug, Deserialize)]
struct Words {
    content: Option<Content>,
    refusal: Option<Loose>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Pieces(Vec<Piece>),
    Other(serde::de::IgnoredAny),
}

#[derive(Debug, Deserialize)]
struct Piece {
    text: Option<String>,
}

/// A value that should be a text or a number and may be anything.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Loose {
    Text(String),
    Number(f64),
    Other(serde::de::IgnoredAny),
}

impl Loose {
    fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(_) | Self::Other(_) => None,
        }
    }
}

impl Words {
    /// What was said; a refusal counts as words, so that it is seen and not taken for silence.
    fn text(self) -> String {
        let content = match self.content {
            Some(Content::Text(text)) => text,
            Some(Content::Pieces(pieces)) => pieces.into_iter().filter_map(|piece| piece.text).collect(),
            Some(Content::Other(_)) | None => String::new(),
        };
        if content.is_empty() { self.refusal.and_then(Loose::text).unwrap_or_default() } else { content }
    }
}

impl TryFrom<Chunk> for Part {
    type Error = Fault;

    fn try_from(chunk: Chunk) -> Result<Self, Fault> {
        let first = chunk.choices.and_then(|choices| {
            choices.into_iter().find(|choice| !matches!(choice.index, Some(Loose::Number(index)) if index != 0.0))
        });
        let Some(choice) = first else {
            return match chunk.complaint.message() {
                Some(message) => Err(Fault::ErrorEvent { status: chunk.complaint.status(), message }),
                None => Ok(Self { text: String::new(), finished: false }),
            };
        };
        let reason = choice.finish_reason.and_then(Loose::text).filter(|reason| !reason.is_empty());
        if reason.as_deref() == Some("content_filter") {
            return Err(Fault::Filtered);
        }
        // A whole message needs no reason to be complete: it arrived in one document.
        let finished = reason.is_some() || choice.message.is_some();
        Ok(Self { text: choice.message.or(choice.delta).map(Words::text).unwrap_or_default(), finished })
    }
}

/// The places in which servers put the reason of an error.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Complaint {
    error: Option<Reason>,
    detail: Option<Reason>,
    message: Option<Reason>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Reason {
    Text(String),
    Several(Vec<Invalid>),
    Named { message: String, code: Option<Loose>, status: Option<Loose> },
    Other(serde::de::IgnoredAny),
}

/// One complaint of a validating server; the `input` that it echoes is left out.
#[derive(Debug, Deserialize)]
struct Invalid {
    #[serde(default)]
    loc: Vec<Loose>,
    msg: String,
}

impl Reason {
    fn words(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Named { message, .. } => Some(message.clone()),
            Self::Several(all) => Some(all.iter().map(Invalid::words).collect::<Vec<_>>().join("; ")),
            Self::Other(_) => None,
        }
    }
}

impl Invalid {
    fn words(&self) -> String {
        let place: Vec<&str> = self
            .loc
            .iter()
            .filter_map(|step| match step {
                Loose::Text(text) => Some(text.as_str()),
                Loose::Number(_) | Loose::Other(_) => None,
            })
            .collect();
        format!("{}: {}", place.join(" "), self.msg)
    }
}

impl Complaint {
    fn message(&self) -> Option<String> {
        [&self.error, &self.detail, &self.message].into_iter().flatten().find_map(Reason::words)
    }

    /// The HTTP status that an error inside a stream names, as a number or as its digits.
    fn status(&self) -> Option<u16> {
        let Some(Reason::Named { code, status, .. }) = &self.error else { return None };
        [code, status].into_iter().flatten().find_map(|value| match value {
            Loose::Text(text) => text.parse().ok(),
            Loose::Number(number) => (100..600).find(|status| (f64::from(*status) - number).abs() < 0.5),
            Loose::Other(_) => None,
        })
    }
}

/// The reason that an error's body gives, where it is JSON of any of the known shapes.
pub(super) fn message_in(body: &str) -> Option<String> {
    serde_json::from_str::<Complaint>(body).ok()?.message()
}
