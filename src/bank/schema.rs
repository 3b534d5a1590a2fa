//! The question format as a JSON Schema, so that an editor can complete and check while somebody writes.

use std::ops::RangeInclusive;

use serde_json::{Map, Value, json};

use super::format::{
    DEFAULT_MINUTES, EXEMPLAR_KEYS, FILE_KEYS, FOLLOW_UP_KEYS, FOLLOW_UPS, LEVEL_KEYS, MINUTES, PITFALL_KEYS, PITFALLS,
    POINT_KEYS, POINTS, WEIGHTS,
};
use crate::question::{ExemplarQuality, Kind, Level, Severity, Verdict};

/// The schema, draft 2020-12. What only a look at the whole file can tell (an id that is there twice, a `probes` or
/// a label that names nothing, a point without a verdict) and where the file lies stay with the lint.
pub fn schema() -> Value {
    let point =
        table(POINT_KEYS, &["id", "text", "weight"], "One behaviour that a listener can hear or not hear.", |key| {
            match key {
                "id" => about(&slug(), "Lowercase words joined by hyphens; its own within the question."),
                "text" => about(&text(), "The behaviour, third person singular present."),
                "weight" => whole(&WEIGHTS, "3 separates a hire from a no hire, 1 is pleasant to hear."),
                "cues" => texts("3 to 6 ways in which people really say it."),
                "strong" => about(&text(), "One sentence that a strong candidate might say."),
                _ => unreachable!("every key of the format has its schema"),
            }
        });
    let pitfall = table(
        PITFALL_KEYS,
        PITFALL_KEYS,
        "One way in which an answer goes wrong, heard in its words.",
        |key| match key {
            "id" => about(&slug(), "Lowercase words joined by hyphens; its own within the question."),
            "text" => about(&text(), "What the answer does."),
            "severity" => {
                about(&one_of(Severity::ALL.iter().map(|name| name.as_str())), "A critical one caps the overall at 2.")
            }
            _ => unreachable!("every key of the format has its schema"),
        },
    );
    let follow_up =
        table(FOLLOW_UP_KEYS, &["id", "ask"], "A further question about the same story.", |key| match key {
            "id" => about(&slug(), "Lowercase words joined by hyphens, like f1."),
            "ask" => about(&text(), "What the interviewer says; it does not name the behaviour."),
            "probes" => about(&text(), "The id of the point on which this gives a second chance."),
            _ => unreachable!("every key of the format has its schema"),
        });
    let exemplar =
        table(EXEMPLAR_KEYS, &["quality", "answer", "why", "points"], "A sample answer with its labels.", |key| {
            match key {
                "quality" => one_of(ExemplarQuality::ALL.iter().map(|name| name.as_str())),
                "answer" => about(&text(), "As somebody really says or types it."),
                "why" => about(&text(), "Why it is of this quality."),
                "points" => labels(
                    &one_of(Verdict::ALL.iter().map(|name| name.as_str())),
                    *POINTS.start(),
                    "A verdict on every point, by somebody who does not know the quality.",
                ),
                "pitfalls" => labels(&json!({"type": "boolean"}), 0, "True for those that the answer falls into."),
                _ => unreachable!("every key of the format has its schema"),
            }
        });
    let levels = table(LEVEL_KEYS, &[], "What is enough at each level, and what it adds to the one below.", |_| text());
    let required = ["title", "kind", "level", "prompt", "assessment_points", "pitfalls", "follow_ups"];
    let mut file = table(FILE_KEYS, &required, "One question of a Greenroom bank.", |key| match key {
        "title" => about(&text(), "2 to 5 words by which people find it."),
        "kind" => one_of(Kind::ALL.iter().map(|name| name.as_str())),
        "level" => about(&one_of(Level::ALL.iter().map(|name| name.as_str())), "The lowest level it suits."),
        "minutes" => {
            let mut minutes = whole(&MINUTES, "Expected length of an answer.");
            minutes["default"] = DEFAULT_MINUTES.into();
            minutes
        }
        "skills" => texts("1 to 3 skills that it tries."),
        "tags" => texts("Free words, like migration or launch."),
        "prompt" => about(&text(), "What the interviewer says."),
        "hints" => texts("Nudges that do not give the answer away."),
        "facts" => texts("What the interviewer may tell when asked."),
        "levels" => levels.clone(),
        "assessment_points" => tables(&point, Some(&POINTS)),
        "pitfalls" => tables(&pitfall, Some(&PITFALLS)),
        "follow_ups" => tables(&follow_up, Some(&FOLLOW_UPS)),
        "exemplars" => tables(&exemplar, None),
        _ => unreachable!("every key of the format has its schema"),
    });
    file["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    file["title"] = "Greenroom question".into();
    file["$defs"] = json!({
        "text": {
            "type": "string",
            "pattern": r"\S",
            "not": {"pattern": r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]"},
        },
        "slug": {"type": "string", "pattern": r"^\s*[a-z0-9]+(-[a-z0-9]+)*\s*$"},
    });
    file
}

fn text() -> Value {
    json!({"$ref": "#/$defs/text"})
}

fn slug() -> Value {
    json!({"$ref": "#/$defs/slug"})
}

fn about(schema: &Value, description: &str) -> Value {
    let mut schema = schema.clone();
    schema["description"] = description.into();
    schema
}

fn texts(description: &str) -> Value {
    json!({"type": "array", "items": text(), "description": description})
}

/// A list of tables of which there are as many as `range` says.
fn tables(table: &Value, range: Option<&RangeInclusive<usize>>) -> Value {
    let mut list = json!({"type": "array", "items": table});
    if let Some(range) = range {
        list["minItems"] = (*range.start()).into();
        list["maxItems"] = (*range.end()).into();
    }
    list
}

fn whole(range: &RangeInclusive<u8>, description: &str) -> Value {
    json!({"type": "integer", "minimum": range.start(), "maximum": range.end(), "description": description})
}

fn one_of<'a>(names: impl Iterator<Item = &'a str>) -> Value {
    json!({"enum": names.collect::<Vec<_>>()})
}

/// Labels by the id of what they label.
fn labels(label: &Value, least: usize, description: &str) -> Value {
    json!({
        "type": "object",
        "propertyNames": slug(),
        "additionalProperties": label,
        "minProperties": least,
        "description": description,
    })
}

/// A table that has these keys and no others.
fn table(keys: &[&str], required: &[&str], description: &str, of: impl Fn(&str) -> Value) -> Value {
    let properties: Map<String, Value> = keys.iter().map(|&key| (key.to_owned(), of(key))).collect();
    json!({
        "type": "object",
        "description": description,
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}
