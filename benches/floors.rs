//! How far Greenroom's hot paths are from a floor that is measured in the same run, interleaved with them.
//!
//! `cargo bench` prints one table, `cargo bench -- judged` only what has that word in its name. Whether an aim is reached or not, the status is 0: times on a shared machine
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

/// What is measured, and how.
type Measure<'a> = (&'a str, &'a dyn Fn() -> anyhow::Result<Vec<Figure>>);

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
    let words: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let measures: [Measure<'_>; 6] = [
        ("cold start of `bank list`", &cold::list),
        ("cold start of `serve`", &cold::serve),
        ("JSON GET", &|| runtime.block_on(get::measure())),
        ("durable answer", &|| runtime.block_on(durable::measure())),
        ("answers judged by a model", &|| runtime.block_on(judge::measure())),
        ("words of a model", &|| runtime.block_on(streams::measure())),
    ];
    let mut figures: Vec<Figure> = Vec::new();
    let mut failed = false;
    let wanted = |what: &str| words.is_empty() || words.iter().any(|word| what.contains(word.as_str()));
    for (what, measure) in measures.into_iter().filter(|(what, _)| wanted(what)) {
        match measure() {
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
