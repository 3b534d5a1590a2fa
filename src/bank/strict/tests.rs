//! The strict lint on a bank on disk: each sort of weakness has its finding.

use std::fs;

use tempfile::TempDir;

use super::*;

/// One question of the built-in bank, changed, alone in a folder.
fn bank_of(id: &str, change: impl Fn(String) -> String) -> (TempDir, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(format!("{}/question_bank/{id}.toml", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let path = folder.path().join(format!("{id}.toml"));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, change(text)).unwrap();
    let lines = lines(&[BankSource::Folder(folder.path().to_owned())], folder.path());
    (folder, lines)
}

/// The findings that are not about a bank of one question being small.
fn lines(sources: &[BankSource], root: &std::path::Path) -> Vec<String> {
    let report = strict(sources).unwrap();
    let root = format!("{}/", root.display());
    let shown = report.findings.iter().map(|finding| finding.to_string().replace(&root, ""));
    shown.filter(|line| !line.contains(": coverage: ")).collect()
}

#[test]
fn the_built_in_bank_passes_the_strict_lint() {
    let report = strict(&[BankSource::Builtin]).unwrap();
    assert_eq!(report.findings.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
    assert_eq!(report.questions, 120);
    insta::assert_snapshot!(report.coverage);
}

#[test]
fn a_question_that_is_in_order_has_no_finding_of_its_own() {
    let (_folder, lines) = bank_of("risk/lost-records", |text| text);
    assert_eq!(lines, Vec::<String>::new());
}

#[test]
fn what_a_question_lacks_is_found_with_its_line() {
    let (_folder, lines) = bank_of("risk/lost-records", |text| {
        let text = text.replacen("minutes = ", "# minutes = ", 1).replacen("probes = ", "# probes = ", 2);
        let text = text.replacen("strong = ", "# strong = ", 1);
        let hints = text.find("hints = [").unwrap();
        let end = hints + text[hints..].find("]\n").unwrap();
        format!("{}hints = [\"Look up.\"{}", &text[..hints], &text[end..])
    });
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn labels_that_do_not_order_the_sample_answers_are_found() {
    let (_folder, lines) = bank_of("risk/lost-records", |text| {
        let weak = text.find("quality = \"weak\"").unwrap();
        format!("{}{}", &text[..weak], text[weak..].replace("\"missed\"", "\"met\"").replace("\"partial\"", "\"met\""))
    });
    assert!(lines.iter().any(|line| line.contains("the labels give the weak answer")), "{lines:?}");
}

#[test]
fn a_second_answer_of_one_quality_and_none_of_another_are_found() {
    let (_folder, lines) =
        bank_of("risk/lost-records", |text| text.replace("quality = \"average\"", "quality = \"weak\""));
    assert!(lines.iter().any(|line| line.contains("there are 0 of quality average")), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("there are 2 of quality weak")), "{lines:?}");
}

#[test]
fn a_question_that_is_there_already_in_other_words_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let text =
        fs::read_to_string(format!("{}/question_bank/risk/lost-records.toml", env!("CARGO_MANIFEST_DIR"))).unwrap();
    fs::create_dir(folder.path().join("risk")).unwrap();
    fs::write(folder.path().join("risk/records-gone.toml"), text).unwrap();
    let lines = lines(&[BankSource::Builtin, BankSource::Folder(folder.path().to_owned())], folder.path());
    let prompt = lines.iter().find(|line| line.starts_with("risk/records-gone.toml") && line.contains(": prompt: "));
    let wanted = "is nearly the same as `risk/lost-records` (question_bank/risk/lost-records.toml:";
    assert!(prompt.is_some_and(|line| line.contains(wanted)), "{lines:?}");
}

#[test]
fn a_point_that_another_one_contains_is_found() {
    let (_folder, lines) = bank_of("risk/lost-records", |text| {
        let text = text.replacen(
            "Asks for the step or rule that dropped them before deciding what follows.",
            "Has the missing records identified by comparing keys on both sides, one by one, within the day.",
            1,
        );
        assert!(text.contains("one by one, within the day"));
        text
    });
    assert!(lines.iter().any(|line| line.contains("is contained in")), "{lines:?}");
}

#[test]
fn a_sample_answer_that_pastes_a_cue_is_found() {
    let (_folder, lines) = bank_of("execution/one-minute-status", |text| {
        text.replacen("Scanners, week to 9 February:", "Scanners, cold stores cannot scan at all:", 1)
    });
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("holds “cold stores cannot scan at all” of the point `what-it-does-to-us`"), "{lines:?}");
}

#[test]
fn hard_words_and_long_texts_are_found() {
    let (_folder, lines) = bank_of("risk/lost-records", |text| {
        let at = text.find("\n[[follow_ups]]").unwrap();
        let hard = "\nask = \"Characterise organisational interdependencies, prioritisation methodologies, \
                    communication considerations, reorganisation implications\"\n#";
        format!("{}{}", &text[..at], text[at..].replace("\nask = ", hard))
    });
    assert!(lines.iter().any(|line| line.contains("reads at grade")), "{lines:?}");
}

#[test]
fn a_small_bank_is_told_what_it_lacks_by_category() {
    let (folder, _) = bank_of("risk/lost-records", |text| text);
    let report = strict(&[BankSource::Folder(folder.path().to_owned())]).unwrap();
    let lacking: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    assert_eq!(lacking.len(), 5);
    assert!(lacking[0].contains("0 in all where 20 are wanted, 0 of level tpm where 3 are wanted"), "{lacking:?}");
}
