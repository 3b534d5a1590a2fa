//! Which sentence speaks to which point: by its words, by what it tells was done, and by its place in the answer.

use std::sync::LazyLock;

use super::{
    answer::{Answer, as_f64},
    lexicon::words,
    matching::Terms,
    reading::Reading,
};

/// One line of `acts.txt`: something that rubric texts ask for in some words and that people tell in others.
struct Act {
    asked: Phrases,
    told: Phrases,
}

/// Phrases as they stand in a reading's line: with a space before, and behind unless any ending will do.
struct Phrases {
    phrases: Vec<String>,
    /// Whether a number is enough.
    number: bool,
}

static ACTS: LazyLock<Vec<Act>> = LazyLock::new(|| {
    let lines = include_str!("acts.txt").lines().filter(|line| !line.starts_with('#'));
    let halves = lines.filter_map(|line| line.split_once(':')?.1.split_once('|'));
    halves.map(|(asked, told)| Act { asked: Phrases::of(asked), told: Phrases::of(told) }).collect()
});

impl Phrases {
    fn of(list: &str) -> Self {
        let mut all = Self { phrases: Vec::new(), number: false };
        for phrase in list.split(',').map(str::trim) {
            // Cut into words just as answers are, so that "sign-off" is found in them.
            let cut: Vec<String> = words(phrase).into_iter().map(|word| word.lower).collect();
            match cut.as_slice() {
                [] => all.number |= phrase == "#",
                _ => all.phrases.push(format!(" {}{}", cut.join(" "), if phrase.ends_with('*') { "" } else { " " })),
            }
        }
        all
    }

    fn are_in(&self, line: &str) -> bool {
        self.phrases.iter().any(|phrase| line.contains(phrase.as_str()))
    }

    fn are_told(&self, reading: &Reading) -> bool {
        self.number && reading.marks.numbers > 0 || self.are_in(&reading.line)
    }
}

/// What a point asks for, by number in `acts.txt`.
#[derive(Debug)]
pub(super) struct Asked(Vec<usize>);

impl Asked {
    /// `line` holds the words of the rubric text as in a reading's line.
    pub fn by(line: &str) -> Self {
        Self((0..ACTS.len()).filter(|&act| ACTS[act].asked.are_in(line)).collect())
    }
}

/// A point as sentences are compared with it: all its texts, and what it asks for.
pub(super) type Wanted<'a> = (&'a [Terms], &'a Asked);

/// Indices (from 0) of the sentences that share a word or an act with a point, each with its worth as evidence for
/// it from 0 to 1, the best first.
pub(super) type Ranking = Vec<(usize, f64)>;

/// The cosine from which a sentence may be evidence though it shares no word with the point.
const MEANT: f64 = 0.3;

/// How far from its due place a sentence is taken to be whose place says nothing.
const ANYWHERE: f64 = 0.3;

/// What every sentence bears on every point, one entry a point.
///
/// The constants are those of a logistic regression over the sentences of `scripts/meaning/evidence.jsonl`, in which a
/// reader had marked the ones that show a point; how often the first one fits is in `docs/scoring.md`.
pub(super) fn rankings(points: &[Wanted<'_>], answer: &Answer, nearness: &[Vec<(f64, f64)>]) -> Vec<Ranking> {
    let open = &answer.open;
    let count = as_f64(open.len());
    // An act that nearly every sentence tells sets none apart.
    let told: Vec<Vec<bool>> =
        ACTS.iter().map(|act| open.iter().map(|&index| act.told.are_told(&answer.readings[index])).collect()).collect();
    let rarity: Vec<f64> = told
        .iter()
        .map(|told| {
            let often = as_f64(told.iter().filter(|told| **told).count());
            (((count + 1.0) / (often + 0.5)).ln() / (count + 1.0).ln().max(0.7)).clamp(0.05, 1.0)
        })
        .collect();
    let acts: Vec<Vec<f64>> = points
        .iter()
        .map(|(_, Asked(asked))| {
            let of = |place: usize| asked.iter().filter(|&&act| told[act][place]).map(|&act| rarity[act]).sum();
            (0..open.len()).map(of).collect()
        })
        .collect();
    let opening: Vec<usize> = (0..open.len()).filter(|&place| answer.turns[open[place]] == 0).collect();

    let rank = |(point, (texts, _)): (usize, &Wanted<'_>)| -> Ranking {
        let due = (as_f64(point) + 0.5) / as_f64(points.len());
        let mut ranking = Vec::new();
        for (place, &index) in open.iter().enumerate() {
            let shared = texts.iter().map(|text| text.share_in(&answer.readings[index])).fold(0.0, f64::max);
            let own = acts[point][place];
            let (near, lead_in_meaning) = nearness[point][index];
            if shared + own <= 0.0 && near < MEANT {
                continue;
            }
            let others = acts.iter().enumerate().filter(|(other, _)| *other != point);
            let lead = own - others.map(|(_, acts)| acts[place]).fold(0.0, f64::max);
            // People tell things in about the order in which a rubric lists them; a follow-up asks for its point.
            let off = match answer.probed[index] {
                Some(probed) if probed == point => 0.0,
                Some(_) => 2.0 * ANYWHERE,
                None if answer.turns[index] > 0 => ANYWHERE,
                None => ((as_f64(place) + 0.5) / as_f64(opening.len().max(1)) - due).abs(),
            };
            let worth = 3.4 * shared.sqrt() + 0.5 * own.sqrt() + 0.3 * lead - 4.4 * off - 0.4 * near
                + 7.6 * lead_in_meaning
                - 3.2;
            ranking.push((index, 1.0 / (1.0 + (-worth).exp())));
        }
        ranking.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranking
    };
    points.iter().enumerate().map(rank).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bank::Bank,
        scoring::{
            Exchange, Sentences, Turn,
            offline::{
                matching::Rarity,
                meaning::Meaning,
                sense::{AnswerSense, RubricSense},
            },
        },
    };

    /// For each point of the late dependency, the best sentence of this conversation.
    fn best(turns: &[(&str, &str)]) -> Vec<Option<String>> {
        let bank = Bank::builtin().unwrap();
        let question = bank.get(&"execution/late-dependency".parse().unwrap()).unwrap();
        let turns = turns.iter().map(|&(ask, answer)| Turn { ask: ask.to_owned(), answer: answer.to_owned() });
        let exchange = Exchange::new(turns.collect()).unwrap();
        let sentences = Sentences::of(&exchange);
        let answer = Answer::read(question, &sentences, &std::collections::BTreeSet::new());
        let rarity = Rarity::over([question]);
        let texts: Vec<[Terms; 1]> =
            question.assessment_points.iter().map(|point| [Terms::of(&point.text, &rarity)]).collect();
        let asked: Vec<Asked> = texts.iter().map(|[text]| Asked::by(text.line())).collect();
        let wanted: Vec<Wanted<'_>> = texts.iter().map(<[Terms; 1]>::as_slice).zip(&asked).collect();
        let points: Vec<&str> = question.assessment_points.iter().map(|point| point.text.as_str()).collect();
        let rubric = RubricSense::of(Meaning::builtin(), &question.prompt, &points, &[]);
        let said: Vec<&str> = sentences.iter().map(|(_, _, text)| text).collect();
        let said = AnswerSense::of(Meaning::builtin(), &said, &answer.open);
        rankings(&wanted, &answer, &said.nearness(&rubric.points))
            .iter()
            .map(|ranking| sentences.text(ranking.first()?.0 + 1).map(str::to_owned))
            .collect()
    }

    #[test]
    fn each_point_gets_the_sentence_that_tells_what_it_asks_for() {
        let best = best(&[(
            "?",
            "I rang their lead and asked for the cause. Two of our six milestones moved. The VP chose the smaller launch. \
             I lent them my tester. I told both sales teams that same day.",
        )]);
        assert_eq!(best[0].as_deref(), Some("I rang their lead and asked for the cause."));
        assert_eq!(best[1].as_deref(), Some("Two of our six milestones moved."));
        assert_eq!(best[3].as_deref(), Some("I lent them my tester."));
        assert_eq!(best[5].as_deref(), Some("I told both sales teams that same day."));
    }

    #[test]
    fn the_answer_to_a_follow_up_speaks_to_the_point_that_the_follow_up_is_about() {
        let opening = ("?", "Our milestones were two gates, and the beta was one of them.");
        let ask = "Which of your own dates moved, and how could you tell?";
        let reply = "The cutover gate moved.";
        assert_eq!(best(&[opening, (ask, reply)])[1].as_deref(), Some(reply));
    }

    #[test]
    fn a_sentence_that_shares_nothing_with_a_point_is_no_evidence() {
        assert_eq!(best(&[("?", "Grapes ripen.")]), vec![None; 6]);
    }

    #[test]
    fn every_line_of_acts_has_a_name_and_both_halves() {
        let lines = include_str!("acts.txt").lines().filter(|line| !line.starts_with('#'));
        assert_eq!(lines.count(), ACTS.len());
        assert!(ACTS.iter().all(|act| !act.asked.phrases.is_empty() && act.told.number | !act.told.phrases.is_empty()));
    }
}
