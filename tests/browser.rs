//! A candidate practises in a real browser: Chromium plays whole interviews against the real program.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use serde_json::json;

use crate::{
    app::App,
    endpoint::{Endpoint, KEY, MODEL, Reply, Step},
};

/// Runs the command; where it fails, so does the test, with everything that it printed.
fn run(command: &mut Command, way_out: &str) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("cannot run {command:?}: {error}; {way_out}"));
    let printed = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{command:?} ended with {}; {way_out}\n{printed}", output.status);
    printed
}

/// The folder of the browser's scripts, with their one package installed once for all tests.
fn script_folder() -> PathBuf {
    static INSTALL: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _installing = INSTALL.lock();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("e2e");
    if !folder.join("node_modules/playwright-core/package.json").exists() {
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder);
        run(&mut npm, "the browser tests need Node 20 or later with npm, and the package registry once");
    }
    folder
}

/// Runs a script of the folder against the address.
async fn play(script: &'static str, address: String) {
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    assert!(
        Path::new(&chromium).exists(),
        "there is no browser at {chromium}: install it (apt-get install chromium) or name another in CHROMIUM"
    );
    let played = tokio::task::spawn_blocking(move || {
        let mut node = Command::new("node");
        node.args([script, &address]).current_dir(script_folder()).env("CHROMIUM", &chromium);
        run(&mut node, "what went well is listed first, then what did not")
    });
    println!("{}", played.await.unwrap_or_else(|failed| std::panic::resume_unwind(failed.into_panic())));
}

#[tokio::test]
async fn a_whole_interview_is_played_in_a_real_browser_with_and_without_javascript() {
    let app = App::start().await;
    play("interview.mjs", app.url.clone()).await;
}

#[tokio::test]
async fn words_of_a_model_appear_as_they_come_and_a_failed_score_can_be_tried_again() {
    let pause = || Step::Wait(Duration::from_millis(1_500));
    let words =
        vec![Step::Words("Assume two "), pause(), Step::Words("teams in "), pause(), Step::Words("one office.")];
    let spoken = Reply::Events(words.into_iter().chain([Step::Finish]).collect());
    let endpoint = Endpoint::start([spoken, Reply::error(401, "no such key"), Reply::Judgement]).await;
    let app = App::with_env(&[
        ("GREENROOM_LLM_BASE_URL", endpoint.base_url()),
        ("GREENROOM_LLM_API_KEY", KEY),
        ("GREENROOM_LLM_MODEL", MODEL),
        ("GREENROOM_INTERVIEWER_VOICE", "replies"),
    ])
    .await;
    let id = app.interview(json!({ "count": 1, "seed": 7, "follow_ups": 0 })).await;
    play("live.mjs", format!("{}/interviews/{id}", app.url)).await;
}
