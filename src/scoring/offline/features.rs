//! Turns an answer and a rubric text into the numbers that the fitted weights are applied to.

use super::{
    answer::{ANSWER_FEATURES, Answer, CONCRETENESS, as_f64, saturating},
    evidence::{Asked, Wanted, rankings},
    matching::{Match, Rarity, Terms},
    reading::Marks,
    sense::{AnswerSense, RubricSense, SENSE_FEATURES},
};
use crate::question::{Question, Severity};

/// Its name, the words in a rubric text that call for it, and how it is counted in an answer.
type Call = (&'static str, &'static [&'static str], fn(&Marks) -> usize);

/// What a rubric text asks to hear, told by words in it, and the share of that in an answer.
const DEMANDS: &[Call] = &[
    (
        "number",
        &[
            "measur", "figure", "number", "cost", "price", "amount", "value", "length", "long", "size", "how much",
            "how many", "estimate", "likely", "money", "revenue", "target",
        ],
        |marks| marks.numbers,
    ),
    (
        "time",
        &[
            "date", "when", "interval", "regular", "soon", "prompt", "within", "day", "time", "rhythm", "before",
            "early",
        ],
        |marks| marks.dates,
    ),
    (
        "choice",
        &[
            "trade-off",
            "trade",
            "alternative",
            "another",
            "choice",
            "two",
            "several",
            "option",
            "instead",
            "against",
            "worse",
            "weigh",
        ],
        |marks| marks.trade_offs + marks.consequences,
    ),
    (
        "own",
        &[
            "own ",
            "themselves",
            "personally",
            "misjudged",
            "wrong",
            "missed",
            "overlooked",
            "share in",
            "learned",
            "since",
        ],
        |marks| marks.admissions,
    ),
    ("someone", &["each", "named", "who ", "people", "person", "leader", "sponsor", "customer", "director"], |marks| {
        marks.names
    }),
    (
        "act",
        &[
            "asks",
            "tells",
            "told",
            "takes",
            "finds out",
            "goes back",
            "speaks",
            "listens",
            "gets",
            "warns",
            "tries",
            "offers",
        ],
        |marks| marks.i_did,
    ),
];

/// What a pitfall says is wrong, told by words in it.
const FAULTS: &[Call] = &[
    (
        "blame",
        &["blam", "fail", "fault", "portray", "malicious", "treats", "temper", "other people", "ignorant", "who "],
        |marks| marks.blame,
    ),
    (
        "vague",
        &["general", "recite", "vague", "without", "terms", "lists", "never says", "commonplace", "nothing"],
        |marks| marks.buzzwords + marks.generalities,
    ),
    ("own", &["candidate", "themselves", "alone", "own", "group"], |marks| marks.we_did),
    ("refuse", &["never", "no ", "refuse", "not ", "nobody", "without"], |marks| marks.denials),
];

/// Words of a pitfall that consists in something left out.
const OMISSION: &[&str] =
    &["never", "without", "no ", "nothing", "not ", "only", "nobody", "leaves", "cannot", "hardly"];

/// The rubric of a question, ready to be compared with answers.
#[derive(Debug)]
pub(super) struct Prepared {
    points: Vec<PreparedPoint>,
    pitfalls: Vec<PreparedPitfall>,
}

#[derive(Debug)]
struct PreparedPoint {
    /// The point's text, then its cues and its strong sentence.
    texts: Vec<Terms>,
    asked: Asked,
    weight: f64,
    /// Whether it is the question's first point.
    first: bool,
}

#[derive(Debug)]
struct PreparedPitfall {
    terms: Terms,
    severity: Severity,
    /// Whether it is something left unsaid or undone.
    omission: bool,
}

/// The numbers of one answer: one row a point and one a pitfall, in the bank's order.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    pub points: Vec<(Vec<f64>, Match)>,
    pub pitfalls: Vec<(Vec<f64>, Match)>,
}

const POINT_FEATURES: &[&str] = &[
    "best-stem",
    "best-kin",
    "window-stem",
    "window-kin",
    "whole-stem",
    "whole-kin",
    "density",
    "relative-stem",
    "relative-kin",
    "mean-stem",
    "mean-kin",
    "near-i-did",
    "near-numbers",
    "near-names",
    "near-would",
    "near-hedges",
    "near-others",
    "near-buzzwords",
    "near-generalities",
    "denied",
    "denied-i",
    "kin-x-concrete",
    "stem-x-concrete",
    "terms",
    "weight",
    "first",
    "cited-concrete",
];
const PITFALL_FEATURES: &[&str] = &[
    "best-stem",
    "best-kin",
    "window-stem",
    "window-kin",
    "whole-stem",
    "whole-kin",
    "relative-kin",
    "denied",
    "points-stem",
    "points-kin",
    "lowest-kin",
    "critical",
    "minor",
    "omission",
    "omission-x-kin",
    "omission-x-concrete",
    "terms",
    "near-would",
    "near-hedges",
    "kin-x-points",
];

/// The names of a point's numbers, in order.
pub(super) fn point_features() -> Vec<String> {
    let demands = DEMANDS
        .iter()
        .flat_map(|(name, ..)| [format!("asks-{name}"), format!("asks-{name}-whole"), format!("asks-{name}-near")]);
    names(ANSWER_FEATURES, POINT_FEATURES).chain(demands).chain(sense()).collect()
}

/// The names of a pitfall's numbers, in order.
pub(super) fn pitfall_features() -> Vec<String> {
    let faults = FAULTS.iter().flat_map(|(name, ..)| [format!("fault-{name}"), format!("fault-{name}-whole")]);
    names(ANSWER_FEATURES, PITFALL_FEATURES).chain(faults).chain(sense()).collect()
}

fn sense() -> impl Iterator<Item = String> {
    SENSE_FEATURES.iter().map(|name| format!("sense-{name}"))
}

fn names(answer: &'static [&'static str], own: &'static [&'static str]) -> impl Iterator<Item = String> {
    answer.iter().map(|name| format!("answer-{name}")).chain(own.iter().map(|&name| name.to_owned()))
}

impl Prepared {
    pub fn of(question: &Question, rarity: &Rarity) -> Self {
        let points = question
            .assessment_points
            .iter()
            .enumerate()
            .map(|(place, point)| (place, point, [&point.text].into_iter().chain(&point.cues).chain(&point.strong)))
            .map(|(place, point, texts)| (place, point, texts.map(|text| Terms::of(text, rarity)).collect::<Vec<_>>()))
            .map(|(place, point, texts)| PreparedPoint {
                asked: Asked::by(texts[0].line()),
                texts,
                weight: f64::from(point.weight),
                first: place == 0,
            })
            .collect();
        let pitfalls = question
            .pitfalls
            .iter()
            .map(|pitfall| {
                let terms = Terms::of(&pitfall.text, rarity);
                let omission = terms.asks_for(OMISSION);
                PreparedPitfall { terms, severity: pitfall.severity, omission }
            })
            .collect();
        Self { points, pitfalls }
    }

    /// Whether each pitfall consists in something left unsaid or undone.
    pub fn omissions(&self) -> impl Iterator<Item = bool> + '_ {
        self.pitfalls.iter().map(|pitfall| pitfall.omission)
    }

    /// Compares the answer with every rubric text of the question, by words and by meaning.
    pub fn rows(&self, answer: &Answer, rubric: &RubricSense, said: &AnswerSense) -> Rows {
        let of_points = said.numbers(rubric, &rubric.points);
        let of_pitfalls = said.numbers(rubric, &rubric.pitfalls);
        let mut met: Vec<Match> = self.points.iter().map(|point| point.meet(answer)).collect();
        let wanted: Vec<Wanted<'_>> = self.points.iter().map(|point| (point.texts.as_slice(), &point.asked)).collect();
        for (found, ranking) in met.iter_mut().zip(rankings(&wanted, answer, &said.nearness(&rubric.points))) {
            found.ranking = ranking;
        }
        let ground = Ground::of(answer, &met);
        let triggered: Vec<Match> = self.pitfalls.iter().map(|pitfall| answer.meet(&pitfall.terms)).collect();
        let mean_kin = triggered.iter().map(|found| found.window.1).sum::<f64>() / as_f64(triggered.len().max(1));
        let points = self
            .points
            .iter()
            .zip(met)
            .zip(&of_points)
            .map(|((point, found), sense)| (point.row(answer, &ground, &found, sense), found));
        let pitfalls = self
            .pitfalls
            .iter()
            .zip(triggered)
            .zip(&of_pitfalls)
            .map(|((pitfall, found), sense)| (pitfall.row(answer, &ground, mean_kin, &found, sense), found));
        Rows { points: points.collect(), pitfalls: pitfalls.collect() }
    }
}

/// What a single rubric text is measured against: how the answer does on the question's points as a whole.
struct Ground {
    concrete: f64,
    mean_stem: f64,
    mean_kin: f64,
    lowest_kin: f64,
}

impl Ground {
    fn of(answer: &Answer, met: &[Match]) -> Self {
        let mean = |part: fn(&Match) -> f64| met.iter().map(part).sum::<f64>() / as_f64(met.len().max(1));
        Self {
            concrete: answer.common[CONCRETENESS],
            mean_stem: mean(|found| found.window.0),
            mean_kin: mean(|found| found.window.1),
            lowest_kin: met.iter().map(|found| found.window.1).fold(1.0, f64::min),
        }
    }
}

fn flag(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

impl PreparedPoint {
    fn meet(&self, answer: &Answer) -> Match {
        let mut matches: Vec<Match> = self.texts.iter().map(|terms| answer.meet(terms)).collect();
        let fit = |found: &Match| found.window.0 + found.window.1;
        // The point's own text speaks first; a cue or a strong sentence replaces it only where it fits better.
        let best = (0..matches.len()).max_by(|&a, &b| fit(&matches[a]).total_cmp(&fit(&matches[b])).then(b.cmp(&a)));
        matches.swap_remove(best.unwrap_or(0))
    }

    fn row(&self, answer: &Answer, ground: &Ground, found: &Match, sense: &[f64]) -> Vec<f64> {
        let mut row = answer.common.clone();
        let (near, best) = (&found.near, &found.at_best);
        let cited = found.ranking.first().map_or_else(Marks::default, |(index, _)| answer.readings[*index].marks);
        row.extend([
            found.best.0,
            found.best.1,
            found.window.0,
            found.window.1,
            found.whole.0,
            found.whole.1,
            found.density,
            found.window.0 - ground.mean_stem,
            found.window.1 - ground.mean_kin,
            ground.mean_stem,
            ground.mean_kin,
            saturating(near.i_did, 1.0),
            saturating(near.numbers, 1.0),
            saturating(near.names, 1.0),
            saturating(near.would, 1.0),
            saturating(near.hedges, 1.0),
            flag(best.others_did > 0 && best.i_did + best.we_did == 0),
            saturating(near.buzzwords, 1.0),
            saturating(near.generalities, 1.0),
            flag(found.denied),
            flag(found.denied && best.i_did + best.would > 0),
            found.window.1 * ground.concrete,
            found.window.0 * ground.concrete,
            as_f64(self.texts[0].terms.len()).ln_1p(),
            self.weight,
            flag(self.first),
            flag(cited.numbers + cited.names + cited.dates > 0),
        ]);
        for (_, phrases, count) in DEMANDS {
            let asks = flag(self.texts[0].asks_for(phrases));
            let (whole, close) = (saturating(count(&answer.total), 2.0), saturating(count(near), 1.0));
            row.extend([asks, asks * (whole - 0.5), asks * (close - 0.3)]);
        }
        row.extend(sense);
        row
    }
}

impl PreparedPitfall {
    fn row(&self, answer: &Answer, ground: &Ground, mean_kin: f64, found: &Match, sense: &[f64]) -> Vec<f64> {
        let mut row = answer.common.clone();
        let omission = flag(self.omission);
        row.extend([
            found.best.0,
            found.best.1,
            found.window.0,
            found.window.1,
            found.whole.0,
            found.whole.1,
            found.window.1 - mean_kin,
            flag(found.denied),
            ground.mean_stem,
            ground.mean_kin,
            ground.lowest_kin,
            flag(self.severity == Severity::Critical),
            flag(self.severity == Severity::Minor),
            omission,
            omission * (found.window.1 - 0.4),
            omission * ground.concrete,
            as_f64(self.terms.terms.len()).ln_1p(),
            saturating(found.near.would, 1.0),
            saturating(found.near.hedges, 1.0),
            found.window.1 * ground.mean_kin,
        ]);
        for (_, phrases, count) in FAULTS {
            let says = flag(self.terms.asks_for(phrases));
            row.extend([says, says * (saturating(count(&answer.total), 2.0) - 0.5)]);
        }
        row.extend(sense);
        row
    }
}
