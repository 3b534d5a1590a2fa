//! How text is set in the terminal: width, wrapping, tables, rules and the few colours.

use std::fmt::Display;

use owo_colors::{OwoColorize as _, Style};

/// The widest that running text is set: longer lines are hard to read.
const WIDEST: usize = 88;

/// The width for running text in the terminal, or a fixed one where output goes elsewhere.
pub fn width() -> usize {
    let columns = console::Term::stdout().size_checked().map_or(80, |(_, columns)| usize::from(columns));
    columns.saturating_sub(1).clamp(24, WIDEST)
}

/// `text` wrapped to `width`, each paragraph's first line after `first` and the others after `rest`.
pub fn wrap(text: &str, width: usize, first: &str, rest: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let first = if lines.is_empty() { first } else { rest };
        let options = textwrap::Options::new(width).initial_indent(first).subsequent_indent(rest);
        lines.extend(textwrap::wrap(paragraph, options).into_iter().map(|line| line.trim_end().to_owned()));
    }
    lines
}

/// A line across the page.
pub fn rule(width: usize) -> String {
    quiet("─".repeat(width))
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
