//! How much of everything a question has.

use std::ops::RangeInclusive;

use super::entry::Entry;
use crate::bank::Finding;

/// What the rubric of a question should have; the format allows a little more and less.
const POINTS: RangeInclusive<usize> = 4..=6;
const PITFALLS: RangeInclusive<usize> = 3..=5;
const FOLLOW_UPS: RangeInclusive<usize> = 3..=4;
/// How many follow-ups at least give a second chance on a point.
const PROBING: usize = 2;

const SKILLS: RangeInclusive<usize> = 1..=3;
const TAGS: RangeInclusive<usize> = 1..=5;
const HINTS: RangeInclusive<usize> = 2..=4;
const FACTS: RangeInclusive<usize> = 2..=5;
const CUES: RangeInclusive<usize> = 3..=6;

pub(super) fn check(entry: &Entry, findings: &mut Vec<Finding>) {
    let question = &entry.question;
    if !entry.frozen {
        count(entry, "assessment_points", question.assessment_points.len(), &POINTS, findings);
        count(entry, "pitfalls", question.pitfalls.len(), &PITFALLS, findings);
        count(entry, "follow_ups", question.follow_ups.len(), &FOLLOW_UPS, findings);
        let probing = question.follow_ups.iter().filter(|follow_up| follow_up.probes.is_some()).count();
        if probing < PROBING {
            let problem = format!("{probing} of them probe a point");
            let mend = format!("give {PROBING} or more a `probes`, the heaviest points first");
            findings.push(entry.finding("follow_ups", problem, mend));
        }
    }
    if !entry.holds("minutes") {
        findings.push(entry.finding("minutes", "is missing", "say how long a good answer takes"));
    }
    count(entry, "skills", question.skills.len(), &SKILLS, findings);
    count(entry, "tags", question.tags.len(), &TAGS, findings);
    count(entry, "hints", question.hints.len(), &HINTS, findings);
    count(entry, "facts", question.facts.len(), &FACTS, findings);
    let levels = &question.levels;
    for (name, note) in [("tpm", &levels.tpm), ("senior", &levels.senior), ("principal", &levels.principal)] {
        if note.is_none() {
            let mend = "say what is enough at this level and what it adds to the one below";
            findings.push(entry.finding(&format!("levels.{name}"), "is missing", mend));
        }
    }
    for (number, point) in question.assessment_points.iter().enumerate() {
        let path = format!("assessment_points.{number}");
        count(entry, &format!("{path}.cues"), point.cues.len(), &CUES, findings);
        if point.strong.is_none() {
            let mend = "add one sentence that a strong candidate might say";
            findings.push(entry.finding(&format!("{path}.strong"), "is missing", mend));
        }
    }
}

fn count(entry: &Entry, path: &str, found: usize, wanted: &RangeInclusive<usize>, findings: &mut Vec<Finding>) {
    if !wanted.contains(&found) {
        let verb = if found == 1 { "is" } else { "are" };
        let mend = format!("have {} to {} of them", wanted.start(), wanted.end());
        findings.push(entry.finding(path, format!("there {verb} {found}"), mend));
    }
}
