//! Finds the judgement in a model's reply: tolerant of how it is written, strict about what it says.

#[cfg(test)]
mod tests;

use std::fmt;

use super::{
    literal::{Literal, NoObject, object_at},
    remark::remark,
};
use crate::{
    question::Verdict,
    scoring::{Judgement, PitfallClaim, PointClaim, StepClaim},
};

/// Everything that is wrong with a reply, so that the model can mend it in one go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Faults(pub(super) Vec<String>);

/// More faults than this, or longer ones, tell a model nothing more.
const MOST_FAULTS: usize = 24;
const LONGEST_FAULT: usize = 200;

/// Brackets that open nothing are looked at so many times at most.
const MOST_BRACKETS: usize = 5000;

impl Faults {
    pub(super) fn new(faults: impl IntoIterator<Item = String>) -> Self {
        let short = |fault: String| fault.chars().take(LONGEST_FAULT).collect();
        Self(faults.into_iter().take(MOST_FAULTS).map(short).collect())
    }

    fn one(fault: impl Into<String>) -> Self {
        Self::new([fault.into()])
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("; "))
    }
}

/// The most strengths, and the most improvements, that are kept.
const MOST_REMARKS: usize = 3;

/// What a judge's reply says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Said {
    /// Without flags.
    pub(super) judgement: Judgement,
    pub(super) outline: Vec<StepClaim>,
}

type Entries = Vec<(String, Literal)>;

/// The judgement in `reply`: the last complete object that carries `ticket`.
///
/// A copy of something in the answer does not count, because it cannot know the ticket; and where something
/// that was to be a judgement comes after the last complete one and is broken, nothing counts.
pub(super) fn judgement(reply: &str, ticket: &str) -> Result<Said, Faults> {
    let entries = last_object(without_thinking(reply), ticket)?;
    let mut faults = Vec::new();
    let points = claims(&entries, "points", &mut faults)
        .into_iter()
        .filter_map(|(id, fields)| {
            let sentences = sentences(&id, fields, &mut faults)?;
            let verdict = get(fields, &["verdict"]).and_then(verdict);
            if verdict.is_none() {
                faults.push(format!("the verdict on `{id}` is missing or is none of met, partial, missed"));
            }
            let rationale = remark(&reason(fields), ticket);
            Some(PointClaim { verdict: verdict?, sentences, rationale, confidence: None, id })
        })
        .collect();
    let pitfalls = claims(&entries, "pitfalls", &mut faults)
        .into_iter()
        .filter_map(|(id, fields)| {
            let sentences = sentences(&id, fields, &mut faults)?;
            let triggered = get(fields, &["triggered"]).and_then(flag);
            if triggered.is_none() {
                faults.push(format!("`triggered` of `{id}` is missing or is neither true nor false"));
            }
            let rationale = remark(&reason(fields), ticket);
            Some(PitfallClaim { triggered: triggered?, sentences, rationale, confidence: None, id })
        })
        .collect();
    let outline = outline(&entries, ticket);
    let remarks = |key| texts(&entries, key).iter().take(MOST_REMARKS).map(|text| remark(text, ticket)).collect();
    let (strengths, improvements) = (remarks("strengths"), remarks("improvements"));
    if faults.is_empty() {
        let judgement = Judgement { points, pitfalls, flags: Vec::new(), strengths, improvements };
        Ok(Said { judgement, outline })
    } else {
        Err(Faults::new(faults))
    }
}

/// What follows the model's thinking; a draft in it is no reply.
fn without_thinking(reply: &str) -> &str {
    let after = ["</think>", "</thinking>", "</thought>", "</reasoning>"]
        .iter()
        .filter_map(|tag| reply.rfind(tag).map(|at| at + tag.len()))
        .max()
        .unwrap_or(0);
    let rest = &reply[after..];
    ["<think>", "<thinking>", "<thought>", "<reasoning>"]
        .iter()
        .filter_map(|tag| rest.find(tag))
        .min()
        .map_or(rest, |at| &rest[..at])
}

/// The last complete object in `reply` that carries `ticket` and one of the keys by which it is known.
pub(super) fn object_with(reply: &str, ticket: &str, is_known_by: fn(&str) -> bool) -> Result<Entries, Faults> {
    last_such(without_thinking(reply), ticket, |entries| entries.iter().any(|(key, _)| is_known_by(key)))
}

fn last_object(text: &str, ticket: &str) -> Result<Entries, Faults> {
    last_such(text, ticket, is_judgement)
}

fn last_such(text: &str, ticket: &str, is_wanted: impl Fn(&Entries) -> bool) -> Result<Entries, Faults> {
    let mut found = Err(Faults::one("there is no JSON object in the reply"));
    let mut at = 0;
    for _ in 0..MOST_BRACKETS {
        let Some(open) = text[at..].find('{').map(|next| at + next) else { break };
        match object_at(text, open) {
            Ok((entries, end)) if is_wanted(&entries) => {
                at = end;
                if get(&entries, &["ticket"])
                    .is_some_and(|given| matches!(given, Literal::Text(text) if text.trim() == ticket))
                {
                    found = Ok(entries);
                } else if found.is_err() {
                    found = Err(Faults::one(format!("`ticket` is missing or wrong: it is `{ticket}`")));
                }
            }
            // The judgement may be wrapped into another object.
            Ok(_) => at = open + 1,
            Err(why) => {
                at = open + 1;
                // A bracket in prose is followed by anything but a key.
                if text[at..].trim_start().starts_with(['"', '\'']) {
                    found = Err(Faults::one(match why {
                        NoObject::Unfinished => {
                            "the reply ends in the middle of the JSON object: keep the reasons short"
                        }
                        NoObject::Malformed => "the reply is not valid JSON",
                    }));
                }
            }
        }
    }
    found
}

fn is_judgement(entries: &Entries) -> bool {
    entries.iter().any(|(key, _)| key == "points" || key == "pitfalls")
}

pub(super) fn get<'a>(fields: &'a [(String, Literal)], names: &[&str]) -> Option<&'a Literal> {
    names.iter().find_map(|name| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value))
}

/// The claims under `key`, as an object by id or as a list whose items name their id.
fn claims<'a>(entries: &'a Entries, key: &str, faults: &mut Vec<String>) -> Vec<(String, &'a [(String, Literal)])> {
    let mut wrong = |what: String| {
        faults.push(what);
        None
    };
    match get(entries, &[key]) {
        Some(Literal::Object(by_id)) => by_id
            .iter()
            .filter_map(|(id, claim)| match claim {
                Literal::Object(fields) => Some((id.clone(), fields.as_slice())),
                _ => wrong(format!("what stands under `{id}` is no object")),
            })
            .collect(),
        Some(Literal::List(items)) => items
            .iter()
            .filter_map(|item| match item {
                Literal::Object(fields) => match get(fields, &["id"]) {
                    Some(Literal::Text(id)) => Some((id.trim().to_owned(), fields.as_slice())),
                    _ => wrong(format!("an item of `{key}` has no `id`")),
                },
                _ => wrong(format!("an item of `{key}` is no object")),
            })
            .collect(),
        _ => {
            wrong(format!("`{key}` is missing"));
            Vec::new()
        }
    }
}

/// The steps of the outline, as objects or as mere texts. A judge that gives none has said enough.
fn outline(entries: &Entries, ticket: &str) -> Vec<StepClaim> {
    let Some(Literal::List(items)) = get(entries, &["outline"]) else { return Vec::new() };
    items
        .iter()
        .filter_map(|item| match item {
            Literal::Text(text) => Some(StepClaim { text: remark(text, ticket), sentences: Vec::new() }),
            Literal::Object(fields) => {
                let Some(Literal::Text(text)) = get(fields, &["step", "text"]) else { return None };
                // A step whose numbers cannot be read is left out.
                let sentences = sentences("outline", fields, &mut Vec::new())?;
                Some(StepClaim { text: remark(text, ticket), sentences })
            }
            _ => None,
        })
        .collect()
}

fn verdict(value: &Literal) -> Option<Verdict> {
    match value {
        Literal::Text(text) => text.trim().to_lowercase().parse().ok(),
        _ => None,
    }
}

fn flag(value: &Literal) -> Option<bool> {
    match value {
        Literal::Flag(flag) => Some(*flag),
        Literal::Text(text) => match text.trim().to_lowercase().as_str() {
            "true" | "yes" => Some(true),
            "false" | "no" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn reason(fields: &[(String, Literal)]) -> String {
    match get(fields, &["reason", "rationale"]) {
        Some(Literal::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

/// The sentence numbers of a claim, also where they are written as texts, in brackets or several in one.
fn sentences(id: &str, fields: &[(String, Literal)], faults: &mut Vec<String>) -> Option<Vec<usize>> {
    let numbers = match get(fields, &["sentences"]) {
        None | Some(Literal::Null) => Some(Vec::new()),
        Some(Literal::List(items)) => items.iter().map(numbers).collect::<Option<Vec<_>>>().map(|all| all.concat()),
        Some(one) => numbers(one),
    };
    if numbers.is_none() {
        faults.push(format!("the sentences of `{id}` are no list of whole numbers"));
    }
    numbers
}

pub(super) fn numbers(value: &Literal) -> Option<Vec<usize>> {
    match value {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked before")]
        Literal::Number(number) => {
            (number.fract() == 0.0 && (0.0..1e9).contains(number)).then(|| vec![*number as usize])
        }
        Literal::Text(text) => text
            .split([',', ' ', ';'])
            .map(|word| word.trim_matches(['[', ']', '(', ')', '#', '.']))
            .filter(|word| !word.is_empty())
            .map(|word| word.parse().ok())
            .collect(),
        _ => None,
    }
}

fn texts(entries: &Entries, key: &str) -> Vec<String> {
    match get(entries, &[key]) {
        Some(Literal::List(items)) => items
            .iter()
            .filter_map(|item| match item {
                Literal::Text(text) => Some(text.clone()),
                _ => None,
            })
            .collect(),
        Some(Literal::Text(text)) => vec![text.clone()],
        _ => Vec::new(),
    }
}
