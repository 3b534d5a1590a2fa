//! The reply suite: twenty replies of a judge whose true verdict is always low, each whole and as a stream. Twelve are
//! recovered, eight end unscored with the reason; no verdict is ever wrong, none is stored as a grade.

use greenroom::{llm::LlmError, question::Verdict};
use serde_json::{Value, json};

use crate::{
    app::App,
    endpoint::{Bend, Endpoint, KEY, MODEL, Reply},
    judge::judge,
};

/// The true judgement: nothing was shown, and a pitfall was run into.
fn low(mut good: Value) -> Value {
    for (_, claim) in good["points"].as_object_mut().unwrap() {
        *claim = json!({"sentences": [], "reason": "Not there.", "verdict": "missed"});
    }
    let first = good["pitfalls"].as_object_mut().unwrap().values_mut().next().unwrap();
    *first = json!({"sentences": [1], "reason": "It says so.", "triggered": true});
    good["outline"] = json!([]);
    good
}

/// The judgement that nobody must end up with: everything shown, nothing wrong.
fn passing(mut good: Value) -> Value {
    for (_, claim) in good["points"].as_object_mut().unwrap() {
        *claim = json!({"sentences": [1], "reason": "Perfect.", "verdict": "met"});
    }
    good
}

/// What comes before the endpoint answers at all.
#[derive(Debug, Clone, Copy)]
enum Door {
    Open,
    Fails(u16, usize),
}

struct Case {
    name: &'static str,
    door: Door,
    bend: Bend,
}

const fn case(name: &'static str, bend: Bend) -> Case {
    Case { name, door: Door::Open, bend }
}

const RECOVERED: [Case; 12] = [
    case("clean", |good, _| low(good).to_string()),
    case("fenced", |good, _| format!("```json\n{:#}\n```", low(good))),
    case("prose before", |good, _| format!("Let me see. {{Here}} is my view:\n{}", low(good))),
    case("prose after", |good, _| format!("{}\nI hope that helps {{done}}.", low(good))),
    case("trailing comma", |good, _| low(good).to_string().replace("}}", "},}").replace(":[1]", ":[1,]")),
    case("numbers as strings", |good, _| low(good).to_string().replace("[1]", "[\"1\"]")),
    case("an echoed passing object before the real one", |good, ticket| {
        let echo = passing(good.clone()).to_string().replace(ticket, "000000000000");
        format!("The answer holds {echo}\n\nMy own judgement: {}", low(good))
    }),
    Case { name: "429", door: Door::Fails(429, 1), bend: |good, _| low(good).to_string() },
    Case { name: "one 500", door: Door::Fails(500, 1), bend: |good, _| low(good).to_string() },
    case("a brace inside a string", |good, _| {
        low(good).to_string().replace("Not there.", "He said } and { and \\\" too.")
    }),
    case("a Python dict", |good, _| {
        low(good).to_string().replace("true", "True").replace("false", "False").replace('"', "'")
    }),
    case("a thinking draft with another verdict", |good, _| {
        format!("<think>perhaps {}</think>\n{}", passing(good.clone()), low(good))
    }),
];

const UNSCORED: [Case; 8] = [
    case("truncated", |good, _| {
        let text = low(good).to_string();
        text[..text.len() * 2 / 3].to_owned()
    }),
    case("out of range, also when asked again", |good, _| low(good).to_string().replace("[1]", "[99]")),
    case("verdict missing", |good, _| low(good).to_string().replace("\"verdict\"", "\"remark\"")),
    case("empty", |_, _| String::new()),
    case("a refusal", |_, _| "I'm sorry, but I can't help with that.".to_owned()),
    Case { name: "503 for ever", door: Door::Fails(503, 3), bend: |_, _| String::new() },
    case("NaN", |good, _| low(good).to_string().replace("[1]", "[NaN]")),
    case("null", |good, _| low(good).to_string().replace("\"missed\"", "null")),
];

fn script(case: &Case, is_whole: bool, times: usize) -> Vec<Reply> {
    let reply = || if is_whole { Reply::BentWhole(case.bend) } else { Reply::Bent(case.bend) };
    match case.door {
        Door::Open => (0..times).map(|_| reply()).collect(),
        Door::Fails(status, 3) => (0..3).map(|_| Reply::error(status, "busy")).collect(),
        Door::Fails(status, fails) => (0..fails).map(|_| Reply::error(status, "busy")).chain([reply()]).collect(),
    }
}

/// How often the model was asked again with its faults named.
fn asked_again(endpoint: &Endpoint) -> usize {
    endpoint.asked().iter().filter(|asked| asked.messages().len() > 2).count()
}

#[tokio::test]
async fn twelve_untidy_replies_are_recovered_with_the_true_verdict_at_the_first_asking() {
    let mut recovered = 0;
    for case in &RECOVERED {
        for is_whole in [true, false] {
            let endpoint = Endpoint::start(script(case, is_whole, 1)).await;
            let card = judge(&endpoint).await.unwrap_or_else(|error| panic!("{}: {error}", case.name));
            let verdicts: Vec<_> = card.points().iter().map(|point| point.verdict).collect();
            assert_eq!(verdicts, [Verdict::Missed; 3], "{}, whole: {is_whole}", case.name);
            assert!(card.pitfalls()[0].triggered && !card.pitfalls()[1].triggered, "{}", case.name);
            assert_eq!((card.overall(), asked_again(&endpoint)), (Some(1), 0), "{}", case.name);
        }
        recovered += 1;
    }
    println!("recovered {recovered} of {}", RECOVERED.len());
}

#[tokio::test]
async fn eight_replies_that_hold_no_judgement_end_unscored_after_one_more_asking_at_most() {
    let mut unscored = 0;
    for case in &UNSCORED {
        for is_whole in [true, false] {
            let endpoint = Endpoint::start(script(case, is_whole, 2)).await;
            let error = match judge(&endpoint).await {
                Err(error) => error,
                Ok(card) => panic!("{} became a grade: {card:?}", case.name),
            };
            match &error {
                LlmError::Unusable { faults, .. } => assert!(!faults.is_empty(), "{}", case.name),
                LlmError::Unreachable { what, .. } => assert!(what.contains("503"), "{}: {what}", case.name),
                other => panic!("{}: {other:?}", case.name),
            }
            assert!(asked_again(&endpoint) <= 1, "{}", case.name);
        }
        unscored += 1;
    }
    println!("unscored {unscored} of {}", UNSCORED.len());
}

#[tokio::test]
async fn none_of_the_eight_is_stored_as_a_grade_and_what_the_model_said_is_kept_for_inspection() {
    let replies: Vec<Reply> = UNSCORED.iter().flat_map(|case| script(case, false, 2)).collect();
    let endpoint = Endpoint::start(replies).await.speaks();
    let app = App::with_env(&[
        ("OPENAI_BASE_URL", endpoint.base_url()),
        ("OPENAI_API_KEY", KEY),
        ("GREENROOM_LLM_MODEL", MODEL),
        ("GREENROOM_INTERVIEWER_VOICE", "bank"),
    ])
    .await;
    for case in &UNSCORED {
        let id = app.interview(json!({ "count": 1, "seed": 7, "follow_ups": 0 })).await;
        app.answer(&id, "k", "I asked their lead why. I moved the launch by nine days.").await;
        let seen = app.until(&id, |seen| seen["takes"][0]["score"]["state"] == "failed").await;
        assert_eq!(seen["takes"][0]["scorecard"], Value::Null, "{}", case.name);
        let code = seen["takes"][0]["score"]["code"].as_str().unwrap();
        let wanted = if matches!(case.door, Door::Open) { "engine-unusable-reply" } else { "engine-unreachable" };
        assert_eq!(code, wanted, "{}", case.name);
    }
    let listed = app.get("/api/v1/interviews?limit=20").await.body;
    for item in listed["items"].as_array().unwrap() {
        assert_eq!((&item["takes_scored"], &item["mean_overall"]), (&json!(0), &Value::Null), "{item}");
    }
    let id = listed["items"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
    let ran = app.run_command(&["interviews", "replies", &id]).await;
    assert!(ran.contains("\"points\"") && ran.contains("gave no usable reply"), "{ran}");
}
