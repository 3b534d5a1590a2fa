//! How hard a text is to read: the Flesch-Kincaid grade, the school year in which one reads it with ease.

use unicode_segmentation::UnicodeSegmentation as _;

use super::{entry::Entry, lengths::words};
use crate::bank::Finding;

/// What the interviewer says is heard once, so it must be plain.
const SPOKEN: f64 = 8.0;
const RUBRIC: f64 = 10.0;
const LEVELS: f64 = 12.0;
/// The longest sentence that one follows by ear.
const LONGEST_SENTENCE: usize = 34;

pub(super) fn check(entry: &Entry, findings: &mut Vec<Finding>) {
    let question = &entry.question;
    let levels = &question.levels;
    let notes: Vec<&str> =
        [&levels.tpm, &levels.senior, &levels.principal].into_iter().flatten().map(String::as_str).collect();
    limit(entry, "levels", &notes, LEVELS, findings);
    let added = question.hints.iter().chain(&question.facts).map(String::as_str);
    if entry.frozen {
        let added: Vec<&str> = added.collect();
        limit(entry, "facts", &added, SPOKEN, findings);
        return;
    }
    let asks = question.follow_ups.iter().map(|follow_up| follow_up.ask.as_str());
    let spoken: Vec<&str> = added.chain(asks).chain([question.prompt.as_str()]).collect();
    limit(entry, "prompt", &spoken, SPOKEN, findings);
    let points = question.assessment_points.iter().map(|point| point.text.as_str());
    let rubric: Vec<&str> = points.chain(question.pitfalls.iter().map(|pitfall| pitfall.text.as_str())).collect();
    limit(entry, "assessment_points", &rubric, RUBRIC, findings);
    let longest = question.prompt.unicode_sentences().map(words).max().unwrap_or_default();
    if longest > LONGEST_SENTENCE {
        let mend = format!("cut it into sentences of at most {LONGEST_SENTENCE}");
        findings.push(entry.finding("prompt", format!("has a sentence of {longest} words"), mend));
    }
}

fn limit(entry: &Entry, path: &str, texts: &[&str], most: f64, findings: &mut Vec<Finding>) {
    let Some(grade) = grade(texts).filter(|grade| *grade > most) else { return };
    let problem = format!("reads at grade {grade:.1} where {most:.0} is the most");
    findings.push(entry.finding(path, problem, "use shorter sentences and shorter words"));
}

/// The grade of these texts together; nothing where there are no words.
fn grade(texts: &[&str]) -> Option<f64> {
    let (mut sentences, mut count, mut syllables) = (0_u32, 0_u32, 0_u32);
    for text in texts {
        sentences += 1.max(u32::try_from(text.unicode_sentences().count()).unwrap_or(u32::MAX));
        for word in text.unicode_words() {
            count += 1;
            syllables += syllables_of(word);
        }
    }
    let (sentences, words, syllables) = (f64::from(sentences), f64::from(count), f64::from(syllables));
    (count > 0).then(|| 0.39 * words / sentences + 11.8 * syllables / words - 15.59)
}

/// Groups of vowels, without a silent e at the end: right for most English words, and the same for all.
fn syllables_of(word: &str) -> u32 {
    let lower = word.to_lowercase();
    let (mut groups, mut within) = (0, false);
    for letter in lower.chars() {
        let is_vowel = matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
        groups += u32::from(is_vowel && !within);
        within = is_vowel;
    }
    let is_silent = groups > 1 && lower.ends_with('e') && !lower.ends_with("le");
    (groups - u32::from(is_silent)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_talk_reads_more_easily_than_office_prose() {
        let plain = grade(&["The part is late. What do you do now, and who has to know?"]).unwrap();
        let office =
            grade(&["Characterise the organisational implications of interdependent prioritisation."]).unwrap();
        assert!(plain < 3.0 && office > 20.0, "{plain} {office}");
        assert_eq!(grade(&["…"]), None);
    }

    #[test]
    fn syllables_are_counted_by_ear() {
        assert_eq!(["late", "table", "escalation", "why", "q4"].map(syllables_of), [1, 2, 4, 1, 1]);
    }
}
