//! What `greenroom bank score` found, as people and programs read it.

use std::fmt;

use serde::Serialize;

use super::{FOLDS, Judged, Row};
use crate::{
    question::Verdict,
    scoring::{EngineStamp, offline::OfflineJudge},
};

/// The share of questions whose sample answers should come out in order.
const GOAL: f64 = 0.95;

#[derive(Debug, Serialize)]
pub(super) struct Report<'a> {
    /// The engine that is built in; its weights were fitted anew for each fold.
    engine: EngineStamp,
    folds: usize,
    /// How many labelled answers beside the bank's own were fitted on.
    further: usize,
    /// Questions without one sample answer of each quality.
    left_aside: usize,
    goal: f64,
    questions: usize,
    in_order: Share,
    strong_above_average: Share,
    average_above_weak: Share,
    strong_above_weak: Share,
    points_as_labelled: Share,
    pitfalls_as_labelled: Share,
    rows: &'a [Row],
}

#[derive(Debug, Clone, Copy, Serialize)]
struct Share {
    of: usize,
    count: usize,
}

impl Share {
    fn of(all: impl Iterator<Item = bool>) -> Self {
        all.fold(Self { of: 0, count: 0 }, |share, hit| Self {
            of: share.of + 1,
            count: share.count + usize::from(hit),
        })
    }

    /// Labels of which the engine misses some.
    fn of_labels(all: impl Iterator<Item = (usize, usize)>) -> Self {
        all.fold(Self { of: 0, count: 0 }, |share, (labels, missed)| Self {
            of: share.of + labels,
            count: share.count + labels - missed,
        })
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        let percent = if self.of == 0 { 0.0 } else { 100.0 * number(self.count) / number(self.of) };
        write!(f, "{:>5} of {:>4}  {percent:>5.1} %", self.count, self.of)
    }
}

impl<'a> Report<'a> {
    pub fn of(rows: &'a [Row], further: usize, left_aside: usize) -> Self {
        let above = |better: usize, worse: usize| {
            Share::of(rows.iter().map(
                |row| matches!((row.exemplars[better].score, row.exemplars[worse].score), (Some(a), Some(b)) if a > b),
            ))
        };
        let judged = || rows.iter().flat_map(|row| &row.exemplars);
        Self {
            engine: OfflineJudge::builtin().stamp(),
            folds: FOLDS,
            further,
            left_aside,
            goal: GOAL,
            questions: rows.len(),
            in_order: Share::of(rows.iter().map(|row| row.in_order)),
            strong_above_average: above(0, 1),
            average_above_weak: above(1, 2),
            strong_above_weak: above(0, 2),
            points_as_labelled: Share::of_labels(judged().map(|one| (one.labels.0, one.points.len()))),
            pitfalls_as_labelled: Share::of_labels(judged().map(|one| (one.labels.1, one.pitfalls.len()))),
            rows,
        }
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { engine, folds, further, .. } = self;
        let also = if *further > 0 { format!(" and on {further} further answers") } else { String::new() };
        writeln!(
            f,
            "{} {} · {} sample answers to {} questions, fitted on these{also}",
            engine.name,
            engine.version,
            3 * self.questions,
            self.questions
        )?;
        writeln!(
            f,
            "{folds} folds: the questions by id are dealt out in turn, and each fold is judged by weights fitted on the other {}",
            folds - 1
        )?;
        if self.left_aside > 0 {
            writeln!(f, "{} without one sample answer of each quality left aside", self.left_aside)?;
        }
        writeln!(f, "\nstrong > average > weak  {}  (goal {:.0} %)", self.in_order, 100.0 * self.goal)?;
        writeln!(f, "  strong above average   {}", self.strong_above_average)?;
        writeln!(f, "  average above weak     {}", self.average_above_weak)?;
        writeln!(f, "  strong above weak      {}", self.strong_above_weak)?;
        writeln!(f, "points as labelled       {}", self.points_as_labelled)?;
        writeln!(f, "pitfalls as labelled     {}", self.pitfalls_as_labelled)?;
        writeln!(f, "\nNot in order, with the scores of strong, average and weak")?;
        for row in self.rows.iter().filter(|row| !row.in_order) {
            let scores =
                row.exemplars.iter().map(|one| one.score.map_or("  – ".to_owned(), |score| format!("{score:.2}")));
            writeln!(f, "  {:<44}  {}", row.question, scores.collect::<Vec<_>>().join("  "))?;
        }
        writeln!(f, "\nPoints whose labels the engine misses: label > verdict (0 missed, 1 partial, 2 met)")?;
        for row in self.rows.iter().filter(|row| row.exemplars.iter().any(|one| !one.points.is_empty())) {
            writeln!(f, "  {}", row.question)?;
            for one in row.exemplars.iter().filter(|one| !one.points.is_empty()) {
                writeln!(f, "    {:<7}  {}", one.quality, differences(one))?;
            }
        }
        Ok(())
    }
}

fn differences(one: &Judged) -> String {
    let differences =
        one.points.iter().map(|point| format!("{} {}>{}", point.id, digit(point.label), digit(point.engine)));
    differences.collect::<Vec<_>>().join(", ")
}

const fn digit(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Missed => 0,
        Verdict::Partial => 1,
        Verdict::Met => 2,
    }
}
