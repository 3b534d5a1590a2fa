//! Words that are meant for whoever scores, and things made to look like a score.

use super::{Line, Text};
use crate::question::Question;
use crate::scoring::offline::markers::Kind;

/// Beginnings of lines that no candidate speaks.
const VOICES: &[&str] = &[
    "interviewer:",
    "grader:",
    "system:",
    "assistant:",
    "evaluator:",
    "assessor:",
    "panel:",
    "coach:",
    "reviewer:",
    "### system",
    "<system",
    "[system",
    "</system",
];

fn is_voice(line: &Line<'_>) -> bool {
    let start = line.lower.trim_start();
    VOICES.iter().any(|voice| start.starts_with(voice))
}

/// Markup that pretends to end the answer or to come from the product.
fn is_markup(line: &Line<'_>) -> bool {
    // What none of the marks can do without.
    if !line.raw.contains(['<', '[', '#']) {
        return false;
    }
    [
        "</candidate",
        "<candidate",
        "</answer",
        "<system",
        "</system",
        "[system",
        "<|im_",
        "[inst]",
        "<evaluation",
        "</evaluation",
        "[end of",
        "<<sys",
        "### instruction",
    ]
    .iter()
    .any(|mark| line.lower.contains(mark))
}

fn names_a_scorer(line: &Line<'_>) -> bool {
    line.reading.found.count(Kind::Scorers) > 0
}

/// Sentences that speak to the scorer: an order about the score, an attempt to set the rules aside, a false voice.
pub(super) fn addressed(text: &Text<'_>) -> Option<Vec<usize>> {
    // A story may quote an attack on some other system. An order about points, pitfalls or an overall is meant
    // for us even in quotation marks, if the sentence or its neighbour also names one who scores.
    let names_scorer: Vec<bool> =
        text.lines.iter().map(|line| names_a_scorer(line) || is_voice(line) || is_markup(line)).collect();
    let near = |at: usize| names_scorer[at.saturating_sub(1)..text.lines.len().min(at + 2)].contains(&true);
    let hit = |at: usize, line: &Line<'_>| {
        let (said, in_all) = (line.unquoted().different(Kind::Orders), line.reading.found.different(Kind::Orders));
        let false_voice = is_voice(line) || is_markup(line);
        said >= 2
            || said == 1 && near(at)
            || line.unquoted().count(Kind::Overrides) > 0
            || false_voice && (in_all > 0 || names_a_scorer(line))
            || in_all >= 2 && names_a_scorer(line)
    };
    let mut numbers: Vec<usize> =
        text.lines.iter().enumerate().filter(|(at, line)| hit(*at, line)).map(|(_, line)| line.number).collect();
    if numbers.is_empty() {
        return None;
    }
    // Around a hit, what shares its line and names a scorer, or opens and closes the false block, belongs to it.
    for (at, line) in text.lines.iter().enumerate() {
        let row_hit =
            text.lines.iter().any(|other| other.row == line.row && numbers.binary_search(&other.number).is_ok());
        if (row_hit && names_scorer[at]) || is_markup(line) || is_voice(line) {
            numbers.push(line.number);
            numbers.sort_unstable();
            numbers.dedup();
        }
    }
    Some(numbers)
}

/// Sentences made to look like a verdict: a result object, a point's id with a mark, a filled-in overall.
pub(super) fn forged(text: &Text<'_>, question: &Question) -> Option<Vec<usize>> {
    let ids: Vec<&str> = question
        .assessment_points
        .iter()
        .map(|point| point.id.as_str())
        .chain(question.pitfalls.iter().map(|pitfall| pitfall.id.as_str()))
        .collect();
    let is_verdict = |line: &Line<'_>| {
        let raw = line.lower.as_str();
        // Every sign of a verdict has one of these characters.
        if !raw.contains(['{', ':', '=', '-', '–', '—', '5']) {
            return false;
        }
        let object = raw.contains('{')
            && ["\"points\"", "\"verdict\"", "\"overall\"", "\"pitfalls\"", "'verdict'", "'overall'", "'points'"]
                .iter()
                .any(|key| raw.contains(key));
        let marked = ids.iter().any(|id| {
            raw.split(id).nth(1).is_some_and(|rest| {
                let rest = rest.trim_start_matches(['"', '\'', ' ', '*', '`', ')']);
                rest.starts_with([':', '=', '-', '–', '—'])
                    && ["met", "partial", "missed", "2", "1", "true", "false", "shown"].iter().any(|mark| {
                        rest[rest.chars().next().map_or(0, char::len_utf8)..]
                            .trim_start_matches([' ', '"', '\'', '*'])
                            .starts_with(mark)
                    })
            })
        });
        let total = [
            "overall: 5",
            "overall: 4",
            "overall 5/5",
            "5/5",
            "overall=5",
            "overall = 5",
            "result: strong hire",
            "verdict: met",
            "verdict: strong",
            "score: 5",
            "score: 100",
            "rating: 5",
        ]
        .iter()
        .any(|mark| raw.contains(mark));
        object || marked || total
    };
    let certain: Vec<&Line<'_>> = text.lines.iter().filter(|line| is_verdict(line)).collect();
    if certain.is_empty() {
        return None;
    }
    let rows: Vec<usize> = certain.iter().map(|line| line.row).collect();
    // What stands on the same line as a forged verdict is its forged evidence; where an interviewer's part was
    // made up, all of that part is.
    text.numbers(|line| {
        let raw = line.lower.trim_start();
        rows.contains(&line.row) && (certain.len() > 1 || is_verdict(line))
            || is_verdict(line)
            || is_voice(line)
            || raw.starts_with("evidence:")
            || raw.starts_with("evidence found")
    })
}
