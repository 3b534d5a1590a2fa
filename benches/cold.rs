//! Cold starts: a command that only lists, and the server up to its first page.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
    time::Instant,
};

use anyhow::{Context as _, ensure};

use crate::{
    figures::{Figure, median, millis},
    server::{Server, greenroom},
    wire,
};

const LISTS: usize = 30;
const SERVES: usize = 15;

/// `bank list`, against the same program that only says its version.
pub fn list() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let (mut floor, mut list) = (Vec::new(), Vec::new());
    for _ in 0..LISTS {
        floor.push(run(folder.path(), &["--version"])?);
        list.push(run(folder.path(), &["bank", "list"])?);
    }
    let (floor, list) = (median(&floor), median(&list));
    Ok(vec![Figure {
        what: "`bank list`, cold",
        measured: format!("{list:.1} ms"),
        floor: format!("{floor:.1} ms (`--version`)"),
        ratio: String::new(),
        aim: Some(("30 ms", list <= 30.0)),
    }])
}

/// Milliseconds from start to end of a command that must succeed.
fn run(home: &Path, arguments: &[&str]) -> anyhow::Result<f64> {
    let started = Instant::now();
    let output = greenroom(home).args(arguments).output()?;
    let took = started.elapsed();
    ensure!(output.status.success() && !output.stdout.is_empty(), "`{}` failed", arguments.join(" "));
    Ok(millis(took))
}

/// `serve` from its start to the last byte of the first page, and the most memory that it took for that.
pub fn serve() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let (mut floor, mut first, mut again, mut memory) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for round in 0..SERVES {
        floor.push(run(folder.path(), &["--version"])?);
        let fresh = folder.path().join(round.to_string());
        let (took, _) = first_page(&fresh)?;
        first.push(took);
        let (took, peak) = first_page(&fresh)?;
        again.push(took);
        memory.push(peak);
    }
    let (floor, first, again, memory) = (median(&floor), median(&first), median(&again), median(&memory));
    let against = format!("{floor:.1} ms (`--version`)");
    Ok(vec![
        Figure {
            what: "`serve` to the first 200 of /",
            measured: format!("{again:.1} ms"),
            floor: against.clone(),
            ratio: String::new(),
            aim: Some(("150 ms", again <= 150.0)),
        },
        Figure {
            what: "the same, making its database",
            measured: format!("{first:.1} ms"),
            floor: against,
            ratio: String::new(),
            aim: None,
        },
        Figure {
            what: "peak memory of `serve` by then",
            measured: format!("{memory:.1} MB"),
            floor: String::new(),
            ratio: String::new(),
            aim: Some(("40 MB", memory <= 40.0)),
        },
    ])
}

/// Milliseconds until the first page is there, and the peak of resident memory in MB.
fn first_page(home: &Path) -> anyhow::Result<(f64, f64)> {
    let started = Instant::now();
    let server = Server::start(home)?;
    let mut stream = TcpStream::connect(server.address)?;
    let request =
        String::from_utf8(wire::get(server.address, "/"))?.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut page = String::new();
    stream.read_to_string(&mut page)?;
    let took = started.elapsed();
    ensure!(
        page.starts_with("HTTP/1.1 200") && page.trim_end().ends_with("</html>"),
        "the first page is not there: {page}"
    );
    let peak = server.memory("VmHWM").context("this system does not tell the memory of a process")?;
    server.stop()?;
    Ok((millis(took), peak))
}
