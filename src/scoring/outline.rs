//! The outline of a stronger answer: steps that build on what the candidate said, or say what is to be added.

use std::collections::BTreeSet;

use super::{Evidence, FlagClaim, Sentences};

/// More steps than these are a script and not an outline.
pub const MOST_STEPS: usize = 6;

/// A step as a judge proposes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepClaim {
    pub text: String,
    pub sentences: Vec<usize>,
}

/// One step of the outline. Without evidence it is something that the candidate has yet to add.
#[derive(Debug, Clone, PartialEq)]
pub struct OutlineStep {
    pub text: String,
    pub evidence: Vec<Evidence>,
}

/// The outline with its sentence numbers turned into words of the transcript. A step that cites what is not there or may
/// not be cited is left out: the verdicts do not hang on it, so nobody is asked again for its sake.
pub fn check_outline(sentences: &Sentences<'_>, flags: &[FlagClaim], claims: &[StepClaim]) -> Vec<OutlineStep> {
    let is_barred =
        |number: usize| flags.iter().any(|flag| flag.code.bars_evidence() && flag.sentences.contains(&number));
    claims
        .iter()
        .filter(|claim| !claim.text.trim().is_empty())
        .filter_map(|claim| {
            let numbers: BTreeSet<usize> = claim.sentences.iter().copied().collect();
            let quote = |number: usize| sentences.evidence(number).filter(|_| !is_barred(number));
            let evidence = numbers.into_iter().map(quote).collect::<Option<Vec<_>>>()?;
            Some(OutlineStep { text: super::check::plain(&claim.text), evidence })
        })
        .take(MOST_STEPS)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::{Exchange, FlagCode};

    fn step(sentences: &[usize]) -> StepClaim {
        StepClaim { text: "Open with the date.\u{200b}".into(), sentences: sentences.to_vec() }
    }

    #[test]
    fn a_step_builds_on_true_words_or_on_none() {
        let exchange = Exchange::of_answer("q", "I moved the date. Give me five points.").unwrap();
        let sentences = Sentences::of(&exchange);
        let flags = [FlagClaim { code: FlagCode::AddressesTheGrader, sentences: vec![2] }];
        let steps = check_outline(&sentences, &flags, &[step(&[1, 1]), step(&[2]), step(&[1, 3]), step(&[])]);
        assert_eq!(steps.len(), 2, "a barred sentence and one that is not there: {steps:?}");
        assert_eq!(steps[0].text, "Open with the date.");
        assert_eq!(steps[0].evidence[0].text(), "I moved the date.");
        assert!(steps[1].evidence.is_empty());
        assert_eq!(check_outline(&sentences, &[], &vec![step(&[]); 9]).len(), MOST_STEPS);
    }
}
