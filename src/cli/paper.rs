//! How text is set in the terminal: width, wrapping, tables, rules and the few colours.

use std::fmt::Display;

use owo_colors::{OwoColorize as _, Style};

/// The widest that running text is set: longer lines are hard to read.
const WIDEST: usize = 88;

/// How many columns the terminal has; nothing where output goes elsewhere.
pub fn columns() -> Option<usize> {
    console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns))
}

/// The width for running text in the terminal, or a fixed one where output goes elsewhere.
pub fn width() -> usize {
    columns().unwrap_or(80).saturating_sub(1).clamp(24, WIDEST)
}

/// `text` wrapped to `width`, its first line after `first` and the others after `rest`; empty lines stay.
pub fn wrap(text: &str, width: usize, first: &str, rest: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in harmless(text).lines() {
        let first = if lines.is_empty() { first } else { rest };
        // Broken at spaces alone: commands and paths stay whole, and what has no spaces is broken anywhere.
        let options = textwrap::Options::new(width)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .initial_indent(first)
            .subsequent_indent(rest);
        lines.extend(textwrap::wrap(paragraph, options).into_iter().map(|line| line.trim_end().to_owned()));
    }
    lines
}

/// `text` without the characters by which it could move the cursor, recolour the screen or turn the reading
/// direction: answers, models and foreign banks must not draw outside their lines.
pub fn harmless(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\n' => Some('\n'),
            '\t' => Some(' '),
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => None,
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect()
}

/// A line across the page that carries a title on its left and words on its right.
pub fn titled(title: &str, words: &str, width: usize) -> String {
    let room = width.saturating_sub(9 + textwrap::core::display_width(words));
    let title = textwrap::wrap(&harmless(title), room.max(8)).first().map_or_else(String::new, ToString::to_string);
    let used = 8 + textwrap::core::display_width(&title) + textwrap::core::display_width(words);
    let between = "─".repeat(width.saturating_sub(used).max(1));
    format!("{} {} {} {} {}", quiet("──"), strong(title), quiet(between), strong(words), quiet("──"))
}

/// Columns as wide as their widest cell, two spaces apart.
pub fn table<const N: usize>(heads: [&str; N], rows: &[[String; N]]) -> Vec<String> {
    let widths: [usize; N] = std::array::from_fn(|column| {
        let cells = rows.iter().map(|row| textwrap::core::display_width(&row[column]));
        cells.chain([heads[column].len()]).max().unwrap_or(0)
    });
    let line = |cells: [&str; N]| {
        let padded = cells.iter().zip(widths).map(|(cell, width)| {
            let gap = width.saturating_sub(textwrap::core::display_width(cell));
            format!("{cell}{}", " ".repeat(gap))
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let body = rows.iter().map(|row| line(std::array::from_fn(|column| row[column].as_str())));
    std::iter::once(strong(line(heads))).chain(body).collect()
}

/// `1 word`, `2 words`.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

fn styled(text: impl Display, style: Style) -> String {
    text.style(style).to_string()
}

/// For what matters most.
pub fn strong(text: impl Display) -> String {
    styled(text, Style::new().bold())
}

/// For what may be overlooked.
pub fn quiet(text: impl Display) -> String {
    styled(text, Style::new().dimmed())
}

/// For what went well.
pub fn good(text: impl Display) -> String {
    styled(text, Style::new().green())
}

/// For what went half well, and for warnings.
pub fn fair(text: impl Display) -> String {
    styled(text, Style::new().yellow())
}

/// For what went wrong.
pub fn danger(text: impl Display) -> String {
    styled(text, Style::new().red())
}

/// For what the interviewer says.
pub fn voice(text: impl Display) -> String {
    styled(text, Style::new().cyan())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_steer_the_terminal() {
        assert_eq!(harmless("a\u{1b}[2Jb\r\nc\u{7}\td\u{202e}e"), "a[2Jb\nc de");
    }

    #[test]
    fn paragraphs_stay_apart_and_wrapped_lines_are_indented() {
        assert_eq!(wrap("one two three\n\nfour", 10, "> ", "  "), ["> one two", "  three", "", "  four"]);
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!([0, 1, 2].map(|count| counted(count, "word")), ["0 words", "1 word", "2 words"]);
    }

    #[test]
    fn a_table_is_aligned_by_what_is_seen() {
        let rows = [["é".to_owned(), "x".to_owned()], ["four".to_owned(), String::new()]];
        let text = table(["A", "B"], &rows).join("\n");
        assert_eq!(anstream::adapter::strip_str(&text).to_string(), "A     B\né     x\nfour");
    }
}
