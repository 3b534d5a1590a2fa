//! `greenroom eval`: how well a scorer agrees with labelled answers.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    io::{self, Write as _},
    sync::Arc,
    thread,
};

use serde::Serialize;

use super::{
    Status,
    labelled::{FURTHER, Labelled, LabelledFiles, exemplars, further},
    misuse, tell,
};
use crate::{
    bank::Bank,
    config::{EngineChoice, Settings},
    llm::{Errand, Purpose},
    practice::{
        books::purse_of_a_run,
        judge::{self, Judge},
    },
    question::Question,
    scoring::{
        EngineName, EngineStamp, Scorecard,
        agreement::{Figure, Figures, Pair, Report, report},
        offline::{Meaning, OfflineJudge, Sample, Study},
    },
};

/// Measure how well a scorer agrees with labelled answers
#[derive(Debug, Clone, clap::Args)]
pub struct EvalArgs {
    #[command(flatten)]
    pub files: LabelledFiles,
    /// Judge each question with weights refitted without it (offline engine only)
    #[arg(long)]
    pub left_out: bool,
    /// Print the figures of each group as well
    #[arg(long, value_enum)]
    pub by: Option<By>,
    /// Print one JSON object instead of tables
    #[arg(long)]
    pub json: bool,
}

/// What the answers are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum By {
    Category,
    Question,
    Tier,
}

/// The report with what was measured and how.
#[derive(Debug, Serialize)]
pub struct Evaluation {
    /// For `--left-out` the version of the engine that is built in; each question had weights of its own.
    pub engine: Option<EngineStamp>,
    pub left_out: bool,
    /// How many of the answers the weights were fitted on; figures over these flatter the engine.
    pub in_sample: usize,
    pub questions: usize,
    #[serde(flatten)]
    pub report: Report,
}

/// Scores the answers and prints the report.
pub async fn run(args: EvalArgs, settings: &Settings) -> anyhow::Result<Status> {
    let bank = Bank::open(&settings.bank).map_err(|error| misuse(error.to_string()))?;
    let bank: Vec<&Question> = bank.questions().collect();
    let labelled = args.files.read(&bank).map_err(|error| misuse(format!("{error:#}")))?;
    let cards = match settings.engine_name() {
        // Nothing can be left out of a model's training, so --left-out speaks of the offline engine alone.
        EngineName::Llm if args.left_out && settings.engine == EngineChoice::Llm => {
            return Err(misuse("--left-out refits the offline engine: leave it away, or add --engine offline"));
        }
        _ if args.left_out => left_out(&labelled, &study(&labelled, &bank)?.0),
        EngineName::Offline => built_in(&labelled),
        EngineName::Llm => judged(&labelled, &open_judge(settings).await?).await,
    };
    let evaluation = evaluate(&args, &labelled, &cards);
    let text = if args.json { serde_json::to_string(&evaluation)? + "\n" } else { table(&evaluation) };
    io::stdout().write_all(text.as_bytes())?;
    Ok(Status::Done)
}

/// The door to the model's judge.
async fn open_judge(settings: &Settings) -> anyhow::Result<Judge> {
    let purse = purse_of_a_run(settings).await?;
    let (judge, _) = judge::open(settings, &Arc::new(OfflineJudge::builtin()), || purse)
        .map_err(|error| misuse(error.to_string()))?;
    Ok(judge)
}

/// The scorecards of whatever judge; an answer that it could not judge has none and costs coverage.
pub async fn judged(labelled: &[Labelled<'_>], judge: &Judge) -> Vec<Option<Scorecard>> {
    let mut cards = Vec::with_capacity(labelled.len());
    for one in labelled {
        let card = judge.judge(one.question, &one.exchange, &Errand::of(Purpose::Judging)).await;
        cards.push(card.inspect_err(|error| tell(format_args!("{}: {error}", one.id))).ok());
    }
    cards
}

/// The scorecards of the engine that is built in.
pub fn built_in(labelled: &[Labelled<'_>]) -> Vec<Option<Scorecard>> {
    let judge = OfflineJudge::builtin();
    labelled.iter().map(|one| Some(judge.judge(one.question, &one.exchange))).collect()
}

/// In how many parts the questions are left out; each part is judged by an engine that was fitted without any of it.
const PARTS: usize = 10;

/// The scorecards of engines each of which was refitted without the questions it judges, their exemplars included.
pub fn left_out(labelled: &[Labelled<'_>], study: &Study) -> Vec<Option<Scorecard>> {
    let mut questions: Vec<&str> = labelled.iter().map(|one| one.question.id.as_str()).collect();
    questions.sort_unstable();
    questions.dedup();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let mut cards: Vec<(usize, Scorecard)> = thread::scope(|scope| {
        let hands: Vec<_> = (0..workers)
            .map(|hand| {
                let questions = &questions;
                scope.spawn(move || {
                    let mut cards = Vec::new();
                    for part in (hand..PARTS).step_by(workers) {
                        let out: Vec<&str> = questions.iter().skip(part).step_by(PARTS).copied().collect();
                        if out.is_empty() {
                            continue;
                        }
                        let judge = study.judge_without(&out);
                        let own =
                            labelled.iter().enumerate().filter(|(_, one)| out.contains(&one.question.id.as_str()));
                        cards.extend(own.map(|(at, one)| (at, judge.judge(one.question, &one.exchange))));
                    }
                    cards
                })
            })
            .collect();
        hands.into_iter().flat_map(|hand| hand.join().expect("a fit does not panic")).collect()
    });
    cards.sort_by_key(|(at, _)| *at);
    cards.into_iter().map(|(_, card)| Some(card)).collect()
}

/// The labelled answers, those that are built in to be fitted, and the bank's own exemplars, read to be fitted.
pub fn study(labelled: &[Labelled<'_>], bank: &[&Question]) -> anyhow::Result<(Study, Fitted)> {
    let further = further(bank)?;
    let further: Vec<&Labelled<'_>> =
        further.iter().filter(|one| labelled.iter().all(|other| other.id != one.id)).collect();
    let own = exemplars(bank);
    let fitted = Fitted { answers: labelled.len(), further: further.len(), exemplars: own.len() };
    let further = further.into_iter().map(|one| Sample { counts: FURTHER, ..one.sample() });
    let samples: Vec<_> = labelled.iter().map(Labelled::sample).chain(further).chain(own).collect();
    Ok((Study::new(bank.iter().copied(), &samples, Meaning::builtin), fitted))
}

/// How many answers of each sort a study holds.
#[derive(Debug, Clone, Copy)]
pub struct Fitted {
    pub answers: usize,
    pub further: usize,
    pub exemplars: usize,
}

/// Each scorecard that has an overall beside the labels of its answer.
pub fn pairs<'b, 'a: 'b>(
    labelled: impl IntoIterator<Item = &'b Labelled<'a>>,
    cards: &[Option<Scorecard>],
) -> Vec<Pair> {
    labelled
        .into_iter()
        .zip(cards)
        .filter_map(|(one, card)| Pair::of_scorecard(one.question, &one.truth(), card.as_ref()?))
        .collect()
}

/// The first rater beside the second, for each answer that has two.
pub fn ceiling<'b, 'a: 'b>(labelled: impl IntoIterator<Item = &'b Labelled<'a>>) -> Vec<Pair> {
    let both = |one: &Labelled<'_>| Some(Pair::of_raters(one.question, one.raters.first()?, one.raters.get(1)?));
    labelled.into_iter().filter_map(both).collect()
}

/// Compares scorecards of whatever engine, one a labelled answer in the same order, with the labels.
///
/// A missing scorecard counts like one without an overall: against coverage and in no other figure.
pub fn evaluate(args: &EvalArgs, labelled: &[Labelled<'_>], cards: &[Option<Scorecard>]) -> Evaluation {
    let pairs = pairs(labelled, cards);
    let ceiling = ceiling(labelled);
    let group = |one: &Labelled<'_>| match args.by? {
        By::Category => Some(one.question.category().to_string()),
        By::Question => Some(one.question.id.to_string()),
        By::Tier => Some(one.tier.clone().unwrap_or_else(|| "no tier".to_owned())),
    };
    let mut groups = BTreeMap::new();
    let mut sizes: BTreeMap<String, usize> = BTreeMap::new();
    for one in labelled {
        if let Some(name) = group(one) {
            *sizes.entry(name.clone()).or_default() += 1;
            groups.insert(one.id.clone(), name);
        }
    }
    let offline = cards.iter().flatten().any(|card| card.engine().name == EngineName::Offline);
    let in_sample = if args.left_out || !offline {
        0
    } else {
        labelled.iter().filter(|one| OfflineJudge::builtin_knows(&one.sample())).count()
    };
    let questions: BTreeSet<&str> = labelled.iter().map(|one| one.question.id.as_str()).collect();
    Evaluation {
        engine: if args.left_out {
            Some(OfflineJudge::builtin().stamp())
        } else {
            cards.iter().flatten().next().map(|card| card.engine().clone())
        },
        left_out: args.left_out,
        in_sample,
        questions: questions.len(),
        report: report(&pairs, &ceiling, labelled.len(), |pair| groups.get(&pair.answer).cloned(), &sizes),
    }
}

/// The evaluation as people read it.
pub fn table(evaluation: &Evaluation) -> String {
    let mut out = String::new();
    let report = &evaluation.report;
    let figures = &report.figures;
    let engine =
        evaluation.engine.as_ref().map_or_else(String::new, |stamp| format!("{} {}", stamp.name, stamp.version));
    let how = if evaluation.left_out {
        "each question judged by weights fitted without it".to_owned()
    } else if evaluation.in_sample > 0 {
        format!(
            "IN-SAMPLE: the weights were fitted on {} of these {} answers; --left-out measures without that help",
            evaluation.in_sample, figures.answers
        )
    } else {
        "none of these answers was fitted".to_owned()
    };
    let _ = writeln!(out, "{engine} · {} answers to {} questions · {how}\n", figures.answers, evaluation.questions);
    agreement_table(&mut out, report);
    let _ = writeln!(out, "Points: what the raters say, by row; what the scorer says, by column");
    confusion(&mut out, &["missed", "partial", "met"], report.points.rows());
    let _ = writeln!(out, "\nPitfalls, likewise");
    confusion(&mut out, &["clear", "triggered"], report.pitfalls.rows());
    if !report.groups.is_empty() {
        let _ = writeln!(
            out,
            "\n{:<42}{:>8}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}",
            "", "answers", "points F1", "pts QWK", "pitf. F1", "ov. QWK", "Spearman", "MAE", "excess"
        );
        for (name, group) in &report.groups {
            let _ = writeln!(out, "{name:<42}{:>8}{}", group.answers, group_cells(group));
        }
    }
    out
}

/// The figures with their intervals and the raters' own agreement.
pub fn agreement_table(out: &mut String, report: &Report) {
    let figures = &report.figures;
    let _ = writeln!(
        out,
        "{:<28}{:>7}   {:<17}{}",
        "",
        "value",
        "95 % interval",
        if report.ceiling.is_some() { "raters against each other" } else { "" }
    );
    for (at, (name, figure)) in figures.named().into_iter().enumerate() {
        let interval = match figure {
            Some(Figure { low: Some(low), high: Some(high), .. }) => format!("{low:.3} to {high:.3}"),
            Some(_) | None => String::new(),
        };
        let ceiling = report.ceiling.as_ref().and_then(|ceiling| ceiling.named()[at].1);
        let line = format!(
            "{name:<28}{:>7}   {interval:<17}{}",
            shown(figure),
            ceiling.map_or_else(String::new, |_| shown(ceiling))
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
    let unjudged = if figures.coverage < 1.0 { "  (the others got no overall and are in no figure)" } else { "" };
    let _ = writeln!(out, "{:<28}{:>7.3}{unjudged}\n", "coverage", figures.coverage);
}

fn shown(figure: Option<Figure>) -> String {
    figure.map_or_else(|| "–".to_owned(), |figure| format!("{:.3}", figure.value))
}

fn group_cells(group: &Figures) -> String {
    group.named().iter().take(7).fold(String::new(), |mut cells, (_, figure)| {
        let _ = write!(cells, "{:>10}", shown(*figure));
        cells
    })
}

fn confusion(out: &mut String, names: &[&str], rows: &[Vec<usize>]) {
    let _ = write!(out, "{:<12}", "");
    for name in names {
        let _ = write!(out, "{name:>10}");
    }
    out.push('\n');
    for (name, row) in names.iter().zip(rows) {
        let _ = write!(out, "{name:<12}");
        for count in row {
            let _ = write!(out, "{count:>10}");
        }
        out.push('\n');
    }
}
