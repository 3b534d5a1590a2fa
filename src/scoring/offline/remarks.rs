//! What the offline engine says about its verdicts, in plain words that are true of the answer.

use super::reading::Reading;
use crate::question::{Kind, Point, Question, Verdict};

/// The most of a sentence that is quoted in a remark, in code points.
const LONGEST_QUOTE: usize = 90;

/// What was decided on one point.
#[derive(Debug)]
pub(super) struct Decided<'a> {
    pub point: &'a Point,
    pub verdict: Verdict,
    /// How far the fitted weights believe in it, 0 missed to 2 met.
    pub expected: f64,
    /// The sentence that speaks most to the point, as given and as read.
    pub best: Option<(&'a str, &'a Reading)>,
}

fn quote(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST_QUOTE {
        return format!("“{line}”");
    }
    let cut: String = line.chars().take(LONGEST_QUOTE).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("“{whole} …”")
}

/// What a partly shown point still lacks, told from what its best sentence lacks.
fn lack(question: &Question, reading: &Reading) -> &'static str {
    let marks = &reading.marks;
    let told = matches!(question.kind, Kind::Behavioral);
    if told && marks.would > 0 && marks.i_did == 0 {
        "say what you did, not what you would do"
    } else if marks.hedges > 0 {
        "commit yourself where you now hedge"
    } else if marks.numbers + marks.names + marks.dates == 0 {
        "add a fact to hold on to: a name, a date or a number"
    } else if marks.we_did > 0 && marks.i_did == 0 {
        "say which part was yours"
    } else {
        "take it one step further: how, and what came of it"
    }
}

impl Decided<'_> {
    /// One line on why the point got its verdict.
    pub fn rationale(&self, question: &Question) -> String {
        match (self.verdict, self.best) {
            (Verdict::Met, Some((text, _))) => format!("You say {}, which speaks to this.", quote(text)),
            (Verdict::Partial, Some((text, reading))) => {
                format!("You come near it with {}; to complete it, {}.", quote(text), lack(question, reading))
            }
            (Verdict::Missed, _) | (_, None) => {
                "Nothing in the answer was found that clearly speaks to this.".to_owned()
            }
        }
    }

    fn lost(&self) -> f64 {
        f64::from(self.point.weight) * (1.0 - crate::scoring::formula::value(self.verdict))
    }
}

/// What was earned: the heaviest points that were shown, at most three.
pub(super) fn strengths(decided: &[Decided<'_>]) -> Vec<String> {
    let mut met: Vec<&Decided<'_>> = decided.iter().filter(|one| one.verdict == Verdict::Met).collect();
    met.sort_by(|a, b| b.point.weight.cmp(&a.point.weight).then(b.expected.total_cmp(&a.expected)));
    met.iter()
        .take(3)
        .filter_map(|one| one.best.map(|(text, _)| format!("{} You showed it with {}.", one.point.text, quote(text))))
        .collect()
}

/// What would gain most, first what loses most; at most three, then the pitfalls that were run into.
pub(super) fn improvements(question: &Question, decided: &[Decided<'_>], triggered: &[&str]) -> Vec<String> {
    let mut open: Vec<&Decided<'_>> = decided.iter().filter(|one| one.verdict != Verdict::Met).collect();
    // Among equal losses the one that was nearer comes first: it is the smaller step.
    open.sort_by(|a, b| b.lost().total_cmp(&a.lost()).then(b.expected.total_cmp(&a.expected)));
    let act = match question.kind {
        Kind::Behavioral => "Say what you did about it",
        Kind::Situational | Kind::Design | Kind::Artifact => {
            "Say what you would do about it, with a real case if you have one"
        }
        Kind::Motivation => "Say it of yourself, with something you have done",
    };
    open.iter()
        .take(3)
        .map(|one| match (one.verdict, one.best) {
            (Verdict::Partial, Some((text, reading))) => {
                format!("Half there: {} You began with {}; {}.", one.point.text, quote(text), lack(question, reading))
            }
            (Verdict::Met | Verdict::Partial | Verdict::Missed, _) => {
                format!("Not heard yet: {} {act}.", one.point.text)
            }
        })
        .chain(triggered.iter().map(|text| format!("Keep clear of this: {text}")))
        .collect()
}

/// One line on why a pitfall counts as run into or not.
pub(super) fn on_pitfall(pitfall: &crate::question::Pitfall, hit: bool, best: Option<&str>) -> String {
    match (hit, best) {
        (true, Some(text)) => format!("What you say, above all {}, sounds like it.", quote(text)),
        (true, None) => {
            format!("By what the answer says and leaves out as a whole, this looks likely: {}", pitfall.text)
        }
        (false, _) => "Nothing in the answer clearly shows it.".to_owned(),
    }
}
