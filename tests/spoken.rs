//! An answer that was spoken: how it was given is kept, shown and taken out, and never moves the score.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    app::{Answered, App},
    pages::post,
};

const STORY: &str = "Um, when the vault team slipped five weeks I walked over and asked for the cause. I worked out that two of \
                     our six milestones moved. I gave the VP two options with their cost, and she probably chose the smaller launch.";

async fn say(app: &App, id: &str, key: &str, answer: Value) -> Answered {
    let path = format!("/api/v1/interviews/{id}/answers");
    app.send(Method::POST, &path, &[("idempotency-key", key)], Some(answer)).await
}

async fn scored(app: &App, answer: Value) -> (String, Value) {
    let id = app.interview(json!({ "questions": ["execution/late-dependency"], "follow_ups": 0 })).await;
    let kept = say(app, &id, "k", answer).await;
    assert_eq!(kept.status, StatusCode::ACCEPTED, "{}", kept.text);
    let seen = app.until(&id, |seen| seen["takes"][0]["score"]["state"] == "scored").await;
    (id, seen["takes"][0].clone())
}

/// The room with the score, which is shown once the candidate has rated themself or would rather not.
async fn scored_page(app: &App, id: &str) -> String {
    post(app, &format!("/interviews/{id}/rate"), &[("skip", "yes")]).await.text().await.unwrap()
}

#[tokio::test]
async fn pace_and_pauses_are_kept_shown_and_exported_and_do_not_move_the_score() {
    let app = App::start().await;
    let spoken = json!({ "seconds": 24.5, "pauses": [1.25, 2.5] });
    let (id, aloud) = scored(&app, json!({ "text": STORY, "spoken": spoken })).await;
    let (_, typed) = scored(&app, json!({ "text": STORY })).await;
    assert_eq!((&aloud["turns"][1]["spoken"], &typed["turns"][1]["spoken"]), (&spoken, &Value::Null));
    let (mut with, mut without) = (aloud["scorecard"].clone(), typed["scorecard"].clone());
    let told = with["delivery"].as_object_mut().unwrap().remove("spoken").unwrap();
    assert_eq!(without["delivery"].as_object_mut().unwrap().remove("spoken"), None);
    assert_eq!(with, without, "nothing but the delivery differs");
    assert_eq!((&with["delivery"]["words"], &told["words_per_minute"]), (&json!(42), &json!(103)), "42 / 24.5 × 60");
    assert_eq!(told["pauses"], json!({ "count": 2, "longest": 2.5, "together": 3.75 }));
    assert_eq!((&with["delivery"]["fillers"], &with["delivery"]["hedges"]), (&json!(1), &json!(1)));

    let app = app.restart().await;
    let again = app.get(&format!("/api/v1/interviews/{id}")).await.body;
    assert_eq!(again["takes"][0]["turns"][1]["spoken"], spoken, "it is on the disk");
    let markdown = app.get(&format!("/api/v1/interviews/{id}/export?format=markdown")).await.text;
    assert!(markdown.contains("**Candidate** (spoken, 25 s)"), "{markdown}");
    assert!(markdown.contains("2 pauses of a second or more, the longest 2.5 s"), "{markdown}");
    assert!(markdown.contains("often drop fillers"), "{markdown}");
    let page = scored_page(&app, &id).await;
    assert!(page.contains("words a minute") && page.contains("often drop some"), "{page}");
}

#[tokio::test]
async fn without_times_of_words_pauses_are_not_measured_and_that_is_said() {
    let app = App::start().await;
    let (id, take) = scored(&app, json!({ "text": STORY, "spoken": { "seconds": 30 } })).await;
    assert_eq!(take["scorecard"]["delivery"]["spoken"]["pauses"], Value::Null);
    let page = scored_page(&app, &id).await;
    assert!(page.contains("not measured"), "{page}");
}

#[tokio::test]
async fn numbers_that_no_spoken_answer_has_are_refused_and_the_answer_can_be_sent_again() {
    let app = App::start().await;
    let id = app.interview(json!({ "count": 1, "seed": 7 })).await;
    for spoken in [
        json!({ "seconds": 0 }),
        json!({ "seconds": -4 }),
        json!({ "seconds": 99_999 }),
        json!({ "seconds": 5, "pauses": [3, 3] }),
        json!({ "seconds": 5, "pauses": ["long"] }),
        json!({ "pauses": [] }),
        json!("12 s"),
    ] {
        let refused = say(&app, &id, "k", json!({ "text": STORY, "spoken": spoken })).await;
        assert_eq!(refused.problem(), (422, "unfit-body"), "{spoken}");
    }
    let kept = say(&app, &id, "k", json!({ "text": STORY, "spoken": { "seconds": 5, "pauses": null } })).await;
    assert_eq!(kept.status, StatusCode::ACCEPTED, "{}", kept.text);
}

#[tokio::test]
async fn the_form_of_the_room_takes_how_an_answer_was_given() {
    let app = App::start().await;
    for (sent, kept) in [
        (r#"{"seconds":20,"pauses":[1.5]}"#, json!({ "seconds": 20.0, "pauses": [1.5] })),
        ("", Value::Null),
        ("not measured", Value::Null),
    ] {
        let id = app.interview(json!({ "count": 1, "seed": 7, "follow_ups": 0 })).await;
        let form = [("turn", "1"), ("text", STORY), ("spoken", sent)];
        let sent_form = post(&app, &format!("/interviews/{id}/answer"), &form).await;
        assert!(sent_form.status().is_success());
        let seen = app.until(&id, |seen| seen["last_seq"].as_u64() > Some(1)).await;
        assert_eq!(seen["takes"][0]["turns"][1]["spoken"], kept, "{sent}");
    }
}
