//! A scorecard as the candidate reads it: what to do next, each point with its quotes, and the sum.

use super::{
    delivery::{self, Fact},
    marking::{Mark, Tone},
    rate::signal,
    rows::when,
    words::{self, w},
};
use crate::{
    question::{Question, Verdict},
    scoring::{EngineName, EngineStamp, Evidence, Panel, Scorecard, ScoredPoint, formula, offline},
};

/// Quotes to one flag: one on the answer as a whole cites every sentence of it.
const FLAGGED: usize = 3;

/// Everything that a page shows of one scorecard.
pub struct Sheet {
    /// The one thing to do next.
    pub next_step: Option<String>,
    pub improvements: Vec<String>,
    pub strengths: Vec<String>,
    /// The steps of a stronger answer.
    pub outline: Vec<StepRow>,
    /// Nothing where the engine could not judge.
    pub sum: Option<SumRow>,
    pub points: Vec<PointRow>,
    /// Only those that were triggered.
    pub pitfalls: Vec<PitfallRow>,
    /// How many pitfalls the question watches for.
    pub pitfalls_watched: usize,
    pub flags: Vec<FlagRow>,
    pub delivery: Vec<Fact>,
    pub engine: String,
    pub reliability: Option<String>,
}

pub struct PointRow {
    /// The number that stands beside its marks in the transcript.
    pub sign: String,
    pub text: String,
    /// Class of the verdict: `met`, `partial` or `missed`.
    pub class: &'static str,
    pub verdict: String,
    /// Whether it came on its own account or after a follow-up; nothing where it did not come.
    pub how: Option<&'static str>,
    pub is_unsure: bool,
    pub rationale: String,
    /// What another model says, where it differs.
    pub second_opinion: Option<&'static str>,
    pub quotes: Vec<String>,
    pub weight: u8,
    pub value: String,
    pub product: String,
}

/// One step of the outline; without quotes it is something to add.
pub struct StepRow {
    pub text: String,
    pub quotes: Vec<String>,
}

pub struct PitfallRow {
    /// The letter that stands beside its marks in the transcript.
    pub sign: String,
    pub text: String,
    pub severity: String,
    pub penalty: String,
    pub rationale: String,
    pub quotes: Vec<String>,
}

pub struct FlagRow {
    pub label: &'static str,
    pub bars: bool,
    pub quotes: Vec<String>,
    /// How many further pieces there are; all of them are marked in the transcript.
    pub more: usize,
}

pub struct SumRow {
    pub overall: u8,
    pub words: String,
    pub weights: u32,
    pub earned: String,
    pub shown: String,
    /// Whether the penalties took more than there was.
    pub at_floor: bool,
    pub score: String,
    pub capped: bool,
    pub steps: Vec<Step>,
}

/// One rung of the scale.
pub struct Step {
    pub overall: u8,
    pub words: String,
    /// The score from which it is reached.
    pub from: String,
    pub here: bool,
}

impl Sheet {
    /// `at` is when the scorecard was made.
    pub fn of(question: &Question, card: &Scorecard, at: Option<i64>) -> Self {
        let points: Vec<PointRow> = card
            .points()
            .iter()
            .zip(1_usize..)
            .filter_map(|(scored, number)| {
                let point = question.point(&scored.id)?;
                let value = formula::value(scored.verdict);
                Some(PointRow {
                    sign: number.to_string(),
                    text: point.text.clone(),
                    class: scored.verdict.as_str(),
                    verdict: words::label("verdict", scored.verdict.as_str()),
                    how: how(scored),
                    is_unsure: scored.is_unsure(),
                    rationale: scored.rationale.clone(),
                    second_opinion: scored.second_opinion.map(Verdict::label),
                    quotes: quotes(&scored.evidence),
                    weight: point.weight,
                    value: format!("{value:.1}"),
                    product: format!("{:.1}", f64::from(point.weight) * value),
                })
            })
            .collect();
        let pitfalls = card
            .pitfalls()
            .iter()
            .filter(|scored| scored.triggered)
            .zip(letters())
            .filter_map(|(scored, sign)| {
                let pitfall = question.pitfall(&scored.id)?;
                Some(PitfallRow {
                    sign,
                    text: pitfall.text.clone(),
                    severity: words::label("severity", pitfall.severity.as_str()),
                    penalty: format!("{:.2}", formula::penalty(pitfall.severity)),
                    rationale: scored.rationale.clone(),
                    quotes: quotes(&scored.evidence),
                })
            })
            .collect();
        let mut improvements = card.improvements().iter().cloned();
        Self {
            next_step: improvements.next().or_else(|| card.sum().map(|_| next_step(question, card))),
            improvements: improvements.collect(),
            strengths: card.strengths().to_vec(),
            outline: card
                .outline()
                .iter()
                .map(|step| StepRow { text: step.text.clone(), quotes: quotes(&step.evidence) })
                .collect(),
            sum: card.sum().map(|sum| SumRow::of(sum, &points)),
            points,
            pitfalls,
            pitfalls_watched: card.pitfalls().len(),
            flags: card
                .flags()
                .iter()
                .map(|flag| FlagRow {
                    label: flag.code.label(),
                    bars: flag.code.bars_evidence(),
                    quotes: quotes(&flag.evidence[..flag.evidence.len().min(FLAGGED)]),
                    more: flag.evidence.len().saturating_sub(FLAGGED),
                })
                .collect(),
            delivery: delivery::facts(question, card),
            engine: match card.panel().and_then(Panel::line) {
                Some(panel) => format!("{} {panel}.", engine(card.engine(), at)),
                None => engine(card.engine(), at),
            },
            reliability: reliability(card.engine()),
        }
    }
}

impl SumRow {
    fn of(sum: formula::Sum, points: &[PointRow]) -> Self {
        let weights: u32 = points.iter().map(|point| u32::from(point.weight)).sum();
        let steps = (1..=5_u8)
            .map(|overall| Step {
                overall,
                words: signal(overall).to_lowercase(),
                from: if overall == 1 {
                    "0.00".to_owned()
                } else {
                    format!("{:.2}", formula::THRESHOLDS[usize::from(overall) - 2])
                },
                here: overall == sum.overall,
            })
            .collect();
        Self {
            overall: sum.overall,
            words: signal(sum.overall),
            weights,
            earned: format!("{:.1}", sum.shown * f64::from(weights)),
            shown: format!("{:.2}", sum.shown),
            at_floor: sum.penalties > sum.shown,
            score: format!("{:.2}", sum.score),
            capped: sum.capped,
            steps,
        }
    }
}

/// The marks that a scorecard leaves on answer number `turn`.
pub fn marks(card: &Scorecard, turn: usize) -> Vec<Mark> {
    let points = card.points().iter().zip(1_usize..).map(|(scored, number)| {
        let tone = if scored.verdict == Verdict::Met { Tone::Met } else { Tone::Partial };
        (&scored.evidence, tone, number.to_string())
    });
    let pitfalls = card.pitfalls().iter().filter(|scored| scored.triggered).zip(letters());
    let pitfalls = pitfalls.map(|(scored, sign)| (&scored.evidence, Tone::Pitfall, sign));
    // Where nothing was judged, the flag is about the whole, and marking all of it would show nothing.
    let flags =
        card.flags().iter().filter(|_| card.sum().is_some()).map(|flag| (&flag.evidence, Tone::Flag, "!".to_owned()));
    points
        .chain(pitfalls)
        .chain(flags)
        .flat_map(|(evidence, tone, sign)| evidence.iter().map(move |quote| (quote.span(), tone, sign.clone())))
        .filter(|(span, ..)| span.turn == turn)
        .map(|(span, tone, sign)| Mark { start: span.start, end: span.end, tone, sign })
        .collect()
}

/// What to do next where the judge proposes nothing: the heaviest point that is not fully shown, if there is one.
fn next_step(question: &Question, card: &Scorecard) -> String {
    let open = card.points().iter().filter(|scored| scored.verdict != Verdict::Met);
    let heaviest = open.filter_map(|scored| question.point(&scored.id)).rev().max_by_key(|point| point.weight);
    heaviest.map_or_else(|| w("sheet.all-shown").to_owned(), |point| words::fill("sheet.show-in-full", &[&point.text]))
}

/// Whether the words that show a point came in the first answer or in one to a follow-up.
fn how(scored: &ScoredPoint) -> Option<&'static str> {
    let first = scored.evidence.iter().map(|quote| quote.span().turn).min()?;
    Some(if first == 0 { w("sheet.volunteered") } else { w("sheet.prompted") })
}

fn letters() -> impl Iterator<Item = String> {
    ('a'..='z').map(String::from)
}

fn quotes(evidence: &[Evidence]) -> Vec<String> {
    evidence.iter().map(|quote| quote.text().to_owned()).collect()
}

/// Who judged and when, in words.
fn engine(stamp: &EngineStamp, at: Option<i64>) -> String {
    let at = at.map_or_else(|| w("interviews.unknown-time").to_owned(), when);
    match (stamp.name, &stamp.model) {
        (EngineName::Offline, _) => words::fill("sheet.engine-rules", &[&stamp.version, &at]),
        (EngineName::Llm, Some(model)) => words::fill("sheet.engine-model", &[model, &at]),
        (EngineName::Llm, None) => words::fill("sheet.engine-some-model", &[&at]),
    }
}

/// How far the rules were measured to agree with the reference; nothing for a model.
fn reliability(stamp: &EngineStamp) -> Option<String> {
    let measured = offline::reliability(stamp)?;
    let percent = |share: f64| format!("{:.0}", share * 100.0);
    let (same, near) = (percent(measured.overall_same), percent(measured.overall_within_one));
    Some(words::fill("sheet.reliable", &[&measured.answers, &same, &near]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bank::Bank,
        scoring::{Exchange, Judgement, PitfallClaim, PointClaim, Sentences, Turn, check, offline::OfflineJudge},
    };

    /// Two answers of two sentences; the first point is met by the second, the second partly by the last, and the
    /// first pitfall is shown by the first.
    fn judged() -> (Question, Scorecard) {
        let bank = Bank::builtin().unwrap();
        let question = bank.get(&"execution/late-dependency".parse().unwrap()).unwrap().clone();
        let turns = [("Q", "I waited. Then I asked why."), ("F", "It was late. We cut scope.")];
        let turns = turns.map(|(ask, answer)| Turn { ask: ask.into(), answer: answer.into() });
        let exchange = Exchange::new(turns.to_vec()).unwrap();
        let shown = [(Verdict::Met, vec![2]), (Verdict::Partial, vec![4])];
        let mut shown = shown.into_iter().chain(std::iter::repeat((Verdict::Missed, Vec::new())));
        let points = question.assessment_points.iter().map(|point| {
            let (verdict, sentences) = shown.next().unwrap();
            PointClaim { id: point.id.clone(), verdict, sentences, rationale: String::new(), confidence: None }
        });
        let pitfalls = question.pitfalls.iter().enumerate().map(|(place, pitfall)| PitfallClaim {
            id: pitfall.id.clone(),
            triggered: place == 0,
            sentences: if place == 0 { vec![1] } else { Vec::new() },
            rationale: "Waits.".into(),
            confidence: None,
        });
        let judgement = Judgement { points: points.collect(), pitfalls: pitfalls.collect(), ..Judgement::default() };
        let checked = check(&question, &Sentences::of(&exchange), &judgement).unwrap();
        let card = Scorecard::new(&question, &exchange, checked, OfflineJudge::builtin().stamp());
        (question, card)
    }

    #[test]
    fn each_answer_gets_its_own_marks_and_each_mark_the_sign_of_its_row() {
        let (_, card) = judged();
        let signs = |turn| marks(&card, turn).into_iter().map(|mark| (mark.sign, mark.tone)).collect::<Vec<_>>();
        assert_eq!(signs(0), [("1".to_owned(), Tone::Met), ("a".to_owned(), Tone::Pitfall)]);
        assert_eq!(signs(1), [("2".to_owned(), Tone::Partial)]);
        assert_eq!(signs(2), []);
    }

    #[test]
    fn without_a_proposal_the_next_step_is_the_heaviest_point_that_is_not_fully_shown() {
        let (question, card) = judged();
        let sheet = Sheet::of(&question, &card, None);
        assert_eq!(sheet.next_step, Some(format!("Show this in full: {}", question.assessment_points[1].text)));
        assert_eq!((sheet.points[0].quotes[0].as_str(), sheet.pitfalls.len()), ("Then I asked why.", 1));
    }

    #[test]
    fn the_sum_on_the_page_adds_up() {
        let (question, card) = judged();
        let sum = Sheet::of(&question, &card, None).sum.unwrap();
        // Weights 2, 3, 3, 1, 2, 2: two for the first and 1.2 for the second of 13, less 0.15 for a major pitfall.
        assert_eq!(
            (sum.weights, sum.earned.as_str(), sum.shown.as_str(), sum.score.as_str()),
            (13, "3.2", "0.25", "0.10")
        );
        assert!(!sum.at_floor);
    }
}
