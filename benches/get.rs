//! A JSON GET through the whole stack, against hyper alone with the same bytes under the same load.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use futures_util::future::try_join_all;
use serde_json::{Value, json};

use crate::{
    bare,
    figures::{Figure, median},
    server::Server,
    wire::{self, Line},
};

/// Connections that ask at the same time.
const LINES: usize = 8;
const ROUNDS: usize = 9;
const ROUND: Duration = Duration::from_millis(800);

const QUESTION: &str = "/api/v1/questions/execution/late-dependency";

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let server = Server::start(folder.path())?;
    let interview = finished_interview(server.address).await?;
    let question = against_bare(&server, QUESTION).await?;
    let interview = against_bare(&server, &interview).await?;
    Ok(vec![
        question.figure("GET a question with its rubric, JSON", Some(("0.75", question.ratio >= 0.75))),
        interview.figure("GET an interview with its scorecard, JSON", None),
    ])
}

struct Compared {
    ours: f64,
    bare: f64,
    ratio: f64,
}

impl Compared {
    fn figure(&self, what: &'static str, aim: Option<(&'static str, bool)>) -> Figure {
        Figure {
            what,
            measured: format!("{:.0}/s", self.ours),
            floor: format!("{:.0}/s (bare hyper)", self.bare),
            ratio: format!("{:.2}", self.ratio),
            aim,
        }
    }
}

/// Requests a second of the server and of a bare one that gives the same reply, in alternating rounds.
async fn against_bare(server: &Server, path: &str) -> anyhow::Result<Compared> {
    let mut line = Line::open(server.address).await?;
    let bare = bare::start(line.ask(&wire::get(server.address, path)).await?)?;
    // Warm-up, and a look that both give the same.
    let theirs = Line::open(bare.address).await?.ask(&wire::get(bare.address, path)).await?.body.to_vec();
    ensure!(theirs == line.ask(&wire::get(server.address, path)).await?.body, "the two replies differ");
    for address in [bare.address, server.address] {
        load(address, path, ROUND / 2).await?;
    }
    let (mut ours, mut floor, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let bare = load(bare.address, path, ROUND).await?;
        let server = load(server.address, path, ROUND).await?;
        floor.push(bare);
        ours.push(server);
        ratios.push(server / bare);
    }
    Ok(Compared { ours: median(&ours), bare: median(&floor), ratio: median(&ratios) })
}

/// Requests a second over all connections.
async fn load(address: SocketAddr, path: &str, time: Duration) -> anyhow::Result<f64> {
    let request = wire::get(address, path);
    let lines = try_join_all((0..LINES).map(|_| Line::open(address))).await?;
    let started = Instant::now();
    let counts = try_join_all(lines.into_iter().map(|mut line| {
        let request = &request;
        async move {
            let mut count = 0_u32;
            while started.elapsed() < time {
                ensure!(line.ask(request).await?.status == 200, "a reply is no 200");
                count += 1;
            }
            Ok(count)
        }
    }))
    .await?;
    Ok(f64::from(counts.into_iter().sum::<u32>()) / started.elapsed().as_secs_f64())
}

/// The address of an interview whose only answer is scored.
async fn finished_interview(address: SocketAddr) -> anyhow::Result<String> {
    let mut line = Line::open(address).await?;
    let wish = json!({ "count": 1, "seed": 7, "follow_ups": 0 });
    let path = start(&mut line, address, &wish).await?;
    let answer = json!({ "text": crate::durable::ANSWER });
    line.ask(&wire::post(address, &format!("{path}/answers"), "k", &answer)).await?;
    rest(&mut line, address, &path).await?;
    Ok(path)
}

/// Starts an interview and returns its address, the first question asked.
pub async fn start(line: &mut Line, address: SocketAddr, wish: &Value) -> anyhow::Result<String> {
    let reply = line.ask(&wire::post(address, "/api/v1/interviews", "-", wish)).await?;
    let started: Value = serde_json::from_slice(reply.body)?;
    ensure!(started["next"] == "answer", "no question was asked: {started}");
    let id = started["id"].as_str().context("an interview without id")?;
    Ok(format!("/api/v1/interviews/{id}"))
}

/// Waits until nothing goes on in the interview in the background.
pub async fn rest(line: &mut Line, address: SocketAddr, path: &str) -> anyhow::Result<()> {
    let request = wire::get(address, path);
    for _ in 0..2000 {
        let seen: Value = serde_json::from_slice(line.ask(&request).await?.body)?;
        let scoring = seen["takes"].as_array().into_iter().flatten().any(|take| take["score"]["state"] == "awaited");
        if seen["next"] != "interviewer" && !scoring {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    anyhow::bail!("the interview does not come to rest")
}
