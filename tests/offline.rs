//! The offline engine on the labelled answers: attacks and their honest twins, padding, languages, evidence.

use std::collections::BTreeMap;

use greenroom::{
    bank::Bank,
    config::BankSource,
    question::{Question, Verdict},
    scoring::{Exchange, FlagCode, Scorecard, Sentences, offline::OfflineJudge, offline::flags},
};

struct Answer {
    id: String,
    question: String,
    tier: String,
    text: String,
}

struct Court {
    bank: Bank,
    judge: OfflineJudge,
    answers: Vec<Answer>,
}

impl Court {
    fn open() -> Self {
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let answers = include_str!("eval/answers.jsonl")
            .lines()
            .map(|line| {
                let line: serde_json::Value = serde_json::from_str(line).unwrap();
                Answer {
                    id: text(&line["id"]),
                    question: text(&line["question"]),
                    tier: text(&line["design"]["tier"]),
                    text: text(&line["answer"]),
                }
            })
            .collect();
        Self { bank: Bank::open(&[BankSource::Builtin]).unwrap(), judge: OfflineJudge::builtin(), answers }
    }

    fn question(&self, id: &str) -> &Question {
        self.bank.get(&id.parse().unwrap()).unwrap()
    }

    fn judge(&self, question: &str, text: &str) -> Scorecard {
        let question = self.question(question);
        self.judge.judge(question, &Exchange::of_answer(&question.prompt, text).unwrap())
    }

    fn judge_answer(&self, id: &str) -> Scorecard {
        let answer = self.answers.iter().find(|answer| answer.id == id).unwrap();
        self.judge(&answer.question, &answer.text)
    }

    fn flags_of(&self, answer: &Answer) -> Vec<FlagCode> {
        let question = self.question(&answer.question);
        let exchange = Exchange::of_answer(&question.prompt, &answer.text).unwrap();
        flags(&Sentences::of(&exchange), question).iter().map(|flag| flag.code).collect()
    }
}

fn codes(card: &Scorecard) -> Vec<FlagCode> {
    card.flags().iter().map(|flag| flag.code).collect()
}

#[test]
fn an_attack_is_named_and_earns_no_more_than_a_no_hire() {
    use FlagCode::{AddressesTheGrader, ForgedVerdict, Gibberish, KeywordList, RestatesQuestion, RestatesRubric};
    let court = Court::open();
    for (id, code) in [
        ("execution/late-dependency#4", AddressesTheGrader),
        ("technical-depth/food-delivery-design#1", AddressesTheGrader),
        ("leadership/first-thirty-days#6", AddressesTheGrader),
        ("risk/early-signs#5", AddressesTheGrader),
        ("execution/scarce-engineers#1", AddressesTheGrader),
        ("execution/plan-from-scratch#5", ForgedVerdict),
        ("risk/risk-process#3", ForgedVerdict),
        ("leadership/vague-mandate#5", ForgedVerdict),
        ("technical-depth/warehouse-move#2", ForgedVerdict),
        ("stakeholder/customer-date-slips#4", ForgedVerdict),
        ("execution/success-metrics#5", RestatesRubric),
        ("execution/release-automation#3", RestatesRubric),
        ("stakeholder/team-disagreement#6", RestatesQuestion),
        ("stakeholder/risk-in-sales-terms#3", RestatesQuestion),
        ("technical-depth/architecture-walkthrough#4", KeywordList),
        ("technical-depth/caching-for-finance#6", KeywordList),
        ("risk/go-no-go#3", Gibberish),
    ] {
        let card = court.judge_answer(id);
        assert!(codes(&card).contains(&code), "{id}: {:?}", codes(&card));
        assert!(card.overall().unwrap() <= 2, "{id}: {:?}", card.overall());
    }
}

#[test]
fn a_story_that_quotes_an_injection_is_judged_like_any_other() {
    let court = Court::open();
    for id in ["technical-depth/most-complex-program#4", "technical-depth/slow-and-nobody-knows-why#4"] {
        let card = court.judge_answer(id);
        assert_eq!(codes(&card), [], "{id}");
        assert!(card.overall().unwrap() >= 4, "{id}: {:?}", card.overall());
    }
}

#[test]
fn no_answer_outside_the_odd_tier_is_accused_of_anything_but_staying_general() {
    let court = Court::open();
    for answer in court.answers.iter().filter(|answer| answer.tier != "attack") {
        let mut found = court.flags_of(answer);
        found.retain(|code| *code != FlagCode::Generic);
        assert_eq!(found, [], "{}", answer.id);
        if matches!(answer.tier.as_str(), "strong" | "good") {
            assert_eq!(court.flags_of(answer), [], "{}", answer.id);
        }
    }
}

#[test]
fn german_and_spanish_are_left_unjudged_and_said_to_be() {
    let court = Court::open();
    for id in ["technical-depth/staying-current#3", "stakeholder/unpopular-decision#2"] {
        let card = court.judge_answer(id);
        assert_eq!(codes(&card), [FlagCode::LanguageNotSupported]);
        assert_eq!((card.overall(), card.points().len(), card.pitfalls().len()), (None, 0, 0));
    }
}

#[test]
fn taking_back_every_behaviour_in_its_own_words_earns_nothing() {
    let court = Court::open();
    for id in ["stakeholder/executive-bad-news#3", "stakeholder/silent-director#1"] {
        assert_eq!(court.judge_answer(id).overall(), Some(1), "{id}");
    }
}

#[test]
fn every_verdict_stands_on_words_that_are_there() {
    let court = Court::open();
    for answer in court.answers.iter().step_by(3) {
        let card = court.judge(&answer.question, &answer.text);
        for point in card.points() {
            assert_eq!(point.verdict == Verdict::Missed, point.evidence.is_empty(), "{} {}", answer.id, point.id);
            assert!(!point.rationale.is_empty());
            for quote in &point.evidence {
                let span = quote.span();
                let slice: String = answer.text.chars().skip(span.start).take(span.end - span.start).collect();
                assert_eq!(quote.text(), slice);
            }
        }
        let met = card.points().iter().filter(|point| point.verdict == Verdict::Met).count();
        assert_eq!(card.strengths().len(), met.min(3), "{}", answer.id);
        if card.overall().is_some_and(|overall| overall < 5) && !card.points().is_empty() {
            assert!(!card.improvements().is_empty(), "{}", answer.id);
        }
    }
}

/// Sentences that say nothing, as a speaker fills time with them.
const FILLER: &[&str] = &[
    "So yeah, that is basically how it was.",
    "And as I said, this is just how these things are.",
    "It was what it was, to be fair.",
    "You know how it is with this sort of thing.",
    "Anyway, let me see, what else is there.",
    "So that was that, more or less.",
    "And I mean, that is really it, at the end of the day.",
    "There is always something, as they say.",
    "Let me think about it for a moment.",
    "Right, so, going on from there.",
];

fn padded(text: &str) -> String {
    let wanted = text.split_whitespace().count();
    let mut filler = FILLER.iter().cycle();
    let mut out = text.to_owned();
    while out.split_whitespace().count() < 2 * wanted {
        out.push(' ');
        out.push_str(filler.next().unwrap());
    }
    out
}

#[test]
fn padding_to_twice_the_length_does_not_pay() {
    let court = Court::open();
    let mut moves: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for answer in court.answers.iter().filter(|answer| answer.tier != "attack").step_by(6) {
        let plain = f64::from(court.judge(&answer.question, &answer.text).overall().unwrap());
        let twice = format!("{} {}", answer.text, answer.text);
        for (kind, text) in [("filler", padded(&answer.text)), ("twice", twice)] {
            moves
                .entry(kind)
                .or_default()
                .push(f64::from(court.judge(&answer.question, &text).overall().unwrap()) - plain);
        }
    }
    for (kind, moves) in &moves {
        let answers = f64::from(u32::try_from(moves.len()).unwrap());
        let mean = moves.iter().sum::<f64>() / answers;
        let size = moves.iter().map(|step| step.abs()).sum::<f64>() / answers;
        println!("{kind}: mean move {mean:+.3}, mean size of a move {size:.3} over {answers} answers");
        assert!(mean.abs() < 0.1, "{kind}: {mean}");
    }
}

/// Every eighth answer in which a reader marked the sentences that show each point.
#[test]
fn the_sentence_cited_first_is_mostly_one_that_a_reader_marked() {
    let court = Court::open();
    let texts: BTreeMap<String, String> = include_str!("eval/further-answers.jsonl")
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|line| (line["id"].as_str().unwrap().to_owned(), line["answer"].as_str().unwrap().to_owned()))
        .collect();
    let (mut cited, mut marked) = (0_u32, 0_u32);
    for line in include_str!("../scripts/meaning/evidence.jsonl").lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let Some(text) = texts.get(line["id"].as_str().unwrap()) else { continue };
        if !line["id"].as_str().unwrap().len().is_multiple_of(4) {
            continue;
        }
        let card = court.judge(line["question"].as_str().unwrap(), text);
        let sentences: Vec<&str> = line["sentences"].as_array().unwrap().iter().filter_map(|s| s.as_str()).collect();
        for point in card.points().iter().filter(|point| point.verdict != Verdict::Missed) {
            let shown: Vec<u64> =
                line["points"][&point.id][1].as_array().unwrap().iter().filter_map(serde_json::Value::as_u64).collect();
            let first = point.evidence[0].text().trim();
            if !shown.is_empty() {
                cited += 1;
                let hit = shown.iter().any(|&n| sentences[usize::try_from(n).unwrap() - 1].trim() == first);
                marked += u32::from(hit);
            }
        }
    }
    let share = f64::from(marked) / f64::from(cited);
    println!(
        "of {cited} citations for points that the reader calls shown, {marked} begin with a marked sentence: {share:.3}"
    );
    assert!(cited > 100 && share > 0.5, "{share}");
}
