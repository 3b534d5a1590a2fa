//! Nothing said is lost: the server is killed in the worst moments and started again.

use reqwest::StatusCode;
use serde_json::json;

use crate::app::App;

const ANSWER: &str = "I called the supplier on the day we heard of it. I moved the pilot by two weeks and told the director the same \
                      afternoon, with two options and what each would cost us. We took the cheaper one and launched in May with it.";

#[tokio::test]
async fn an_acknowledged_answer_and_its_score_are_there_after_a_kill() {
    let mut app = App::start().await;
    for seed in 0..4 {
        let id = app.interview(json!({ "count": 1, "seed": seed, "follow_ups": 0 })).await;
        let kept = app.answer(&id, "k", ANSWER).await;
        // SIGKILL right after the acknowledgement: the score is not made yet, or was being made.
        app.kill();
        assert_eq!(kept.status, StatusCode::ACCEPTED);
        app = app.restart().await;
        let seen = app.until(&id, |seen| seen["takes"][0]["score"]["state"] == "scored").await;
        assert_eq!(seen["takes"][0]["turns"][1]["text"], ANSWER);
        assert!(seen["takes"][0]["scorecard"]["overall"].is_u64());
    }
}

#[tokio::test]
async fn a_draft_and_an_open_question_are_there_after_a_kill() {
    let app = App::start().await;
    let id = app.interview(json!({ "count": 2, "seed": 5 })).await;
    let path = format!("/api/v1/interviews/{id}/draft");
    app.send(reqwest::Method::PUT, &path, &[], Some(json!({ "text": "half" }))).await;
    let app = app.restart().await;
    let seen = app.get(&format!("/api/v1/interviews/{id}")).await.body;
    assert_eq!((&seen["draft"], &seen["next"]), (&json!("half"), &json!("answer")));
}
