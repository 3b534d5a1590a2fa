//! A bar chart of mean scores as an SVG, with the same numbers for a table beside it.

use super::{
    rate::signal,
    words::{self, w},
};
use crate::scoring::formula;

/// Everything in the chart's own units.
const WIDTH: u32 = 340;
const TOP: u32 = 22;
const ROW: u32 = 38;

pub struct BarChart {
    pub width: u32,
    pub height: u32,
    pub top: u32,
    pub top_text: u32,
    pub bottom: u32,
    pub left: u32,
    pub span: u32,
    /// What the chart says, for those who do not see it.
    pub label: String,
    pub rungs: Vec<RungLine>,
    pub bars: Vec<Bar>,
}

/// A score from which another rung of the scale begins.
pub struct RungLine {
    pub x: String,
    pub words: String,
}

pub struct Bar {
    pub name: String,
    pub y: u32,
    pub text_y: u32,
    pub length: String,
    pub count: usize,
    pub score: String,
    pub signal: String,
}

impl BarChart {
    /// One bar a name, from the scores under it; names without scores are left out.
    pub fn of(scores: Vec<(String, Vec<f64>)>) -> Self {
        let bars: Vec<Bar> = scores
            .into_iter()
            .filter(|(_, scores)| !scores.is_empty())
            .zip(0_u32..)
            .map(|((name, scores), place)| {
                let mean = mean(&scores);
                let y = TOP + place * ROW + 20;
                Bar {
                    name,
                    y,
                    text_y: y - 6,
                    length: format!("{:.1}", mean * f64::from(WIDTH)),
                    count: scores.len(),
                    score: format!("{mean:.2}"),
                    signal: signal(formula::rung(mean)),
                }
            })
            .collect();
        let said = bars.iter().map(|bar| format!("{} {}", bar.name, bar.signal.to_lowercase()));
        let label = format!("{}: {}", w("debrief.chart-desc"), said.collect::<Vec<_>>().join(", "));
        let bottom = TOP + ROW * u32::try_from(bars.len()).unwrap_or(u32::MAX);
        let rungs = formula::THRESHOLDS.iter().zip(2_u8..).map(|(&threshold, rung)| RungLine {
            x: format!("{:.1}", threshold * f64::from(WIDTH)),
            words: words::label("signal", &format!("n{rung}")),
        });
        Self {
            width: WIDTH,
            height: bottom + 2,
            top: TOP - 6,
            top_text: TOP - 11,
            bottom,
            left: 0,
            span: WIDTH,
            label,
            rungs: rungs.collect(),
            bars,
        }
    }
}

/// The mean of at least one score.
pub fn mean(scores: &[f64]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "there are a handful of scores")]
    let count = scores.len().max(1) as f64;
    scores.iter().sum::<f64>() / count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_says_in_words_what_its_bars_show_and_leaves_out_what_has_no_score() {
        let chart = BarChart::of(vec![
            ("Risk".to_owned(), vec![0.5, 0.9]),
            ("Execution".to_owned(), vec![]),
            ("Leadership".to_owned(), vec![0.05]),
        ]);
        assert_eq!(chart.label, "Mean score from 0 to 1: Risk hire, Leadership strong no hire");
        assert_eq!(chart.bars.iter().map(|bar| bar.score.as_str()).collect::<Vec<_>>(), ["0.70", "0.05"]);
        assert_eq!((chart.bars[0].length.as_str(), chart.rungs.len()), ("238.0", 4));
    }
}
