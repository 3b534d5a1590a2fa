//! The smallest client that will do: one connection, one request at a time, replies with a Content-Length.
//!
//! The less the client costs, the more a difference between two servers shows.

use std::net::SocketAddr;

use anyhow::{Context as _, bail};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// A kept-alive connection.
#[derive(Debug)]
pub struct Line {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// The reply to a request; it lives until the next one.
#[derive(Debug, Clone, Copy)]
pub struct Reply<'a> {
    pub status: u16,
    /// Status line and header fields, each ended by CR LF.
    pub head: &'a str,
    pub body: &'a [u8],
}

impl Line {
    pub async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends the bytes of a request and reads the whole reply.
    pub async fn ask(&mut self, request: &[u8]) -> anyhow::Result<Reply<'_>> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let body_at = loop {
            self.read().await?;
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let length = content_length(std::str::from_utf8(&self.buffer[..body_at])?)?;
        while self.buffer.len() < body_at + length {
            self.read().await?;
        }
        let (head, body) = self.buffer.split_at(body_at);
        let head = std::str::from_utf8(head)?;
        let status = head.get(9..12).and_then(|digits| digits.parse().ok()).context("no status in the reply")?;
        Ok(Reply { status, head, body })
    }

    async fn read(&mut self) -> anyhow::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => bail!("the server closed the connection"),
            _ => Ok(()),
        }
    }
}

fn content_length(head: &str) -> anyhow::Result<usize> {
    let fields = head.lines().filter_map(|line| line.split_once(':'));
    match fields.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length")) {
        Some((_, value)) => Ok(value.trim().parse()?),
        None => Ok(0),
    }
}

pub fn get(address: SocketAddr, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: application/json\r\n\r\n").into_bytes()
}

pub fn post(address: SocketAddr, path: &str, key: &str, body: &serde_json::Value) -> Vec<u8> {
    let body = body.to_string();
    format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nIdempotency-Key: {key}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
