//! Old scorecards name what they judged: the bank may be reworded, the interview keeps what was asked.

use std::fs;

use serde_json::{Value, json};

use crate::{
    app::{App, greenroom},
    bank::{SOUND, folder_of},
};

const ANSWER: &str =
    "I asked both teams why it had to be that day and wrote down what moving each launch would cost us.";

fn told(output: std::process::Output) -> String {
    assert!(output.status.success(), "{output:?}");
    // Lines are wrapped to a width, and the sentence is looked for as a whole.
    String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_scorecard_says_when_the_bank_words_its_question_differently_now() {
    let folder = folder_of(&[("risk/two-launches.toml", SOUND)]);
    let bank = folder.path().join("bank");
    let app = App::with_env(&[("GREENROOM_BANK", bank.to_str().unwrap())]).await;
    let id = app.interview(json!({ "questions": ["risk/two-launches"], "follow_ups": 0, "mode": "real" })).await;
    let path = format!("/api/v1/interviews/{id}");
    app.answer_all(&id, ANSWER).await;
    let before = app.until(&id, |seen| !seen["takes"][0]["scorecard"].is_null()).await;
    let judged = |seen: &Value| seen["takes"][0]["scorecard"]["question_hash"].as_str().unwrap().to_owned();
    assert_eq!(before["questions"][0]["wording"], "current");
    assert_eq!(before["questions"][0]["hash"], judged(&before));
    assert!(judged(&before).starts_with(before["questions"][0]["version"].as_str().unwrap()));

    // A point is reworded: the score stays and says so, on every way on which people read it.
    fs::write(bank.join("risk/two-launches.toml"), SOUND.replace("Asks why each", "Finds out why each")).unwrap();
    let app = app.restart().await;
    let after = app.get(&path).await.body;
    assert_eq!(after["questions"][0]["wording"], "changed");
    assert_eq!((judged(&after), &after["takes"][0]["scorecard"]), (judged(&before), &before["takes"][0]["scorecard"]));
    let now = app.get("/api/v1/questions/risk/two-launches").await.body;
    assert_ne!(now["hash"], judged(&after));
    let page = reqwest::get(format!("{}/interviews/{id}", app.url)).await.unwrap().text().await.unwrap();
    assert!(
        page.contains("Judged against an earlier wording") && page.contains("Asks why each has to be on that day.")
    );
    let data = app.data().to_owned();
    for command in [["interviews", "show"], ["interviews", "export"]] {
        let told = told(greenroom(&data).args(command).arg(&id).arg("--bank").arg(&bank).output().unwrap());
        assert!(told.contains("Judged against an earlier wording"), "{told}");
    }

    // The question is taken out: what was asked and judged is still there.
    fs::rename(bank.join("risk/two-launches.toml"), bank.join("risk/other-launches.toml")).unwrap();
    let app = app.restart().await;
    let gone = app.get(&path).await.body;
    assert_eq!(gone["questions"][0]["wording"], "gone");
    assert_eq!(judged(&gone), judged(&before));
}

#[tokio::test]
async fn the_list_of_questions_gives_each_its_version_and_hash() {
    let app = App::start().await;
    let listed = app.get("/api/v1/questions?limit=200").await.body;
    let items = listed["items"].as_array().unwrap();
    assert_eq!((items.len(), &listed["next"]), (120, &Value::Null));
    for item in items {
        assert!(item["hash"].as_str().unwrap().starts_with(item["version"].as_str().unwrap()));
    }
    let first = &items[0];
    let shown = app.get(&format!("/api/v1/questions/{}", first["id"].as_str().unwrap())).await.body;
    assert_eq!((&shown["hash"], &shown["version"]), (&first["hash"], &first["version"]));
}
