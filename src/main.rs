//! Greenroom's program: parse, log, run one command, exit with its status.

use std::process::ExitCode;

use clap::Parser as _;
use greenroom::cli::{Cli, Status, report};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(apologise));
    let cli = Cli::parse();
    log(cli.log_filter());
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            report(&anyhow::Error::new(error).context("the machine gives no threads to work with"));
            return Status::OutOfReach.into();
        }
    };
    // A thread that waits for a line of standard input cannot be stopped; leaving must not wait for it.
    let outcome = runtime.block_on(cli.run());
    runtime.shutdown_background();
    outcome.unwrap_or_else(|error| report(&error)).into()
}

/// Log lines on standard error, as `RUST_LOG` or else the command wants them.
fn log(usual: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    // This crate logs replies that it cannot read in full, and they quote the candidate.
    let filter = filter.add_directive("async_openai=off".parse().expect("a fixed directive is well formed"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

/// What a user reads when the program itself is at fault: what happened and what to do, no stack trace.
fn apologise(panic: &std::panic::PanicHookInfo<'_>) {
    let words = panic.payload_as_str().unwrap_or("no reason given");
    let place = panic.location().map_or_else(String::new, |place| format!(" ({}:{})", place.file(), place.line()));
    // `print!` panics where the reader has gone away, which is no fault.
    if words.contains("Broken pipe") {
        std::process::exit(0);
    }
    // Not `eprintln!`: it would panic anew where standard error is closed or full.
    greenroom::cli::tell(format_args!(
        "error: greenroom has a fault and stopped what it was doing: {words}{place}\n\
         What you answered before is kept. Please report this line together with what you did."
    ));
}
