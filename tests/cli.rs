//! The command line: help, settings, wrong usage, and what a user reads when something is not there.

use std::{fs, io::BufRead as _, process::Stdio};

use insta::assert_snapshot;

use crate::terminal::Terminal;

#[test]
fn help_lists_every_command_and_the_settings_they_share() {
    assert_snapshot!(Terminal::new().run(&["--help"]).shown());
}

#[test]
fn help_of_the_drill_tells_how_standard_input_is_read() {
    assert_snapshot!(Terminal::new().run(&["drill", "--help"]).stdout);
}

#[test]
fn a_wrong_flag_is_refused_with_the_nearest_one() {
    assert_snapshot!(Terminal::new().run(&["drill", "--cuont", "3"]).shown());
}

#[test]
fn a_wrong_category_is_refused_with_the_categories_there_are() {
    assert_snapshot!(Terminal::new().run(&["drill", "--category", "sales"]).shown());
}

#[test]
fn config_shows_each_key_with_its_value_its_source_and_its_variable() {
    let terminal = Terminal::new();
    fs::write(terminal.path().join("mine.toml"), "listen = \"127.0.0.1:9000\"\n[llm]\nmodel = \"llama\"\n").unwrap();
    let mut command = terminal.command(&["config", "--config", "mine.toml", "--bank", "builtin", "--bank", "more"]);
    command.env("OPENAI_API_KEY", "sk-proj-abcdefghijklmnop-wxyz").env("GREENROOM_LLM_ATTEMPTS", "5");
    // The columns are as wide as the name of the temporary folder.
    let shown = terminal.finish(command, b"").shown();
    let narrowed: Vec<String> = shown
        .lines()
        .map(|line| line.split("  ").filter(|cell| !cell.is_empty()).map(str::trim).collect::<Vec<_>>().join(" | "))
        .collect();
    assert_snapshot!(narrowed.join("\n"));
}

#[test]
fn config_as_json_holds_no_secret() {
    let terminal = Terminal::new();
    let mut command = terminal.command(&["config", "--json"]);
    command.env("GREENROOM_LLM_API_KEY", "sk-proj-abcdefghijklmnop-wxyz");
    let ran = terminal.finish(command, b"");
    let rows: Vec<serde_json::Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let key = rows.iter().find(|row| row["key"] == "llm.api_key").unwrap();
    assert_eq!(key["source"], "GREENROOM_LLM_API_KEY");
    assert!(!ran.stdout.contains("abcdefghij"), "{}", ran.stdout);
}

#[test]
fn an_unknown_key_in_the_settings_file_stops_every_command_with_its_line() {
    let terminal = Terminal::new();
    let folder = terminal.path().join(".config/greenroom");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("greenroom.toml"), "# mine\nengin = \"offline\"\n\n[llm]\ntotal_seconds = 0\n").unwrap();
    assert_snapshot!(terminal.run(&["interviews", "list"]).shown());
    // Completions are needed before anything else works.
    assert_eq!(terminal.run(&["completions", "fish"]).status, 0);
}

#[test]
fn a_key_with_a_line_break_is_refused_and_not_repeated() {
    let terminal = Terminal::new();
    let mut command = terminal.command(&["config"]);
    command.env("OPENAI_API_KEY", "sk-first\nsk-second");
    assert_snapshot!(terminal.finish(command, b"").shown());
}

#[test]
fn a_database_that_cannot_be_opened_is_out_of_reach() {
    let terminal = Terminal::new();
    fs::create_dir_all(terminal.path().join("data/greenroom.db")).unwrap();
    for args in [&["interviews", "list"][..], &["drill"]] {
        let ran = terminal.type_in(args, b"My answer.");
        assert_eq!((ran.status, ran.stdout.as_str()), (3, ""), "{args:?}");
        assert!(ran.stderr.contains("[home]/data/greenroom.db cannot be opened"), "{}", ran.stderr);
        assert!(ran.stderr.contains("--data-dir"), "{}", ran.stderr);
    }
}

#[test]
fn another_programs_database_address_is_wrong_usage_and_its_password_stays_out_of_sight() {
    let terminal = Terminal::new();
    let mut command = terminal.command(&["interviews", "list"]);
    command.env("DATABASE_URL", "postgres://me:s3cret@db/theirs");
    let ran = terminal.finish(command, b"");
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("postgres://me:…@db/theirs is not understood"), "{}", ran.stderr);
}

#[test]
fn a_data_folder_with_marks_in_its_name_is_that_very_folder() {
    let terminal = Terminal::new();
    assert_eq!(terminal.run(&["interviews", "list", "--data-dir", "mine? 100%41"]).status, 0);
    assert!(terminal.path().join("mine? 100%41/greenroom.db").is_file());
}

#[test]
fn a_port_in_use_is_wrong_usage_and_names_the_port() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ran = Terminal::new().run(&["serve", "--listen", &address]);
    assert_eq!((ran.status, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains(&taken.local_addr().unwrap().port().to_string()), "{}", ran.stderr);
}

#[test]
fn completions_know_commands_and_flags() {
    let terminal = Terminal::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = terminal.run(&["completions", shell]);
        assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{shell}");
        for word in ["drill", "interviews", "seed"] {
            assert!(ran.stdout.contains(word), "{shell} does not know {word}");
        }
    }
    // Not every shell's format has room for the values of a flag.
    assert!(terminal.run(&["completions", "bash"]).stdout.contains("technical-depth stakeholder"));
}

#[test]
fn a_reader_that_goes_away_ends_the_command_quietly() {
    let terminal = Terminal::new();
    for args in [&["completions", "bash"][..], &["config"], &["--help"]] {
        let mut child = terminal.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let said: Vec<_> = std::io::BufReader::new(child.stderr.take().unwrap()).lines().collect();
        assert!(said.is_empty(), "{args:?}: {said:?}");
        assert!(child.wait().unwrap().code() < Some(101), "{args:?}");
    }
}

#[test]
fn an_empty_list_of_interviews_tells_how_to_start_one() {
    assert_snapshot!(Terminal::new().run(&["interviews", "list"]).shown());
}

#[test]
fn an_interview_that_is_not_there_is_told_apart_from_a_wrong_id() {
    let terminal = Terminal::new();
    let missing = terminal.run(&["interviews", "show", "01a1f97b-15c2-7525-9ee5-137832304466"]);
    let wrong = terminal.run(&["interviews", "show", "zz"]);
    assert_snapshot!(format!("{}\n{}", missing.shown(), wrong.shown()));
}
