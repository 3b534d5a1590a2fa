//! How far Greenroom's hot paths are from a floor that is measured in the same run, interleaved with them.
//!
//! `cargo bench` prints one table. Whether an aim is reached or not, the status is 0: times on a shared machine
//! prove nothing. It is 1 where something could not be measured at all. What each line means stands in
//! docs/benchmarks.md.

mod bare;
mod cold;
mod durable;
mod figures;
mod get;
mod judge;
mod model;
mod server;
mod streams;
mod wire;

use std::process::ExitCode;

use figures::{Figure, table};

fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == bare::ARGUMENT) {
        return bare::serve();
    }
    if std::env::args().any(|argument| argument == model::ARGUMENT) {
        return model::serve();
    }
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("nothing can be measured: {error}");
            return ExitCode::FAILURE;
        }
    };
    let measured = [
        ("cold start of `bank list`", cold::list()),
        ("cold start of `serve`", cold::serve()),
        ("JSON GET", runtime.block_on(get::measure())),
        ("durable answer", runtime.block_on(durable::measure())),
        ("answers judged by a model", runtime.block_on(judge::measure())),
        ("words of a model", runtime.block_on(streams::measure())),
    ];
    let mut figures: Vec<Figure> = Vec::new();
    let mut failed = false;
    for (what, outcome) in measured {
        match outcome {
            Ok(found) => figures.extend(found),
            Err(error) => {
                eprintln!("{what}: could not be measured: {error:#}");
                failed = true;
            }
        }
    }
    println!("{}", table(&figures));
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
