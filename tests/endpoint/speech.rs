//! A scripted endpoint for speech: it plays one reply a request and checks every request it gets.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Method, Request, StatusCode, header},
    response::Response,
};
use serde_json::{Value, json};

pub const KEY: &str = "speech-key";
pub const HEARING: &str = "test-hearing";
pub const SPEAKING: &str = "test-speaking";
pub const VOICE: &str = "test-voice";

/// What the endpoint does with one request.
#[derive(Debug, Clone)]
pub enum Play {
    /// This text alone, as a small server gives it.
    Text(&'static str),
    /// This transcript; a request that does not ask for the times of words is a fault.
    Detailed(Value),
    /// Refuses the times of words; without them this text.
    PlainOnly(&'static str),
    /// These bytes of this content type.
    Sound(&'static str, Vec<u8>),
    /// An error with these headers and this body.
    Status(u16, Vec<(&'static str, &'static str)>, String),
    /// Takes the request and never answers.
    Hang,
}

impl Play {
    pub fn error(status: u16, message: &str) -> Self {
        Self::Status(status, Vec::new(), json!({ "error": { "message": message } }).to_string())
    }
}

/// A request as it came.
#[derive(Debug, Clone)]
pub enum Asked {
    /// Fields of a form, and the name, type and bytes of its file.
    Hear {
        fields: BTreeMap<String, String>,
        name: String,
        kind: String,
        file: Vec<u8>,
    },
    Speak(Value),
}

#[derive(Debug, Default)]
struct Played {
    script: VecDeque<Play>,
    asked: Vec<Asked>,
    problems: Vec<String>,
}

/// The running endpoint. When it goes, the test fails if a request was malformed or unexpected or if some of the
/// script was never asked for.
#[derive(Debug)]
pub struct SpeechEndpoint {
    base_url: String,
    played: Arc<Mutex<Played>>,
    server: tokio::task::JoinHandle<()>,
}

impl SpeechEndpoint {
    pub async fn start(script: impl IntoIterator<Item = Play>) -> Self {
        let played = Played { script: script.into_iter().collect(), ..Played::default() };
        let played = Arc::new(Mutex::new(played));
        let app = Router::new().fallback(play).with_state(Arc::clone(&played));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { base_url, played, server }
    }

    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.played.lock().unwrap().asked.clone()
    }

    /// What each transcription asked for, in order.
    pub fn formats(&self) -> Vec<String> {
        let format = |asked: Asked| match asked {
            Asked::Hear { fields, .. } => fields.get("response_format").cloned().unwrap_or_default(),
            Asked::Speak(body) => format!("speech {}", body["response_format"]),
        };
        self.asked().into_iter().map(format).collect()
    }
}

impl Drop for SpeechEndpoint {
    fn drop(&mut self) {
        self.server.abort();
        if std::thread::panicking() {
            return;
        }
        let played = self.played.lock().unwrap();
        assert!(played.problems.is_empty(), "the endpoint was asked wrongly: {:#?}", played.problems);
        assert!(played.script.is_empty(), "the endpoint was never asked for {:?}", played.script);
    }
}

async fn play(State(played): State<Arc<Mutex<Played>>>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 64 << 20).await.unwrap_or_default();
    let reply = {
        let mut played = played.lock().unwrap();
        let asked = match read(&parts.method, parts.uri.path(), &parts.headers, &body) {
            Ok(asked) => asked,
            Err(problem) => {
                played.problems.push(problem);
                return answer(400, "application/json", "{}");
            }
        };
        played.asked.push(asked.clone());
        let Some(reply) = played.script.pop_front() else {
            let problem = format!("request {} was not in the script", played.asked.len());
            played.problems.push(problem);
            return answer(500, "application/json", "{}");
        };
        let is_detailed = matches!(&asked, Asked::Hear { fields, .. } if fields["response_format"] == "verbose_json");
        match reply {
            Play::PlainOnly(_) if is_detailed => {
                played.script.push_front(reply);
                let said = "response_format 'verbose_json' is not compatible with this model";
                Play::error(400, said)
            }
            Play::PlainOnly(text) => Play::Text(text),
            Play::Detailed(_) if !is_detailed => {
                played.problems.push("the times of words were not asked for".to_owned());
                Play::error(500, "not in the script")
            }
            other => other,
        }
    };
    match reply {
        Play::Text(text) => answer(200, "application/json", json!({ "text": text }).to_string()),
        Play::Detailed(transcript) => answer(200, "application/json; charset=utf-8", transcript.to_string()),
        Play::PlainOnly(_) => unreachable!("made concrete before"),
        Play::Sound(kind, bytes) => answer(200, kind, bytes),
        Play::Status(status, headers, body) => {
            let mut response = answer(status, "application/json", body);
            for (name, value) in headers {
                response.headers_mut().insert(name, value.parse().unwrap());
            }
            response
        }
        Play::Hang => std::future::pending().await,
    }
}

fn answer(status: u16, kind: &str, body: impl Into<Body>) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    Response::builder().status(status).header(header::CONTENT_TYPE, kind).body(body.into()).unwrap()
}

/// The request taken apart, or what is wrong with it.
fn read(method: &Method, path: &str, headers: &HeaderMap, body: &Bytes) -> Result<Asked, String> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let must = |holds: bool, what: String| if holds { Ok(()) } else { Err(what) };
    must(method == Method::POST, format!("{method} {path}"))?;
    let bearer = header(header::AUTHORIZATION);
    must(bearer == format!("Bearer {KEY}"), format!("authorization {bearer}"))?;
    let kind = header(header::CONTENT_TYPE);
    match path {
        "/v1/audio/transcriptions" => {
            let boundary = kind.strip_prefix("multipart/form-data; boundary=").ok_or(format!("content type {kind}"))?;
            must(headers.contains_key(header::CONTENT_LENGTH), "a form without its length".to_owned())?;
            let asked = form(body, boundary).ok_or("a form that cannot be read")?;
            if let Asked::Hear { fields, file, .. } = &asked {
                must(fields.get("model").is_some_and(|model| model == HEARING), format!("fields {fields:?}"))?;
                let wanted = if fields["response_format"] == "verbose_json" { 3 } else { 2 };
                must(fields.len() == wanted, format!("fields {fields:?}"))?;
                must(!file.is_empty(), "an empty file".to_owned())?;
            }
            Ok(asked)
        }
        "/v1/audio/speech" => {
            must(kind == "application/json", format!("content type {kind}"))?;
            let body: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
            must(body["model"] == SPEAKING && body["voice"] == VOICE, format!("{body}"))?;
            must(body["input"].as_str().is_some_and(|input| !input.is_empty()), format!("{body}"))?;
            must(body.as_object().is_some_and(|fields| fields.len() == 4), format!("{body}"))?;
            Ok(Asked::Speak(body))
        }
        other => Err(format!("POST {other}")),
    }
}

/// Takes a multipart form apart.
fn form(body: &[u8], boundary: &str) -> Option<Asked> {
    let find =
        |from: usize, what: &[u8]| body[from..].windows(what.len()).position(|at| at == what).map(|at| from + at);
    let mark = format!("--{boundary}");
    let (mut fields, mut sent) = (BTreeMap::new(), None);
    let mut at = find(0, mark.as_bytes())? + mark.len();
    while !body[at..].starts_with(b"--") {
        let content = find(at, b"\r\n\r\n")? + 4;
        let head = std::str::from_utf8(&body[at..content]).ok()?;
        let end = find(content, format!("\r\n{mark}").as_bytes())?;
        let quoted = |name: &str| Some(head.split_once(&format!("; {name}=\""))?.1.split('"').next()?.to_owned());
        if let Some(file) = quoted("filename") {
            let kind = head.lines().find_map(|line| line.strip_prefix("Content-Type: "))?;
            sent = Some((file, kind.to_owned(), body[content..end].to_vec()));
        } else {
            fields.insert(quoted("name")?, String::from_utf8(body[content..end].to_vec()).ok()?);
        }
        at = end + 2 + mark.len();
    }
    let (name, kind, file) = sent?;
    Some(Asked::Hear { fields, name, kind, file })
}
