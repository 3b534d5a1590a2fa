//! Figures and the table that they are printed in.

use std::time::Duration;

/// One line of the table.
#[derive(Debug)]
pub struct Figure {
    pub what: &'static str,
    pub measured: String,
    pub floor: String,
    /// Measured against floor, where that is what counts.
    pub ratio: String,
    /// What is aimed at and whether it is reached; nothing where the line only informs.
    pub aim: Option<(&'static str, bool)>,
}

/// The table in Markdown, columns aligned.
pub fn table(figures: &[Figure]) -> String {
    let head = ["what", "measured", "floor", "ratio", "aim", "reached"].map(str::to_owned);
    let rows = figures.iter().map(|figure| {
        let (aim, reached) = figure.aim.map_or(("", ""), |(aim, reached)| (aim, if reached { "yes" } else { "no" }));
        [figure.what, &figure.measured, &figure.floor, &figure.ratio, aim, reached].map(str::to_owned)
    });
    let rows: Vec<[String; 6]> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: [usize; 6] = std::array::from_fn(width);
    let mut lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            format!("| {} |", cells.join(" | "))
        })
        .collect();
    let rule = widths.map(|width| "-".repeat(width)).join(" | ");
    lines.insert(1, format!("| {rule} |"));
    lines.join("\n")
}

/// The middle value; 0 of none.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// The sum divided by the count; 0 of none.
pub fn mean(values: &[f64]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a few hundred values at most")]
    let count = values.len().max(1) as f64;
    values.iter().sum::<f64>() / count
}

pub fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
