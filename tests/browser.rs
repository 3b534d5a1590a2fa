//! A candidate practises in a real browser: Chromium plays whole interviews against the real program.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::app::App;

/// Runs the command; where it fails, so does the test, with everything that it printed.
fn run(command: &mut Command, way_out: &str) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("cannot run {command:?}: {error}; {way_out}"));
    let printed = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{command:?} ended with {}; {way_out}\n{printed}", output.status);
    printed
}

/// The folder of the browser's script, with its one package installed.
fn script_folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("e2e");
    if !folder.join("node_modules/playwright-core/package.json").exists() {
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder);
        run(&mut npm, "the browser test needs Node 20 or later with npm, and the package registry once");
    }
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_interview_is_played_in_a_real_browser_with_and_without_javascript() {
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    assert!(
        Path::new(&chromium).exists(),
        "there is no browser at {chromium}: install it (apt-get install chromium) or name another in CHROMIUM"
    );
    let folder = script_folder();
    let app = App::start().await;
    let mut node = Command::new("node");
    node.args(["interview.mjs", &app.url]).current_dir(&folder).env("CHROMIUM", &chromium);
    let printed = run(&mut node, "what went well is listed first, then what did not");
    println!("{printed}");
}
