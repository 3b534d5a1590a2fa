//! The JSON interface, as a program meets it.

use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use sqlx::Connection as _;

use crate::app::{App, PATIENCE};

const STORY: &str = "When the vault team slipped five weeks I walked over and asked for the cause. I worked out that two of our six \
                     milestones moved. I gave the VP two options with their cost, and she chose the smaller launch. We shipped eleven days late.";

#[tokio::test]
async fn an_interview_is_asked_answered_scored_and_listed() {
    let app = App::start().await;
    let id = app.interview(json!({ "count": 1, "seed": 7, "categories": ["execution"] })).await;
    let seen = app.answer_all(&id, STORY).await;
    assert_eq!(seen["next"], "choose");
    let seen = app.until(&id, |seen| seen["takes"][0]["score"]["state"] == "scored").await;
    let card = &seen["takes"][0]["scorecard"];
    assert_eq!(card["engine"]["name"], "offline");
    assert!(card["overall"].is_u64());
    let answers: Vec<&str> = seen["takes"][0]["turns"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|turn| turn["kind"] == "answer")
        .map(|turn| turn["text"].as_str().unwrap())
        .collect();
    for evidence in card["points"].as_array().unwrap().iter().flat_map(|point| point["evidence"].as_array().unwrap()) {
        let (turn, start, end) = (&evidence["turn"], &evidence["start"], &evidence["end"]);
        let place = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
        let (start, end) = (place(start), place(end));
        let said: String = answers[place(turn)].chars().skip(start).take(end - start).collect();
        assert_eq!(evidence["text"], said, "evidence is exactly what stands there");
    }
    assert_eq!(app.post(&format!("/api/v1/interviews/{id}/next"), None).await.status, StatusCode::NO_CONTENT);
    // The interviewer takes leave first.
    let over = app.until(&id, |seen| seen["next"] == "over").await;
    assert_eq!(over["takes"][0]["turns"].as_array().unwrap().last().unwrap()["kind"], "leave");
    let listed = app.get("/api/v1/interviews").await.body;
    assert_eq!((&listed["items"][0]["id"], &listed["items"][0]["ended"]), (&json!(id), &json!("finished")));
    assert_eq!(listed["items"][0]["takes_scored"], 1);
}

#[tokio::test]
async fn real_mode_keeps_scores_back_until_the_end() {
    let app = App::start().await;
    let id = app.interview(json!({ "count": 2, "seed": 1, "mode": "real", "follow_ups": 0 })).await;
    app.answer(&id, "k1", STORY).await;
    let seen = app.until(&id, |seen| seen["takes"][0]["score"]["state"] == "withheld").await;
    assert_eq!(seen["takes"][0]["scorecard"], Value::Null);
    assert_eq!(app.get("/api/v1/interviews").await.body["items"][0]["mean_overall"], Value::Null);
    app.answer_all(&id, STORY).await;
    let seen = app.until(&id, |seen| seen["takes"][1]["score"]["state"] == "scored").await;
    assert_eq!((&seen["next"], &seen["ended"]), (&json!("over"), &json!("finished")));
    assert!(seen["takes"][0]["scorecard"]["overall"].is_u64());
}

#[tokio::test]
async fn the_same_answer_sent_twice_is_one_answer_and_a_key_stands_for_one_text() {
    let app = App::start().await;
    let id = app.interview(json!({ "count": 1, "seed": 7 })).await;
    let (first, second) = tokio::join!(app.answer(&id, "same", STORY), app.answer(&id, "same", STORY));
    let mut replayed = [first, second].map(|kept| {
        assert_eq!(kept.status, StatusCode::ACCEPTED, "{}", kept.text);
        kept.body["replayed"].as_bool().unwrap()
    });
    replayed.sort_unstable();
    assert_eq!(replayed, [false, true]);
    let later = app.answer(&id, "same", STORY).await;
    assert_eq!((&later.body["replayed"], &later.body["seq"]), (&json!(true), &json!(2)));
    assert_eq!(app.answer(&id, "same", "Something else entirely.").await.problem(), (422, "idempotency-key-reused"));
    let answers = app.get(&format!("/api/v1/interviews/{id}")).await;
    assert_eq!(answers.text.matches("vault team slipped").count(), 1);
}

#[tokio::test]
async fn bad_requests_get_a_problem_with_its_code_and_the_way_out() {
    let app = App::start().await;
    let id = app.interview(json!({ "count": 1, "seed": 7 })).await;
    let none = "/api/v1/interviews/00000000-0000-7000-8000-000000000000";
    let at = |rest: &str| format!("/api/v1/interviews/{id}/{rest}");
    let long = "x".repeat(25_000);

    assert_eq!(app.answer(&id, "a", " \n ").await.problem(), (422, "no-answer"));
    assert_eq!(app.answer(&id, "b", &long).await.problem(), (422, "too-long"));
    assert_eq!(app.answer(&id, "c", "nul \0 inside").await.problem(), (422, "nul-character"));
    assert_eq!(app.answer(&id, "two words", STORY).await.problem(), (400, "idempotency-key"));
    assert_eq!(app.post(&at("answers"), Some(json!({ "text": "x" }))).await.problem(), (400, "idempotency-key"));
    assert_eq!(app.post(&at("next"), None).await.problem(), (409, "nothing-to-choose"));
    assert_eq!(app.post(&at("takes/0/score"), None).await.problem(), (409, "nothing-to-score"));
    assert_eq!(app.post(&at("takes/9/score"), None).await.problem(), (404, "no-such-take"));
    assert_eq!(app.get(none).await.problem(), (404, "no-such-interview"));
    assert_eq!(app.get("/api/v1/interviews/7").await.problem(), (404, "no-such-thing"));
    assert_eq!(app.get("/api/v1/interviews?limit=many").await.problem(), (400, "unfit-query"));
    assert_eq!(app.get("/api/v1/questions?search=a%00b").await.problem(), (422, "nul-character"));
    assert_eq!(app.get("/api/v1/nothing").await.problem(), (404, "no-such-address"));
    assert_eq!(app.send(Method::PATCH, "/api/v1/interviews", &[], None).await.problem(), (405, "wrong-method"));
    assert_eq!(app.get("/api/v1/questions/risk/unheard-of").await.problem(), (404, "no-such-question"));
    let wish = |wish: Value| app.post("/api/v1/interviews", Some(wish));
    assert_eq!(wish(json!({ "count": 0 })).await.problem(), (422, "nothing-to-ask"));
    assert_eq!(wish(json!({ "count": 21 })).await.problem(), (422, "too-many-questions"));
    assert_eq!(wish(json!({ "questions": ["risk/unheard-of"] })).await.problem(), (422, "unknown-question"));
    assert_eq!(wish(json!({ "colour": "green" })).await.problem(), (422, "unfit-body"));
    assert_eq!(wish(json!({ "mode": "casual" })).await.problem(), (422, "unfit-body"));
    assert_eq!(wish(json!({ "minutes": 0 })).await.problem(), (422, "out-of-range"));

    let seen = app.get(&format!("/api/v1/interviews/{id}")).await.body;
    assert_eq!((&seen["next"], &seen["last_seq"]), (&json!("answer"), &json!(1)), "nothing has changed");
}

#[tokio::test]
async fn a_body_that_is_no_json_or_too_large_is_refused_in_words() {
    let app = App::start().await;
    let client = Client::new();
    let url = format!("{}/api/v1/interviews", app.url);
    let cases: [(&str, Vec<u8>, u16, &str); 4] = [
        ("application/json", b"{\"count\": ".to_vec(), 400, "not-json"),
        ("text/plain", b"{}".to_vec(), 415, "not-json"),
        ("application/json", vec![0xff, 0xfe, 0x00], 400, "not-json"),
        ("application/json", vec![b' '; 3 * 1024 * 1024], 413, "too-large"),
    ];
    for (kind, body, status, code) in cases {
        let response = client.post(&url).header("content-type", kind).body(body).send().await.unwrap();
        let answered = app.check(&Method::POST, "/api/v1/interviews", response).await;
        assert_eq!(answered.problem(), (status, code), "{}", answered.text);
    }
}

#[tokio::test]
async fn a_draft_is_kept_until_the_answer_is_submitted() {
    let app = App::start().await;
    let id = app.interview(json!({ "count": 1, "seed": 7 })).await;
    let path = format!("/api/v1/interviews/{id}/draft");
    let put = |text: String| app.send(Method::PUT, &path, &[], Some(json!({ "text": text })));
    assert_eq!(put("half an ans".into()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.get(&format!("/api/v1/interviews/{id}")).await.body["draft"], "half an ans");
    assert_eq!(put("é".repeat(100_001)).await.problem(), (422, "draft-too-long"));
    app.answer(&id, "k", STORY).await;
    assert_eq!(app.get(&format!("/api/v1/interviews/{id}")).await.body["draft"], "");
}

#[tokio::test]
async fn a_draft_that_comes_late_is_not_laid_into_the_next_answer() {
    let app = App::start().await;
    let id = app.interview(json!({ "count": 2, "seed": 7, "follow_ups": 0 })).await;
    let path = format!("/api/v1/interviews/{id}/draft");
    let put = |after: u64, text: &'static str| {
        app.send(Method::PUT, &path, &[], Some(json!({ "text": text, "after": after })))
    };
    let draft = || async { app.get(&format!("/api/v1/interviews/{id}")).await.body["draft"].clone() };
    assert_eq!(put(1, "half").await.status, StatusCode::NO_CONTENT);
    app.answer(&id, "k", STORY).await;
    assert_eq!(put(1, "half an ans").await.problem(), (409, "answered-meanwhile"));
    app.until(&id, |seen| seen["next"] == "choose").await;
    app.post(&format!("/api/v1/interviews/{id}/next"), None).await;
    let asked = app.until(&id, |seen| seen["next"] == "answer").await["last_seq"].as_u64().unwrap();
    assert_eq!((put(1, "half an ans").await.problem(), draft().await), ((409, "answered-meanwhile"), json!("")));
    assert_eq!((put(asked, "new").await.status, draft().await), (StatusCode::NO_CONTENT, json!("new")));

    // What was in the field when the question was skipped is dropped with it, but not what was there at the end.
    app.post(&format!("/api/v1/interviews/{id}/skip"), None).await;
    assert_eq!(put(asked, "newer").await.problem(), (409, "answered-meanwhile"));
    app.post(&format!("/api/v1/interviews/{id}/retry"), None).await;
    let asked = app.until(&id, |seen| seen["next"] == "answer").await["last_seq"].as_u64().unwrap();
    app.post(&format!("/api/v1/interviews/{id}/end"), None).await;
    assert_eq!((put(asked, "unsent").await.status, draft().await), (StatusCode::NO_CONTENT, json!("unsent")));
}

#[tokio::test]
async fn lists_are_read_in_parts_without_gap_or_repeat() {
    let app = App::start().await;
    let mut started = Vec::new();
    for seed in 0..5 {
        started.push(app.interview(json!({ "count": 1, "seed": seed })).await);
    }
    let mut seen = Vec::new();
    let mut path = "/api/v1/interviews?limit=2".to_owned();
    loop {
        let page = app.get(&path).await.body;
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/interviews?limit=2&cursor={next}");
    }
    started.reverse();
    assert_eq!(seen, started);

    let questions = app.get("/api/v1/questions?limit=110").await.body;
    let next = questions["next"].as_str().unwrap();
    let rest = app.get(&format!("/api/v1/questions?limit=110&cursor={next}")).await.body;
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (10, &Value::Null));
}

#[tokio::test]
async fn events_replay_what_is_recorded_and_then_follow_from_where_they_broke_off() {
    let app = App::start().await;
    let id = app.interview(json!({ "count": 1, "seed": 7, "follow_ups": 0 })).await;
    app.answer_all(&id, STORY).await;
    app.until(&id, |seen| seen["takes"][0]["score"]["state"] == "scored").await;
    let all = events(&app, &id, None, 4).await;
    assert_eq!(all.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(
        all.iter().map(|(_, kind)| kind.as_str()).collect::<Vec<_>>(),
        ["asked", "answered", "closed", "scored"]
    );
    assert_eq!(events(&app, &id, Some("2"), 2).await, all[2..]);

    let (live, _) = tokio::join!(events(&app, &id, Some("4"), 2), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        app.post(&format!("/api/v1/interviews/{id}/retry"), None).await
    });
    assert_eq!(live, [(5, "chose".to_owned()), (6, "asked".to_owned())]);
    let bad = format!("/api/v1/interviews/{id}/events");
    assert_eq!(app.send(Method::GET, &bad, &[("last-event-id", "soon")], None).await.problem(), (400, "last-event-id"));
}

/// Place and kind of the first `count` entries that the stream gives.
async fn events(app: &App, id: &str, after: Option<&str>, count: usize) -> Vec<(u64, String)> {
    let mut request = Client::new().get(format!("{}/api/v1/interviews/{id}/events", app.url));
    if let Some(after) = after {
        request = request.header("last-event-id", after);
    }
    let mut body = request.send().await.unwrap().bytes_stream();
    let mut text = String::new();
    let reading = async {
        loop {
            text.push_str(std::str::from_utf8(&body.next().await.unwrap().unwrap()).unwrap());
            if text.matches("event: entry").count() >= count && text.ends_with("\n\n") {
                break;
            }
        }
    };
    tokio::time::timeout(PATIENCE, reading).await.expect("events come");
    text.lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .map(|data| serde_json::from_str::<Value>(data).unwrap())
        .filter(|data| data["entry"].is_object())
        .take(count)
        .map(|data| (data["seq"].as_u64().unwrap(), data["entry"]["kind"].as_str().unwrap().to_owned()))
        .collect()
}

#[tokio::test]
async fn other_sites_and_other_names_are_kept_out() {
    let app = App::start().await;
    let foreign = app.send(Method::GET, "/api/v1/interviews", &[("host", "evil.example")], None).await;
    assert_eq!(foreign.problem(), (421, "foreign-host"));
    let origin = [("origin", "http://evil.example")];
    let posted = app.send(Method::POST, "/api/v1/interviews", &origin, Some(json!({}))).await;
    assert_eq!(posted.problem(), (403, "foreign-origin"));
    assert_eq!(app.get("/api/v1/interviews").await.body["items"], json!([]), "nothing was started");
}

#[tokio::test]
async fn an_interview_is_taken_out_as_markdown_and_json_and_then_deleted() {
    let app = App::start().await;
    let id = app.interview(json!({ "count": 1, "seed": 7, "follow_ups": 0 })).await;
    app.answer(&id, "k", &format!("{STORY}\n# not a heading\n<script>alert(1)</script>")).await;
    app.until(&id, |seen| seen["takes"][0]["score"]["state"] == "scored").await;
    let page = app.get(&format!("/api/v1/interviews/{id}/export?format=markdown")).await;
    assert!(page.text.contains("> When the vault team slipped five weeks"), "{}", page.text);
    assert!(!page.text.contains("\n# not a heading") && !page.text.contains("<script>"));
    let exported = app.get(&format!("/api/v1/interviews/{id}/export?format=json")).await.body;
    assert_eq!(exported, app.get(&format!("/api/v1/interviews/{id}")).await.body);
    let path = format!("/api/v1/interviews/{id}");
    assert_eq!(app.send(Method::DELETE, &path, &[], None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.get(&path).await.problem(), (404, "no-such-interview"));
    assert_eq!(app.send(Method::DELETE, &path, &[], None).await.problem(), (404, "no-such-interview"));
}

#[tokio::test]
async fn health_tells_that_the_server_and_its_database_answer() {
    let app = App::start().await;
    assert_eq!(app.get("/healthz").await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.get("/readyz").await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.get("/api/v1/engine").await.body["host"], Value::Null);
}

#[tokio::test]
async fn a_scorecard_that_cannot_be_read_is_named_and_hides_nothing_else() {
    let app = App::start().await;
    let id = app.interview(json!({ "count": 3, "seed": 7, "follow_ups": 0 })).await;
    for take in 0..3 {
        app.answer_all(&id, STORY).await;
        app.until(&id, |seen| seen["takes"][take]["score"]["state"] == "scored").await;
        app.post(&format!("/api/v1/interviews/{id}/next"), None).await;
    }
    let mut database = sqlx::SqliteConnection::connect(&app.database()).await.unwrap();
    let spoilt = "UPDATE scorecards SET body = CASE take WHEN 0 THEN '{}' ELSE json_set(body, '$.points[0].evidence', \
                  json('[{\"turn\": 0, \"start\": 3, \"end\": 99999}]')) END WHERE take < 2";
    assert_eq!(sqlx::raw_sql(spoilt).execute(&mut database).await.unwrap().rows_affected(), 2);

    let seen = app.get(&format!("/api/v1/interviews/{id}")).await;
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
    for take in 0..2 {
        let take = &seen.body["takes"][take];
        assert_eq!(
            (&take["score"]["state"], &take["score"]["code"]),
            (&json!("failed"), &json!("scorecard-unreadable"))
        );
        assert_eq!((&take["scorecard"], &take["turns"][1]["text"]), (&Value::Null, &json!(STORY)));
    }
    assert!(seen.body["takes"][1]["score"]["message"].as_str().unwrap().contains("outside the transcript"));
    assert!(seen.body["takes"][2]["scorecard"]["overall"].is_u64());
    let page = app.get(&format!("/interviews/{id}")).await;
    assert_eq!((page.status, page.text.matches("scorecard is kept").count()), (StatusCode::OK, 2), "{}", page.text);
    let exported = app.get(&format!("/api/v1/interviews/{id}/export?format=markdown")).await;
    assert_eq!((exported.status, exported.text.matches("scorecard is kept").count()), (StatusCode::OK, 2));

    app.post(&format!("/api/v1/interviews/{id}/takes/0/score"), None).await;
    app.until(&id, |seen| seen["takes"][0]["scorecard"]["overall"].is_u64()).await;
}
