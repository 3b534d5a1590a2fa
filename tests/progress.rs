//! Over many interviews: self-ratings, breaks, progress, preferences, finding, taking out and deleting.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{app::App, pages::post};

const STRONG: &str = "When the vault team slipped five weeks I called their lead the same day and asked for the cause. I went \
    through the plan and worked out that the beta and the audit moved by two weeks and nothing else did. I gave the VP two \
    options with the cost of each, she took the smaller launch, and we shipped on the eleventh of May.";
const THIN: &str = "It was late, and we talked about it for a while, and then it went fine.";

/// An interview of one question, answered and scored.
async fn practised(app: &App, question: &str, text: &str, mode: &str) -> String {
    let id = app.interview(json!({ "questions": [question], "follow_ups": 0, "mode": mode })).await;
    app.until(&id, |seen| seen["next"] == "answer").await;
    app.answer(&id, "k", text).await;
    app.until(&id, |seen| seen["takes"][0]["score"]["state"] == "scored").await;
    id
}

#[tokio::test]
async fn a_self_rating_is_kept_once_shown_against_the_score_and_exported() {
    let app = App::start().await;
    let id = practised(&app, "execution/late-dependency", THIN, "coached").await;
    let path = format!("/api/v1/interviews/{id}/takes/0/self-rating");
    assert_eq!(app.post(&path, Some(json!({ "rating": 9 }))).await.problem(), (422, "out-of-range"));
    assert_eq!(app.post(&path, Some(json!({ "rating": 4 }))).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.post(&path, Some(json!({ "rating": 1 }))).await.problem(), (409, "rated-already"));
    let app = app.restart().await;
    let seen = app.get(&format!("/api/v1/interviews/{id}")).await.body;
    assert_eq!(seen["takes"][0]["self_rating"], 4);
    let page = app.get(&format!("/interviews/{id}")).await.text;
    assert!(page.contains("You saw it higher than the score does: hire against"), "{page}");
    let markdown = app.get(&format!("/api/v1/interviews/{id}/export?format=markdown")).await.text;
    assert!(markdown.contains("rated this 4 of 5"), "{markdown}");
    let progress = app.get("/api/v1/progress").await.body;
    assert_eq!(progress["self_ratings"][0]["self_rating"], 4, "{progress:#}");
}

#[tokio::test]
async fn the_room_shows_no_score_before_the_candidate_has_rated_themself() {
    let app = App::start().await;
    let id = practised(&app, "execution/late-dependency", THIN, "coached").await;
    let page = app.get(&format!("/interviews/{id}")).await.text;
    assert!(page.contains("Before you see the score") && !page.contains("of 5"), "{page}");
    let rated = post(&app, &format!("/interviews/{id}/rate"), &[("rating-0", "2")]).await.text().await.unwrap();
    assert!(
        rated.contains("of 5") && rated.contains("Nothing was found") || rated.contains("The one thing"),
        "{rated}"
    );
}

#[tokio::test]
async fn a_break_keeps_what_is_typed_and_an_answer_ends_it() {
    let app = App::start().await;
    let id = app.interview(json!({ "count": 1, "seed": 7, "follow_ups": 0 })).await;
    app.until(&id, |seen| seen["next"] == "answer").await;
    let path = format!("/interviews/{id}");
    let paused = post(&app, &format!("{path}/pause"), &[("turn", "1"), ("text", "half an answer")]).await;
    assert!(paused.text().await.unwrap().contains("Paused"));
    assert_eq!(app.get(&format!("/api/v1{path}")).await.body["paused"], true);
    assert_eq!(app.post(&format!("/api/v1{path}/pause"), None).await.problem(), (409, "paused-already"));
    let app = app.restart().await;
    let page = post(&app, &format!("{path}/resume"), &[]).await.text().await.unwrap();
    assert!(page.contains("\nhalf an answer</textarea>"), "{page}");
    assert_eq!(app.post(&format!("/api/v1{path}/resume"), None).await.problem(), (409, "not-paused"));
    app.post(&format!("/api/v1{path}/pause"), None).await;
    app.answer(&id, "k", STRONG).await;
    assert_eq!(app.get(&format!("/api/v1{path}")).await.body["paused"], false, "whoever answers is back");
}

#[tokio::test]
async fn progress_tells_what_keeps_being_missed_with_the_answers_and_the_best_and_latest_take() {
    let app = App::start().await;
    assert_eq!(app.get("/api/v1/progress").await.body["questions"], json!([]));
    let question = "execution/late-dependency";
    let strong = practised(&app, question, STRONG, "coached").await;
    practised(&app, question, THIN, "coached").await;
    let last = practised(&app, question, THIN, "real").await;
    let progress = app.get("/api/v1/progress").await.body;
    let record = &progress["questions"][0];
    assert_eq!((record["tries"].as_u64(), &record["best"]["interview"]), (Some(3), &json!(strong)), "{progress:#}");
    assert_eq!(record["latest"]["interview"], last);
    let missed = &progress["missed"][0];
    assert!(missed["times"].as_u64() >= Some(2), "{progress:#}");
    assert_eq!(missed["answers"][0]["answer"], THIN);
    assert_eq!(progress["categories"][0]["takes"].as_array().unwrap().len(), 3);
    let skills: Vec<&str> =
        progress["skills"].as_array().unwrap().iter().map(|skill| skill["name"].as_str().unwrap()).collect();
    assert!(skills.contains(&"dependency-management"), "{skills:?}");
    let page = app.get("/progress").await.text;
    assert!(page.contains("Missed more than once") && page.contains("Execution: 3 takes, from"), "{page}");
    let page = app.get(&format!("/questions/{question}")).await.text;
    assert!(page.contains("Best take") && page.contains(&format!("/interviews/{strong}#take-0")), "{page}");
}

#[tokio::test]
async fn a_real_interview_that_goes_on_gives_nothing_away_in_progress_or_in_the_bank() {
    let app = App::start().await;
    let questions = json!(["execution/late-dependency", "risk/go-no-go"]);
    let id = app.interview(json!({ "questions": questions, "follow_ups": 0, "mode": "real" })).await;
    app.until(&id, |seen| seen["next"] == "answer").await;
    let hidden = |page: &str| page.contains("What a listener looks for is hidden");
    assert!(hidden(&app.get("/questions/risk/go-no-go").await.text));
    app.answer(&id, "k", STRONG).await;
    app.until(&id, |seen| seen["takes"].as_array().unwrap().len() == 2).await;
    app.until(&id, |seen| seen["takes"][0]["score"]["state"] == "withheld").await;
    assert_eq!(app.get("/api/v1/progress").await.body["questions"], json!([]));
    assert!(!hidden(&app.get("/questions/execution/late-dependency").await.text), "it has been answered");
    let page = app.get("/questions/risk/go-no-go").await.text;
    assert!(hidden(&page) && !page.contains("<details"), "{page}");
}

#[tokio::test]
async fn interviews_are_found_by_what_was_said_by_category_and_by_mode() {
    let app = App::start().await;
    let risk =
        practised(&app, "risk/go-no-go", "I said 100% no_go! and wrote down why we could not ship.", "coached").await;
    practised(&app, "execution/late-dependency", THIN, "real").await;
    let found = async |query: &str| -> Vec<String> {
        let page = app.get(&format!("/api/v1/interviews?{query}")).await;
        let items = page.body["items"].as_array().unwrap_or_else(|| panic!("{}", page.text)).clone();
        items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(found("search=WROTE%20down").await, [risk.as_str()]);
    assert_eq!(found("search=100%25%20no_go!").await, [risk.as_str()], "signs stand for themselves");
    assert_eq!(found("search=1_0").await, [""; 0]);
    assert_eq!(found("category=risk").await, [risk.as_str()]);
    assert_eq!(found("mode=real").await.len(), 1);
    assert_eq!(found("").await.len(), 2);
    let page = app.get("/interviews?search=nothing+like+that").await.text;
    assert!(page.contains("No interview fits"), "{page}");
}

#[tokio::test]
async fn everything_can_be_taken_out_and_then_deleted_and_preferences_stay() {
    let app = App::start().await;
    let id = practised(&app, "execution/late-dependency", STRONG, "coached").await;
    let wanted = json!({ "interview_on": "2031-05-06", "hide_numbers": true, "read_aloud": false, "browser_recognition": false });
    let kept = app.send(reqwest::Method::PUT, "/api/v1/preferences", &[], Some(wanted.clone())).await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.text);
    let all = app.get("/api/v1/export").await.body;
    assert_eq!((all[0]["id"].as_str(), all.as_array().unwrap().len()), (Some(id.as_str()), 1));
    assert!(all[0]["takes"][0]["turns"][1]["text"].as_str().unwrap().contains("vault team"));
    let unsure = post(&app, "/interviews/delete-all", &[]).await;
    assert_eq!(unsure.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(app.get("/api/v1/export").await.body.as_array().unwrap().len(), 1);
    let deleted = app.send(reqwest::Method::DELETE, "/api/v1/interviews", &[], None).await.body;
    assert_eq!(deleted["interviews"], 1);
    assert_eq!(app.get(&format!("/api/v1/interviews/{id}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.get("/api/v1/export").await.body, json!([]));
    let app = app.restart().await;
    assert_eq!(app.get("/api/v1/preferences").await.body, wanted);
    assert!(app.get("/").await.text.contains("class=\"no-numbers\""));
}

#[tokio::test]
async fn the_debrief_tells_signal_priorities_and_what_would_have_reached_the_next_rung() {
    let app = App::start().await;
    let id = app
        .interview(json!({
            "questions": ["execution/late-dependency", "risk/go-no-go"], "follow_ups": 0, "mode": "real", "level": "senior"
        }))
        .await;
    app.answer_all(&id, THIN).await;
    let both = |seen: &Value| seen["takes"].as_array().unwrap().iter().all(|take| take["score"]["state"] == "scored");
    app.until(&id, both).await;
    let gate = app.get(&format!("/interviews/{id}")).await.text;
    assert!(gate.contains("how did each answer go?") && !gate.contains("Three priorities"), "{gate}");
    let page = post(&app, &format!("/interviews/{id}/rate"), &[("rating-0", "3"), ("rating-1", "1")]).await;
    let page = page.text().await.unwrap();
    for words in [
        "for a Senior TPM",
        "from the mean score of 2 answers",
        "This would have reached the next rung",
        "At the next level, Principal TPM, a panel would also want:",
        "Three priorities",
        "Drill this now",
        "<svg",
        "As a table",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let print = app.get(&format!("/interviews/{id}/print")).await.text;
    assert!(print.contains("<details class=\"arithmetic number\" open>"), "{print}");
}
