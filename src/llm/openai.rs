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

use super::{
    limits::{Fault, retry_after},
    wire::{Chunk, Part, Request},
};

/// The longest body that is read whole, in bytes.
const LONGEST_BODY: usize = 8 << 20;
/// The most of an error's body that is kept, in bytes.
const LONGEST_COMPLAINT: usize = 64 << 10;
/// How long the body of an error may take.
const COMPLAINT_WITHIN: Duration = Duration::from_secs(5);
const CONNECT_WITHIN: Duration = Duration::from_secs(10);

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

pub(crate) async fn complaint(response: Response) -> Fault {
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

pub(crate) fn unsent(error: &reqwest::Error) -> Fault {
    if error.is_connect() || error.is_timeout() {
        Fault::Unconnected(causes(error))
    } else if error.is_builder() {
        Fault::Unbuildable(causes(error))
    } else {
        Fault::Broken(causes(error))
    }
}

/// The innermost cause, which says most; the outer ones repeat the address.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
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
