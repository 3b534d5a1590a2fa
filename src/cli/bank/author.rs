//! `greenroom bank new` and `greenroom bank schema`: a file to fill in, and the format for an editor.

use std::{io, path::PathBuf};

use anyhow::Context as _;

use super::print;
use crate::{
    bank,
    cli::{Status, misuse, tell},
    config::BankSource,
    question::QuestionId,
};

#[derive(Debug, clap::Args)]
pub struct NewArgs {
    /// Category and slug, like risk/late-licence
    id: QuestionId,
    /// The bank that gets it; without it, the folder of `--bank`, or else `question_bank`
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Writes the file and says what comes next. One that is there already is left alone.
pub(super) fn begin(args: &NewArgs, sources: &[BankSource]) -> anyhow::Result<Status> {
    let in_use = sources.iter().rev().find_map(|source| match source {
        BankSource::Folder(folder) => Some(folder.clone()),
        BankSource::Builtin => None,
    });
    let root = args.dir.clone().or(in_use).unwrap_or_else(|| PathBuf::from("question_bank"));
    let path = match bank::scaffold(&root, &args.id) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let there = root.join(format!("{}.toml", args.id));
            let way_out = "edit that file, or choose another slug";
            return Err(misuse(format!("there is a question at {} already: {way_out}", there.display())));
        }
        written => written.with_context(|| format!("cannot write `{}` into {}", args.id, root.display()))?,
    };
    print(&format!("{}\n", path.display()))?;
    tell(format_args!("Fill it in; `greenroom bank lint {}` names what is left.", root.display()));
    Ok(Status::Done)
}

pub(super) fn schema() -> anyhow::Result<Status> {
    print(&(serde_json::to_string_pretty(&bank::schema())? + "\n"))?;
    Ok(Status::Done)
}
