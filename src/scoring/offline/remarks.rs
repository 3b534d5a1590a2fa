//! What the offline engine says about its verdicts, in plain words that are true of the answer.
//!
//! The evidence stands beside every remark, so none repeats it.

use super::reading::Marks;
use crate::question::{Kind, Pitfall, Point, Question, Verdict};

/// What evidence must be worth for a remark to speak of it as what shows the point, and not merely as the nearest.
const SOLID: f64 = 0.25;

/// What was decided on one point.
#[derive(Debug)]
pub(super) struct Decided<'a> {
    pub point: &'a Point,
    pub verdict: Verdict,
    /// How far the fitted weights believe in it, 0 missed to 2 met.
    pub expected: f64,
    /// What the best sentence is worth as evidence, 0 to 1, and what it shows; nothing where none was found.
    pub best: Option<(f64, Marks)>,
}

/// What the best sentence for a partly shown point lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lack {
    Deed,
    Part,
    Firmness,
    Fact,
    Reason,
    Rest,
}

impl Lack {
    const fn of(question: &Question, marks: &Marks) -> Self {
        if matches!(question.kind, Kind::Behavioral) && marks.would > 0 && marks.i_did == 0 {
            Self::Deed
        } else if marks.we_did + marks.others_did > 0 && marks.i_did + marks.would == 0 {
            Self::Part
        } else if marks.hedges > 0 {
            Self::Firmness
        } else if marks.numbers + marks.names + marks.dates == 0 {
            Self::Fact
        } else if marks.consequences + marks.trade_offs == 0 {
            Self::Reason
        } else {
            Self::Rest
        }
    }

    const fn said(self) -> &'static str {
        match self {
            Self::Deed => "You say what you would do, not what you did.",
            Self::Part => "You say what others or the group did; your own part is not told here.",
            Self::Firmness => "You touch on it and hedge.",
            Self::Fact => "Only touched on: no name, date or number makes it concrete.",
            Self::Reason => "You say that it was so, but not why, or what followed from it.",
            Self::Rest => "It is there in part and could be said more plainly.",
        }
    }

    const fn advice(self) -> &'static str {
        match self {
            Self::Deed => "Tell what you did, not what you would do.",
            Self::Part => "Say which part was yours.",
            Self::Firmness => "Say it without hedging.",
            Self::Fact => "Add a name, a date or a number.",
            Self::Reason => "Add why you did it and what came of it.",
            Self::Rest => "Say it in one plain sentence of its own.",
        }
    }
}

impl Decided<'_> {
    /// One line on why the point got its verdict.
    pub fn rationale(&self, question: &Question) -> &'static str {
        match (self.verdict, self.best) {
            // Nothing is cited for a missed point, yet it would be untrue to say that nothing was there.
            (Verdict::Missed, Some((worth, _))) if worth >= SOLID => {
                "Something in the answer comes near it, but the answer as a whole does not bear it out."
            }
            (Verdict::Missed, _) | (_, None) => "Nothing was found in the answer that clearly speaks to this.",
            (Verdict::Met, Some((worth, _))) if worth < SOLID => {
                "The answer as a whole speaks for it; these words come nearest."
            }
            (Verdict::Met, Some((_, marks))) => met(&marks),
            (Verdict::Partial, Some((worth, _))) if worth < SOLID => {
                "Hardly more than touched on; these words come nearest."
            }
            (Verdict::Partial, Some((_, marks))) => Lack::of(question, &marks).said(),
        }
    }

    fn is_solid(&self) -> bool {
        self.best.is_some_and(|(worth, _)| worth >= SOLID)
    }

    fn lost(&self) -> f64 {
        f64::from(self.point.weight) * (1.0 - crate::scoring::formula::value(self.verdict))
    }
}

/// What the words that show a point have to them.
const fn met(marks: &Marks) -> &'static str {
    match (marks.i_did > 0, marks.numbers + marks.names + marks.dates > 0) {
        (true, true) => "You say what you did, and make it concrete.",
        (true, false) => "You say what you did.",
        (false, true) => "You make it concrete.",
        (false, false) => "You speak to it.",
    }
}

/// What was earned: the points that were shown, first those with the best evidence, then the heaviest; at most three.
pub(super) fn strengths(decided: &[Decided<'_>]) -> Vec<String> {
    let mut shown: Vec<&Decided<'_>> = decided.iter().filter(|one| one.verdict == Verdict::Met).collect();
    shown.sort_by(|a, b| {
        let by_evidence = b.is_solid().cmp(&a.is_solid());
        by_evidence.then(b.point.weight.cmp(&a.point.weight)).then(b.expected.total_cmp(&a.expected))
    });
    let strength = |one: &&Decided<'_>| match one.best {
        Some((_, marks)) if one.is_solid() => format!("{} {}", one.point.text, met(&marks)),
        _ => one.point.text.clone(),
    };
    shown.iter().take(3).map(strength).collect()
}

/// What would gain most, first what loses most; at most three, then the pitfalls that were run into.
pub(super) fn improvements(question: &Question, decided: &[Decided<'_>], triggered: &[&str]) -> Vec<String> {
    let mut open: Vec<&Decided<'_>> = decided.iter().filter(|one| one.verdict != Verdict::Met).collect();
    // Among equal losses the one that was nearer comes first: it is the smaller step.
    open.sort_by(|a, b| b.lost().total_cmp(&a.lost()).then(b.expected.total_cmp(&a.expected)));
    let act = match question.kind {
        Kind::Behavioral => "Say what you did about it.",
        Kind::Situational | Kind::Design | Kind::Artifact => {
            "Say what you would do about it, with a real case if you have one."
        }
        Kind::Motivation => "Say it of yourself, with something you have done.",
    };
    let step = |one: &&Decided<'_>| match (one.verdict, one.best) {
        (Verdict::Partial, Some((_, marks))) if one.is_solid() => {
            format!("Show this in full: {} {}", one.point.text, Lack::of(question, &marks).advice())
        }
        (Verdict::Partial, _) => format!("Show this in full: {} {act}", one.point.text),
        (Verdict::Met | Verdict::Missed, _) => format!("Show this: {} {act}", one.point.text),
    };
    let warnings = triggered.iter().map(|text| format!("Keep clear of this: {text}"));
    open.iter().take(3).map(step).chain(warnings).collect()
}

/// One line on why a pitfall counts as run into or not.
pub(super) fn on_pitfall(pitfall: &Pitfall, hit: bool, cited: bool) -> String {
    match (hit, cited) {
        (true, true) => "These words sound like it.".to_owned(),
        (true, false) => format!("The answer as a whole makes this likely; no one sentence shows it: {}", pitfall.text),
        (false, _) => "Nothing in the answer clearly shows it.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{bank::Bank, scoring::offline::reading::Reading};

    #[test]
    fn what_a_partly_shown_point_lacks_is_told_from_its_sentence() {
        let bank = Bank::builtin().unwrap();
        let told = bank.questions().find(|question| question.kind == Kind::Behavioral).unwrap();
        let lack = |text: &str| Lack::of(told, &Reading::of(text).marks);
        assert_eq!(lack("I would warn the sponsor."), Lack::Deed);
        assert_eq!(lack("We warned the sponsor."), Lack::Part);
        assert_eq!(lack("I sort of warned the sponsor."), Lack::Firmness);
        assert_eq!(lack("I warned the sponsor."), Lack::Fact);
        assert_eq!(lack("I warned Marta on Monday."), Lack::Reason);
        assert_eq!(lack("I warned Marta on Monday because the gate moved."), Lack::Rest);
    }
}
