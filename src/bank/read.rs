//! Turns the text of one question file into a question, or into all that is wrong with it.

use std::{borrow::Borrow, collections::BTreeMap};

use toml::de::{DeTable, DeValue};

use super::{
    Finding,
    format::{
        DEFAULT_MINUTES, EXEMPLAR_KEYS, FILE_KEYS, FOLLOW_UP_KEYS, FOLLOW_UPS, LEVEL_KEYS, MINUTES, PITFALL_KEYS,
        PITFALLS, POINT_KEYS, POINTS, WEIGHTS,
    },
    nearest,
    sheet::{Found, Sheet, Table},
};
use crate::question::{Exemplar, FollowUp, LevelNotes, Pitfall, Point, Question, QuestionId};

/// Reads `bytes` as the question `id`; without an id (the file lies in a wrong place) only the findings matter.
pub(super) fn read(file: &str, id: Option<&QuestionId>, bytes: &[u8]) -> Result<Question, Vec<Finding>> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut sheet = Sheet { file, text, broken: false, misspelt: Vec::new(), findings: Vec::new() };
    if let Err(error) = std::str::from_utf8(bytes) {
        let at = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).len();
        sheet.add(at, "encoding", "this line holds bytes that are not UTF-8", "save the file as UTF-8");
    }
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        sheet.add(error.span().map_or(0, |span| span.start), "syntax", message, "correct the TOML there");
    }
    sheet.broken = !errors.is_empty();

    let question = question(&mut sheet, Table { entries: document.get_ref(), name: "", at: 0 }, id);
    match question {
        Some(question) if sheet.findings.is_empty() => Ok(question),
        Some(_) | None => Err(sheet.findings),
    }
}

/// The question, if nothing in it was too wrong to be held; every reason why not is in `sheet`.
fn question(sheet: &mut Sheet<'_>, file: Table<'_, '_>, id: Option<&QuestionId>) -> Option<Question> {
    sheet.refuse_other_keys(file, FILE_KEYS);
    // Every part is read before the first `?`, so that all findings come at once.
    let (title, kind, level) = (sheet.text(file, "title"), sheet.name(file, "kind"), sheet.name(file, "level"));
    let minutes = sheet.number(file, "minutes", &MINUTES, Some(DEFAULT_MINUTES));
    let prompt = sheet.text(file, "prompt");
    let (skills, tags) = (sheet.texts(file, "skills"), sheet.texts(file, "tags"));
    let (hints, facts) = (sheet.texts(file, "hints"), sheet.texts(file, "facts"));
    let levels = levels(sheet, file);
    let (points, point_ids) = points(sheet, file);
    let (pitfalls, pitfall_ids) = pitfalls(sheet, file);
    let follow_ups = follow_ups(sheet, file, &point_ids);
    let exemplars = exemplars(sheet, file, &point_ids, &pitfall_ids);
    Some(Question {
        id: id?.clone(),
        title: title?,
        kind: kind?,
        level: level?,
        minutes: minutes?,
        skills,
        tags,
        prompt: prompt?,
        hints,
        facts,
        levels,
        assessment_points: points?,
        pitfalls: pitfalls?,
        follow_ups: follow_ups?,
        exemplars: exemplars?,
    })
}

fn levels(sheet: &mut Sheet<'_>, file: Table<'_, '_>) -> LevelNotes {
    let Some(Found { value: DeValue::Table(entries), at }) = sheet.optional_table(file, "levels") else {
        return LevelNotes::default();
    };
    let table = Table { entries, name: "levels", at };
    sheet.refuse_other_keys(table, LEVEL_KEYS);
    LevelNotes {
        tpm: sheet.optional_text(table, "tpm"),
        senior: sheet.optional_text(table, "senior"),
        principal: sheet.optional_text(table, "principal"),
    }
}

/// The ids of one sort of part, each with its line.
type Ids = Vec<(String, usize)>;

fn points(sheet: &mut Sheet<'_>, file: Table<'_, '_>) -> (Option<Vec<Point>>, Ids) {
    let mut ids = Ids::new();
    let mut points = Vec::new();
    for table in sheet.tables(file, "assessment_points", &POINTS) {
        sheet.refuse_other_keys(table, POINT_KEYS);
        let (id, text) = (sheet.own_id(table, &mut ids), sheet.text(table, "text"));
        let weight = sheet.number(table, "weight", &WEIGHTS, None);
        let (cues, strong) = (sheet.texts(table, "cues"), sheet.optional_text(table, "strong"));
        points.push((|| Some(Point { id: id?, text: text?, weight: weight?, cues, strong }))());
    }
    (points.into_iter().collect(), ids)
}

fn pitfalls(sheet: &mut Sheet<'_>, file: Table<'_, '_>) -> (Option<Vec<Pitfall>>, Ids) {
    let mut ids = Ids::new();
    let mut pitfalls = Vec::new();
    for table in sheet.tables(file, "pitfalls", &PITFALLS) {
        sheet.refuse_other_keys(table, PITFALL_KEYS);
        let (id, text) = (sheet.own_id(table, &mut ids), sheet.text(table, "text"));
        let severity = sheet.name(table, "severity");
        pitfalls.push((|| Some(Pitfall { id: id?, text: text?, severity: severity? }))());
    }
    (pitfalls.into_iter().collect(), ids)
}

fn follow_ups(sheet: &mut Sheet<'_>, file: Table<'_, '_>, points: &Ids) -> Option<Vec<FollowUp>> {
    let mut ids = Ids::new();
    let mut follow_ups = Vec::new();
    for table in sheet.tables(file, "follow_ups", &FOLLOW_UPS) {
        sheet.refuse_other_keys(table, FOLLOW_UP_KEYS);
        let (id, ask) = (sheet.own_id(table, &mut ids), sheet.text(table, "ask"));
        let probes = sheet.optional_text(table, "probes");
        if let (Some(probes), Some(found)) = (&probes, table.get("probes")) {
            refuse_dangling(sheet, found.at, "follow_ups.probes", probes, "point", points);
        }
        follow_ups.push((|| Some(FollowUp { id: id?, ask: ask?, probes }))());
    }
    follow_ups.into_iter().collect()
}

fn exemplars(sheet: &mut Sheet<'_>, file: Table<'_, '_>, points: &Ids, pitfalls: &Ids) -> Option<Vec<Exemplar>> {
    let mut exemplars = Vec::new();
    for table in sheet.tables(file, "exemplars", &(0..=usize::MAX)) {
        sheet.refuse_other_keys(table, EXEMPLAR_KEYS);
        let quality = sheet.name(table, "quality");
        let (answer, why) = (sheet.text(table, "answer"), sheet.text(table, "why"));

        let mut verdicts = BTreeMap::new();
        for (id, found) in labels(sheet, table, "points", "point", points) {
            if let Some(verdict) = sheet.checked_name(found, &format!("exemplars.points.{id}")) {
                verdicts.insert(id, verdict);
            }
        }
        refuse_unlabelled(sheet, table, points);

        let mut triggered = BTreeMap::new();
        for (id, found) in labels(sheet, table, "pitfalls", "pitfall", pitfalls) {
            if let DeValue::Boolean(value) = found.value {
                triggered.insert(id, *value);
            } else {
                let key = format!("exemplars.pitfalls.{id}");
                sheet.add(found.at, &key, "is neither true nor false", "write true if the answer falls into it");
            }
        }
        exemplars.push((|| {
            Some(Exemplar { quality: quality?, answer: answer?, why: why?, points: verdicts, pitfalls: triggered })
        })());
    }
    exemplars.into_iter().collect()
}

/// The labels of a sample answer under `key`, each of which must name one of `known`.
fn labels<'t, 'i>(
    sheet: &mut Sheet<'_>,
    exemplar: Table<'t, 'i>,
    key: &'t str,
    what: &str,
    known: &Ids,
) -> Vec<(String, Found<'t, 'i>)> {
    let Some(Found { value: DeValue::Table(entries), .. }) = sheet.optional_table(exemplar, key) else {
        return Vec::new();
    };
    let mut labels = Vec::new();
    for (id, value) in entries {
        let name: &str = id.get_ref().borrow();
        refuse_dangling(sheet, id.span().start, &format!("exemplars.{key}.{name}"), name, what, known);
        labels.push((name.to_owned(), Found { value: value.get_ref(), at: value.span().start }));
    }
    labels
}

fn refuse_dangling(sheet: &mut Sheet<'_>, at: usize, key: &str, id: &str, what: &str, known: &Ids) {
    // Without any there is a finding about that already.
    if !known.is_empty() && !known.iter().any(|(other, _)| other == id) {
        let mend = match nearest(id, known.iter().map(|(id, _)| id.as_str())) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("use the id of a {what} of this question"),
        };
        sheet.add_absent(at, key, format!("there is no {what} `{id}`"), mend);
    }
}

/// A sample answer gives a verdict on every point.
fn refuse_unlabelled(sheet: &mut Sheet<'_>, exemplar: Table<'_, '_>, points: &Ids) {
    let (labelled, at) = match exemplar.get("points") {
        Some(Found { value: DeValue::Table(entries), at }) => (Some(entries), at),
        Some(_) => return,
        None => (None, exemplar.at),
    };
    for (id, _) in points {
        if !labelled.is_some_and(|entries| entries.contains_key(id.as_str())) {
            let mend = format!("add `{id} = \"met\"`, \"partial\" or \"missed\"");
            sheet.add_absent(at, "exemplars.points", format!("has no verdict on `{id}`"), mend);
        }
    }
}
