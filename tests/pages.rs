//! The pages without a browser: plain forms, what is typed comes back, and nothing typed becomes markup.

use reqwest::{Client, Response, StatusCode};
use serde_json::json;

use crate::app::App;

const STORY: &str =
    "I called the lead the same day, asked for the cause, and gave the VP two options with the cost of each.";

/// A form as browsers send it: every byte that is no letter or digit escaped, line breaks as CR LF.
fn encoded(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| -> String {
        let text = text.replace('\n', "\r\n");
        text.bytes()
            .map(
                |byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") },
            )
            .collect()
    };
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    pairs.join("&")
}

pub async fn post(app: &App, path: &str, fields: &[(&str, &str)]) -> Response {
    Client::new()
        .post(format!("{}{path}", app.url))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(encoded(fields))
        .send()
        .await
        .unwrap()
}

async fn get(app: &App, path: &str) -> (StatusCode, String) {
    let response = reqwest::get(format!("{}{path}", app.url)).await.unwrap();
    (response.status(), response.text().await.unwrap())
}

/// The place of what the page shows as the thing to answer.
fn turn(page: &str) -> String {
    let (_, after) = page.split_once("name=\"turn\" value=\"").expect("the page has a form to answer in");
    after.split_once('"').unwrap().0.to_owned()
}

/// A coached interview of one question without follow-ups, and its room.
async fn room(app: &App) -> (String, String) {
    let id = app.interview(json!({ "count": 1, "seed": 7, "follow_ups": 0 })).await;
    app.until(&id, |seen| seen["next"] == "answer").await;
    let path = format!("/interviews/{id}");
    let (_, page) = get(app, &path).await;
    (path, turn(&page))
}

#[tokio::test]
async fn a_form_sent_twice_is_one_answer() {
    let app = App::start().await;
    let (path, turn) = room(&app).await;
    for _ in 0..2 {
        let answered = post(&app, &format!("{path}/answer"), &[("turn", &turn), ("text", STORY)]).await;
        assert_eq!((answered.status(), answered.url().path()), (StatusCode::OK, path.as_str()));
    }
    let (_, page) = get(&app, &path).await;
    assert_eq!(page.matches(r#"class="line answer""#).count(), 1);
}

#[tokio::test]
async fn what_cannot_be_taken_comes_back_in_its_field_with_the_reason() {
    let app = App::start().await;
    let (path, turn) = room(&app).await;
    let long = "é".repeat(20_003);
    for (text, reason) in
        [(" \n ", "The answer is empty"), ("half\u{0}way", "NUL character"), (long.as_str(), "shorten it by 3")]
    {
        let refused = post(&app, &format!("{path}/answer"), &[("turn", &turn), ("text", text)]).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = refused.text().await.unwrap();
        assert!(page.contains(reason), "{reason}");
        assert!(page.contains(&format!("\n{text}</textarea>")), "the text is still in the field: {reason}");
    }
}

#[tokio::test]
async fn an_answer_to_what_is_no_longer_asked_is_refused_and_given_back() {
    let app = App::start().await;
    let (path, turn) = room(&app).await;
    let id = path.rsplit('/').next().unwrap().to_owned();
    app.answer(&id, "another-window", STORY).await;
    app.until(&id, |seen| seen["next"] == "choose").await;
    let refused = post(&app, &format!("{path}/answer"), &[("turn", &turn), ("text", "Too late, but mine.")]).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    let page = refused.text().await.unwrap();
    assert!(page.contains("another window") && page.contains("Too late, but mine."));
}

#[tokio::test]
async fn a_skip_pressed_twice_skips_one_question_and_asks_before_it_drops_text() {
    let app = App::start().await;
    let id = app.interview(json!({ "count": 3, "seed": 7, "mode": "real" })).await;
    app.until(&id, |seen| seen["next"] == "answer").await;
    let path = format!("/interviews/{id}");
    let (_, page) = get(&app, &path).await;
    let turn = turn(&page);
    let asked = post(&app, &format!("{path}/skip"), &[("turn", &turn), ("text", "begun")]).await.text().await.unwrap();
    assert!(asked.contains("Skip this question?"));
    assert!(get(&app, &path).await.1.contains("\nbegun</textarea>"), "what was begun is kept until then");
    for _ in 0..2 {
        post(&app, &format!("{path}/skip"), &[("turn", &turn), ("sure", "yes")]).await;
    }
    assert!(get(&app, &path).await.1.contains("Question 2 of 3"));
}

#[tokio::test]
async fn what_a_candidate_types_is_text_on_the_page_and_never_markup() {
    let app = App::start().await;
    let (path, turn) = room(&app).await;
    let text = format!("{STORY}\n</textarea><script>alert(1)</script> & \"so on\"");
    let page = post(&app, &format!("{path}/answer"), &[("turn", &turn), ("text", &text)]).await.text().await.unwrap();
    assert!(!page.contains("<script>alert"));
    assert!(page.contains("&#60;script&#62;alert(1)&#60;/script&#62;"));
    app.until(path.rsplit('/').next().unwrap(), |seen| seen["takes"][0]["score"]["state"] == "scored").await;
    assert!(!get(&app, &path).await.1.contains("<script>alert"));
}

#[tokio::test]
async fn no_page_holds_a_script_or_style_of_its_own() {
    let app = App::start().await;
    let (path, _) = room(&app).await;
    for path in ["/", "/interviews", "/questions", "/questions/execution/late-dependency", path.as_str(), "/nowhere"] {
        let (status, page) = get(&app, path).await;
        assert_eq!(status, if path == "/nowhere" { StatusCode::NOT_FOUND } else { StatusCode::OK }, "{path}");
        for forbidden in ["<style", " style=", " onclick=", "<script>", "http://www", "https://"] {
            assert!(!page.contains(forbidden), "{path} holds {forbidden}");
        }
        assert!(page.contains("<main") && page.contains("<h1"), "{path}");
    }
}

#[tokio::test]
async fn an_interview_that_is_not_there_is_a_page_that_says_so() {
    let app = App::start().await;
    for path in ["/interviews/nonsense", "/interviews/01a1f978-09ba-7268-8107-bcef4996891e", "/questions/risk/none"] {
        let (status, page) = get(&app, path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.contains("There is no such"), "{path}");
    }
}

#[tokio::test]
async fn hints_are_shown_one_by_one_and_an_ended_interview_is_listed_by_its_question() {
    let app = App::start().await;
    let (path, turn) = room(&app).await;
    let (_, page) = get(&app, &path).await;
    assert!(page.contains("Show hint 1 of 2") && page.contains("Show hint 2 of 2"), "{page}");
    let (_, list) = get(&app, "/interviews").await;
    assert!(list.contains("Coached · 1 question") && list.contains("Unfinished"), "what is asked next is given away");
    post(&app, &format!("{path}/end"), &[("turn", &turn), ("sure", "yes")]).await;
    let (_, debrief) = get(&app, &path).await;
    assert!(debrief.contains("Not answered"), "{debrief}");
    let (_, list) = get(&app, "/interviews").await;
    assert!(!list.contains("1 question"), "an ended interview is listed by what was asked: {list}");
}
