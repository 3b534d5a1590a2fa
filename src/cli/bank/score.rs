//! `greenroom bank score`: whether the offline engine, fitted without a question, puts its sample answers in order.

mod report;

use std::{path::PathBuf, thread};

use report::Report;
use serde::Serialize;

use super::print;
use crate::{
    bank::Bank,
    cli::{Status, eval, labelled::LabelledFiles, misuse},
    question::{ExemplarQuality, Question, QuestionId, Verdict},
    scoring::{
        Exchange, Scorecard,
        offline::{OfflineJudge, Study},
    },
};

/// Into how many parts the questions are cut. Each part is judged by weights that were fitted on the others; a part
/// for each question would take twelve times as long and change the fit by less than a hundredth of its data.
const FOLDS: usize = 10;

#[derive(Debug, clap::Args)]
pub struct ScoreArgs {
    /// Further labelled answers to fit on, as `greenroom eval` reads them
    #[arg(long, value_name = "FILE", requires = "labels")]
    answers: Option<PathBuf>,
    /// Their labels; give a second file for a second rater
    #[arg(long, value_name = "FILE", requires = "answers")]
    labels: Vec<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// One sample answer with what its labels and what the engine make of it.
#[derive(Debug, Serialize)]
struct Judged {
    quality: ExemplarQuality,
    /// Null where the engine could not judge.
    score: Option<f64>,
    overall: Option<u8>,
    /// Points on which the engine differs from the label.
    points: Vec<Missed<Verdict>>,
    /// Pitfalls likewise.
    pitfalls: Vec<Missed<bool>>,
    #[serde(skip)]
    labels: (usize, usize),
}

#[derive(Debug, Serialize)]
struct Missed<T> {
    id: String,
    label: T,
    engine: T,
}

/// A question with its sample answers, the best first.
#[derive(Debug, Serialize)]
struct Row {
    question: QuestionId,
    fold: usize,
    /// Whether the engine scores strong above average above weak.
    in_order: bool,
    exemplars: Vec<Judged>,
}

pub(super) fn run(args: &ScoreArgs, bank: &Bank) -> anyhow::Result<Status> {
    let questions: Vec<&Question> = bank.questions().collect();
    let labelled = match &args.answers {
        None => Vec::new(),
        Some(answers) => {
            let files = LabelledFiles { answers: answers.clone(), labels: args.labels.clone() };
            files.read(&questions).map_err(|error| misuse(format!("{error:#}")))?
        }
    };
    let whole: Vec<&Question> = questions.iter().copied().filter(|question| order(question).is_some()).collect();
    if whole.len() < FOLDS {
        let found = whole.len();
        return Err(misuse(format!(
            "{found} questions have a strong, an average and a weak sample answer; at least {FOLDS} are needed to leave some out"
        )));
    }
    let (study, _) = eval::study(&labelled, &questions)?;
    let rows = judged(&whole, &study);
    let report = Report::of(&rows, labelled.len(), questions.len() - whole.len());
    let text = if args.json { serde_json::to_string(&report)? + "\n" } else { report.to_string() };
    print(&text)?;
    Ok(Status::Done)
}

/// The strong, the average and the weak sample answer, by place, of a question that has one of each.
fn order(question: &Question) -> Option<[usize; 3]> {
    let place = |quality| {
        let mut found = question.exemplars.iter().enumerate().filter(|(_, exemplar)| exemplar.quality == quality);
        found.next().filter(|_| found.next().is_none()).map(|(place, _)| place)
    };
    Some([place(ExemplarQuality::Strong)?, place(ExemplarQuality::Average)?, place(ExemplarQuality::Weak)?])
}

/// Every question judged by weights that were fitted without its fold. The answers were read once for all folds.
fn judged(whole: &[&Question], study: &Study) -> Vec<Row> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let mut rows: Vec<Row> = thread::scope(|scope| {
        let hands: Vec<_> = (0..workers)
            .map(|hand| {
                scope.spawn(move || {
                    (hand..FOLDS).step_by(workers).flat_map(|fold| fold_rows(whole, study, fold)).collect()
                })
            })
            .collect();
        hands.into_iter().flat_map(|hand| -> Vec<Row> { hand.join().expect("a fit does not panic") }).collect()
    });
    rows.sort_by(|a, b| a.question.cmp(&b.question));
    rows
}

fn fold_rows(whole: &[&Question], study: &Study, fold: usize) -> Vec<Row> {
    let held: Vec<&Question> = whole.iter().copied().skip(fold).step_by(FOLDS).collect();
    let ids: Vec<&str> = held.iter().map(|question| question.id.as_str()).collect();
    let judge = study.judge_without(&ids);
    held.into_iter().filter_map(|question| row(question, fold, &judge)).collect()
}

fn row(question: &Question, fold: usize, judge: &OfflineJudge) -> Option<Row> {
    let exemplars: Vec<Judged> = order(question)?
        .into_iter()
        .map(|place| {
            let exemplar = &question.exemplars[place];
            let exchange = Exchange::of_answer(&question.prompt, &exemplar.answer).ok()?;
            Some(Judged::of(question, place, &judge.judge(question, &exchange)))
        })
        .collect::<Option<_>>()?;
    let scores: Option<Vec<f64>> = exemplars.iter().map(|exemplar| exemplar.score).collect();
    let in_order = scores.is_some_and(|scores| scores.windows(2).all(|pair| pair[0] > pair[1]));
    Some(Row { question: question.id.clone(), fold, in_order, exemplars })
}

impl Judged {
    fn of(question: &Question, place: usize, card: &Scorecard) -> Self {
        let exemplar = &question.exemplars[place];
        let points = card.points().iter().filter_map(|scored| {
            let label = *exemplar.points.get(&scored.id)?;
            (label != scored.verdict).then(|| Missed { id: scored.id.clone(), label, engine: scored.verdict })
        });
        let pitfalls = card.pitfalls().iter().filter_map(|scored| {
            let label = exemplar.pitfalls.get(&scored.id) == Some(&true);
            (label != scored.triggered).then(|| Missed { id: scored.id.clone(), label, engine: scored.triggered })
        });
        Self {
            quality: exemplar.quality,
            score: card.sum().map(|sum| sum.score),
            overall: card.overall(),
            points: points.collect(),
            pitfalls: pitfalls.collect(),
            labels: (card.points().len(), card.pitfalls().len()),
        }
    }
}
