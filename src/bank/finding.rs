//! One complaint about a question file: where it is, what is wrong and how to mend it.

use std::fmt;

/// Prints as `FILE:LINE: KEY: what is wrong; how to mend it`, always on one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file as the caller would name it, so that an editor can open it.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    /// The dotted name of the key concerned, or what part of the file is meant.
    pub key: String,
    pub problem: String,
    pub mend: String,
}

impl Finding {
    /// A finding about a file as a whole.
    pub(super) fn of_file(file: &str, key: &str, problem: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: 1, key: key.to_owned(), problem: problem.into(), mend: mend.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, key, problem, mend } = self;
        let text = format!("{file}:{line}: {key}: {problem}; {mend}");
        // What a file holds is quoted in its findings; a line break or an escape sequence there must not
        // break the one-finding-a-line form or reach the terminal.
        if text.chars().any(char::is_control) {
            return text.chars().try_for_each(|character| {
                if character.is_control() {
                    write!(f, "{}", character.escape_default())
                } else {
                    write!(f, "{character}")
                }
            });
        }
        f.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_stays_on_one_line_whatever_it_quotes() {
        let finding = Finding::of_file("a\nb.toml", "ti\u{1b}[31mtle", "is odd", "mend it");
        assert_eq!(finding.to_string(), r"a\nb.toml:1: ti\u{1b}[31mtle: is odd; mend it");
    }
}
