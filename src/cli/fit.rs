//! `greenroom fit`: fits the offline engine's weights on labelled answers.

use std::{fs, path::PathBuf};

use anyhow::Context;

use super::{
    Status,
    labelled::{Labelled, LabelledFiles, exemplars},
    misuse,
};
use crate::{bank::Bank, config::Settings, question::Question, scoring::offline::Study};

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
    let mut samples: Vec<_> = labelled.iter().map(Labelled::sample).collect();
    let own = exemplars(&bank);
    let exemplars = own.len();
    samples.extend(own);
    let weights = Study::new(bank.iter().copied(), &samples).fit(None);
    fs::write(&out, weights.text()).with_context(|| format!("cannot write the weights to {}", out.display()))?;
    anstream::println!(
        "Fitted on {} answers and {exemplars} exemplars; wrote {} (weights {}). Build again to use them; `greenroom eval --left-out` measures them.",
        labelled.len(),
        out.display(),
        weights.short_hash(),
    );
    Ok(Status::Done)
}
