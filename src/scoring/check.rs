//! Compares a judge's claim with the question and the transcript; only what passes becomes a scorecard.

use std::collections::BTreeSet;

use super::{Evidence, Flag, Judgement, ScoredPitfall, ScoredPoint, Sentences};
use crate::question::{Question, Verdict};

/// The longest reason, strength or improvement that is kept, in code points.
const LONGEST_REMARK: usize = 400;

/// One way in which a judgement does not fit the question or the transcript.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("`{0}` is no point or pitfall of this question")]
    UnknownId(String),
    #[error("the verdict on `{0}` is missing")]
    MissingId(String),
    #[error("`{0}` is judged more than once")]
    RepeatedId(String),
    #[error("`{id}` cites sentence {number}, but the sentences are numbered 1 to {last}")]
    SentenceOutOfRange { id: String, number: usize, last: usize },
    #[error("`{0}` is missed and yet cites sentences: cite none")]
    MissedWithEvidence(String),
    #[error("`{0}` is {1} without a sentence that shows it: cite at least one or say missed")]
    ShownWithoutEvidence(String, Verdict),
    #[error("`{0}` is not triggered and yet cites sentences: cite none")]
    ClearedWithEvidence(String),
    #[error("`{id}` cites sentence {number}, which speaks to the grader or repeats the rubric and proves nothing")]
    BarredSentence { id: String, number: usize },
    #[error("the confidence on `{0}` is no number from 0 to 1")]
    ConfidenceOutOfRange(String),
    #[error("`{0}` is triggered without a sentence or a reason")]
    TriggeredWithoutReason(String),
}

/// A judgement that fits: every point and pitfall once, in the bank's order, with true evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    pub(super) points: Vec<ScoredPoint>,
    pub(super) pitfalls: Vec<ScoredPitfall>,
    pub(super) flags: Vec<Flag>,
    pub(super) strengths: Vec<String>,
    pub(super) improvements: Vec<String>,
}

/// Returns the checked judgement, or every fault at once so that a judge can mend them in one go.
pub fn check(question: &Question, sentences: &Sentences<'_>, judgement: &Judgement) -> Result<Checked, Vec<Fault>> {
    let mut faults = Vec::new();
    let barred: BTreeSet<usize> = judgement
        .flags
        .iter()
        .filter(|flag| flag.code.bars_evidence())
        .flat_map(|flag| flag.sentences.iter().copied())
        .collect();

    let ids = judgement.points.iter().map(|claim| (claim.id.as_str(), question.point(&claim.id).is_some()));
    let pitfall_ids = judgement.pitfalls.iter().map(|claim| (claim.id.as_str(), question.pitfall(&claim.id).is_some()));
    for known in [ids.collect::<Vec<_>>(), pitfall_ids.collect()] {
        let mut seen = BTreeSet::new();
        for (id, is_known) in known {
            if !is_known {
                faults.push(Fault::UnknownId(id.to_owned()));
            } else if !seen.insert(id) {
                faults.push(Fault::RepeatedId(id.to_owned()));
            }
        }
    }

    let mut quotes = Quotes { sentences, barred: &barred, faults: &mut faults };
    let mut points = Vec::new();
    for point in &question.assessment_points {
        let Some(claim) = judgement.points.iter().find(|claim| claim.id == point.id) else {
            quotes.faults.push(Fault::MissingId(point.id.clone()));
            continue;
        };
        let evidence = quotes.of(&claim.id, &claim.sentences);
        match (claim.verdict, claim.sentences.is_empty()) {
            (Verdict::Missed, false) => quotes.faults.push(Fault::MissedWithEvidence(claim.id.clone())),
            (Verdict::Met | Verdict::Partial, true) => {
                quotes.faults.push(Fault::ShownWithoutEvidence(claim.id.clone(), claim.verdict));
            }
            (Verdict::Missed, true) | (Verdict::Met | Verdict::Partial, false) => {}
        }
        points.push(ScoredPoint {
            id: claim.id.clone(),
            verdict: claim.verdict,
            confidence: quotes.confidence(&claim.id, claim.confidence),
            rationale: plain(&claim.rationale),
            evidence,
            second_opinion: None,
        });
    }
    let mut pitfalls = Vec::new();
    for pitfall in &question.pitfalls {
        let Some(claim) = judgement.pitfalls.iter().find(|claim| claim.id == pitfall.id) else {
            quotes.faults.push(Fault::MissingId(pitfall.id.clone()));
            continue;
        };
        let evidence = quotes.of(&claim.id, &claim.sentences);
        if !claim.triggered && !claim.sentences.is_empty() {
            quotes.faults.push(Fault::ClearedWithEvidence(claim.id.clone()));
        }
        if claim.triggered && claim.sentences.is_empty() && claim.rationale.trim().is_empty() {
            quotes.faults.push(Fault::TriggeredWithoutReason(claim.id.clone()));
        }
        pitfalls.push(ScoredPitfall {
            id: claim.id.clone(),
            triggered: claim.triggered,
            confidence: quotes.confidence(&claim.id, claim.confidence),
            rationale: plain(&claim.rationale),
            evidence,
            second_opinion: None,
        });
    }
    let flags = judgement
        .flags
        .iter()
        .map(|flag| Flag {
            code: flag.code,
            evidence: flag.sentences.iter().filter_map(|&number| sentences.evidence(number)).collect(),
        })
        .collect();

    if faults.is_empty() {
        Ok(Checked {
            points,
            pitfalls,
            flags,
            strengths: judgement.strengths.iter().map(|text| plain(text)).filter(|text| !text.is_empty()).collect(),
            improvements: judgement
                .improvements
                .iter()
                .map(|text| plain(text))
                .filter(|text| !text.is_empty())
                .collect(),
        })
    } else {
        Err(faults)
    }
}

/// Turns sentence numbers into evidence and collects what is wrong with them.
struct Quotes<'a> {
    sentences: &'a Sentences<'a>,
    barred: &'a BTreeSet<usize>,
    faults: &'a mut Vec<Fault>,
}

impl Quotes<'_> {
    fn of(&mut self, id: &str, numbers: &[usize]) -> Vec<Evidence> {
        let mut evidence = Vec::new();
        for &number in numbers.iter().collect::<BTreeSet<_>>() {
            if self.barred.contains(&number) {
                self.faults.push(Fault::BarredSentence { id: id.to_owned(), number });
            } else if let Some(quote) = self.sentences.evidence(number) {
                evidence.push(quote);
            } else {
                let last = self.sentences.len();
                self.faults.push(Fault::SentenceOutOfRange { id: id.to_owned(), number, last });
            }
        }
        evidence
    }

    fn confidence(&mut self, id: &str, confidence: Option<f64>) -> Option<f64> {
        if confidence.is_some_and(|value| !(0.0..=1.0).contains(&value)) {
            self.faults.push(Fault::ConfidenceOutOfRange(id.to_owned()));
        }
        confidence
    }
}

/// One line of plain text: control and invisible characters dropped, white space folded, cut at the limit.
pub(super) fn plain(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|&c| !c.is_control() && !is_invisible(c))
        .collect();
    let folded = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.chars().count() <= LONGEST_REMARK {
        return folded;
    }
    folded.chars().take(LONGEST_REMARK - 1).chain(['…']).collect()
}

/// Zero-width, bidirectional and other format characters that change what a reader sees, blanks that pass for
/// letters, and the variation selectors in which whole texts can be hidden. Those that make an emoji colourful are none.
pub(crate) const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0d}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e01ef}')
}
