//! What a candidate sees when the model's endpoint fails, and that nothing they said is lost.

use std::time::Duration;

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::{
    app::{App, greenroom},
    endpoint::{Bend, Endpoint, KEY, MODEL, Reply, Step},
};

const ANSWER: &str = "I called the supplier the day we heard of it. I moved the pilot by two weeks. The director chose the cheaper option.";

/// A server whose endpoint plays `script`.
async fn with_endpoint(script: Vec<Reply>) -> (App, Endpoint) {
    let endpoint = Endpoint::start(script).await.speaks();
    let app = App::with_env(&[
        ("OPENAI_BASE_URL", endpoint.base_url()),
        ("OPENAI_API_KEY", KEY),
        ("GREENROOM_LLM_MODEL", MODEL),
        ("GREENROOM_LLM_ATTEMPTS", "2"),
        ("GREENROOM_LLM_FIRST_BYTE_SECONDS", "2"),
        ("GREENROOM_LLM_BETWEEN_TOKENS_SECONDS", "2"),
    ])
    .await;
    (app, endpoint)
}

/// Starts a coached interview of one question without follow-ups and answers it.
async fn answered(app: &App) -> String {
    let id = app.interview(json!({ "count": 1, "seed": 7, "follow_ups": 0 })).await;
    assert_eq!(app.answer(&id, "k", ANSWER).await.status, StatusCode::ACCEPTED, "kept before anybody judges");
    id
}

/// The interview once its take is scored or could not be.
async fn judged(app: &App, id: &str) -> Value {
    app.until(id, |seen| {
        seen["takes"][0]["score"]["state"] == "scored" || seen["takes"][0]["score"]["state"] == "failed"
    })
    .await
}

fn assert_scored_by_the_model(seen: &Value) {
    let card = &seen["takes"][0]["scorecard"];
    assert_eq!(seen["takes"][0]["score"]["state"], "scored", "{seen:#}");
    assert_eq!((&card["engine"]["name"], &card["engine"]["model"]), (&json!("llm"), &json!(MODEL)));
    assert!(card["engine"]["prompt_hash"].as_str().unwrap().len() == 64);
    assert!(ANSWER.contains(card["points"][0]["evidence"][0]["text"].as_str().unwrap()));
}

/// A fault: the state has its code and words, the page says it, the answer is there, no number stands
/// anywhere, and once the endpoint works again another try scores it.
async fn fails_visibly_and_is_scored_later(fault: Vec<Reply>, code: &str, words: &[&str]) {
    let script = fault.into_iter().chain([Reply::Judgement]).collect();
    let (app, endpoint) = with_endpoint(script).await;
    let id = answered(&app).await;
    let seen = judged(&app, &id).await;
    let take = &seen["takes"][0];
    assert_eq!((&take["score"]["state"], &take["score"]["code"]), (&json!("failed"), &json!(code)), "{take:#}");
    let message = take["score"]["message"].as_str().unwrap();
    for word in words {
        assert!(message.contains(word), "{message:?} does not say {word:?}");
    }
    assert!(!message.contains(KEY));
    assert_eq!((&take["scorecard"], &take["turns"][1]["text"]), (&Value::Null, &json!(ANSWER)));

    let page = Client::new().get(format!("{}/interviews/{id}", app.url)).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Not scored yet") && page.contains("Try again"), "{page}");
    assert!(page.contains("I moved the pilot by two weeks."), "the answer is on the page");

    assert_eq!(app.post(&format!("/api/v1/interviews/{id}/takes/0/score"), None).await.status, StatusCode::ACCEPTED);
    assert_scored_by_the_model(&app.until(&id, |seen| seen["takes"][0]["score"]["state"] == "scored").await);
    drop(endpoint);
}

#[tokio::test]
async fn a_model_scores_what_was_said_and_the_scorecard_names_it() {
    for reply in [Reply::Judgement, Reply::WholeJudgement] {
        let (app, endpoint) = with_endpoint(vec![reply]).await;
        let engine = app.get("/api/v1/engine").await.body;
        assert_eq!((&engine["name"], &engine["model"]), (&json!("llm"), &json!(MODEL)));
        assert!(endpoint.base_url().contains(engine["host"].as_str().unwrap()), "{engine}");
        let id = answered(&app).await;
        assert_scored_by_the_model(&judged(&app, &id).await);
    }
}

#[tokio::test]
async fn a_busy_endpoint_is_asked_again_after_the_time_it_names() {
    let (app, _endpoint) = with_endpoint(vec![Reply::busy("1"), Reply::Judgement]).await;
    let id = answered(&app).await;
    assert_scored_by_the_model(&judged(&app, &id).await);
}

#[tokio::test]
async fn a_refused_key_is_told_with_its_status() {
    fails_visibly_and_is_scored_later(
        vec![Reply::error(401, "bad key")],
        "engine-refused",
        &["401", "127.0.0.1", "key"],
    )
    .await;
}

#[tokio::test]
async fn a_broken_endpoint_is_told_after_the_last_attempt() {
    let broken = || Reply::error(500, "boom");
    fails_visibly_and_is_scored_later(vec![broken(), broken()], "engine-unreachable", &["500", "127.0.0.1"]).await;
}

#[tokio::test]
async fn an_endpoint_that_never_answers_is_told_after_the_time_allowed() {
    fails_visibly_and_is_scored_later(vec![Reply::Hang], "engine-unreachable", &["127.0.0.1"]).await;
}

#[tokio::test]
async fn a_reply_cut_in_the_middle_is_no_score() {
    let cut = Reply::Events(vec![Step::Words("{\"ticket\""), Step::Wait(Duration::from_millis(50)), Step::Reset]);
    fails_visibly_and_is_scored_later(vec![cut], "engine-unreachable", &["127.0.0.1"]).await;
}

#[tokio::test]
async fn a_reply_that_ends_without_saying_so_is_no_score() {
    let unfinished = Reply::Events(vec![Step::Words("{\"ticket\"")]);
    fails_visibly_and_is_scored_later(vec![unfinished], "engine-unreachable", &["127.0.0.1"]).await;
}

#[tokio::test]
async fn a_reply_that_breaks_the_schema_is_asked_for_once_more_and_then_told() {
    let praise = || Reply::Text("Great answer! 5 out of 5.".to_owned());
    fails_visibly_and_is_scored_later(vec![praise(), praise()], "engine-unusable-reply", &["127.0.0.1", MODEL]).await;
}

/// The follow-up that a thin first answer earns, as the endpoint leaves it, and whose words it is in.
async fn followed_up(reply: Vec<Reply>) -> (App, Endpoint, Value) {
    let (app, endpoint) = with_endpoint(reply).await;
    let id = app.interview(json!({ "count": 1, "seed": 7, "follow_ups": 1 })).await;
    app.answer(&id, "k", "We talked about it and it went fine.").await;
    let seen = app.until(&id, |seen| seen["next"] != "interviewer").await;
    let asked = seen["takes"][0]["turns"][2].clone();
    assert_eq!(asked["kind"], "follow-up", "{seen:#}");
    (app, endpoint, asked)
}

#[tokio::test]
async fn a_follow_up_is_phrased_by_the_model_and_marked_as_its_words() {
    // A voice that says what it is told to ask, with a few words of its own.
    let phrase: Bend = |asked, _| format!("You said it went fine. {}", asked["follow_up"].as_str().unwrap());
    let (_app, endpoint, asked) = followed_up(vec![Reply::Spoken(phrase)]).await;
    assert!(asked["text"].as_str().unwrap().starts_with("You said it went fine. "), "{asked}");
    assert_eq!(asked["words"], json!({ "from": "model", "model": MODEL }));
    let sent = endpoint.asked()[0].body.to_string();
    assert!(!sent.contains("assessment") && !sent.contains("pitfall"), "the rubric does not leave: {sent}");
}

#[tokio::test]
async fn when_the_model_fails_to_speak_the_bank_asks_at_once_and_the_interview_goes_on() {
    let cut = Reply::Events(vec![Step::Words("You said "), Step::Reset]);
    let strays = Reply::Text("Let us talk about something else entirely, shall we?".to_owned());
    for reply in
        [vec![Reply::error(401, "no")], vec![strays], vec![cut], vec![Reply::error(503, "no"), Reply::error(503, "no")]]
    {
        let (_app, _endpoint, asked) = followed_up(reply).await;
        assert_eq!(asked["words"]["from"], "bank-instead", "{asked}");
        assert!(!asked["words"]["reason"].as_str().unwrap().is_empty());
        assert!(!asked["text"].as_str().unwrap().contains("You said "), "half a sentence is not asked: {asked}");
    }
}

#[test]
fn a_model_that_has_neither_key_nor_address_is_refused_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    for command in [vec!["serve", "--listen", "127.0.0.1:0"], vec!["score", "--answers", "-"]] {
        let ran = greenroom(folder.path()).args(["--engine", "llm"]).args(&command).output().unwrap();
        let words = String::from_utf8(ran.stderr).unwrap();
        assert_eq!(ran.status.code(), Some(2), "{command:?}: {words}");
        assert!(words.contains("OPENAI_API_KEY") && words.contains("GREENROOM_LLM_BASE_URL"), "{words}");
    }
}
