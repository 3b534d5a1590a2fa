//! `greenroom fit`: fits the offline engine's weights on labelled answers.

use std::{fs, path::PathBuf};

use anyhow::Context;

use super::{Status, eval, labelled::LabelledFiles, misuse};
use crate::{
    bank::Bank,
    config::Settings,
    question::Question,
    scoring::{agreement, offline::LeftOut},
};

/// Fit the offline engine's weights on labelled answers and the bank's exemplars
#[derive(Debug, Clone, clap::Args)]
pub struct FitArgs {
    #[command(flatten)]
    pub files: LabelledFiles,
    /// Where the weights go; they are built in when Greenroom is built next
    #[arg(long, value_name = "FILE", default_value = "src/scoring/offline/weights.json")]
    pub out: PathBuf,
}

/// Fits, writes the file and says so.
pub fn run(args: FitArgs, settings: &Settings) -> anyhow::Result<Status> {
    let FitArgs { files, out } = args;
    let bank = Bank::open(&settings.bank).map_err(|error| misuse(error.to_string()))?;
    let bank: Vec<&Question> = bank.questions().collect();
    let labelled = files.read(&bank).map_err(|error| misuse(format!("{error:#}")))?;
    let (study, fitted) = eval::study(&labelled, &bank)?;
    let mut weights = study.fit_without(&[]);
    let pairs = eval::pairs(&labelled, &eval::left_out(&labelled, &study));
    weights.left_out = LeftOut::of(&agreement::figures(&pairs, labelled.len()), &pairs);
    fs::write(&out, weights.text()).with_context(|| format!("cannot write the weights to {}", out.display()))?;
    anstream::println!(
        "Fitted on {} answers, {} further ones and {} exemplars; wrote {} (weights {}). Build again to use them; `greenroom eval --left-out` measures them.",
        fitted.answers,
        fitted.further,
        fitted.exemplars,
        out.display(),
        weights.short_hash(),
    );
    Ok(Status::Done)
}
