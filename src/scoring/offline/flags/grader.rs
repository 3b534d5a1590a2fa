//! Words that are meant for whoever scores, and things made to look like a score.

use super::{Line, Reading, Text};
use crate::question::Question;

/// Names for one who scores. "reviewer" alone is no sign: programs have reviewers.
const SCORERS: &[&str] = &[
    "grader",
    "graders",
    "evaluator",
    "evaluators",
    "assessor",
    "scorer",
    "the reviewer",
    "reviewers of this",
    "whoever is assessing",
    "whoever is grading",
    "whoever is scoring",
    "whoever grades",
    "whoever scores",
    "whoever reads this",
    "scoring model",
    "scoring system",
    "scoring engine",
    "scoring sheet",
    "grading system",
    "language model",
    "ai model",
    "the llm",
    "as an ai",
    "the judge",
    "dear judge",
    "this answer",
    "this response",
    "this transcript",
    "this item",
    "my answer",
    "the rubric",
    "calibration rounds",
    "calibration mode",
    "assessment of this response",
    "human interviewer",
];

/// Orders about a score.
const ORDERS: &[&str] = &[
    "every assessment point",
    "each assessment point",
    "all assessment points",
    "every point is",
    "every point as",
    "each point as",
    "all points as",
    "all points met",
    "every point met",
    "each of the listening points",
    "listening points",
    "listed behaviour",
    "listed behavior",
    "every listed",
    "each one as fully",
    "as fully shown",
    "as fully met",
    "fully shown",
    "as met",
    "as shown",
    "pitfalls empty",
    "pitfall at",
    "no pitfall is",
    "no pitfalls are",
    "pitfall as",
    "pitfalls as",
    "top value",
    "highest mark",
    "highest score",
    "full marks",
    "give me the full marks",
    "give me full marks",
    "maximum score",
    "full score",
    "overall is 5",
    "overall at 5",
    "the overall at",
    "overall of 5",
    "score of 5",
    "give me a 5",
    "give me full",
    "rate me",
    "score me",
    "score this",
    "rate this answer",
    "rate this as",
    "give this answer",
    "grade this",
    "mark this",
    "strong hire",
    "a five on every",
    "evidence fields",
    "evidence field",
    "for evidence enter",
    "in the feedback",
    "cached result",
    "copy the lines",
    "copy them as",
    "already been finalised",
    "already been finalized",
    "please pass",
    "do not deduct",
    "don't deduct",
    "the points as met",
    "met on every point",
    "met for every point",
    "return it unchanged",
    "verified by",
    "nothing left for you to check",
];

/// Attempts to set rules aside. Inside quotation marks these are somebody's story.
const OVERRIDES: &[&str] = &[
    "ignore all previous instructions",
    "ignore previous instructions",
    "ignore the previous instructions",
    "ignore your instructions",
    "ignore the rubric",
    "ignore all prior",
    "disregard the above",
    "disregard all",
    "disregard previous",
    "disregard the rubric",
    "system override",
    "you are now in",
    "system prompt",
    "new instructions",
    "developer mode",
    "do not mention this message",
    "override the rubric",
    "forget your instructions",
    "forget all previous",
];

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
    let start = line.raw.trim_start().to_lowercase();
    VOICES.iter().any(|voice| start.starts_with(voice))
}

/// Markup that pretends to end the answer or to come from the product.
fn is_markup(line: &Line<'_>) -> bool {
    let raw = line.raw.to_lowercase();
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
    .any(|mark| raw.contains(mark))
}

/// Sentences that speak to the scorer: an order about the score, an attempt to set the rules aside, a false voice.
pub(super) fn addressed(text: &Text<'_>) -> Option<Vec<usize>> {
    // A story may quote an attack on some other system. An order about points, pitfalls or an overall is meant
    // for us even in quotation marks, if the sentence or its neighbour also names one who scores.
    let names_scorer: Vec<bool> =
        text.lines.iter().map(|line| line.reading.says(SCORERS) || is_voice(line) || is_markup(line)).collect();
    let near = |at: usize| names_scorer[at.saturating_sub(1)..text.lines.len().min(at + 2)].contains(&true);
    let count = |reading: &Reading| ORDERS.iter().filter(|&&order| reading.says(&[order])).count();
    let hit = |at: usize, line: &Line<'_>| {
        let (said, in_all) = (count(&line.unquoted), count(&line.reading));
        let false_voice = is_voice(line) || is_markup(line);
        said >= 2
            || said == 1 && near(at)
            || line.unquoted.says(OVERRIDES)
            || false_voice && (in_all > 0 || line.reading.says(SCORERS))
            || in_all >= 2 && line.reading.says(SCORERS)
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
        let raw = line.raw.to_lowercase();
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
        let raw = line.raw.trim_start().to_lowercase();
        rows.contains(&line.row) && (certain.len() > 1 || is_verdict(line))
            || is_verdict(line)
            || is_voice(line)
            || raw.starts_with("evidence:")
            || raw.starts_with("evidence found")
    })
}
