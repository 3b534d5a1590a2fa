//! Reads answers with the labels of one or two raters, for `eval` and `fit`.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail, ensure};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    question::Question,
    scoring::{
        Exchange, Turn,
        agreement::Rating,
        offline::{Counts, Sample},
    },
};

/// The files that both commands read.
#[derive(Debug, Clone, clap::Args)]
pub struct LabelledFiles {
    /// Answers, one JSON object a line: {"id", "question", "answer"} or {"id", "question", "turns"}
    #[arg(long, value_name = "FILE")]
    pub answers: PathBuf,
    /// Labels of one rater, one JSON object a line; give a second file for a second rater
    #[arg(long, value_name = "FILE", required = true)]
    pub labels: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct AnswerLine {
    id: String,
    question: String,
    answer: Option<String>,
    turns: Option<Vec<Turn>>,
    design: Option<Design>,
}

#[derive(Deserialize)]
struct Design {
    tier: Option<String>,
}

/// An answer with what each rater says of it.
#[derive(Debug)]
pub struct Labelled<'a> {
    pub id: String,
    pub question: &'a Question,
    pub exchange: Exchange,
    pub tier: Option<String>,
    /// One or two, all checked against the question.
    pub raters: Vec<Rating>,
}

impl Labelled<'_> {
    /// The rater's labels, or the mean of both.
    pub fn truth(&self) -> Rating {
        self.raters[1..].iter().fold(self.raters[0].clone(), |mean, next| mean.with(next))
    }

    pub fn sample(&self) -> Sample<'_> {
        let truth = self.truth();
        Sample {
            question: self.question,
            exchange: self.exchange.clone(),
            points: truth.verdicts(self.question),
            pitfalls: truth.triggered(self.question),
            counts: Counts::IN_FULL,
        }
    }
}

/// What the further answers count in the fit: in full they would teach it how their writers write.
pub const FURTHER: Counts = Counts { points: 0.2, pitfalls: 0.2 };

/// What a sample answer of the bank counts. Its points are nearly all shown or nearly all missed, which no real answer is,
/// so they teach nothing about points; its pitfalls are worth having.
const EXEMPLAR: Counts = Counts { points: 0.0, pitfalls: 0.2 };

/// The labelled sample answers that the bank itself holds, to be fitted beside the others.
pub fn exemplars<'a>(bank: &[&'a Question]) -> Vec<Sample<'a>> {
    let of_question = |question: &'a Question| {
        question.exemplars.iter().filter_map(move |exemplar| {
            Some(Sample {
                question,
                exchange: Exchange::of_answer(&question.prompt, &exemplar.answer).ok()?,
                points: question
                    .assessment_points
                    .iter()
                    .map(|point| exemplar.points.get(&point.id).copied())
                    .collect::<Option<_>>()?,
                pitfalls: question
                    .pitfalls
                    .iter()
                    .map(|pitfall| exemplar.pitfalls.get(&pitfall.id) == Some(&true))
                    .collect(),
                counts: EXEMPLAR,
            })
        })
    };
    bank.iter().copied().flat_map(of_question).collect()
}

/// The labelled answers that are built in: those of `tests/eval`.
pub fn gold<'a>(bank: &[&'a Question]) -> anyhow::Result<Vec<Labelled<'a>>> {
    let text = |name: &str, text: &str| Text { name: format!("the built-in {name}"), text: text.to_owned() };
    let labels = [
        text("labels-a.jsonl", include_str!("../../tests/eval/labels-a.jsonl")),
        text("labels-b.jsonl", include_str!("../../tests/eval/labels-b.jsonl")),
    ];
    labelled(&text("answers.jsonl", include_str!("../../tests/eval/answers.jsonl")), &labels, bank)
}

/// Further labelled answers that are built in, to be fitted and not to be measured on; those whose question the bank lacks
/// are left out.
pub fn further<'a>(bank: &[&'a Question]) -> anyhow::Result<Vec<Labelled<'a>>> {
    let known = |line: &&str| {
        serde_json::from_str::<AnswerLine>(line)
            .is_ok_and(|line| bank.iter().any(|question| question.id.as_str() == line.question))
    };
    let lines = include_str!("../../tests/eval/further-answers.jsonl").lines().filter(known);
    let text = lines.fold(String::new(), |text, line| text + line + "\n");
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let name = |name: &str| format!("the built-in {name}");
    let labels = include_str!("../../tests/eval/further-labels.jsonl").to_owned();
    labelled(
        &Text { name: name("further-answers.jsonl"), text },
        &[Text { name: name("further-labels.jsonl"), text: labels }],
        bank,
    )
}

/// A file that was read, or one that is built in, with the name by which messages speak of it.
struct Text {
    name: String,
    text: String,
}

impl Text {
    fn read(file: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Ok(Self { name: file.display().to_string(), text })
    }
}

impl LabelledFiles {
    /// Reads and checks everything; the first fault stops with its file and line.
    pub fn read<'a>(&self, bank: &[&'a Question]) -> anyhow::Result<Vec<Labelled<'a>>> {
        ensure!(self.labels.len() <= 2, "{} label files were given: give one or two", self.labels.len());
        let labels = self.labels.iter().map(|file| Text::read(file)).collect::<anyhow::Result<Vec<_>>>()?;
        labelled(&Text::read(&self.answers)?, &labels, bank)
    }
}

fn labelled<'a>(answers: &Text, labels: &[Text], bank: &[&'a Question]) -> anyhow::Result<Vec<Labelled<'a>>> {
    let by_id: HashMap<&str, &'a Question> = bank.iter().map(|question| (question.id.as_str(), *question)).collect();
    let raters = labels.iter().map(ratings).collect::<anyhow::Result<Vec<_>>>()?;
    let mut labelled: Vec<Labelled<'a>> = Vec::new();
    for (number, line) in lines::<AnswerLine>(answers)? {
        let place = || format!("{}:{number}", answers.name);
        let question = *by_id
            .get(line.question.as_str())
            .with_context(|| format!("{}: the bank has no question `{}`", place(), line.question))?;
        let turns = match (line.answer, line.turns) {
            (Some(answer), _) => vec![Turn { ask: question.prompt.clone(), answer }],
            (None, Some(turns)) => turns,
            (None, None) => bail!("{}: `{}` has neither `answer` nor `turns`", place(), line.id),
        };
        let exchange = Exchange::new(turns).with_context(place)?;
        let ratings = raters
            .iter()
            .zip(labels)
            .map(|(rater, file)| {
                let rating =
                    rater.get(&line.id).with_context(|| format!("{} has no labels for `{}`", file.name, line.id))?;
                rating.check(question).with_context(|| file.name.clone())?;
                Ok(rating.clone())
            })
            .collect::<anyhow::Result<Vec<_>>>()?;
        ensure!(labelled.iter().all(|other| other.id != line.id), "{}: `{}` is there twice", place(), line.id);
        let tier = line.design.and_then(|design| design.tier);
        labelled.push(Labelled { id: line.id, question, exchange, tier, raters: ratings });
    }
    ensure!(!labelled.is_empty(), "{} holds no answers", answers.name);
    Ok(labelled)
}

fn ratings(file: &Text) -> anyhow::Result<BTreeMap<String, Rating>> {
    Ok(lines::<Rating>(file)?.into_iter().map(|(_, rating)| (rating.id.clone(), rating)).collect())
}

/// Every line that is not blank, with its number from 1.
fn lines<T: DeserializeOwned>(file: &Text) -> anyhow::Result<Vec<(usize, T)>> {
    (1..)
        .zip(file.text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| {
            let value =
                serde_json::from_str(line).with_context(|| format!("{}:{number} is not as expected", file.name))?;
            Ok((number, value))
        })
        .collect()
}
