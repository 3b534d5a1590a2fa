//! Settings as a user meets them: what wins, what is refused, and what is never shown.

use std::{collections::BTreeMap, path::PathBuf};

use secrecy::ExposeSecret;

use super::{
    BankSource, EngineChoice, Flags, Resolved, SettingsError,
    resolve::{Source, Surroundings, resolve_in},
};
use crate::scoring::EngineName;

/// Resolves with these variables and, where given, a settings file of this text.
fn resolve(flags: &Flags, variables: &[(&str, &str)], file: Option<&str>) -> Result<Resolved, SettingsError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("greenroom.toml");
    if let Some(text) = file {
        std::fs::write(&path, text).unwrap();
    }
    let variables: BTreeMap<_, _> = variables.iter().copied().collect();
    let variable = |name: &str| variables.get(name).map(Into::into);
    let around = Surroundings {
        variable: &variable,
        config_file: Some(path.clone()),
        data_dir: Some(PathBuf::from("/usual/data")),
        working_dir: PathBuf::from("/here"),
    };
    resolve_in(flags, &around).map_err(|error| SettingsError {
        complaints: error
            .complaints
            .iter()
            .map(|complaint| complaint.replace(&format!("{}/", folder.path().display()), ""))
            .collect(),
    })
}

fn complaints(file: &str) -> Vec<String> {
    resolve(&Flags::default(), &[], Some(file)).unwrap_err().complaints
}

fn source(resolved: &Resolved, key: &str) -> Source {
    resolved.account.iter().find(|row| row.key == key).unwrap().source.clone()
}

#[test]
fn a_flag_beats_a_variable_beats_the_usual_name_beats_the_file_beats_the_default() {
    let file = "[llm]\nbase_url = \"http://file/v1\"\nmodel = \"from-file\"\n";
    let usual = ("OPENAI_BASE_URL", "http://usual/v1");
    let own = ("GREENROOM_LLM_BASE_URL", "http://own/v1/");
    let flags = Flags { base_url: Some("http://flag/v1//".into()), ..Flags::default() };
    let url = |flags: &Flags, variables: &[(&str, &str)]| {
        resolve(flags, variables, Some(file)).unwrap().settings.llm.base_url.unwrap()
    };
    assert_eq!(url(&flags, &[usual, own]), "http://flag/v1");
    assert_eq!(url(&Flags::default(), &[usual, own]), "http://own/v1");
    assert_eq!(url(&Flags::default(), &[usual]), "http://usual/v1");
    assert_eq!(url(&Flags::default(), &[usual, ("GREENROOM_LLM_BASE_URL", "")]), "http://usual/v1");
    assert_eq!(url(&Flags::default(), &[]), "http://file/v1");
    let resolved = resolve(&Flags::default(), &[usual], Some(file)).unwrap();
    assert_eq!(source(&resolved, "llm.base_url"), Source::Variable("OPENAI_BASE_URL"));
    assert!(matches!(source(&resolved, "llm.model"), Source::File { line: 3, .. }));
    assert_eq!(source(&resolved, "listen"), Source::Default);
}

#[test]
fn without_anything_set_the_rules_judge_and_data_lies_in_the_usual_folder() {
    let settings = resolve(&Flags::default(), &[], None).unwrap().settings;
    assert_eq!(settings.engine_name(), EngineName::Offline);
    assert_eq!(settings.database_url, "sqlite:///usual/data/greenroom.db");
    assert_eq!(settings.bank, [BankSource::Builtin]);
}

#[test]
fn a_key_or_an_address_turns_the_automatic_choice_to_the_model() {
    for variable in [("OPENAI_API_KEY", "sk-x"), ("OPENAI_BASE_URL", "http://localhost:11434/v1")] {
        let settings = resolve(&Flags::default(), &[variable], None).unwrap().settings;
        assert_eq!((settings.engine, settings.engine_name()), (EngineChoice::Auto, EngineName::Llm));
    }
    let flags = Flags { engine: Some("offline".into()), ..Flags::default() };
    let settings = resolve(&flags, &[("OPENAI_API_KEY", "sk-x")], None).unwrap().settings;
    assert_eq!(settings.engine_name(), EngineName::Offline);
}

#[test]
fn a_key_is_trimmed_and_never_shown() {
    let secret = "sk-proj-0123456789abcdef";
    let resolved = resolve(&Flags::default(), &[("OPENAI_API_KEY", &format!(" {secret}\n"))], None).unwrap();
    assert_eq!(resolved.settings.llm.api_key.as_ref().unwrap().expose_secret(), secret);
    let shown = format!("{:?} {:?}", resolved.account, resolved.settings);
    assert!(shown.contains("…cdef") && !shown.contains("89abcdef"), "{shown}");
    let short = resolve(&Flags::default(), &[("OPENAI_API_KEY", "hunter2")], None).unwrap();
    assert!(!format!("{:?}", short.account).contains("ter2"));
    let broken = resolve(&Flags::default(), &[("OPENAI_API_KEY", "sk-one\nsk-two")], None).unwrap_err().to_string();
    assert!(broken.starts_with("OPENAI_API_KEY: ") && !broken.contains("sk-one"), "{broken}");
}

#[test]
fn a_password_in_an_address_is_not_shown() {
    let url = ("DATABASE_URL", "postgres://me:s3cret@db/greenroom");
    let account = format!("{:?}", resolve(&Flags::default(), &[url], None).unwrap().account);
    assert!(account.contains("postgres://me:…@db/greenroom") && !account.contains("s3cret"));
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_nearest_one() {
    let told = complaints("engine = \"offline\"\n\n[llm]\nmodle = \"x\"\nwibble = 1\n[web]\nport = 1\n");
    assert_eq!(told[0], "greenroom.toml:4: unknown key `llm.modle`: did you mean `llm.model`?");
    for (complaint, key) in
        told[1..].iter().zip(["greenroom.toml:5: unknown key `llm.wibble`", "greenroom.toml:6: unknown key `web`"])
    {
        assert!(complaint.starts_with(&format!("{key}: use one of data_dir, database_url, engine, ")), "{complaint}");
        for known in ["llm.concurrency", "llm.prices", "scorer.samples", "budget.day_money", "listen"] {
            assert!(complaint.contains(known), "{complaint} does not name {known}");
        }
    }
    assert_eq!(told.len(), 3);
}

#[test]
fn prices_and_budgets_are_read_from_the_file_and_from_variables() {
    let file = "[llm]\nmodel = \"m\"\nprices = [\"m 0.40 1.60\", \"n 2 8\"]\n\
                [budget]\ninterview_tokens = 50000\nday_money = 0.5\n[scorer]\nsamples = 3\n";
    let settings = resolve(&Flags::default(), &[], Some(file)).unwrap().settings;
    assert_eq!((settings.llm.prices[0].output, settings.llm.prices[1].model.as_str()), (1.6, "n"));
    assert_eq!((settings.budget.interview_tokens, settings.budget.day_money), (Some(50_000), Some(0.5)));
    assert_eq!(settings.scorer.samples, 3);
    let variables = [("GREENROOM_LLM_PRICES", "a 1 2, b 3 4"), ("GREENROOM_SCORER_SECOND_OPINION", "b")];
    let resolved = resolve(&Flags::default(), &variables, None).unwrap();
    assert_eq!(
        (resolved.settings.llm.prices.len(), resolved.settings.scorer.second_opinion.as_deref()),
        (2, Some("b"))
    );
    let shown = resolved.account.iter().find(|row| row.key == "llm.prices").unwrap();
    assert_eq!(shown.value, "a 1 2, b 3 4");
    assert!(resolved.settings.budget.is_unlimited());
}

#[test]
fn a_budget_in_money_needs_the_price_of_every_model() {
    let file =
        "[llm]\nmodel = \"m\"\nprices = [\"m 1 2\"]\n[scorer]\nsecond_opinion = \"n\"\n[budget]\nday_money = 1\n";
    let told = complaints(file);
    assert!(told.len() == 1 && told[0].contains("price of `n`"), "{told:?}");
    for (setting, problem) in [
        ("[llm]\nprices = [\"m one two\"]", "is no price: write MODEL INPUT OUTPUT"),
        ("[llm]\nprices = [\"m -1 2\"]", "is no price"),
        ("[budget]\nday_tokens = 0", "give a whole number"),
        ("[budget]\nday_money = -2.5", "give an amount above 0"),
        ("[interviewer]\nvoice = \"loud\"", "use full, replies or bank"),
        ("[scorer]\nsamples = 20", "from 1 to 9"),
    ] {
        let told = complaints(&format!("{setting}\n")).join("; ");
        assert!(told.contains(problem), "{setting}: {told}");
    }
}

#[test]
fn every_value_that_does_not_fit_is_told_at_once_with_its_place() {
    let file = "engine = \"gpt\"\nlisten = \"8080\"\nbank = []\nprompts = true\n\
                [llm]\nbase_url = \"localhost:80\"\nattempts = 0\n";
    assert_eq!(
        complaints(file),
        [
            "greenroom.toml:4: prompts: a value of type boolean does not fit: give a text, a number or a list of texts",
            "greenroom.toml:1: engine: `gpt` is no engine: use auto, offline or llm",
            "greenroom.toml:6: llm.base_url: `localhost:80` is no address: write it like https://api.openai.com/v1",
            "greenroom.toml:7: llm.attempts: `0` does not fit: give a whole number from 1 to 10",
            "greenroom.toml:3: bank: names no folder: give folders, or the word `builtin`, or leave it out",
            "greenroom.toml:2: listen: `8080` is no address with a port: write it like 127.0.0.1:8080",
        ]
    );
}

#[test]
fn a_file_that_is_no_toml_is_refused_with_the_line() {
    let complaints = complaints("engine = \"offline\"\nlisten =\n");
    assert!(complaints[0].starts_with("greenroom.toml:2: "), "{complaints:?}");
}

#[test]
fn relative_paths_count_from_the_file_that_names_them_or_from_here() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    std::fs::write(&path, "bank = [\"builtin\", \"questions\"]\n").unwrap();
    let flags =
        Flags { config: Some(path.display().to_string()), data_dir: Some("data?".to_owned()), ..Flags::default() };
    let settings = resolve(&flags, &[], None).unwrap().settings;
    assert_eq!(settings.bank, [BankSource::Builtin, BankSource::Folder(folder.path().join("questions"))]);
    assert_eq!(settings.database_url, "sqlite:///here/data%3F/greenroom.db");
}

#[test]
fn a_named_settings_file_must_be_there() {
    let flags = Flags { config: Some("/nowhere/greenroom.toml".into()), ..Flags::default() };
    let error = resolve(&flags, &[], None).unwrap_err().to_string();
    assert!(error.starts_with("the settings file /nowhere/greenroom.toml cannot be read: "), "{error}");
}

#[test]
fn speech_is_off_until_it_has_an_address_or_key_of_its_own() {
    let with = |variables: &[(&str, &str)]| resolve(&Flags::default(), variables, None).unwrap().settings.speech;
    assert!(!with(&[("OPENAI_API_KEY", "sk-x"), ("OPENAI_BASE_URL", "http://h/v1")]).is_known());
    let known = with(&[("GREENROOM_SPEECH_BASE_URL", "http://h/v1/"), ("GREENROOM_SPEECH_VOICE_MODEL", "off")]);
    assert!(known.is_known());
    assert_eq!((known.base_url.as_deref(), known.voice_model), (Some("http://h/v1"), None));
    assert!(known.transcription_model.is_some());
    assert!(with(&[("GREENROOM_SPEECH_API_KEY", "sk-y")]).is_known());
}
