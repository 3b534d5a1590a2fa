//! A durable answer over HTTP, against appending the same row to a file and waiting for the disk.

use std::{
    fs::{File, OpenOptions},
    io::Write as _,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::ensure;
use futures_util::future::try_join_all;
use serde_json::json;

use crate::{
    figures::{Figure, mean, median, millis},
    get::{rest, start},
    server::Server,
    wire::{self, Line},
};

/// About a minute of speech.
pub const ANSWER: &str = "When the vault team told us that their interface would come five weeks late, I drew the critical path again \
     that afternoon and saw that only the pilot and the audit hung on it; billing and the portal did not. I went to \
     their lead first, to hear what held them: two engineers had been lent to an incident. I wrote down three ways \
     to go on, with the cost and the risk of each: wait and move the launch, ship the pilot on a stub, or lend them \
     one of our engineers for two weeks. My director and theirs met with me the next morning and chose the third. \
     I agreed with the vault lead on a date for the first working call, ten days on, and put a check on day five, \
     so that we would know early if it slipped again. It came on day nine. The pilot moved by four days instead of \
     five weeks, nobody worked a weekend, and since then every dependency in our plan has a named person and a date \
     by which we say aloud that it is late.";

/// Single answers, each beside one write of the floor.
const SINGLES: usize = 100;

/// Candidates who answer at the same time, how many answers each gives in a round, and how many rounds.
const AT_ONCE: usize = 16;
const EACH: usize = 4;
const ROUNDS: usize = 5;

/// After this long no further round is begun.
const ENOUGH: Duration = Duration::from_secs(25);

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    // Beside the build, not in the folder for temporary files: that may be no disk at all.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let server = Server::start(folder.path())?;
    let mut floor = Floor::open(folder.path())?;
    let mut figures = singly(&server, &mut floor).await?;
    figures.extend(together(&server, &mut floor).await?);
    let memory = server.memory("VmHWM").unwrap_or_default();
    figures.push(Figure {
        what: "peak memory of `serve` after that",
        measured: format!("{memory:.1} MB"),
        floor: String::new(),
        ratio: String::new(),
        aim: None,
    });
    Ok(figures)
}

/// A file to which rows of the size of one answer's are appended.
struct Floor {
    file: File,
    row: Vec<u8>,
}

impl Floor {
    fn open(folder: &Path) -> anyhow::Result<Self> {
        let file = OpenOptions::new().create_new(true).append(true).open(folder.join("floor"))?;
        // Interview, place, time, entry and key, as they are stored.
        let entry = json!({ "kind": "answered", "take": 0, "text": ANSWER }).to_string();
        Ok(Self { file, row: vec![b'.'; entry.len() + 36 + 8 + 8 + 8] })
    }

    /// Milliseconds for one row to reach the disk.
    fn write(&mut self) -> anyhow::Result<f64> {
        let started = Instant::now();
        self.file.write_all(&self.row)?;
        self.file.sync_data()?;
        Ok(millis(started.elapsed()))
    }
}

/// One candidate: from sending the answer to having read the acknowledgement. What the answer sets off in the
/// background is waited for between the answers and not timed.
async fn singly(server: &Server, floor: &mut Floor) -> anyhow::Result<Vec<Figure>> {
    let address = server.address;
    let mut line = Line::open(address).await?;
    let (mut wrote, mut kept) = (Vec::new(), Vec::new());
    let begun = Instant::now();
    for seed in 0..SINGLES {
        if begun.elapsed() > ENOUGH {
            break;
        }
        let path = start(&mut line, address, &json!({ "count": 1, "seed": seed })).await?;
        let request = wire::post(address, &format!("{path}/answers"), "answer-1", &json!({ "text": ANSWER }));
        wrote.push(floor.write()?);
        let started = Instant::now();
        let status = line.ask(&request).await?.status;
        kept.push(millis(started.elapsed()));
        ensure!(status == 202, "an answer got {status}");
        rest(&mut line, address, &path).await?;
    }
    let figure = |what, middle: fn(&[f64]) -> f64, aim: Option<&'static str>| {
        let (floor, ours) = (middle(&wrote), middle(&kept));
        let ratio = floor / ours;
        Figure {
            what,
            measured: format!("{ours:.2} ms"),
            floor: format!("{floor:.2} ms (write, fdatasync)"),
            ratio: format!("{ratio:.2}"),
            aim: aim.map(|aim| (aim, ratio >= 0.9)),
        }
    };
    Ok(vec![figure("durable answer, one candidate, median", median, Some("0.9")), figure("the same, mean", mean, None)])
}

/// Many candidates, each giving answers to interviews of their own without a pause, with everything that the
/// answers set off in the background going on at the same time.
async fn together(server: &Server, floor: &mut Floor) -> anyhow::Result<Vec<Figure>> {
    let address = server.address;
    let (mut floors, mut rates, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let begun = Instant::now();
    for round in 0..ROUNDS {
        if begun.elapsed() > ENOUGH {
            break;
        }
        let clients = try_join_all((0..AT_ONCE).map(|client| async move {
            let mut line = Line::open(address).await?;
            let mut paths = Vec::new();
            for number in 0..EACH {
                let seed = (round * AT_ONCE + client) * EACH + number;
                paths.push(start(&mut line, address, &json!({ "count": 1, "seed": seed })).await?);
            }
            anyhow::Ok((line, paths))
        }))
        .await?;
        let mut floor_took = 0.0;
        for _ in 0..AT_ONCE * EACH {
            floor_took += floor.write()?;
        }
        let started = Instant::now();
        let clients = try_join_all(clients.into_iter().map(|(mut line, paths)| async move {
            for path in &paths {
                let answer = json!({ "text": ANSWER });
                let status = line.ask(&wire::post(address, &format!("{path}/answers"), "k", &answer)).await?.status;
                ensure!(status == 202, "an answer got {status}");
            }
            Ok((line, paths))
        }))
        .await?;
        let took = millis(started.elapsed());
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let count = (AT_ONCE * EACH) as f64;
        floors.push(count / floor_took * 1e3);
        rates.push(count / took * 1e3);
        ratios.push(floor_took / took);
        for (mut line, paths) in clients {
            for path in paths {
                rest(&mut line, address, &path).await?;
            }
        }
    }
    let ratio = median(&ratios);
    Ok(vec![Figure {
        what: "durable answers, 16 candidates at once",
        measured: format!("{:.0}/s", median(&rates)),
        floor: format!("{:.0}/s (one after another)", median(&floors)),
        ratio: format!("{ratio:.2}"),
        aim: Some(("0.9", ratio >= 0.9)),
    }])
}
