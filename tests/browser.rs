//! A candidate practises in a real browser: Chromium plays whole interviews against the real program.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use serde_json::json;

use crate::{
    app::App,
    endpoint::{
        Endpoint, KEY, MODEL, Reply, Step,
        speech::{self, Asked, Play, SpeechEndpoint},
    },
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

/// Runs a script of the folder with these arguments.
async fn play(script: &'static str, arguments: Vec<String>) {
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    assert!(
        Path::new(&chromium).exists(),
        "there is no browser at {chromium}: install it (apt-get install chromium) or name another in CHROMIUM"
    );
    let played = tokio::task::spawn_blocking(move || {
        let mut node = Command::new("node");
        node.arg(script).args(arguments).current_dir(script_folder()).env("CHROMIUM", &chromium);
        node.env("GREENROOM", env!("CARGO_BIN_EXE_greenroom"));
        run(&mut node, "what went well is listed first, then what did not")
    });
    println!("{}", played.await.unwrap_or_else(|failed| std::panic::resume_unwind(failed.into_panic())));
}

#[tokio::test]
async fn a_whole_interview_is_played_in_a_real_browser_with_and_without_javascript() {
    let app = App::start().await;
    play("interview.mjs", vec![app.url.clone()]).await;
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
    play("live.mjs", vec![format!("{}/interviews/{id}", app.url)]).await;
}

#[tokio::test]
async fn a_killed_server_a_second_window_and_a_cut_network_lose_no_word() {
    let folder = tempfile::tempdir().unwrap();
    play("faults.mjs", vec![folder.path().display().to_string()]).await;
}

#[tokio::test]
async fn everything_can_be_done_by_keyboard_on_a_phone_and_without_numbers_and_pages_are_light() {
    let app = App::start().await;
    play("reach.mjs", vec![app.url.clone()]).await;
}

/// A WAV file of this sentence, spoken by espeak-ng.
fn spoken(folder: &Path, sentence: &str) -> String {
    let file = folder.join(format!("{}.wav", sentence.len())).display().to_string();
    run(
        Command::new("espeak-ng").args(["-w", &file, sentence]),
        "the test by voice needs espeak-ng (apt-get install espeak-ng)",
    );
    file
}

#[tokio::test]
async fn a_whole_interview_is_spoken_into_a_microphone() {
    const SAID: &str = "I called the lead the same day and asked for the cause. I worked out that two of our six milestones \
                        moved. I gave the VP two options with the cost of each and she took the smaller launch.";
    let words = [("I", 0.2, 0.4), ("called", 2.4, 2.8)];
    let words: Vec<_> =
        words.iter().map(|(word, start, end)| json!({ "word": word, "start": start, "end": end })).collect();
    let heard = json!({ "text": SAID, "duration": 6.0, "words": words });
    let folder = tempfile::tempdir().unwrap();
    let file = spoken(folder.path(), SAID);
    let endpoint = SpeechEndpoint::start([
        Play::Text("This is a test."),
        Play::Sound(
            "audio/wav",
            std::fs::read(spoken(
                folder.path(),
                "Tell me about a program of yours that came late, and what you did about it.",
            ))
            .unwrap(),
        ),
        Play::error(400, "not now"),
        Play::error(400, "not now"),
        Play::Detailed(heard.clone()),
    ])
    .await;
    let app = App::with_env(&[
        ("GREENROOM_SPEECH_BASE_URL", endpoint.base_url()),
        ("GREENROOM_SPEECH_API_KEY", speech::KEY),
        ("GREENROOM_SPEECH_TRANSCRIPTION_MODEL", speech::HEARING),
        ("GREENROOM_SPEECH_VOICE_MODEL", speech::SPEAKING),
        ("GREENROOM_SPEECH_VOICE", speech::VOICE),
    ])
    .await;
    play("voice.mjs", vec![app.url.clone(), file]).await;
    let (mut recordings, mut utterances) = (Vec::new(), Vec::new());
    for asked in endpoint.asked() {
        match asked {
            Asked::Hear { file, .. } => recordings.push(file.len()),
            Asked::Speak(body) => utterances.push(body["input"].as_str().unwrap().to_owned()),
        }
    }
    assert_eq!(utterances.len(), 1, "the question was read aloud once: {utterances:?}");
    assert!(recordings.iter().all(|bytes| *bytes > 2_000), "each request carries a recording: {recordings:?}");
}
