//! Questions and points that say what another one says already.

use super::{entry::Entry, likeness::Likeness};
use crate::bank::Finding;

/// From here on two prompts ask the same thing.
const SAME_QUESTION: f64 = 0.6;
/// From here on two points of different questions are the same wording with a word changed.
const SAME_POINT: f64 = 0.7;
/// From here on a point of a question is a part of another one, so that one sentence would earn both.
const CONTAINED: f64 = 0.7;

/// A text with the place that it came from.
struct Text<'a> {
    entry: &'a Entry,
    path: String,
    words: &'a str,
    /// How a message about another one names it.
    name: String,
}

pub(super) fn check(entries: &[Entry], findings: &mut Vec<Finding>) {
    let prompts: Vec<Text<'_>> = entries
        .iter()
        .map(|entry| Text {
            entry,
            path: "prompt".to_owned(),
            words: &entry.question.prompt,
            name: format!("`{}`", entry.question.id),
        })
        .collect();
    compare(&prompts, SAME_QUESTION, findings);
    let points: Vec<Text<'_>> = entries
        .iter()
        .flat_map(|entry| {
            entry.question.assessment_points.iter().enumerate().map(move |(number, point)| Text {
                entry,
                path: format!("assessment_points.{number}.text"),
                words: &point.text,
                name: format!("`{}` of `{}`", point.id, entry.question.id),
            })
        })
        .collect();
    compare(&points, SAME_POINT, findings);
}

/// Compares each two of the texts. Of two that are alike the later is complained about, unless that one is frozen.
fn compare(texts: &[Text<'_>], most: f64, findings: &mut Vec<Finding>) {
    let likeness = Likeness::over(&texts.iter().map(|text| text.words).collect::<Vec<_>>());
    for (b, later) in texts.iter().enumerate() {
        for (a, earlier) in texts[..b].iter().enumerate() {
            let (blamed, other) = if later.entry.frozen { (earlier, later) } else { (later, earlier) };
            if blamed.entry.frozen {
                continue;
            }
            let found = likeness.of(a, b);
            let is_own = later.entry.question.id == earlier.entry.question.id;
            let place = || other.entry.place(&other.path);
            if is_own && found.contained >= CONTAINED {
                let problem = format!(
                    "is contained in {} ({}) or contains it: {:.0} % of its telling words",
                    other.name,
                    place(),
                    100.0 * found.contained
                );
                let mend = "make one point of both, or tell them apart by what is heard";
                findings.push(blamed.entry.finding(&blamed.path, problem, mend));
            } else if found.alike >= most {
                let problem = format!("is nearly the same as {} ({}): {:.2} alike", other.name, place(), found.alike);
                let mend = "ask for something of its own, or take one of them out";
                findings.push(blamed.entry.finding(&blamed.path, problem, mend));
            }
        }
    }
}
