//! `greenroom bank lint`: every finding on a line of its own, by the format or by the strict rules.

use std::fmt::Write as _;

use super::print;
use crate::{
    bank::{self, Finding},
    cli::{Status, paper::counted, tell},
    config::BankSource,
};

/// By the format alone: what a bank must be to be used.
pub(super) fn plain(sources: &[BankSource]) -> anyhow::Result<Status> {
    let (mut questions, mut findings) = (0, Vec::new());
    for source in sources {
        let report = bank::lint(source)?;
        questions += report.questions;
        findings.extend(report.findings);
    }
    told(questions, &findings)
}

/// By everything that makes a question worth practising; the matrix goes to standard error, where it is in
/// nobody's way who reads the findings.
pub(super) fn strict(sources: &[BankSource]) -> anyhow::Result<Status> {
    let report = bank::strict(sources)?;
    tell(&report.coverage);
    told(report.questions, &report.findings)
}

fn told(questions: usize, findings: &[Finding]) -> anyhow::Result<Status> {
    let mut lines = String::new();
    for finding in findings {
        writeln!(lines, "{finding}")?;
    }
    print(&lines)?;
    if !findings.is_empty() {
        return Ok(Status::Problems);
    }
    tell(format_args!("{}, no findings", counted(questions, "question")));
    Ok(Status::Done)
}
