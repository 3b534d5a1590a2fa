//! Reads `greenroom.toml`: every key with the line on which it stands, so that a complaint can name its place.

use std::{collections::BTreeMap, path::Path};

use toml::de::{DeTable, DeValue};

use super::value::Raw;

/// What a file sets: dotted key to value and line.
pub(super) type Lines = BTreeMap<String, (Raw, usize)>;

/// Parses the text of the file at `path`; `known` are the keys that it may set. Returns what it
/// sets and every complaint at once.
///
/// The tree is walked here instead of being deserialized into a struct because each value must keep its line and
/// pass the same checks as one from a flag or a variable.
pub(super) fn read(path: &Path, text: &str, known: &[&str]) -> (Lines, Vec<String>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader { path, text, known, found: Lines::new(), complaints: Vec::new() };
    for error in errors {
        let place = reader.place(error.span().map_or(0, |span| span.start));
        reader.complaints.push(format!("{place}: {}: mend the TOML syntax there", error.message().trim()));
    }
    // A file that is no TOML yields half a tree; complaints about that would only hide the cause.
    if reader.complaints.is_empty() {
        reader.table("", table.get_ref());
    }
    (reader.found, reader.complaints)
}

struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    known: &'a [&'a str],
    found: Lines,
    complaints: Vec<String>,
}

impl Reader<'_> {
    fn table(&mut self, prefix: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let name = format!("{prefix}{}", key.get_ref());
            let start = key.span().start;
            let inside = format!("{name}.");
            match value.get_ref() {
                DeValue::Table(inner) if self.known.iter().any(|known| known.starts_with(&inside)) => {
                    self.table(&inside, inner);
                }
                _ if !self.known.contains(&name.as_str()) => self.unknown(&name, start),
                value => {
                    let Some(raw) = raw(value) else {
                        let (place, kind) = (self.place(start), value.type_str());
                        let way_out = "give a text, a number or a list of texts";
                        self.complaints
                            .push(format!("{place}: {name}: a value of type {kind} does not fit: {way_out}"));
                        continue;
                    };
                    self.found.insert(name, (raw, line_of(self.text, start)));
                }
            }
        }
    }

    fn unknown(&mut self, name: &str, start: usize) {
        let place = self.place(start);
        // The last word decides, so that a key outside its table finds its way home.
        let last = |key: &str| key.rsplit('.').next().unwrap_or_default().to_owned();
        let nearest = self
            .known
            .iter()
            .map(|known| (strsim::damerau_levenshtein(&last(known), &last(name)), known))
            .filter(|(edits, _)| *edits <= 2)
            .min_by_key(|(edits, _)| *edits);
        self.complaints.push(match nearest {
            Some((_, known)) => format!("{place}: unknown key `{name}`: did you mean `{known}`?"),
            None => format!("{place}: unknown key `{name}`: use one of {}", self.known.join(", ")),
        });
    }

    fn place(&self, byte: usize) -> String {
        format!("{}:{}", self.path.display(), line_of(self.text, byte))
    }
}

fn raw(value: &DeValue<'_>) -> Option<Raw> {
    match value {
        DeValue::String(text) => Some(Raw::Text(text.to_string())),
        DeValue::Integer(number) => Some(Raw::Text(number.to_string())),
        DeValue::Float(number) => Some(Raw::Text(number.to_string())),
        DeValue::Array(items) => items
            .iter()
            .map(|item| item.get_ref().as_str().map(ToOwned::to_owned))
            .collect::<Option<Vec<_>>>()
            .map(Raw::List),
        DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Table(_) => None,
    }
}

/// The line, from 1, on which the byte stands.
fn line_of(text: &str, byte: usize) -> usize {
    1 + text.bytes().take(byte).filter(|&byte| byte == b'\n').count()
}
