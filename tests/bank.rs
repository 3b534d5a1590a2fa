//! The question bank: the built-in one is in order and keeps its wording, faults in a folder are found all at once.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

use greenroom::{
    bank::{self, Bank},
    config::BankSource,
    question::{Category, Question},
};
use tempfile::TempDir;

/// Runs `greenroom` in `folder`, which is also where it would look for its files.
pub fn greenroom(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_greenroom"))
        .args(args)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .output()
        .unwrap()
}

/// Status, standard output and standard error, as a snapshot shows them.
pub fn shown(output: &Output) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    format!("status {}\n--- stdout\n{out}--- stderr\n{err}", output.status.code().unwrap())
}

/// A folder of questions at `bank` within a fresh folder, each file given as path and text.
pub fn folder_of(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join("bank").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

pub const SOUND: &str = r#"title = "Two launches"
kind = "situational"
level = "tpm"
prompt = "Two launches fall on one day. What do you do?"

[[assessment_points]]
id = "asks-why"
text = "Asks why each has to be on that day."
weight = 2

[[assessment_points]]
id = "compares-cost"
text = "Compares what moving each would cost."
weight = 3

[[assessment_points]]
id = "gets-decision"
text = "Gets a decision from somebody entitled to take it."
weight = 1

[[pitfalls]]
id = "flips-a-coin"
text = "Moves one without a reason."
severity = "major"

[[pitfalls]]
id = "does-both"
text = "Asks everybody to work through the night."
severity = "critical"

[[follow_ups]]
id = "f1"
ask = "Who decides?"
probes = "gets-decision"

[[follow_ups]]
id = "f2"
ask = "What would moving the first have cost?"
"#;

#[test]
fn the_built_in_bank_lints_clean_and_holds_twenty_questions_a_category_and_more() {
    let report = bank::lint(&BankSource::Builtin).unwrap();
    assert_eq!(report.findings, []);
    let bank = Bank::builtin().unwrap();
    for category in Category::ALL {
        assert!(bank.questions().filter(|question| question.category() == *category).count() >= 20, "{category}");
    }
    assert!(bank.questions().map(|question| &question.id).is_sorted());
}

#[test]
fn no_two_questions_share_a_hash() {
    let bank = Bank::builtin().unwrap();
    let hashes: BTreeSet<String> = bank.questions().map(Question::hash).collect();
    assert_eq!(hashes.len(), bank.len());
}

#[test]
fn five_faults_in_one_bank_are_five_lines_and_status_1() {
    let faulty = SOUND
        .replace("level = \"tpm\"", "level = \"junior\"")
        .replace("weight = 3", "weight = 30")
        .replace("id = \"does-both\"", "id = \"flips-a-coin\"")
        .replace("probes = \"gets-decision\"", "probes = \"gets-a-decision\"");
    let folder = folder_of(&[
        ("execution/two-launches.toml", &faulty),
        ("sales/two-launches.toml", SOUND),
        ("risk/two-launches.toml", SOUND),
        ("decks/first-week.toml", "questions = []"),
        ("risk/notes.md", "not a question"),
    ]);
    insta::assert_snapshot!(shown(&greenroom(folder.path(), &["bank", "lint", "bank"])));
}

#[test]
fn findings_behind_a_syntax_error_are_still_found_and_nothing_is_called_missing() {
    let broken = SOUND.replace("kind = \"situational\"", "kind = \"situational").replace("weight = 2", "wieght = 2");
    let folder = folder_of(&[("execution/two-launches.toml", &broken)]);
    insta::assert_snapshot!(shown(&greenroom(folder.path(), &["bank", "lint", "bank"])));
}

#[test]
fn every_sort_of_fault_has_a_finding_with_its_line() {
    let odd = r#"title = " "
kind = 3
level = "senior"
minutes = 61
skills = "planning"
tags = ["a", 2]
prompt = "What \u0000?"
mood = "calm"

[levels]
tmp = "…"

[[assessment_points]]
id = "Not A Slug"
text = "One."
weight = 1.5

[[assessment_points]]
id = "two"
weight = 1

[[pitfalls]]
id = "one"
text = "x"
severity = "fatal"

[[exemplars]]
quality = "splendid"
answer = "…"
why = "…"
[exemplars.points]
twoo = "met"
[exemplars.pitfalls]
one = "yes"
other = true
"#;
    let folder = folder_of(&[("execution/odd.toml", odd), ("risk/Odd_Name.toml", SOUND), ("empty.toml", "")]);
    fs::write(folder.path().join("bank/risk/noise.toml"), b"title = \"\xff\xfe\"\n").unwrap();
    insta::assert_snapshot!(shown(&greenroom(folder.path(), &["bank", "lint", "bank"])));
}

#[test]
fn a_bank_in_order_says_so_on_standard_error_alone() {
    let folder = folder_of(&[("execution/two-launches.toml", SOUND)]);
    insta::assert_snapshot!(shown(&greenroom(folder.path(), &["bank", "lint", "bank"])));
}

#[test]
fn a_bank_that_is_not_there_or_empty_is_refused_with_the_way_out() {
    let folder = folder_of(&[]);
    let missing = greenroom(folder.path(), &["bank", "lint", "bank"]);
    fs::create_dir(folder.path().join("bank")).unwrap();
    let empty = greenroom(folder.path(), &["bank", "lint", "bank"]);
    insta::assert_snapshot!(format!("{}{}", shown(&missing), shown(&empty)));
}

#[test]
fn any_other_command_refuses_a_bank_with_findings_and_names_the_lint() {
    let folder = folder_of(&[("execution/two-launches.toml", "title = 1")]);
    let output = greenroom(folder.path(), &["--bank", "bank", "bank", "list"]);
    insta::assert_snapshot!(shown(&output).replace(&folder.path().display().to_string(), "FOLDER"));
}

#[test]
fn a_later_source_replaces_a_question_and_adds_its_own() {
    let folder = folder_of(&[("risk/go-no-go.toml", SOUND), ("risk/two-launches.toml", SOUND)]);
    let theirs = BankSource::Folder(folder.path().join("bank"));
    let both = Bank::open(&[BankSource::Builtin, theirs.clone()]).unwrap();
    assert_eq!(both.len(), Bank::builtin().unwrap().len() + 1);
    assert_eq!(both.find("risk/go-no-go").unwrap().title, "Two launches");
    let reversed = Bank::open(&[theirs.clone(), BankSource::Builtin]).unwrap();
    assert_eq!(reversed.find("risk/go-no-go").unwrap().title, "Ship or hold");
    assert_eq!(Bank::open(&[theirs]).unwrap().len(), 2);
}

#[test]
fn the_layout_of_a_file_does_not_change_its_question() {
    let windows = SOUND
        .replace("prompt = \"Two launches fall on one day. ", "prompt = \"\"\"\nTwo launches fall \\\n    on one day. ")
        .replace("What do you do?\"", "What do you do?\n\"\"\"")
        .replace('\n', "\r\n");
    let folder = folder_of(&[
        ("risk/a.toml", SOUND),
        ("leadership/a.toml", &windows),
        ("execution/a.toml", &format!("\u{feff}{SOUND}")),
    ]);
    let bank = Bank::open(&[BankSource::Folder(folder.path().join("bank"))]).unwrap();
    let mut questions: Vec<Question> = bank.questions().cloned().collect();
    for question in &mut questions {
        question.id = "risk/a".parse().unwrap();
    }
    assert!(questions.windows(2).all(|pair| pair[0].hash() == pair[1].hash()));
}

#[test]
fn the_list_filters_and_aligns_and_is_json_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["bank", "list", "--category", "risk", "--category", "leadership", "--level", "principal"];
    let list = greenroom(folder.path(), &args);
    let found = greenroom(folder.path(), &["bank", "list", "--search", "SUPPLIER single"]);
    let none = greenroom(folder.path(), &["bank", "list", "--search", "submarine"]);
    insta::assert_snapshot!([list, found, none].map(|output| shown(&output)).join("\n"));

    let json = greenroom(folder.path(), &["bank", "list", "--kind", "design", "--json"]);
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&json.stdout).unwrap();
    let ids: Vec<&str> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 9);
    assert!(
        ids.contains(&"technical-depth/food-delivery-design") && ids.contains(&"execution/leaving-the-data-centre")
    );
    assert!(
        rows.iter().all(|row| row["kind"] == "design"
            && row["hash"].as_str().unwrap().starts_with(row["version"].as_str().unwrap()))
    );
}

#[test]
fn a_question_is_shown_with_its_rubric_as_text_and_as_json() {
    let folder = folder_of(&[("risk/two-launches.toml", SOUND)]);
    let text = greenroom(folder.path(), &["--bank", "bank", "bank", "show", "risk/two-launches"]);
    insta::assert_snapshot!(shown(&text));
    let json = greenroom(folder.path(), &["bank", "show", "risk/go-no-go", "--json"]);
    let shown: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((&shown["category"], &shown["minutes"]), (&"risk".into(), &6.into()));
    assert_eq!(shown["hash"], Bank::builtin().unwrap().find("risk/go-no-go").unwrap().hash());
}

#[test]
fn an_unknown_question_suggests_the_nearest_with_status_2() {
    let folder = tempfile::tempdir().unwrap();
    for given in ["execution/late-dependancy", "late-dependency", "risk/late-dependency"] {
        let output = greenroom(folder.path(), &["bank", "show", given]);
        assert_eq!(output.status.code(), Some(2));
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(message.contains("did you mean `execution/late-dependency`?"), "{message}");
    }
}

#[test]
fn a_reader_that_stops_early_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_greenroom"))
        .args(["bank", "list", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""));
}
