//! Many answers judged by a model: `greenroom score` against a bare hyper client that sends as much and reads as much.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::SocketAddr,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use futures_util::future::try_join_all;
use http::{Request, header::HOST};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::TcpStream;

use crate::{
    durable::ANSWER,
    figures::Figure,
    model::{self, QUESTION},
    server::{Server, greenroom, memory_of},
    wire::{self, Line},
};

const ANSWERS: usize = 500;
const AT_ONCE: usize = 32;
const ROUNDS: usize = 3;

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let endpoint = model::start(folder.path())?;
    let (mut ours, mut bares, mut cpus, mut peaks) = (vec![], vec![], vec![], vec![]);
    let (mut means, mut steady, mut bare_steady) = (vec![], vec![], vec![]);
    let mut most = 0;
    for _ in 0..ROUNDS {
        bares.push(bare(endpoint.address).await?);
        bare_steady.push(load(&endpoint).await?.steady);
        let judged = score(folder.path(), &endpoint)?;
        ours.push(judged.wall);
        cpus.push(judged.cpu);
        peaks.push(judged.peak);
        let load = load(&endpoint).await?;
        most = most.max(load.most);
        means.push(load.mean);
        steady.push(load.steady);
    }
    let middle = |figures: &[f64]| crate::figures::median(figures);
    let (wall, floor) = (middle(&ours), middle(&bares));
    let (ratio, cpu, peak) = (wall / floor, middle(&cpus), middle(&peaks));
    let (mean, steady) = (middle(&means), middle(&steady));
    Ok(vec![
        Figure {
            what: "500 answers judged, 32 at once, 50 ms each",
            measured: format!("{wall:.2} s"),
            floor: format!("{floor:.2} s (bare hyper client)"),
            ratio: format!("{ratio:.2}"),
            aim: Some(("1.15", ratio <= 1.15)),
        },
        Figure {
            what: "the same, processor time an answer",
            measured: format!("{cpu:.2} ms"),
            floor: String::new(),
            ratio: String::new(),
            aim: Some(("0.5 ms", cpu <= 0.5)),
        },
        Figure {
            what: "the same, peak memory",
            measured: format!("{peak:.1} MB"),
            floor: String::new(),
            ratio: String::new(),
            aim: Some(("40 MB", peak <= 40.0)),
        },
        Figure {
            what: "the same, requests under way until the last was sent",
            measured: format!("{steady:.1} on average, at most {most}"),
            floor: format!("{:.1} (bare hyper client)", middle(&bare_steady)),
            ratio: String::new(),
            aim: Some(("31 of 32", steady >= 31.0 && most == AT_ONCE)),
        },
        Figure {
            what: "the same, with the last replies waited for",
            measured: format!("{mean:.1}"),
            floor: format!("{:.2} (16 rounds)", most_on_average()),
            ratio: String::new(),
            aim: None,
        },
    ])
}

/// Requests under way on average where no place is ever empty before the last round, which cannot fill all of them.
#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn most_on_average() -> f64 {
    ANSWERS as f64 / ANSWERS.div_ceil(AT_ONCE) as f64
}

/// Requests under way since the last look.
struct Load {
    most: usize,
    /// On average from the first that came to the last that went, and to the last that came.
    mean: f64,
    steady: f64,
}

async fn load(endpoint: &Server) -> anyhow::Result<Load> {
    let mut line = Line::open(endpoint.address).await?;
    let reply = line.ask(&wire::get(endpoint.address, "/load")).await?;
    let mut words = std::str::from_utf8(reply.body)?.split(' ');
    let mut next = || words.next().context("the endpoint does not tell its load");
    Ok(Load { most: next()?.parse()?, mean: next()?.parse()?, steady: next()?.parse()? })
}

/// Seconds for as many requests of the same size, sent and read by hyper alone over 32 connections.
async fn bare(address: SocketAddr) -> anyhow::Result<f64> {
    // About what a judge's prompt has.
    let padding = "x".repeat(9_000);
    let body = Bytes::from(
        json!({"model": "m", "messages": [{"role": "user", "content": format!("{padding} ticket is `000000000000`")}]})
            .to_string(),
    );
    let begun = Instant::now();
    let left = std::sync::atomic::AtomicUsize::new(ANSWERS);
    try_join_all((0..AT_ONCE).map(|_| async {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        while left
            .fetch_update(std::sync::atomic::Ordering::Relaxed, std::sync::atomic::Ordering::Relaxed, |left| {
                left.checked_sub(1)
            })
            .is_ok()
        {
            let request = Request::post("/v1/chat/completions")
                .header(HOST, address.to_string())
                .body(Full::new(body.clone()))?;
            let reply = sender.send_request(request).await?;
            ensure!(reply.status() == 200, "a reply is no 200");
            reply.into_body().collect().await?;
        }
        drop(sender);
        connection.abort();
        anyhow::Ok(())
    }))
    .await?;
    Ok(begun.elapsed().as_secs_f64())
}

struct Judged {
    /// Seconds.
    wall: f64,
    /// Milliseconds an answer.
    cpu: f64,
    /// MB.
    peak: f64,
}

/// Has all answers scored by one process, fed over its standard input, which stays open until it was looked at.
fn score(home: &std::path::Path, endpoint: &Server) -> anyhow::Result<Judged> {
    let mut command = greenroom(home);
    command.args(["score", "--answers", "-", "--concurrency", &AT_ONCE.to_string()]);
    command.env("GREENROOM_LLM_BASE_URL", format!("http://{}/v1", endpoint.address)).stdin(Stdio::piped());
    let mut child = command.spawn()?;
    let mut input = child.stdin.take().context("no standard input")?;
    let output = BufReader::new(child.stdout.take().context("no standard output")?);
    // What a start costs is measured elsewhere.
    std::thread::sleep(Duration::from_millis(300));
    let before = processor_ms(&child)?;
    let begun = Instant::now();
    let feeder = std::thread::spawn(move || {
        for id in 0..ANSWERS {
            let line = json!({"id": id.to_string(), "question": QUESTION, "answer": ANSWER});
            writeln!(input, "{line}")?;
        }
        input.flush()?;
        Ok::<_, std::io::Error>(input)
    });
    let mut scored = 0;
    for line in output.lines().take(ANSWERS) {
        let line = line?;
        ensure!(line.contains("\"overall\":5"), "an answer was not scored: {line}");
        scored += 1;
    }
    let wall = begun.elapsed().as_secs_f64();
    ensure!(scored == ANSWERS, "only {scored} lines came back");
    let cpu = processor_ms(&child)? - before;
    let peak = memory_of(&child, "VmHWM").unwrap_or_default();
    drop(feeder.join());
    child.wait()?;
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let each = cpu / ANSWERS as f64;
    Ok(Judged { wall, cpu: each, peak })
}

/// Processor time that the process has used, in milliseconds, to ten of them.
fn processor_ms(child: &Child) -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).context("this system tells no times")?;
    let fields = stat.rsplit_once(')').context("an odd /proc")?.1;
    let ticks: f64 = fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    Ok(ticks * 10.0)
}
