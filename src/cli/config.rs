//! `greenroom config`: every setting with its value and where it came from.

use std::io::Write as _;

use clap::Args;
use serde::Serialize;

use super::{Status, paper};
use crate::config::Resolved;

#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// Print one JSON object a setting
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Row<'a> {
    key: &'a str,
    value: &'a str,
    source: String,
    variables: &'a [&'a str],
}

pub fn run(args: &ConfigArgs, resolved: &Resolved) -> anyhow::Result<Status> {
    let mut out = anstream::stdout().lock();
    if args.json {
        for row in &resolved.account {
            let source = row.source.to_string();
            let row = Row { key: row.key, value: &row.value, source, variables: row.variables };
            writeln!(out, "{}", serde_json::to_string(&row)?)?;
        }
        return Ok(Status::Done);
    }
    let rows: Vec<[String; 4]> = resolved
        .account
        .iter()
        .map(|row| [row.key.to_owned(), row.value.clone(), row.source.to_string(), row.variables.join(", ")])
        .collect();
    let heads = ["KEY", "VALUE", "SOURCE", "VARIABLE"];
    for line in paper::table(heads, &rows) {
        writeln!(out, "{line}")?;
    }
    match &resolved.file {
        Some((path, true)) => writeln!(out, "\nSettings file: {}", path.display())?,
        Some((path, false)) => writeln!(out, "\nSettings file: {} (not there)", path.display())?,
        None => {}
    }
    Ok(Status::Done)
}
