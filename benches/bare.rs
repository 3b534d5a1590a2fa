//! The floor of every request: hyper alone, one fixed response, in a process of its own.

use std::{
    convert::Infallible,
    io::{Read as _, Write as _},
    process::{Command, ExitCode, Stdio},
};

use anyhow::Context as _;
use http::{
    HeaderName, HeaderValue, Response,
    header::{CONTENT_LENGTH, CONTENT_TYPE, DATE},
};
use http_body_util::Full;
use hyper::{body::Bytes, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::{server::Server, wire::Reply};

/// Tells this program to be the bare server.
pub const ARGUMENT: &str = "--bare-server";

/// Starts a bare hyper server that answers everything with the bytes of this reply.
pub fn start(reply: Reply<'_>) -> anyhow::Result<Server> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("reply");
    std::fs::write(&path, [reply.head.as_bytes(), reply.body].concat())?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(ARGUMENT).stdin(std::fs::File::open(path)?).stdout(Stdio::piped());
    Server::spawn(&mut command)
}

/// Reads the reply from standard input, prints its address and serves until it is killed.
pub fn serve() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = runtime.context("no runtime").and_then(|runtime| runtime.block_on(answer_everything()));
    if let Err(error) = outcome {
        eprintln!("the bare server stopped: {error:#}");
    }
    ExitCode::FAILURE
}

async fn answer_everything() -> anyhow::Result<()> {
    let mut reply = String::new();
    std::io::stdin().read_to_string(&mut reply)?;
    let (head, body) = reply.split_once("\r\n\r\n").context("the reply has no end of head")?;
    let mut response = Response::new(Bytes::from(body.to_owned()));
    for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
        let name: HeaderName = name.parse()?;
        // Hyper adds these itself.
        if name != CONTENT_LENGTH && name != DATE {
            response.headers_mut().insert(name, HeaderValue::from_str(value)?);
        }
    }
    anyhow::ensure!(response.headers().contains_key(CONTENT_TYPE), "the reply has no content type");
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut out = std::io::stdout();
    writeln!(out, "http://{}", listener.local_addr()?)?;
    out.flush()?;
    loop {
        let (stream, _) = listener.accept().await?;
        let response = response.clone();
        let service = service_fn(move |_| {
            let response = response.clone().map(Full::new);
            async move { Ok::<_, Infallible>(response) }
        });
        // A client that goes away is no error.
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}
