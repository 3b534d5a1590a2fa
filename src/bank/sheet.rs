//! Reads single values out of a parsed question file and notes down whatever is wrong with them.

use std::{borrow::Borrow, ops::RangeInclusive, str::FromStr};

use toml::de::{DeTable, DeValue};

use super::{Finding, format::is_fit, nearest};
use crate::question::{UnknownName, is_slug};

/// A question file under examination, and what was found so far.
pub(super) struct Sheet<'a> {
    pub file: &'a str,
    pub text: &'a str,
    /// Whether the file is no valid TOML; then what seems to be missing may only have been lost.
    pub broken: bool,
    /// Keys that a misspelt one was taken for, with the start of their table: named once, they are not missing too.
    pub misspelt: Vec<(usize, String)>,
    pub findings: Vec<Finding>,
}

/// A table of the file: its name as findings give it, and the byte at which it starts.
#[derive(Clone, Copy)]
pub(super) struct Table<'t, 'i> {
    pub entries: &'t DeTable<'i>,
    pub name: &'t str,
    pub at: usize,
}

/// A value of the file and the byte at which it starts.
#[derive(Clone, Copy)]
pub(super) struct Found<'t, 'i> {
    pub value: &'t DeValue<'i>,
    pub at: usize,
}

impl<'t, 'i> Table<'t, 'i> {
    /// The dotted name of one of its keys.
    pub fn key(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }

    pub fn get(&self, key: &str) -> Option<Found<'t, 'i>> {
        self.entries.get(key).map(|value| Found { value: value.get_ref(), at: value.span().start })
    }
}

impl Sheet<'_> {
    /// The line, counted from 1, that holds byte `at`.
    pub fn line(&self, at: usize) -> usize {
        let end = at.min(self.text.len());
        self.text.bytes().take(end).filter(|&byte| byte == b'\n').count() + 1
    }

    pub fn add(&mut self, at: usize, key: &str, problem: impl Into<String>, mend: impl Into<String>) {
        let (file, line) = (self.file.to_owned(), self.line(at));
        self.findings.push(Finding { file, line, key: key.to_owned(), problem: problem.into(), mend: mend.into() });
    }

    /// Notes that something is not there, unless a syntax error may have swallowed it.
    pub fn add_absent(&mut self, at: usize, key: &str, problem: impl Into<String>, mend: impl Into<String>) {
        if !self.broken {
            self.add(at, key, problem, mend);
        }
    }

    /// Notes every key of `table` that is not among `known`.
    pub fn refuse_other_keys(&mut self, table: Table<'_, '_>, known: &[&str]) {
        for key in table.entries.keys() {
            let name: &str = key.get_ref().borrow();
            if !known.contains(&name) {
                let meant = nearest(name, known.iter().copied()).filter(|&meant| table.get(meant).is_none());
                let mend = match meant {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("remove it, or use one of {}", known.join(", ")),
                };
                self.misspelt.extend(meant.map(|meant| (table.at, meant.to_owned())));
                self.add(key.span().start, &table.key(name), "is no key of the format", mend);
            }
        }
    }

    /// The value under a required key.
    fn required<'t, 'i>(&mut self, table: Table<'t, 'i>, key: &str, mend: &str) -> Option<Found<'t, 'i>> {
        let found = table.get(key);
        if found.is_none() && !self.misspelt.iter().any(|(at, meant)| *at == table.at && meant == key) {
            self.add_absent(table.at, &table.key(key), "is missing", mend);
        }
        found
    }

    fn wrong_type(&mut self, found: Found<'_, '_>, key: &str, wanted: &str, mend: &str) {
        let given = found.value.type_str();
        self.add(found.at, key, format!("is of type {given} where {wanted} belongs"), mend);
    }

    /// A text that is not empty and free of control characters, without the white space around it.
    pub fn checked_text(&mut self, found: Found<'_, '_>, key: &str) -> Option<String> {
        let DeValue::String(given) = found.value else {
            self.wrong_type(found, key, "a text", "write it between quotes");
            return None;
        };
        if let Some(bad) = given.chars().find(|&character| !is_fit(character)) {
            self.add(found.at, key, format!("holds the control character U+{:04X}", u32::from(bad)), "remove it");
            return None;
        }
        if given.trim().is_empty() {
            self.add(found.at, key, "is empty", "write something there, or leave it out where it is optional");
            return None;
        }
        Some(given.trim().replace("\r\n", "\n"))
    }

    pub fn text(&mut self, table: Table<'_, '_>, key: &str) -> Option<String> {
        let found = self.required(table, key, &format!("add `{key} = \"…\"`"))?;
        self.checked_text(found, &table.key(key))
    }

    pub fn optional_text(&mut self, table: Table<'_, '_>, key: &str) -> Option<String> {
        table.get(key).and_then(|found| self.checked_text(found, &table.key(key)))
    }

    /// A list of texts; a missing key is an empty list.
    pub fn texts(&mut self, table: Table<'_, '_>, key: &str) -> Vec<String> {
        let Some(found) = table.get(key) else { return Vec::new() };
        let name = table.key(key);
        let DeValue::Array(items) = found.value else {
            self.wrong_type(found, &name, "a list of texts", "write it as [\"…\", \"…\"]");
            return Vec::new();
        };
        let items = items.iter().map(|item| Found { value: item.get_ref(), at: item.span().start });
        items.filter_map(|item| self.checked_text(item, &name)).collect()
    }

    /// A whole number within `range`; `default` stands in for a missing key, and without one the key is required.
    pub fn number(
        &mut self,
        table: Table<'_, '_>,
        key: &str,
        range: &RangeInclusive<u8>,
        default: Option<u8>,
    ) -> Option<u8> {
        let (low, high) = (range.start(), range.end());
        let found = match (table.get(key), default) {
            (None, Some(default)) => return Some(default),
            (None, None) => self.required(table, key, &format!("add `{key} = {low}`, up to {high}"))?,
            (Some(found), _) => found,
        };
        let mend = format!("use a whole number from {low} to {high}");
        let DeValue::Integer(given) = found.value else {
            self.wrong_type(found, &table.key(key), "a whole number", &mend);
            return None;
        };
        let number = u8::from_str_radix(given.as_str(), given.radix()).ok().filter(|number| range.contains(number));
        if number.is_none() {
            self.add(found.at, &table.key(key), format!("is {given}, which is out of range"), mend);
        }
        number
    }

    /// One of a fixed list of words.
    pub fn name<T: FromStr<Err = UnknownName>>(&mut self, table: Table<'_, '_>, key: &str) -> Option<T> {
        let known = "".parse::<T>().err().map_or_else(String::new, |unknown| unknown.known);
        let found = self.required(table, key, &format!("add `{key} = \"…\"` with one of {known}"))?;
        self.checked_name(found, &table.key(key))
    }

    pub fn checked_name<T: FromStr<Err = UnknownName>>(&mut self, found: Found<'_, '_>, key: &str) -> Option<T> {
        let text = self.checked_text(found, key)?;
        let UnknownName { what, given, known } = match text.parse() {
            Ok(value) => return Some(value),
            Err(unknown) => unknown,
        };
        let mend = match nearest(&given, known.split(", ")) {
            Some(meant) => format!("did you mean `{meant}`? There are {known}"),
            None => format!("use one of {known}"),
        };
        self.add(found.at, key, format!("`{given}` is no {what}"), mend);
        None
    }

    /// The id of a part of the question, which no earlier part of its sort may have: `taken` holds those and
    /// gets this one, each with its line.
    pub fn own_id(&mut self, table: Table<'_, '_>, taken: &mut Vec<(String, usize)>) -> Option<String> {
        let found = self.required(table, "id", "add `id = \"…\"`, lowercase words joined by hyphens")?;
        let (key, id) = (table.key("id"), self.checked_text(found, &table.key("id"))?);
        if !is_slug(&id) {
            let problem = format!("`{id}` is not lowercase words joined by hyphens");
            self.add(found.at, &key, problem, "write it like `critical-path-impact`");
        }
        if let Some((_, line)) = taken.iter().find(|(other, _)| *other == id) {
            let problem = format!("`{id}` is already the id of the one on line {line}");
            self.add(found.at, &key, problem, "give each its own id");
        }
        taken.push((id.clone(), self.line(found.at)));
        Some(id)
    }

    /// The tables under `key`, of which there must be as many as `range` says.
    pub fn tables<'t, 'i>(
        &mut self,
        file: Table<'t, 'i>,
        key: &'t str,
        range: &RangeInclusive<usize>,
    ) -> Vec<Table<'t, 'i>> {
        let (low, high) = (range.start(), range.end());
        let found =
            if *low > 0 { self.required(file, key, &format!("add {low} to {high} [[{key}]]")) } else { file.get(key) };
        let Some(found) = found else { return Vec::new() };
        let DeValue::Array(items) = found.value else {
            self.wrong_type(found, key, "a list of tables", &format!("start each with a line [[{key}]]"));
            return Vec::new();
        };
        let mut tables = Vec::with_capacity(items.len());
        for item in items {
            let at = item.span().start;
            match item.get_ref() {
                DeValue::Table(entries) => tables.push(Table { entries, name: key, at }),
                value => {
                    self.wrong_type(Found { value, at }, key, "a table", &format!("start each with a line [[{key}]]"));
                }
            }
        }
        let at = items.first().map_or(found.at, |first| first.span().start);
        if items.len() > *high {
            self.add(at, key, format!("there are {}", items.len()), format!("keep {low} to {high} of them"));
        } else if items.len() < *low {
            let problem = format!("there {} {}", if items.len() == 1 { "is" } else { "are" }, items.len());
            self.add_absent(at, key, problem, format!("have {low} to {high} of them"));
        }
        tables
    }

    /// The table under an optional key.
    pub fn optional_table<'t, 'i>(&mut self, table: Table<'t, 'i>, key: &'t str) -> Option<Found<'t, 'i>> {
        let found = table.get(key)?;
        if !matches!(found.value, DeValue::Table(_)) {
            self.wrong_type(found, &table.key(key), "a table", "write `key = value` lines under a header of its own");
            return None;
        }
        Some(found)
    }
}
