//! `greenroom calibrate`: what it tells of a model, over real HTTP against a scripted endpoint.

use std::process::{Output, Stdio};

use serde_json::{Value, json};

use crate::{
    app::greenroom,
    endpoint::{Endpoint, KEY, MODEL, Reply},
};

async fn calibrate(endpoint: Option<&Endpoint>, args: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut command = greenroom(folder.path());
    command.arg("calibrate").args(args).stdin(Stdio::null());
    if let Some(endpoint) = endpoint {
        command.args(["--base-url", endpoint.base_url(), "--model", MODEL, "--engine", "llm"]);
        command.env("OPENAI_API_KEY", KEY);
    }
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    drop(folder);
    output
}

#[tokio::test]
async fn a_steady_model_is_told_to_agree_with_itself_and_its_agreement_stands_beside_that_of_the_rules() {
    let endpoint = Endpoint::always(|_| Reply::Judgement).await;
    let output = calibrate(Some(&endpoint), &["--sample", "6", "--runs", "2", "--json"]).await;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&told["answers"], &told["runs"], &told["unscored"]), (&json!(6), &json!(2), &json!(0)));
    // One answer each to six questions.
    assert_eq!(told["questions"], 6);
    assert_eq!(told["steadiness"]["points_same"], 1.0);
    assert_eq!(told["steadiness"]["overall_spread"], 0.0);
    assert_eq!(told["engine"]["model"], MODEL);
    assert!(told["figures"]["points_qwk"]["value"].is_number());
    assert!(told["rules"]["points_qwk"].as_f64().unwrap() > 0.5);
    assert_eq!(endpoint.asked().len(), 12);
    assert!(String::from_utf8_lossy(&output.stderr).contains("12 calls or more to 127.0.0.1"));
}

#[tokio::test]
async fn a_model_whose_replies_cannot_be_used_is_said_to_have_judged_nothing() {
    let endpoint = Endpoint::always(|_| Reply::Text("I would rather not.".into())).await;
    let output = calibrate(Some(&endpoint), &["--sample", "2", "--runs", "1"]).await;
    assert_eq!(output.status.code(), Some(3));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("no answer could be judged"), "{errors}");
    assert!(output.stdout.is_empty());
}

#[tokio::test]
async fn without_a_model_it_says_how_to_name_one() {
    let output = calibrate(None, &["--engine", "offline"]).await;
    assert_eq!(output.status.code(), Some(2));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("OPENAI_API_KEY") && errors.contains("greenroom eval"), "{errors}");
}
