//! A scorecard as one wants to read it: first the one thing to do next, then what was shown, then the sum.

use super::paper::{counted, danger, fair, good, quiet, strong, titled, wrap};
use crate::{
    question::{Question, Severity, Verdict},
    scoring::{
        EngineName, EngineStamp, Evidence, FILLERS_NOTE, Panel, Scorecard, ScoredPitfall, formula, offline::reliability,
    },
};

/// Quotes to one verdict; a judge that cites more makes the card longer without telling more.
const QUOTES: usize = 3;

/// The scorecard's lines at this width. `question` is the one that was judged.
pub fn lines(card: &Scorecard, question: &Question, width: usize) -> Vec<String> {
    let mut page = Page { width, lines: Vec::new() };
    page.next_step(card, question);
    page.points(card, question);
    page.pitfalls(card, question);
    page.flags(card);
    page.strengths(card);
    page.outline(card);
    page.sum(card, question);
    page.judge(card);
    page.lines
}

/// `4 of 5, hire`, or that there is no number.
pub fn overall(card: &Scorecard) -> String {
    card.overall()
        .map_or_else(|| "no score".to_owned(), |overall| format!("{overall} of 5, {}", formula::signal(overall)))
}

/// Who judged, as people say it.
pub fn judged_by(engine: &EngineStamp) -> String {
    match (engine.name, &engine.model) {
        (EngineName::Offline, _) => "scored by rules on this computer".to_owned(),
        (EngineName::Llm, Some(model)) => format!("scored by the model {model}"),
        (EngineName::Llm, None) => "scored by a language model".to_owned(),
    }
}

/// Things to do after the first: more than these would bury it.
const FURTHER: usize = 2;

struct Page {
    width: usize,
    lines: Vec<String>,
}

impl Page {
    fn put(&mut self, text: &str, first: &str, rest: &str, style: fn(&str) -> String) {
        self.lines.extend(wrap(text, self.width, first, rest).iter().map(|line| style(line)));
    }

    fn head(&mut self, text: &str) {
        self.lines.push(String::new());
        self.lines.push(strong(text));
    }

    fn quotes(&mut self, evidence: &[Evidence]) {
        for piece in evidence.iter().take(QUOTES) {
            self.put(&format!("“{}”", piece.text().trim()), "    ", "     ", |line| quiet(line));
        }
        if evidence.len() > QUOTES {
            self.lines.push(quiet(format!("    and {} more", evidence.len() - QUOTES)));
        }
    }

    fn next_step(&mut self, card: &Scorecard, question: &Question) {
        self.lines.push(titled(&question.title, &overall(card), self.width));
        if card.sum().is_some() {
            self.lines.push(strong("Do this next"));
            self.put(&next_step(card, question), "  ", "  ", |line| strong(line));
        } else {
            self.lines.push(strong("This answer could not be judged"));
            for flag in card.flags() {
                self.put(&format!("{}.", flag.code.label()), "  ", "  ", |line| fair(line));
            }
        }
    }

    fn points(&mut self, card: &Scorecard, question: &Question) {
        if card.points().is_empty() {
            return;
        }
        self.head("Point by point");
        for scored in card.points() {
            let Some(point) = question.point(&scored.id) else { continue };
            let (mark, style): (_, fn(&str) -> String) = match scored.verdict {
                Verdict::Met => ("● ", |line| good(line)),
                Verdict::Partial => ("◐ ", |line| fair(line)),
                Verdict::Missed => ("○ ", |line| danger(line)),
            };
            let unsure = if scored.is_unsure() { ", unsure" } else { "" };
            let verdict = scored.verdict.label().to_lowercase();
            let text = format!("{} ({verdict}{unsure}, weight {})", point.text, point.weight);
            self.put(&text, &format!("  {mark}"), "    ", style);
            self.put(&scored.rationale, "    ", "    ", str::to_owned);
            if let Some(other) = scored.second_opinion {
                let other = format!("Second opinion: {}.", other.label().to_lowercase());
                self.put(&other, "    ", "    ", |line| fair(line));
            }
            self.quotes(&scored.evidence);
        }
    }

    fn pitfalls(&mut self, card: &Scorecard, question: &Question) {
        let differs = |scored: &&ScoredPitfall| scored.triggered || scored.second_opinion.is_some();
        let triggered: Vec<_> = card.pitfalls().iter().filter(differs).collect();
        if card.pitfalls().is_empty() {
            return;
        }
        self.head("Pitfalls");
        if triggered.is_empty() {
            self.lines.push(quiet(format!("  none of the {} that were looked for", card.pitfalls().len())));
        }
        for scored in triggered {
            let Some(pitfall) = question.pitfall(&scored.id) else { continue };
            let cost = formula::penalty(pitfall.severity);
            let text = format!("{} ({}, costs {cost:.2})", pitfall.text, pitfall.severity);
            if scored.triggered {
                self.put(&text, "  ▲ ", "    ", |line| danger(line));
            } else {
                self.put(&pitfall.text, "  △ ", "    ", |line| fair(line));
            }
            self.put(&scored.rationale, "    ", "    ", str::to_owned);
            if let Some(other) = scored.second_opinion {
                let other = if other { "it is triggered" } else { "it is not triggered" };
                self.put(&format!("Second opinion: {other}."), "    ", "    ", |line| fair(line));
            }
            self.quotes(&scored.evidence);
        }
    }

    fn flags(&mut self, card: &Scorecard) {
        if card.flags().is_empty() || card.sum().is_none() {
            return;
        }
        self.head("Watch out");
        for flag in card.flags() {
            self.put(&format!("{}.", flag.code.label()), "  ! ", "    ", |line| fair(line));
            self.quotes(&flag.evidence);
        }
    }

    fn strengths(&mut self, card: &Scorecard) {
        let further = card.improvements().iter().skip(1).take(FURTHER).cloned().collect::<Vec<_>>();
        for (head, mark, remarks) in [("What worked", "  + ", card.strengths()), ("After that", "  › ", &further)] {
            if !remarks.is_empty() {
                self.head(head);
            }
            for remark in remarks {
                self.put(remark, mark, "    ", str::to_owned);
            }
        }
    }

    fn outline(&mut self, card: &Scorecard) {
        if card.outline().is_empty() {
            return;
        }
        self.head("A stronger answer, in outline");
        for (number, step) in card.outline().iter().enumerate() {
            let adds = if step.evidence.is_empty() { " (to add)" } else { "" };
            self.put(&format!("{}{adds}", step.text), &format!("  {}. ", number + 1), "     ", str::to_owned);
            self.quotes(&step.evidence);
        }
    }

    fn sum(&mut self, card: &Scorecard, question: &Question) {
        let Some(sum) = card.sum() else { return };
        self.head("How the number came about");
        let weights: u32 = question.assessment_points.iter().map(|point| u32::from(point.weight)).sum();
        let shown = sum.shown * f64::from(weights);
        let mut row = |name: &str, number: &str, words: &str, style: fn(&str) -> String| {
            self.put(words, &format!("  {name:<8} {number:>6}  "), &" ".repeat(19), style);
        };
        let by_weight = format!("{shown:.1} of {weights} by the points' weights");
        row("shown", &format!("{:.2}", sum.shown), &by_weight, str::to_owned);
        row("pitfalls", &minus(sum.penalties), &triggered(card, question), str::to_owned);
        row("score", &format!("{:.2}", sum.score), "shown less pitfalls, never below 0", str::to_owned);
        let next = formula::THRESHOLDS.iter().position(|&threshold| sum.score < threshold);
        let reach = match next {
            _ if sum.capped => "capped by a critical pitfall".to_owned(),
            Some(place) => format!("{} begins at {:.2}", place + 2, formula::THRESHOLDS[place]),
            None => "the highest there is".to_owned(),
        };
        let words = format!("{} ({reach})", formula::signal(sum.overall));
        row("overall", &sum.overall.to_string(), &words, |line| strong(line));
    }

    fn judge(&mut self, card: &Scorecard) {
        let delivery = card.delivery();
        let words = counted(delivery.words, "word");
        self.lines.push(String::new());
        self.put(&format!("{words}, {}", judged_by(card.engine())), "  ", "  ", |line| quiet(line));
        if let Some(measured) = reliability(card.engine()) {
            let text = format!(
                "on {} labelled answers to questions these rules had not seen, their overall was the raters' in {:.0} % and \
                 at most one step away in {:.0} %",
                measured.answers,
                measured.overall_same * 100.0,
                measured.overall_within_one * 100.0,
            );
            self.put(&text, "  ", "  ", |line| quiet(line));
        }
        if let Some(spoken) = delivery.spoken {
            self.put(&format!("{spoken} ({FILLERS_NOTE})"), "  ", "  ", |line| quiet(line));
        }
        if let Some(panel) = card.panel().and_then(Panel::line) {
            self.put(&panel, "  ", "  ", |line| quiet(line));
        }
    }
}

/// The one thing to do next.
pub fn next_step(card: &Scorecard, question: &Question) -> String {
    card.improvements().first().cloned().unwrap_or_else(|| own_step(card, question))
}

/// What to do next where the judge named nothing: the weightiest thing that is still open.
fn own_step(card: &Scorecard, question: &Question) -> String {
    let open = card
        .points()
        .iter()
        .filter(|scored| scored.verdict != Verdict::Met)
        .filter_map(|scored| question.point(&scored.id).map(|point| (scored.verdict, point)));
    let heaviest = open.rev().max_by_key(|(verdict, point)| (*verdict == Verdict::Missed, point.weight));
    heaviest.map_or_else(
        || "Everything was shown. Try a question of a higher level.".to_owned(),
        |(_, point)| format!("Show this: {}", point.text),
    )
}

/// `−0.20`, or `0.00` where nothing was taken off.
fn minus(penalties: f64) -> String {
    if penalties > 0.0 { format!("−{penalties:.2}") } else { "0.00".to_owned() }
}

/// `1 major, 2 minor`, or `none`.
fn triggered(card: &Scorecard, question: &Question) -> String {
    let count = |severity: Severity| {
        let of_it = |id: &str| question.pitfall(id).is_some_and(|pitfall| pitfall.severity == severity);
        card.pitfalls().iter().filter(|scored| scored.triggered && of_it(&scored.id)).count()
    };
    let kinds = [Severity::Critical, Severity::Major, Severity::Minor].map(|severity| (count(severity), severity));
    let named: Vec<_> =
        kinds.iter().filter(|(count, _)| *count > 0).map(|(count, severity)| format!("{count} {severity}")).collect();
    if named.is_empty() { "none".to_owned() } else { named.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bank::Bank,
        scoring::{Exchange, Judgement, PitfallClaim, PointClaim, Sentences, check},
    };

    fn card(verdicts: &[Verdict], triggered: &[bool]) -> (Scorecard, Question) {
        let bank = Bank::builtin().unwrap();
        let question = bank.get(&"execution/late-dependency".parse().unwrap()).unwrap().clone();
        let answer =
            "I went through the plan with the lead that day. The beta moves by two weeks. It is all their fault.";
        let exchange = Exchange::of_answer(&question.prompt, answer).unwrap();
        let points =
            question.assessment_points.iter().zip(verdicts.iter().cycle()).map(|(point, &verdict)| PointClaim {
                id: point.id.clone(),
                verdict,
                sentences: if verdict == Verdict::Missed { vec![] } else { vec![2] },
                rationale: "Because.".to_owned(),
                confidence: None,
            });
        let pitfalls =
            question.pitfalls.iter().zip(triggered.iter().cycle()).map(|(pitfall, &triggered)| PitfallClaim {
                id: pitfall.id.clone(),
                triggered,
                sentences: if triggered { vec![3] } else { vec![] },
                rationale: "Because.".to_owned(),
                confidence: None,
            });
        let judgement = Judgement { points: points.collect(), pitfalls: pitfalls.collect(), ..Judgement::default() };
        let checked = check(&question, &Sentences::of(&exchange), &judgement).unwrap();
        let engine =
            EngineStamp { name: EngineName::Offline, version: "test".to_owned(), model: None, prompt_hash: None };
        (Scorecard::new(&question, &exchange, checked, engine), question)
    }

    fn plain(card: &Scorecard, question: &Question, width: usize) -> String {
        let page = lines(card, question, width).join("\n");
        anstream::adapter::strip_str(&page).to_string()
    }

    #[test]
    fn the_one_thing_to_do_next_comes_first_and_the_sum_adds_up() {
        let (card, question) = card(&[Verdict::Met, Verdict::Partial, Verdict::Missed], &[true, false]);
        insta::assert_snapshot!(plain(&card, &question, 72));
    }

    #[test]
    fn no_line_is_wider_than_the_page() {
        let (card, question) = card(&[Verdict::Met, Verdict::Partial, Verdict::Missed], &[true]);
        for width in [40, 60, 88] {
            for line in plain(&card, &question, width).lines() {
                assert!(textwrap::core::display_width(line) <= width, "{width}: {line}");
            }
        }
    }

    #[test]
    fn a_full_answer_sends_the_candidate_on() {
        let (card, question) = card(&[Verdict::Met], &[false]);
        let text = plain(&card, &question, 80);
        assert!(text.contains("Everything was shown") && text.contains("strong hire (the highest there is)"), "{text}");
        assert!(!text.contains('▲'));
    }
}
