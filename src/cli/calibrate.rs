//! `greenroom calibrate`: how far the chosen language model can be trusted, and how steady it is.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    path::PathBuf,
    sync::Arc,
};

use futures_util::{StreamExt as _, stream};
use serde::Serialize;

use super::{
    Status,
    eval::{self, pairs},
    labelled::{Labelled, LabelledFiles, gold},
    misuse, out_of_reach, tell,
};
use crate::{
    bank::Bank,
    config::Settings,
    llm::{Errand, Purpose},
    practice::{
        books::purse_of_a_run,
        judge::{self, Judge},
    },
    question::Question,
    scoring::{
        EngineName, EngineStamp, Scorecard,
        agreement::{Pair, Report, Steadiness, report, steadiness},
        offline::{LeftOut, OfflineJudge, reliability},
    },
};

/// Measure how well a language model agrees with labelled answers, and with itself
#[derive(Debug, Clone, clap::Args)]
pub struct CalibrateArgs {
    /// Labelled answers of your own; without it, those that are built in
    #[arg(long, value_name = "FILE", requires = "labels")]
    pub answers: Option<PathBuf>,
    /// Labels of one rater for them; give a second file for a second rater
    #[arg(long, value_name = "FILE", requires = "answers")]
    pub labels: Vec<PathBuf>,
    /// How often each answer is judged
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=20))]
    pub runs: u8,
    /// Judge this many answers only, spread evenly over the questions
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub sample: Option<u16>,
    /// Calls at once
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=64))]
    pub concurrency: u8,
    /// Print one JSON object instead of tables
    #[arg(long)]
    pub json: bool,
}

/// What calibration tells.
#[derive(Debug, Serialize)]
struct Calibration {
    engine: EngineStamp,
    questions: usize,
    answers: usize,
    runs: usize,
    /// Judgements that ended without a scorecard.
    unscored: usize,
    /// Over the scorecards of all runs.
    #[serde(flatten)]
    report: Report,
    steadiness: Steadiness,
    /// The rules that are built in, for comparison.
    rules: Option<LeftOut>,
}

/// Judges the answers as often as asked and prints what came of it.
pub async fn run(args: CalibrateArgs, settings: &Settings) -> anyhow::Result<Status> {
    if settings.engine_name() != EngineName::Llm {
        return Err(misuse(
            "calibrate measures a language model, and none is configured: set OPENAI_API_KEY or \
             GREENROOM_LLM_BASE_URL; `greenroom eval` measures the rules",
        ));
    }
    let bank = Bank::open(&settings.bank).map_err(|error| misuse(error.to_string()))?;
    let bank: Vec<&Question> = bank.questions().collect();
    let all = match args.answers.clone() {
        Some(answers) => LabelledFiles { answers, labels: args.labels.clone() }.read(&bank),
        None => gold(&bank),
    };
    let all = all.map_err(|error| misuse(format!("{error:#}")))?;
    let labelled = spread(&all, args.sample.map_or(all.len(), usize::from));
    let rules = Arc::new(OfflineJudge::builtin());
    let mut settings = settings.clone();
    settings.llm.concurrency = usize::from(args.concurrency);
    let purse = purse_of_a_run(&settings).await?;
    let (judge, _) = judge::open(&settings, &rules, || purse.clone()).map_err(|error| misuse(error.to_string()))?;
    let judging = judge.describe();
    tell(format_args!(
        "Judging {} answers {} times each: {} calls or more to {}.",
        labelled.len(),
        args.runs,
        labelled.len() * usize::from(args.runs),
        judging.host.as_deref().unwrap_or("the model"),
    ));
    let mut runs = Vec::new();
    for _ in 0..args.runs {
        runs.push(judged(&labelled, &judge, usize::from(args.concurrency)).await);
    }
    purse.settled().await;
    let unscored = runs.iter().flatten().filter(|card| card.is_none()).count();
    if unscored == labelled.len() * runs.len() {
        return Err(out_of_reach(
            "no answer could be judged: the reasons stand above; `greenroom doctor` looks closer",
        ));
    }
    let calibration = calibration(&labelled, &runs, unscored, judge.stamp(), &rules);
    let text = if args.json { serde_json::to_string(&calibration)? + "\n" } else { table(&calibration) };
    io::stdout().write_all(text.as_bytes())?;
    Ok(if unscored == 0 { Status::Done } else { Status::Problems })
}

/// The first answer of each question, then the second of each, and so on, until there are enough; in their old order.
fn spread<'b, 'a>(all: &'b [Labelled<'a>], count: usize) -> Vec<&'b Labelled<'a>> {
    let mut ranked: Vec<(usize, usize)> = (0..all.len())
        .map(|at| {
            let earlier = all[..at].iter().filter(|other| other.question.id == all[at].question.id).count();
            (earlier, at)
        })
        .collect();
    ranked.sort_unstable();
    let mut chosen: Vec<usize> = ranked.into_iter().take(count).map(|(_, at)| at).collect();
    chosen.sort_unstable();
    chosen.into_iter().map(|at| &all[at]).collect()
}

/// One run over all answers; what could not be judged is told and left empty.
async fn judged(labelled: &[&Labelled<'_>], judge: &Judge, concurrency: usize) -> Vec<Option<Scorecard>> {
    stream::iter(labelled)
        .map(|one| async move {
            let card = judge.judge(one.question, &one.exchange, &Errand::of(Purpose::Judging)).await;
            card.inspect_err(|error| tell(format_args!("{}: {error}", one.id))).ok()
        })
        .buffered(concurrency)
        .collect()
        .await
}

fn calibration(
    labelled: &[&Labelled<'_>],
    runs: &[Vec<Option<Scorecard>>],
    unscored: usize,
    engine: EngineStamp,
    rules: &OfflineJudge,
) -> Calibration {
    let of_runs: Vec<Vec<Pair>> = runs.iter().map(|cards| pairs(labelled.iter().copied(), cards)).collect();
    let all: Vec<Pair> = of_runs.iter().flatten().cloned().collect();
    let ceiling = eval::ceiling(labelled.iter().copied());
    Calibration {
        engine,
        questions: labelled.iter().map(|one| &one.question.id).collect::<std::collections::BTreeSet<_>>().len(),
        answers: labelled.len(),
        runs: runs.len(),
        unscored,
        report: report(&all, &ceiling, labelled.len() * runs.len(), |_| None, &std::collections::BTreeMap::new()),
        steadiness: steadiness(&of_runs),
        rules: reliability(&rules.stamp()),
    }
}

fn table(calibration: &Calibration) -> String {
    let mut out = String::new();
    let Calibration { engine, questions, answers, runs, unscored, report, steadiness, rules } = calibration;
    let _ = writeln!(
        out,
        "{} · {answers} answers to {questions} questions, judged {runs} times each\n",
        engine.model.as_deref().unwrap_or("the model"),
    );
    eval::agreement_table(&mut out, report);
    let share = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{:.1} %", value * 100.0));
    let _ = writeln!(out, "Steadiness over {runs} runs");
    let _ = writeln!(out, "{:<28}{:>8}", "points judged the same", share(steadiness.points_same));
    let _ = writeln!(out, "{:<28}{:>8}", "pitfalls judged the same", share(steadiness.pitfalls_same));
    let _ = writeln!(out, "{:<28}{:>8}", "overall the same", share(steadiness.overall_same));
    let spread = steadiness.overall_spread.map_or_else(|| "–".to_owned(), |value| format!("{value:.2}"));
    let _ = writeln!(out, "{:<28}{spread:>8}", "mean spread of the overall");
    let _ = writeln!(out, "{:<28}{unscored:>8}", "judgements that failed");
    if let Some(rules) = rules {
        let _ = writeln!(
            out,
            "\nFor comparison, the rules on this computer: points QWK {:.3}, pitfalls F1 {:.3}, overall QWK {:.3} \
             (questions they were not fitted on).",
            rules.points_qwk, rules.pitfalls_f1, rules.overall_qwk
        );
    }
    out
}
