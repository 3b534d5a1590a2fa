//! A scripted OpenAI-compatible endpoint: it plays one reply a request and checks every request it gets.

mod checks;
pub mod speech;

use std::{
    collections::VecDeque,
    convert::Infallible,
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{Request, StatusCode, header},
    response::Response,
};
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};

/// The key and the model that every request must name.
pub const KEY: &str = "test-key";
pub const MODEL: &str = "test-model";

/// Turns the good judgement of a request into what the endpoint writes instead; gets its ticket too.
pub type Bend = fn(Value, &str) -> String;

/// What the endpoint does with one request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// A judgement that fits the request: the first point met, the second partial, the others missed.
    Judgement,
    /// That judgement, changed.
    Bent(Bend),
    /// That judgement, changed, as one JSON document.
    BentWhole(Bend),
    /// What the voice says, made from the follow-up (under `follow_up`) that it is to ask.
    Spoken(Bend),
    /// This text, streamed in small pieces.
    Text(String),
    /// This text as one JSON document, whatever `stream` says.
    Whole(String),
    /// That judgement filed under the model's thinking, with an empty reply.
    ThoughtJudgement,
    /// That judgement as one JSON document, whatever `stream` says.
    WholeJudgement,
    /// An error with this body and these headers.
    Status(u16, Vec<(&'static str, String)>, String),
    /// A success of this content type with this body.
    Raw(&'static str, String),
    /// An event stream of these steps.
    Events(Vec<Step>),
    /// Takes the request and never answers.
    Hang,
}

/// A step of an event stream.
#[derive(Debug, Clone)]
pub enum Step {
    /// An event with a piece of text.
    Words(&'static str),
    /// An event with this data.
    Data(String),
    /// These bytes as they stand.
    Bytes(&'static str),
    Finish,
    Wait(Duration),
    /// Nothing more comes, and the connection stays open.
    Hang,
    /// The connection breaks.
    Reset,
}

impl Reply {
    /// An error in the shape that the first of these interfaces uses.
    pub fn error(status: u16, message: &str) -> Self {
        let body = json!({"error": {"message": message, "type": "error", "param": null, "code": null}});
        Self::Status(status, Vec::new(), body.to_string())
    }

    pub fn busy(retry_after: &str) -> Self {
        Self::Status(429, vec![("retry-after", retry_after.to_owned())], "slow down".to_owned())
    }
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    pub body: Value,
}

impl Asked {
    /// The content of every message, with its role.
    pub fn messages(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let messages = self.body["messages"].as_array().cloned().unwrap_or_default();
        messages.iter().map(|message| (text(&message["role"]), text(&message["content"]))).collect()
    }
}

#[derive(Debug, Default)]
struct Played {
    script: VecDeque<Reply>,
    asked: Vec<Asked>,
    problems: Vec<String>,
    /// What may stand in the first user message alone.
    private: Vec<String>,
    /// Whether it asks questions and takes leave by itself.
    speaks: bool,
    /// What it does once the script is over.
    always: Option<fn(&Value) -> Reply>,
    /// Another model that requests may name.
    also: Option<String>,
    schema: Option<Value>,
    key: Option<String>,
}

/// The running endpoint. When it goes, the test fails if a request was malformed or unexpected or if some of the
/// script was never asked for.
#[derive(Debug)]
pub struct Endpoint {
    base_url: String,
    played: Arc<Mutex<Played>>,
    server: tokio::task::JoinHandle<()>,
}

impl Endpoint {
    pub async fn start(script: impl IntoIterator<Item = Reply>) -> Self {
        let played = Played { script: script.into_iter().collect(), key: Some(KEY.to_owned()), ..Played::default() };
        let played = Arc::new(Mutex::new(played));
        let app = Router::new().fallback(play).with_state(Arc::clone(&played));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { base_url, played, server }
    }

    /// Says that requests must come without a key.
    pub fn keyless(self) -> Self {
        self.played.lock().unwrap().key = None;
        self
    }

    /// Plays a server that decides by the request; it may be asked as often as anybody likes.
    pub async fn always(decide: fn(&Value) -> Reply) -> Self {
        let endpoint = Self::start([]).await;
        endpoint.played.lock().unwrap().always = Some(decide);
        endpoint
    }

    /// Says that requests may name this model too.
    pub fn also(self, model: &str) -> Self {
        self.played.lock().unwrap().also = Some(model.to_owned());
        self
    }

    /// Asks questions and takes leave by itself, in the words that it is given; that counts as no request of the script.
    pub fn speaks(self) -> Self {
        self.played.lock().unwrap().speaks = true;
        self
    }

    /// Says that `text` may stand in the first user message of a request and nowhere else in it.
    pub fn keeps_apart(self, text: &str) -> Self {
        self.played.lock().unwrap().private.push(text.to_owned());
        self
    }

    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The requests so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.played.lock().unwrap().asked.clone()
    }
}

impl Drop for Endpoint {
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
    let body = axum::body::to_bytes(body, 16 << 20).await.unwrap_or_default();
    let reply = {
        let played = &mut *played.lock().unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        let problems = checks::faults(&parts.method, &parts.uri, &parts.headers, &body, played);
        let count = played.asked.len() + 1;
        played.problems.extend(problems.into_iter().map(|problem| format!("request {count}: {problem}")));
        if let Some(schema) = body.pointer("/response_format/json_schema/schema") {
            played.schema = Some(schema.clone());
        }
        let words = spoken(&body).filter(|_| played.speaks);
        if words.is_none() {
            played.asked.push(Asked { body: body.clone() });
        }
        if let Some(words) = words {
            Reply::Text(words)
        } else if let Some(reply) = played.script.pop_front() {
            concrete(reply, &body, played.schema.as_ref())
        } else if let Some(decide) = played.always {
            concrete(decide(&body), &body, played.schema.as_ref())
        } else {
            played.problems.push(format!("request {count} was not in the script"));
            Reply::error(500, "not in the script")
        }
    };
    respond(reply).await
}

/// What the interviewer's voice says where it is to ask a question or to take leave.
pub fn spoken(body: &Value) -> Option<String> {
    let content = |at: usize| body["messages"][at]["content"].as_str().unwrap_or_default();
    if !content(0).starts_with("You lend your voice") {
        return None;
    }
    match content(1).split_once("The question: ") {
        Some((_, question)) => Some(format!("Thank you. {question}")),
        None if content(1).contains("thank the candidate for their time") => {
            Some("That was all. Thank you for your time; the interview ends here.".to_owned())
        }
        None => None,
    }
}

/// Works out the replies that depend on the request.
fn concrete(reply: Reply, body: &Value, schema: Option<&Value>) -> Reply {
    match reply {
        Reply::Judgement => Reply::Text(good(body, schema).0.to_string()),
        Reply::ThoughtJudgement => {
            let message = json!({"content": "", "reasoning_content": good(body, schema).0.to_string()});
            let whole = json!({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]});
            Reply::Raw("application/json", whole.to_string())
        }
        Reply::WholeJudgement => Reply::Whole(good(body, schema).0.to_string()),
        Reply::Bent(bend) => {
            let (judgement, ticket) = good(body, schema);
            Reply::Text(bend(judgement, &ticket))
        }
        Reply::BentWhole(bend) => {
            let (judgement, ticket) = good(body, schema);
            Reply::Whole(bend(judgement, &ticket))
        }
        Reply::Spoken(bend) => {
            let asked = body["messages"][1]["content"].as_str().unwrap_or_default();
            let follow_up = asked.trim().rsplit("\n\n").next().unwrap_or_default();
            Reply::Text(bend(json!({ "follow_up": follow_up }), ""))
        }
        other => other,
    }
}

/// A judgement that fits the request, and its ticket.
pub fn good(body: &Value, schema: Option<&Value>) -> (Value, String) {
    let first_user = body["messages"]
        .as_array()
        .and_then(|messages| messages.iter().find(|message| message["role"] == "user"))
        .and_then(|message| message["content"].as_str())
        .unwrap_or_default();
    let ticket = first_user.split("ticket is `").nth(1).and_then(|rest| rest.split('`').next()).unwrap_or_default();
    let citable = first_user.lines().find_map(|line| {
        let (number, rest) = line.strip_prefix('[')?.split_once(']')?;
        (!rest.contains("(proves nothing)")).then(|| number.parse::<usize>().ok())?
    });
    let ids = |key: &str| -> Vec<String> {
        let properties = schema.and_then(|schema| schema.pointer(&format!("/properties/{key}/properties")));
        properties.and_then(Value::as_object).map(|ids| ids.keys().cloned().collect()).unwrap_or_default()
    };
    let required = |key: &str| -> Vec<String> {
        let listed = schema.and_then(|schema| schema.pointer(&format!("/properties/{key}/required")));
        let listed: Option<Vec<String>> = listed
            .and_then(Value::as_array)
            .map(|ids| ids.iter().filter_map(|id| id.as_str().map(str::to_owned)).collect());
        listed.unwrap_or_else(|| ids(key))
    };
    let points: serde_json::Map<String, Value> = required("points")
        .into_iter()
        .enumerate()
        .map(|(at, id)| {
            let verdict = match (at, citable) {
                (0, Some(_)) => "met",
                (1, Some(_)) => "partial",
                _ => "missed",
            };
            let sentences: Vec<usize> = if verdict == "missed" { Vec::new() } else { citable.into_iter().collect() };
            (id, json!({"sentences": sentences, "reason": format!("It is {verdict} here."), "verdict": verdict}))
        })
        .collect();
    let pitfalls: serde_json::Map<String, Value> = required("pitfalls")
        .into_iter()
        .map(|id| (id, json!({"sentences": [], "reason": "Nothing of it.", "triggered": false})))
        .collect();
    let judgement = json!({
        "ticket": ticket, "points": points, "pitfalls": pitfalls,
        "strengths": ["You named a fact."], "improvements": ["Say what it cost.", "Give a date."],
        "outline": [{"sentences": citable.into_iter().collect::<Vec<_>>(), "step": "Open with what you did."},
                    {"sentences": [], "step": "Add a date."}],
    });
    (judgement, ticket.to_owned())
}

async fn respond(reply: Reply) -> Response {
    match reply {
        Reply::Judgement
        | Reply::WholeJudgement
        | Reply::ThoughtJudgement
        | Reply::Bent(_)
        | Reply::BentWhole(_)
        | Reply::Spoken(_) => {
            unreachable!("made concrete before")
        }
        Reply::Hang => std::future::pending().await,
        Reply::Status(status, headers, body) => {
            let kind = if body.starts_with('{') { "application/json" } else { "text/html" };
            let mut response =
                Response::builder().status(StatusCode::from_u16(status).unwrap()).header(header::CONTENT_TYPE, kind);
            for (name, value) in headers {
                response = response.header(name, value);
            }
            response.body(Body::from(body)).unwrap()
        }
        Reply::Raw(kind, body) => {
            Response::builder().header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap()
        }
        Reply::Whole(text) => {
            let message = json!({"role": "assistant", "content": text});
            let body = json!({
                "id": "c", "object": "chat.completion", "created": 1.5, "model": "another-name",
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
            });
            let pretty = serde_json::to_string_pretty(&body).unwrap();
            Response::builder().header(header::CONTENT_TYPE, "application/json").body(Body::from(pretty)).unwrap()
        }
        Reply::Text(text) => {
            let chars: Vec<char> = text.chars().collect();
            let mut events = vec![json!({"choices": [{"delta": {"role": "assistant", "content": null}}]})];
            events.extend(chars.chunks(40).map(|piece| words(&piece.iter().collect::<String>())));
            events
                .push(json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "service_tier": "odd"}));
            events.push(json!({"choices": [], "usage": {"prompt_tokens": 100, "completion_tokens": 20}}));
            let mut lines: Vec<String> = events.iter().map(|event| format!("data: {event}")).collect();
            lines.push("data: [DONE]\n\n".to_owned());
            event_stream(Body::from(lines.join("\n\n")))
        }
        Reply::Events(steps) => {
            let steps = stream::iter(steps).then(step).map(Ok::<_, Infallible>).filter_map(|step| async move {
                let Ok(step) = step;
                step
            });
            event_stream(Body::from_stream(steps))
        }
    }
}

fn words(text: &str) -> Value {
    json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]})
}

fn event_stream(body: Body) -> Response {
    Response::builder().header(header::CONTENT_TYPE, "text/event-stream; charset=utf-8").body(body).unwrap()
}

/// What a step puts on the wire, if anything.
async fn step(step: Step) -> Option<Result<Bytes, io::Error>> {
    let event = |data: String| Some(Ok(Bytes::from(format!("data: {data}\n\n"))));
    match step {
        Step::Words(text) => event(words(text).to_string()),
        Step::Data(data) => event(data),
        Step::Bytes(bytes) => Some(Ok(Bytes::from(bytes))),
        Step::Finish => event(json!({"choices": [{"delta": {}, "finish_reason": "stop"}]}).to_string()),
        Step::Wait(time) => {
            tokio::time::sleep(time).await;
            None
        }
        Step::Hang => std::future::pending().await,
        Step::Reset => {
            // What was sent before must reach the client first.
            tokio::time::sleep(Duration::from_millis(50)).await;
            Some(Err(io::Error::from(io::ErrorKind::ConnectionReset)))
        }
    }
}

#[tokio::test]
async fn a_request_that_is_wrong_or_not_in_the_script_fails_the_test() {
    let fails = |endpoint: Endpoint| {
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(endpoint)));
        *outcome.expect_err("the endpoint must complain").downcast::<String>().unwrap()
    };
    let client = reqwest::Client::new();
    let good = json!({"model": MODEL, "stream": true, "messages": [
        {"role": "system", "content": "s"}, {"role": "user", "content": "the answer"}]});
    let loose = json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": []});
    let mut with_schema = good.clone();
    with_schema["response_format"] =
        json!({"type": "json_schema", "json_schema": {"name": "n", "strict": true, "schema": loose}});
    let mut leaking = good.clone();
    leaking["messages"][0]["content"] = json!("s: the answer");
    let mut other = good.clone();
    other["model"] = json!("other");
    for (path, key, body, fault) in [
        ("/chat/completions", "wrong", &good, "authorization"),
        ("/completions", KEY, &good, "POST /v1/completions"),
        ("/chat/completions", KEY, &other, "model"),
        ("/chat/completions", KEY, &with_schema, "not every property is required"),
        ("/chat/completions", KEY, &leaking, "message 0 repeats the answer"),
    ] {
        let endpoint = Endpoint::start([Reply::Text("x".to_owned())]).await.keeps_apart("the answer");
        let url = format!("{}{path}", endpoint.base_url());
        client.post(url).bearer_auth(key).json(body).send().await.unwrap();
        let said = fails(endpoint);
        assert!(said.contains(fault), "{said}");
    }
    let endpoint = Endpoint::start([]).await;
    let url = format!("{}/chat/completions", endpoint.base_url());
    client.post(url).bearer_auth(KEY).json(&good).send().await.unwrap();
    assert!(fails(endpoint).contains("request 1 was not in the script"));
    assert!(fails(Endpoint::start([Reply::Hang]).await).contains("never asked for [Hang]"));
}
