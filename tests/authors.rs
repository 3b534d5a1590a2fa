//! Writing questions: the scaffold, the schema for editors, the strict lint and the score of a bank.

use std::{fs, path::Path};

use greenroom::{
    bank::{self, Bank},
    config::BankSource,
};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::bank::{SOUND, folder_of, greenroom, shown};

fn stdout(folder: &Path, args: &[&str]) -> String {
    String::from_utf8(greenroom(folder, args).stdout).unwrap()
}

/// The schema as the command prints it.
fn schema() -> Validator {
    let folder = tempfile::tempdir().unwrap();
    let printed: Value = serde_json::from_str(&stdout(folder.path(), &["bank", "schema"])).unwrap();
    assert_eq!(printed["$schema"], "https://json-schema.org/draft/2020-12/schema");
    jsonschema::meta::validate(&printed).unwrap();
    jsonschema::draft202012::new(&printed).unwrap()
}

fn as_json(toml: &str) -> Value {
    serde_json::to_value(toml::from_str::<toml::Table>(toml).unwrap()).unwrap()
}

/// Whether the reader has no finding on this file alone in a bank.
fn reader_takes(toml: &str) -> bool {
    let folder = folder_of(&[("risk/a.toml", toml)]);
    bank::lint(&BankSource::Folder(folder.path().join("bank"))).unwrap().findings.is_empty()
}

#[test]
fn every_built_in_question_validates_against_the_schema() {
    let schema = schema();
    let mut count = 0;
    for question in Bank::builtin().unwrap().questions() {
        let file = format!("{}/question_bank/{}.toml", env!("CARGO_MANIFEST_DIR"), question.id);
        let document = as_json(&fs::read_to_string(file).unwrap());
        let errors: Vec<String> = schema.iter_errors(&document).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{}", question.id);
        count += 1;
    }
    assert_eq!(count, 120);
}

const LABELLED: &str = r#"
[[exemplars]]
quality = "weak"
answer = "I would ask everybody to do their best."
why = "Nothing is compared."
[exemplars.points]
asks-why = "missed"
compares-cost = "partial"
gets-decision = "met"
[exemplars.pitfalls]
flips-a-coin = true
"#;

#[test]
fn each_sort_of_fault_is_refused_by_the_reader_and_by_the_schema() {
    let schema = schema();
    let sound = format!("{SOUND}{LABELLED}");
    assert!(reader_takes(&sound) && schema.is_valid(&as_json(&sound)));
    let point =
        "[[assessment_points]]\nid = \"asks-why\"\ntext = \"Asks why each has to be on that day.\"\nweight = 2\n";
    let many = |table: &str, count: usize| {
        (0..count).map(|n| table.replacen("id = \"", &format!("id = \"n{n}-"), 1)).collect::<String>()
    };
    let pitfall = "[[pitfalls]]\nid = \"x\"\ntext = \"Moves one.\"\nseverity = \"minor\"\n";
    let follow_up = "[[follow_ups]]\nid = \"x\"\nask = \"Why?\"\n";
    let replaced: &[(&str, &str, &str)] = &[
        ("an unknown key", "level = \"tpm\"", "level = \"tpm\"\nmood = \"calm\""),
        ("an unknown key of a point", "weight = 3", "weight = 3\nwieght = 3"),
        ("an unknown key of a pitfall", "severity = \"major\"", "severity = \"major\"\ncost = 1"),
        ("an unknown key of a follow-up", "ask = \"Who decides?\"", "ask = \"Who decides?\"\nprobe = \"x\""),
        ("an unknown key of a sample answer", "quality = \"weak\"", "quality = \"weak\"\nlevel = \"tpm\""),
        ("no title", "title = \"Two launches\"\n", ""),
        ("no prompt", "prompt = \"Two launches fall on one day. What do you do?\"\n", ""),
        ("an empty title", "title = \"Two launches\"", "title = \" \""),
        ("a control character", "title = \"Two launches\"", "title = \"Two\\u0000launches\""),
        ("a title that is no text", "title = \"Two launches\"", "title = 2"),
        ("a kind that there is not", "kind = \"situational\"", "kind = \"riddle\""),
        ("a level that there is not", "level = \"tpm\"", "level = \"junior\""),
        ("minutes out of range", "level = \"tpm\"", "level = \"tpm\"\nminutes = 61"),
        ("minutes that are no whole number", "level = \"tpm\"", "level = \"tpm\"\nminutes = 2.5"),
        ("skills that are no list", "level = \"tpm\"", "level = \"tpm\"\nskills = \"planning\""),
        ("a tag that is no text", "level = \"tpm\"", "level = \"tpm\"\ntags = [1]"),
        ("levels that are no table", "level = \"tpm\"", "level = \"tpm\"\nlevels = 1"),
        ("an unknown level note", "level = \"tpm\"", "level = \"tpm\"\nlevels = { junior = \"x\" }"),
        ("an id that is no slug", "id = \"asks-why\"", "id = \"Asks why\""),
        ("a weight out of range", "weight = 3", "weight = 4"),
        ("no weight", "weight = 3\n", ""),
        ("a severity that there is not", "severity = \"major\"", "severity = \"fatal\""),
        ("no ask", "ask = \"Who decides?\"\n", ""),
        ("a quality that there is not", "quality = \"weak\"", "quality = \"poor\""),
        ("no answer", "answer = \"I would ask everybody to do their best.\"\n", ""),
        ("a verdict that there is not", "asks-why = \"missed\"", "asks-why = \"absent\""),
        ("a label that is not true or false", "flips-a-coin = true", "flips-a-coin = \"yes\""),
        (
            "no labels",
            "[exemplars.points]\nasks-why = \"missed\"\ncompares-cost = \"partial\"\ngets-decision = \"met\"\n",
            "",
        ),
    ];
    let faults = replaced.iter().map(|(name, from, to)| {
        assert!(sound.contains(from), "{name}");
        (*name, sound.replacen(from, to, 1))
    });
    let counts = [
        ("too few points", sound.replacen(point, "", 1)),
        ("too many points", format!("{sound}{}", many(point, 5))),
        ("too many pitfalls", format!("{sound}{}", many(pitfall, 5))),
        ("too many follow-ups", format!("{sound}{}", many(follow_up, 4))),
    ];
    for (name, text) in faults.chain(counts) {
        assert!(!reader_takes(&text), "the reader takes {name}");
        assert!(!schema.is_valid(&as_json(&text)), "the schema takes {name}");
    }
}

#[test]
fn a_new_question_is_valid_toml_that_says_what_to_fill_in_and_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let new = greenroom(folder.path(), &["bank", "new", "risk/late-licence", "--dir", "ours"]);
    insta::assert_snapshot!(shown(&new));
    let path = folder.path().join("ours/risk/late-licence.toml");
    let text = fs::read_to_string(&path).unwrap();
    toml::from_str::<toml::Table>(&text).unwrap();
    assert!(text.lines().filter(|line| line.starts_with('#')).count() > 20);

    let findings = stdout(folder.path(), &["bank", "lint", "ours"]);
    for key in ["title", "prompt", "assessment_points.text", "pitfalls.text", "follow_ups.ask", "exemplars.answer"] {
        assert!(findings.contains(&format!(": {key}: is empty;")), "{key}: {findings}");
    }
    assert!(!findings.contains("is no key") && !findings.contains("there are"), "{findings}");

    fs::write(&path, "mine").unwrap();
    let again = greenroom(folder.path(), &["bank", "new", "risk/late-licence", "--dir", "ours"]);
    insta::assert_snapshot!(shown(&again));
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
}

#[test]
fn a_new_question_goes_into_the_bank_in_use_unless_another_folder_is_named() {
    let folder = folder_of(&[("risk/two-launches.toml", SOUND)]);
    let args = ["--bank", "builtin", "--bank", "bank", "bank", "new", "execution/moved-date"];
    assert!(stdout(folder.path(), &args).ends_with("/bank/execution/moved-date.toml\n"));
    assert!(folder.path().join("bank/execution/moved-date.toml").is_file());
    assert_eq!(stdout(folder.path(), &["bank", "new", "risk/x"]), "question_bank/risk/x.toml\n");
    let wrong = greenroom(folder.path(), &["bank", "new", "sales/x"]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn the_strict_lint_passes_the_built_in_bank_and_prints_the_matrix_on_standard_error() {
    let folder = tempfile::tempdir().unwrap();
    let output = greenroom(folder.path(), &["bank", "lint", "--strict", "builtin"]);
    assert_eq!((String::from_utf8(output.stdout).unwrap().as_str(), output.status.code()), ("", Some(0)));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.starts_with("category         level      behavioral  situational  design  motivation  artifact  all\n")
    );
    assert!(told.contains("\nall              all") && told.ends_with("120 questions, no findings\n"), "{told}");
}

#[test]
fn a_question_that_is_merely_in_order_has_findings_under_the_strict_lint() {
    let folder = folder_of(&[("risk/two-launches.toml", SOUND)]);
    assert_eq!(greenroom(folder.path(), &["bank", "lint", "bank"]).status.code(), Some(0));
    insta::assert_snapshot!(shown(&greenroom(folder.path(), &["bank", "lint", "--strict", "bank"])));
}

#[test]
fn a_bank_without_sample_answers_cannot_be_scored_and_says_so() {
    let folder = folder_of(&[("risk/two-launches.toml", SOUND)]);
    insta::assert_snapshot!(shown(&greenroom(folder.path(), &["--bank", "bank", "bank", "score"])));
}

#[test]
fn the_score_of_a_bank_tells_which_questions_come_out_in_order_and_which_labels_are_missed() {
    let folder = tempfile::tempdir().unwrap();
    let bank = Bank::builtin().unwrap();
    for question in bank.questions().step_by(10) {
        let to = folder.path().join(format!("bank/{}.toml", question.id));
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(format!("{}/question_bank/{}.toml", env!("CARGO_MANIFEST_DIR"), question.id), to).unwrap();
    }
    let args = ["--bank", "bank", "bank", "score"];
    let text = stdout(folder.path(), &args);
    assert!(text.contains("36 sample answers to 12 questions") && text.contains("10 folds"), "{text}");
    let report: Value = serde_json::from_str(&stdout(folder.path(), &[&args[..], &["--json"]].concat())).unwrap();
    assert_eq!((&report["questions"], &report["folds"], &report["goal"]), (&json!(12), &json!(10), &json!(0.95)));
    let rows = report["rows"].as_array().unwrap();
    let in_order = rows.iter().filter(|row| {
        let score = |place: usize| row["exemplars"][place]["score"].as_f64();
        let ordered = score(0) > score(1) && score(1) > score(2);
        assert_eq!(row["in_order"], ordered, "{row}");
        ordered
    });
    assert_eq!(report["in_order"]["count"], json!(in_order.count()));
    let folds: std::collections::BTreeSet<u64> = rows.iter().map(|row| row["fold"].as_u64().unwrap()).collect();
    assert_eq!(folds.len(), 10);
}
