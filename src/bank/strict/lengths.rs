//! How long each text may be, in words.

use std::ops::RangeInclusive;

use unicode_segmentation::UnicodeSegmentation as _;

use super::entry::Entry;
use crate::{bank::Finding, question::Kind};

const TITLE: RangeInclusive<usize> = 1..=6;
const PROMPT: RangeInclusive<usize> = 12..=65;
/// A task to write or draw something needs its inputs.
const PROMPT_OF_TASK: RangeInclusive<usize> = 12..=150;
const HINT: RangeInclusive<usize> = 3..=30;
const FACT: RangeInclusive<usize> = 3..=40;
const LEVEL: RangeInclusive<usize> = 6..=35;
const POINT: RangeInclusive<usize> = 6..=28;
const CUE: RangeInclusive<usize> = 2..=11;
const STRONG: RangeInclusive<usize> = 9..=40;
const PITFALL: RangeInclusive<usize> = 5..=26;
const ASK: RangeInclusive<usize> = 4..=34;
pub(super) const ANSWER: RangeInclusive<usize> = 35..=380;
const WHY: RangeInclusive<usize> = 5..=30;

/// How many words a text has.
pub(super) fn words(text: &str) -> usize {
    text.unicode_words().count()
}

pub(super) fn check(entry: &Entry, findings: &mut Vec<Finding>) {
    let question = &entry.question;
    let mut limit = |path: &str, text: &str, wanted: &RangeInclusive<usize>| {
        let found = words(text);
        if !wanted.contains(&found) {
            let problem = format!("has {found} {}", if found == 1 { "word" } else { "words" });
            let mend = format!("say it in {} to {}", wanted.start(), wanted.end());
            findings.push(entry.finding(path, problem, mend));
        }
    };
    if !entry.frozen {
        let is_task = matches!(question.kind, Kind::Artifact | Kind::Design);
        limit("title", &question.title, &TITLE);
        limit("prompt", &question.prompt, if is_task { &PROMPT_OF_TASK } else { &PROMPT });
        for (number, point) in question.assessment_points.iter().enumerate() {
            limit(&format!("assessment_points.{number}.text"), &point.text, &POINT);
        }
        for (number, pitfall) in question.pitfalls.iter().enumerate() {
            limit(&format!("pitfalls.{number}.text"), &pitfall.text, &PITFALL);
        }
        for (number, follow_up) in question.follow_ups.iter().enumerate() {
            limit(&format!("follow_ups.{number}.ask"), &follow_up.ask, &ASK);
        }
    }
    for (number, hint) in question.hints.iter().enumerate() {
        limit(&format!("hints.{number}"), hint, &HINT);
    }
    for (number, fact) in question.facts.iter().enumerate() {
        limit(&format!("facts.{number}"), fact, &FACT);
    }
    let levels = &question.levels;
    for (name, note) in [("tpm", &levels.tpm), ("senior", &levels.senior), ("principal", &levels.principal)] {
        if let Some(note) = note {
            limit(&format!("levels.{name}"), note, &LEVEL);
        }
    }
    for (number, point) in question.assessment_points.iter().enumerate() {
        for (cue, text) in point.cues.iter().enumerate() {
            limit(&format!("assessment_points.{number}.cues.{cue}"), text, &CUE);
        }
        if let Some(strong) = &point.strong {
            limit(&format!("assessment_points.{number}.strong"), strong, &STRONG);
        }
    }
    for (number, exemplar) in question.exemplars.iter().enumerate() {
        limit(&format!("exemplars.{number}.answer"), &exemplar.answer, &ANSWER);
        limit(&format!("exemplars.{number}.why"), &exemplar.why, &WHY);
    }
}
