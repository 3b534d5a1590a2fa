//! A model's endpoint in a process of its own that takes a fixed time and costs next to nothing, and counts who waits.

use std::{
    convert::Infallible,
    io::Write as _,
    path::Path,
    process::{Command, ExitCode, Stdio},
    sync::{
        LazyLock, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Context as _;
use futures_util::{StreamExt as _, stream};
use http::{Request, Response, header::CONTENT_TYPE};
use http_body_util::{BodyExt, Full, StreamBody, combinators::BoxBody};
use hyper::{
    body::{Bytes, Frame, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::server::{Server, greenroom};

/// Tells this program to be the endpoint.
pub const ARGUMENT: &str = "--model-server";

/// What every reply takes before its first word.
pub const THINKS: Duration = Duration::from_millis(50);

/// How long a spoken reply goes on after its first word, where the request names the slow model.
const SPEAKS: Duration = Duration::from_secs(20);

/// The model whose replies go on and on.
pub const SLOW: &str = "slow";

/// The question that is judged.
pub const QUESTION: &str = "execution/late-dependency";

/// Stands in the prepared judgement where the ticket of the request belongs.
const TICKET: &str = "@ticket@";

/// Starts the endpoint, with a judgement that fits [`QUESTION`].
pub fn start(home: &Path) -> anyhow::Result<Server> {
    let shown = greenroom(home).args(["bank", "show", QUESTION, "--json"]).output()?;
    let question: Value = serde_json::from_slice(&shown.stdout).context("the question is not shown")?;
    let claims = |key: &str, claim: &Value| -> Value {
        let ids = question[key].as_array().into_iter().flatten().filter_map(|one| one["id"].as_str());
        ids.map(|id| (id.to_owned(), claim.clone())).collect::<serde_json::Map<_, _>>().into()
    };
    let met = json!({"sentences": [1], "reason": "You went to the lead and asked what held them.", "verdict": "met"});
    let clear = json!({"sentences": [], "reason": "Nothing of it was said.", "triggered": false});
    let judgement = json!({
        "ticket": TICKET, "points": claims("assessment_points", &met), "pitfalls": claims("pitfalls", &clear),
        "strengths": ["You named the day."], "improvements": ["Say what each way would have cost."],
        "outline": [{"sentences": [1], "step": "Open with the cause."}],
    });
    let mut command = Command::new(std::env::current_exe()?);
    command.args([ARGUMENT, &judgement.to_string()]).stdin(Stdio::null()).stdout(Stdio::piped());
    Server::spawn(&mut command)
}

/// How many requests were under way.
#[derive(Debug, Default)]
struct Load {
    now: AtomicUsize,
    most: AtomicUsize,
    waited: Mutex<Waited>,
}

#[derive(Debug, Default)]
struct Waited {
    /// When the number of requests under way last changed, when it first did, and what it is.
    last: Option<(Instant, Instant)>,
    now: u32,
    /// Time that all requests together have waited, and what that was when the last one so far came, how long after the
    /// first.
    total: Duration,
    at_the_last: (Duration, Duration),
}

impl Waited {
    fn comes(&mut self) {
        self.passes();
        self.now += 1;
        let since_first = self.last.map_or(Duration::ZERO, |(first, last)| last - first);
        self.at_the_last = (self.total, since_first);
    }

    fn goes(&mut self) {
        self.passes();
        self.now -= 1;
    }

    fn passes(&mut self) {
        let now = Instant::now();
        let (first, last) = self.last.unwrap_or((now, now));
        self.total += (now - last) * self.now;
        self.last = Some((first, now));
    }
}

static LOAD: LazyLock<Load> = LazyLock::new(Load::default);

/// Prints its address and serves until it is killed.
pub fn serve() -> ExitCode {
    let judgement = std::env::args().skip_while(|argument| argument != ARGUMENT).nth(1).unwrap_or_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let judgement: &'static str = judgement.leak();
    let outcome = runtime.context("no runtime").and_then(|runtime| runtime.block_on(answer(judgement)));
    if let Err(error) = outcome {
        eprintln!("the endpoint stopped: {error:#}");
    }
    ExitCode::FAILURE
}

async fn answer(judgement: &'static str) -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut out = std::io::stdout();
    writeln!(out, "http://{}", listener.local_addr()?)?;
    out.flush()?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let service = service_fn(move |request| respond(request, judgement));
        // A client that goes away is no error.
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

type Reply = Result<Response<BoxBody<Bytes, Infallible>>, Infallible>;

async fn respond(request: Request<Incoming>, judgement: &'static str) -> Reply {
    if request.uri().path() == "/load" {
        return Ok(Response::new(Full::new(Bytes::from(load())).boxed()));
    }
    let begun = Instant::now();
    if let Ok(mut waited) = LOAD.waited.lock() {
        waited.comes();
    }
    LOAD.most.fetch_max(LOAD.now.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
    let body = request.into_body().collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    tokio::time::sleep(THINKS.saturating_sub(begun.elapsed())).await;
    let body = String::from_utf8_lossy(&body);
    let ticket = body.split("ticket is `").nth(1).and_then(|rest| rest.split('`').next());
    let reply = match ticket {
        Some(ticket) => whole(&judgement.replace(TICKET, ticket)),
        None if body.contains(&format!("\"model\":\"{SLOW}\"")) => slow(),
        None => whole("Both of the regions are affected, and nobody else can supply it."),
    };
    LOAD.now.fetch_sub(1, Ordering::Relaxed);
    if let Ok(mut waited) = LOAD.waited.lock() {
        waited.goes();
    }
    Ok(reply)
}

/// `most mean while`: requests under way at once, on average over all the time and until the last one came.
fn load() -> String {
    let most = LOAD.most.swap(0, Ordering::Relaxed);
    let Ok(mut waited) = LOAD.waited.lock() else { return String::new() };
    let Waited { last, total, at_the_last: (until, came), .. } = std::mem::take(&mut *waited);
    let mean = |total: Duration, span: Duration| total.as_secs_f64() / span.as_secs_f64().max(f64::MIN_POSITIVE);
    let all = last.map_or(0.0, |(first, last)| mean(total, last - first));
    format!("{most} {all:.1} {:.1}", mean(until, came))
}

fn event(words: &str) -> String {
    format!("data: {}\n\n", json!({"choices": [{"index": 0, "delta": {"content": words}, "finish_reason": null}]}))
}

const END: &str = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n\
                   data: {\"choices\":[],\"usage\":{\"prompt_tokens\":900,\"completion_tokens\":300}}\n\ndata: [DONE]\n\n";

fn whole(words: &str) -> Response<BoxBody<Bytes, Infallible>> {
    stream_of(Full::new(Bytes::from(event(words) + END)).boxed())
}

/// A first word at once, and then one every second.
fn slow() -> Response<BoxBody<Bytes, Infallible>> {
    let words = stream::iter(0..=SPEAKS.as_secs()).then(|second| async move {
        if second > 0 {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        let text = if second == SPEAKS.as_secs() { event("so.") + END } else { event("and ") };
        Ok(Frame::data(Bytes::from(text)))
    });
    stream_of(BodyExt::boxed(StreamBody::new(Box::pin(words) as SyncStream)))
}

type SyncStream = std::pin::Pin<Box<dyn futures_util::Stream<Item = Result<Frame<Bytes>, Infallible>> + Send + Sync>>;

fn stream_of(body: BoxBody<Bytes, Infallible>) -> Response<BoxBody<Bytes, Infallible>> {
    let mut response = Response::new(body);
    response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static("text/event-stream"));
    response
}
