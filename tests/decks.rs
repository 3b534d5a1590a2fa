//! Decks: rounds as data, chosen by rules, checked like questions.

use std::fs;

use greenroom::{
    bank::{self, Bank, choose_deck},
    config::BankSource,
    question::{Category, Level, QuestionId},
};
use reqwest::StatusCode;
use serde_json::json;

use crate::{app::App, terminal::Terminal};

const NAMES: [&str; 6] =
    ["program-sense", "technical-depth", "stakeholder-and-influence", "leadership", "full-loop", "five-minute-drill"];

#[test]
fn every_deck_that_comes_with_the_program_can_be_filled_at_every_level() {
    let bank = Bank::builtin().unwrap();
    assert_eq!(bank.decks().iter().map(|deck| deck.name.as_str()).collect::<Vec<_>>(), NAMES);
    for deck in bank.decks() {
        for level in Level::ALL {
            for seed in 0..20 {
                let chosen = choose_deck(&bank, deck, Some(*level), seed, &[]).unwrap().questions;
                assert_eq!(chosen.len(), deck.count(), "{} at {level}", deck.name);
                let mut distinct = chosen.clone();
                distinct.sort();
                distinct.dedup();
                assert_eq!(distinct.len(), chosen.len(), "{} repeats a question", deck.name);
            }
        }
    }
}

#[test]
fn a_full_loop_asks_one_question_of_each_category_and_another_seed_asks_others() {
    let bank = Bank::builtin().unwrap();
    let deck = bank.deck("full-loop").unwrap();
    let chosen = |seed| choose_deck(&bank, deck, None, seed, &[]).unwrap().questions;
    assert_eq!(chosen(1).iter().map(QuestionId::category).collect::<Vec<_>>(), Category::ALL);
    assert_ne!(chosen(1), chosen(2));
    let again = choose_deck(&bank, deck, None, 1, &chosen(1)).unwrap().questions;
    assert!(again.iter().all(|id| !chosen(1).contains(id)), "what was had lately comes last");
}

/// What the lint says about a deck that lies in a bank of its own.
fn findings(deck: &str, with_questions: bool) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("decks")).unwrap();
    fs::write(folder.path().join("decks/ours.toml"), deck).unwrap();
    if with_questions {
        let question = include_str!("../question_bank/execution/late-dependency.toml");
        fs::create_dir(folder.path().join("execution")).unwrap();
        fs::write(folder.path().join("execution/late-dependency.toml"), question).unwrap();
    }
    let report = bank::lint(&BankSource::Folder(folder.path().to_owned())).unwrap();
    let root = format!("{}/decks/", folder.path().display());
    report.findings.iter().map(|finding| finding.to_string().replace(&root, "")).collect()
}

#[test]
fn every_fault_of_a_deck_is_found_with_its_line_and_the_way_to_mend_it() {
    let deck = "titel = \"Ours\"\ntext = \"A round.\"\nminutes = 0\n\n[[picks]]\ncount = 2\ncategories = [\"sales\"]\n\n\
                [[picks]]\nlevels = [\"principle\"]\nquestions = [\"execution/late-dependancy\"]\n";
    let mut expected = vec![
        "ours.toml:1: titel: is no key of the format; did you mean `title`?",
        "ours.toml:3: minutes: is 0, which is out of range; use a whole number from 1 to 240",
        "ours.toml:7: picks.categories: `sales` is no category; use one of execution, technical-depth, stakeholder, risk, leadership",
        "ours.toml:9: picks: asks for 1, and 0 of this bank fit; ask for less, or loosen the rule",
        "ours.toml:10: picks.levels: `principle` is no level; did you mean `principal`? There are tpm, senior, principal",
        "ours.toml:11: picks.questions: there is no question `execution/late-dependancy`; did you mean `execution/late-dependency`?",
    ];
    // Two rules ask for more than the one question there is.
    expected.insert(2, "ours.toml:5: picks: asks for 2, and 1 of this bank fit; ask for less, or loosen the rule");
    assert_eq!(findings(deck, true), expected);
    assert!(findings("title = \"Ours\"\ntext = \"A round.\"\n", true)[0].contains("picks: is missing"));
}

#[test]
fn a_folder_of_decks_alone_draws_on_the_bank_before_it() {
    let deck = "title = \"Ours\"\ntext = \"A round.\"\n[[picks]]\ncategories = [\"risk\"]\ntags = [\"vendor\"]\n";
    assert_eq!(findings(deck, false), [""; 0]);
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("decks")).unwrap();
    fs::write(folder.path().join("decks/ours.toml"), deck).unwrap();
    let bank = Bank::open(&[BankSource::Builtin, BankSource::Folder(folder.path().to_owned())]).unwrap();
    assert_eq!(bank.decks().len(), NAMES.len() + 1);
    let chosen = choose_deck(&bank, bank.deck("ours").unwrap(), None, 3, &[]).unwrap().questions;
    assert_eq!(chosen[0].as_str(), "risk/vendor-exposure");
}

#[tokio::test]
async fn decks_are_listed_and_an_interview_asks_what_its_deck_says() {
    let app = App::start().await;
    let decks = app.get("/api/v1/decks").await.body;
    assert_eq!(decks[4]["name"], "full-loop");
    assert_eq!(decks[4]["count"], 5);
    let id = app.interview(json!({ "deck": "five-minute-drill" })).await;
    let seen = app.get(&format!("/api/v1/interviews/{id}")).await.body;
    assert_eq!((seen["questions"].as_array().unwrap().len(), &seen["deck"]), (1, &json!("five-minute-drill")));
    let refused = app.post("/api/v1/interviews", Some(json!({ "deck": "ful-loop" }))).await;
    assert_eq!(refused.problem(), (StatusCode::UNPROCESSABLE_ENTITY.as_u16(), "unknown-deck"));
    assert!(refused.text.contains("did you mean `full-loop`?"), "{}", refused.text);
}

#[test]
fn the_terminal_lists_decks_and_says_which_one_was_meant() {
    let terminal = Terminal::new();
    let listed = terminal.type_in(&["bank", "decks"], b"");
    assert_eq!(listed.status, 0, "{}", listed.stderr);
    assert_eq!(listed.stdout.lines().count(), NAMES.len());
    let refused = terminal.type_in(&["drill", "--deck", "leader"], b"An answer.");
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("a deck may ask more"), "{}", refused.stderr);
}
