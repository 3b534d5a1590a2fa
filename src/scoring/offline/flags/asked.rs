//! The telling stems of a question and its rubric, made once and not again for each of its answers.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use crate::{
    question::{Question, QuestionId},
    scoring::offline::lexicon::words,
};

/// How many questions are kept; a bank has fewer.
const MOST: usize = 512;

static KEPT: LazyLock<Mutex<HashMap<QuestionId, Arc<Asked>>>> = LazyLock::new(Mutex::default);

#[derive(Debug)]
pub(super) struct Asked {
    /// Of the prompt.
    pub prompt: BTreeSet<String>,
    /// Of each point and then each pitfall.
    pub rubric: Vec<BTreeSet<String>>,
    /// Of prompt, title and points together.
    pub matter: BTreeSet<String>,
    /// What this was made of: how many points, and all texts in order.
    points: usize,
    texts: Vec<String>,
}

impl Asked {
    /// What was made of this question before, where its texts are still the same.
    pub fn by(question: &Question) -> Arc<Self> {
        let kept = || KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(asked) = kept().get(&question.id).filter(|asked| asked.is_of(question)) {
            return Arc::clone(asked);
        }
        let asked = Arc::new(Self::of(question));
        let mut kept = kept();
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(question.id.clone(), Arc::clone(&asked));
        asked
    }

    fn is_of(&self, question: &Question) -> bool {
        self.points == question.assessment_points.len() && self.texts.iter().eq(texts(question))
    }

    fn of(question: &Question) -> Self {
        let prompt = telling_stems(&question.prompt);
        let points: Vec<_> = question.assessment_points.iter().map(|point| telling_stems(&point.text)).collect();
        let pitfalls = question.pitfalls.iter().map(|pitfall| telling_stems(&pitfall.text));
        let mut matter = &prompt | &telling_stems(&question.title);
        matter.extend(points.iter().flatten().cloned());
        let rubric = points.into_iter().chain(pitfalls).collect();
        let (points, texts) = (question.assessment_points.len(), texts(question).cloned().collect());
        Self { prompt, rubric, matter, points, texts }
    }
}

/// All texts that are read, in order.
fn texts(question: &Question) -> impl Iterator<Item = &String> {
    let points = question.assessment_points.iter().map(|point| &point.text);
    let pitfalls = question.pitfalls.iter().map(|pitfall| &pitfall.text);
    [&question.title, &question.prompt].into_iter().chain(points).chain(pitfalls)
}

/// The stems of the words that tell something.
fn telling_stems(text: &str) -> BTreeSet<String> {
    words(text).into_iter().filter(|word| !word.stop).map(|word| word.stem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{bank::Bank, question::Question};

    #[test]
    fn a_question_whose_texts_changed_is_read_anew_and_no_other() {
        let bank = Bank::builtin().unwrap();
        let mut question: Question = bank.questions().next().unwrap().clone();
        let first = Asked::by(&question);
        assert!(Arc::ptr_eq(&first, &Asked::by(&question.clone())));
        question.pitfalls[0].text = "Gives away the umbrella".into();
        let second = Asked::by(&question);
        assert!(second.rubric.iter().flatten().any(|stem| stem == "umbrella"));
        assert!(!first.rubric.iter().flatten().any(|stem| stem == "umbrella"));
    }
}
