//! The strict lint: what a question must have beyond the format before a hiring panel would be glad to use it.

mod alike;
mod counts;
mod coverage;
mod entry;
mod exemplars;
mod frozen;
mod lengths;
mod likeness;
mod reading;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

pub use coverage::Coverage;
use entry::Entry;

use super::{BankError, Finding, source};
use crate::config::BankSource;

/// What the strict lint has to say about the bank that these sources make together.
#[derive(Debug)]
pub struct StrictReport {
    /// How many questions are in order by the format.
    pub questions: usize,
    /// Sorted by file, then line; those of the plain lint are among them.
    pub findings: Vec<Finding>,
    pub coverage: Coverage,
}

/// Every finding about the bank that `sources` make together; a later one replaces questions of an earlier one.
pub fn strict(sources: &[BankSource]) -> Result<StrictReport, BankError> {
    let mut findings = Vec::new();
    let mut entries: Vec<Entry> = Vec::new();
    for source in sources {
        let checked = source::check(source)?;
        findings.extend(checked.findings);
        let originals = source::originals(source)?.into_iter().map(|original| (original.id.clone(), original));
        let mut originals: HashMap<_, _> = originals.collect();
        for question in checked.questions {
            entries.retain(|entry| entry.question.id != question.id);
            if let Some(original) = originals.remove(&question.id) {
                entries.push(Entry::new(question, original));
            }
        }
    }
    entries.sort_by(|a, b| a.question.id.cmp(&b.question.id));
    for entry in &entries {
        counts::check(entry, &mut findings);
        lengths::check(entry, &mut findings);
        reading::check(entry, &mut findings);
        exemplars::check(entry, &mut findings);
    }
    alike::check(&entries, &mut findings);
    let coverage = Coverage::of(entries.iter().map(|entry| &entry.question));
    let root = sources.last().map_or_else(String::new, source::shown_root);
    coverage.check(&root, &mut findings);
    exemplars::check_lengths(&entries, &root, &mut findings);
    findings.sort();
    findings.dedup();
    Ok(StrictReport { questions: entries.len(), findings, coverage })
}
