//! A candidate practises in a real browser: Chromium plays whole interviews against the real program.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// The program on a free port with a data folder of its own; stopped when dropped.
struct Served {
    child: Child,
    url: String,
    _data: tempfile::TempDir,
}

impl Served {
    fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_greenroom"));
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("GREENROOM_") || name.starts_with("OPENAI_") || name == "DATABASE_URL" {
                command.env_remove(&*name);
            }
        }
        let mut child = command
            .args(["serve", "--listen", "127.0.0.1:0", "--engine", "offline", "--data-dir"])
            .arg(data.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        let url = url.trim().to_owned();
        assert!(url.starts_with("http://"), "the server's first line is its address, not {url:?}");
        Self { child, url, _data: data }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

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
    if !folder.join("node_modules/playwright-core").exists() {
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder);
        run(&mut npm, "the browser test needs Node 20 or later with npm, and the package registry once");
    }
    folder
}

#[test]
fn a_whole_interview_is_played_in_a_real_browser_with_and_without_javascript() {
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    assert!(
        Path::new(&chromium).exists(),
        "there is no browser at {chromium}: install chromium (apt-get install chromium) or name one in CHROMIUM"
    );
    let folder = script_folder();
    let served = Served::start();
    let mut node = Command::new("node");
    node.args(["interview.mjs", &served.url]).current_dir(&folder).env("CHROMIUM", &chromium);
    let printed = run(&mut node, "the steps that went well are listed below, then what did not");
    println!("{printed}");
}
