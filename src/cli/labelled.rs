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
    scoring::{Exchange, Turn, agreement::Rating, offline::Sample},
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
        }
    }
}

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
            })
        })
    };
    bank.iter().copied().flat_map(of_question).collect()
}

impl LabelledFiles {
    /// Reads and checks everything; the first fault stops with its file and line.
    pub fn read<'a>(&self, bank: &[&'a Question]) -> anyhow::Result<Vec<Labelled<'a>>> {
        ensure!(self.labels.len() <= 2, "{} label files were given: give one or two", self.labels.len());
        let by_id: HashMap<&str, &'a Question> =
            bank.iter().map(|question| (question.id.as_str(), *question)).collect();
        let raters = self.labels.iter().map(|file| ratings(file)).collect::<anyhow::Result<Vec<_>>>()?;
        let mut labelled: Vec<Labelled<'a>> = Vec::new();
        for (number, line) in lines::<AnswerLine>(&self.answers)? {
            let place = || format!("{}:{number}", self.answers.display());
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
                .zip(&self.labels)
                .map(|(rater, file)| {
                    let rating = rater
                        .get(&line.id)
                        .with_context(|| format!("{} has no labels for `{}`", file.display(), line.id))?;
                    rating.check(question).with_context(|| file.display().to_string())?;
                    Ok(rating.clone())
                })
                .collect::<anyhow::Result<Vec<_>>>()?;
            ensure!(labelled.iter().all(|other| other.id != line.id), "{}: `{}` is there twice", place(), line.id);
            let tier = line.design.and_then(|design| design.tier);
            labelled.push(Labelled { id: line.id, question, exchange, tier, raters: ratings });
        }
        ensure!(!labelled.is_empty(), "{} holds no answers", self.answers.display());
        Ok(labelled)
    }
}

fn ratings(file: &Path) -> anyhow::Result<BTreeMap<String, Rating>> {
    Ok(lines::<Rating>(file)?.into_iter().map(|(_, rating)| (rating.id.clone(), rating)).collect())
}

/// Every line that is not blank, with its number from 1.
fn lines<T: DeserializeOwned>(file: &Path) -> anyhow::Result<Vec<(usize, T)>> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| {
            let value = serde_json::from_str(line)
                .with_context(|| format!("{}:{number} is not as expected", file.display()))?;
            Ok((number, value))
        })
        .collect()
}
