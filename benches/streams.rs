//! The interviewer's words on their way through the server: the first one, and a thousand interviews at once.

use std::{
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::{
    figures::{Figure, median, millis},
    get::start,
    model::{self, SLOW},
    server::{Server, greenroom},
    wire::{self, Line},
};

const FIRST_WORDS: usize = 60;
const AT_ONCE: usize = 1000;
/// Interviews are started and asked back so many at a time.
const GENTLY: usize = 50;
const PATIENCE: Duration = Duration::from_secs(30);

/// A server whose interviewer is a model, heard in replies to questions back alone.
fn serve(home: &Path, endpoint: &Server, name: &str) -> anyhow::Result<Server> {
    let mut command = greenroom(home);
    command.args(["serve", "--listen", "127.0.0.1:0"]);
    command.env("GREENROOM_LLM_BASE_URL", format!("http://{}/v1", endpoint.address));
    command.env("GREENROOM_LLM_MODEL", name).env("GREENROOM_INTERVIEWER_VOICE", "replies");
    command.env("GREENROOM_LLM_CONCURRENCY", "2000");
    Server::spawn(&mut command)
}

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let endpoint = model::start(folder.path())?;
    let first = first_word(folder.path(), &endpoint).await?;
    let many = many(&folder.path().join("many"), &endpoint).await?;
    Ok(vec![first, many])
}

/// From sending a question back to the first word over the event stream, against the same words straight from the
/// endpoint.
async fn first_word(home: &Path, endpoint: &Server) -> anyhow::Result<Figure> {
    let server = serve(home, endpoint, "m")?;
    let address = server.address;
    let mut line = Line::open(address).await?;
    let (mut straight, mut through) = (Vec::new(), Vec::new());
    for seed in 0..FIRST_WORDS {
        straight.push(direct(endpoint.address).await?);
        let path = start(&mut line, address, &json!({ "count": 1, "seed": seed })).await?;
        let mut events = follow(address, &path).await?;
        let back = json!({ "kind": "question-back", "text": "Which regions are affected?" });
        let request = wire::post(address, &format!("{path}/answers"), "k", &back);
        let begun = Instant::now();
        let asked = async {
            let status = line.ask(&request).await?.status;
            ensure!(status == 202, "a question back got {status}");
            Ok(())
        };
        let heard = async {
            until(&mut events, "event: saying").await?;
            Ok(millis(begun.elapsed()))
        };
        let ((), took) = tokio::try_join!(asked, heard)?;
        through.push(took);
    }
    let (straight, through) = (median(&straight), median(&through));
    Ok(Figure {
        what: "a model's first word in the browser",
        measured: format!("{through:.2} ms, {:.2} ms more", through - straight),
        floor: format!("{straight:.2} ms (straight from the endpoint)"),
        ratio: format!("{:.3}", through / straight),
        aim: None,
    })
}

/// Milliseconds to the first word, asked without anything between.
async fn direct(address: SocketAddr) -> anyhow::Result<f64> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let body = json!({"model": "m", "stream": true, "messages": [{"role": "user", "content": "x".repeat(2_000)}]});
    let request = wire::post(address, "/v1/chat/completions", "-", &body);
    let begun = Instant::now();
    stream.write_all(&request).await?;
    until(&mut stream, "content").await?;
    Ok(millis(begun.elapsed()))
}

/// Follows the interview from what is recorded on.
async fn follow(address: SocketAddr, path: &str) -> anyhow::Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    stream.write_all(&wire::get(address, &format!("{path}/events?after=1"))).await?;
    until(&mut stream, "event-stream").await?;
    Ok(stream)
}

/// Reads on until these words have come.
async fn until(stream: &mut TcpStream, words: &str) -> anyhow::Result<()> {
    let mut seen = Vec::new();
    let mut buffer = [0; 4096];
    let read = async {
        loop {
            let count = stream.read(&mut buffer).await?;
            ensure!(count > 0, "the stream ended before {words:?}");
            seen.extend_from_slice(&buffer[..count]);
            if String::from_utf8_lossy(&seen).contains(words) {
                return Ok(());
            }
        }
    };
    timeout(PATIENCE, read).await.with_context(|| format!("{words:?} never came"))?
}

/// A thousand interviews whose interviewer is speaking, each followed by somebody.
async fn many(home: &Path, endpoint: &Server) -> anyhow::Result<Figure> {
    let server = serve(home, endpoint, SLOW)?;
    let address = server.address;
    let page = Line::open(address).await?.ask(&wire::get(address, "/")).await?.status;
    ensure!(page == 200, "the first page got {page}");
    let before = server.memory("VmRSS").context("this system does not tell the memory of a process")?;
    let interviews: Vec<(String, TcpStream)> = stream::iter(0..AT_ONCE)
        .map(|seed| async move {
            let mut line = Line::open(address).await?;
            let path = start(&mut line, address, &json!({ "count": 1, "seed": seed })).await?;
            let events = follow(address, &path).await?;
            anyhow::Ok((path, events))
        })
        .buffer_unordered(GENTLY)
        .try_collect()
        .await?;
    let speaking: Vec<TcpStream> = stream::iter(interviews)
        .map(|(path, mut events)| async move {
            let back = json!({ "kind": "question-back", "text": "Which regions are affected?" });
            let mut line = Line::open(address).await?;
            let reply = line.ask(&wire::post(address, &format!("{path}/answers"), "k", &back)).await?;
            ensure!(reply.status == 202, "a question back got {}", reply.status);
            until(&mut events, "event: saying").await?;
            Ok(events)
        })
        .buffer_unordered(GENTLY)
        .try_collect()
        .await?;
    let during = server.memory("VmRSS").unwrap_or_default();
    let still = still_speaking(speaking).await;
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let each = (during - before) * 1000.0 / AT_ONCE as f64;
    Ok(Figure {
        what: "1,000 interviews spoken to at once, memory of each",
        measured: format!("{each:.1} kB ({during:.0} MB in all)"),
        floor: format!("{still} of {AT_ONCE} heard on"),
        ratio: String::new(),
        aim: None,
    })
}

/// How many of them hear another word after all have heard their first.
async fn still_speaking(all: Vec<TcpStream>) -> usize {
    stream::iter(all)
        .map(|mut events| async move { until(&mut events, "saying").await.is_ok() })
        .buffer_unordered(AT_ONCE)
        .filter(|heard| std::future::ready(*heard))
        .count()
        .await
}
