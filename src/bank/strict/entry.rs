//! A question under strict examination: with its file and the line of every value in it.

use std::{borrow::Borrow as _, collections::HashMap};

use toml::de::{DeTable, DeValue};

use super::frozen;
use crate::{
    bank::{Finding, source::Original},
    question::Question,
};

pub(super) struct Entry {
    pub question: Question,
    /// Whether its wording is frozen, so that only what may be added to it is asked.
    pub frozen: bool,
    file: String,
    /// By path, like `assessment_points.2.text`, counted from 0.
    lines: HashMap<String, usize>,
}

impl Entry {
    pub fn new(question: Question, original: Original) -> Self {
        let text = original.text.trim_start_matches('\u{feff}');
        let mut lines = HashMap::new();
        let (document, _) = DeTable::parse_recoverable(text);
        note_table(text, "", document.get_ref(), &mut lines);
        Self { frozen: frozen::is_frozen(&question), question, file: original.file, lines }
    }

    /// Whether the file itself holds a value at `path`.
    pub fn holds(&self, path: &str) -> bool {
        self.lines.contains_key(path)
    }

    /// A finding at `path`, or at the nearest part around it that is there.
    pub fn finding(&self, path: &str, problem: impl Into<String>, mend: impl Into<String>) -> Finding {
        let mut part = path;
        let line = loop {
            match (self.lines.get(part), part.rsplit_once('.')) {
                (Some(line), _) => break *line,
                (None, Some((outer, _))) => part = outer,
                (None, None) => break 1,
            }
        };
        // In messages a key stands without the places of the lists, as the plain lint gives it.
        let key: Vec<&str> = path.split('.').filter(|part| part.parse::<usize>().is_err()).collect();
        Finding { file: self.file.clone(), line, key: key.join("."), problem: problem.into(), mend: mend.into() }
    }

    /// Where a person finds the value, to be named within a message about another.
    pub fn place(&self, path: &str) -> String {
        let found = self.finding(path, "", "");
        format!("{}:{}", found.file, found.line)
    }
}

fn note_table(text: &str, path: &str, table: &DeTable<'_>, lines: &mut HashMap<String, usize>) {
    for (key, value) in table {
        let name: &str = key.get_ref().borrow();
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        lines.insert(path.clone(), line(text, value.span().start));
        note(text, &path, value.get_ref(), lines);
    }
}

fn note(text: &str, path: &str, value: &DeValue<'_>, lines: &mut HashMap<String, usize>) {
    match value {
        DeValue::Table(table) => note_table(text, path, table, lines),
        DeValue::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                let path = format!("{path}.{number}");
                lines.insert(path.clone(), line(text, item.span().start));
                note(text, &path, item.get_ref(), lines);
            }
        }
        DeValue::String(_) | DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {}
    }
}

fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|&byte| byte == b'\n').count() + 1
}
