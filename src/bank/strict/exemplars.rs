//! The sample answers: one of each quality, and in the order that their labels give them.

use super::{
    entry::Entry,
    lengths::words,
    likeness::{run_of_words, spelled},
};
use crate::{
    bank::Finding,
    question::{Category, Exemplar, ExemplarQuality, Question},
    scoring::formula,
};

/// How far apart the mean lengths of two qualities in a category may be, as a share of the longer: a longer answer
/// must not look like a better one.
const APART: f64 = 0.2;
/// Of fewer answers a mean says nothing.
const ENOUGH: usize = 10;

pub(super) fn check(entry: &Entry, findings: &mut Vec<Finding>) {
    let question = &entry.question;
    for &quality in ExemplarQuality::ALL {
        let found = question.exemplars.iter().filter(|exemplar| exemplar.quality == quality).count();
        if found != 1 {
            let problem = format!("there are {found} of quality {quality}");
            findings.push(entry.finding("exemplars", problem, "have one strong, one average and one weak answer"));
        }
    }
    for (number, exemplar) in question.exemplars.iter().enumerate() {
        pasted(entry, number, exemplar, findings);
        for better in question.exemplars.iter().filter(|better| better.quality < exemplar.quality) {
            let (high, low) = (score(question, better), score(question, exemplar));
            if high <= low {
                let problem = format!(
                    "the labels give the {} answer {low:.2}, not below the {high:.2} of the {} one",
                    exemplar.quality, better.quality
                );
                let mend = "have both answers labelled again by somebody who does not know which is which, or write better ones";
                findings.push(entry.finding(&format!("exemplars.{number}.points"), problem, mend));
            }
        }
    }
}

/// What the published formula makes of a sample answer's labels.
pub(super) fn score(question: &Question, exemplar: &Exemplar) -> f64 {
    let points =
        question.assessment_points.iter().filter_map(|point| Some((point.weight, *exemplar.points.get(&point.id)?)));
    let triggered = question.pitfalls.iter().filter(|pitfall| exemplar.pitfalls.get(&pitfall.id) == Some(&true));
    formula::sum(points, triggered.map(|pitfall| pitfall.severity)).score
}

/// A sample answer that repeats a cue or a strong sentence word for word teaches a scorer to look for words.
fn pasted(entry: &Entry, number: usize, exemplar: &Exemplar, findings: &mut Vec<Finding>) {
    let answer = spelled(&exemplar.answer);
    for point in &entry.question.assessment_points {
        let texts = point.cues.iter().chain(&point.strong).chain([&point.text]);
        for text in texts.filter(|text| run_of_words(text) >= 4 && answer.contains(&spelled(text))) {
            let problem = format!("holds “{text}” of the point `{}` word for word", point.id);
            findings.push(entry.finding(&format!("exemplars.{number}.answer"), problem, "say it in other words"));
        }
    }
}

/// A finding for each category in which the length of an answer tells its quality.
pub(super) fn check_lengths(entries: &[Entry], root: &str, findings: &mut Vec<Finding>) {
    for &category in Category::ALL {
        let mean = |quality| {
            let answers: Vec<f64> = entries
                .iter()
                .filter(|entry| entry.question.category() == category)
                .flat_map(|entry| &entry.question.exemplars)
                .filter(|exemplar| exemplar.quality == quality)
                .map(|exemplar| f64::from(u32::try_from(words(&exemplar.answer)).unwrap_or(u32::MAX)))
                .collect();
            let count = f64::from(u32::try_from(answers.len()).unwrap_or(u32::MAX));
            (answers.len() >= ENOUGH).then(|| answers.iter().sum::<f64>() / count)
        };
        let means: Option<Vec<f64>> = ExemplarQuality::ALL.iter().map(|&quality| mean(quality)).collect();
        let Some(means) = means else { continue };
        let (low, high) = means.iter().fold((f64::MAX, 0.0_f64), |(low, high), &mean| (low.min(mean), high.max(mean)));
        if low < (1.0 - APART) * high {
            let [strong, average, weak] = [means[0], means[1], means[2]].map(f64::round);
            let problem =
                format!("strong answers have {strong} words on average, average ones {average}, weak ones {weak}");
            let mend = "let length say nothing about quality: lengthen some, shorten others";
            findings.push(Finding::of_file(&format!("{root}/{category}"), "exemplars.answer", problem, mend));
        }
    }
}
