//! Finds each setting's effective value and remembers where it came from.

use std::{
    ffi::OsString,
    fmt, io,
    path::{Path, PathBuf},
};

use secrecy::SecretString;

use super::{
    BankSource, EngineChoice, LlmSettings, Settings,
    file::{self, Lines},
    model::{self, SCORER_AND_BUDGET},
    speech,
    value::{self, Raw},
};
use crate::scoring::EngineName;

/// What the command line sets; everything here wins over variables and the file.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    pub config: Option<String>,
    pub data_dir: Option<String>,
    pub engine: Option<String>,
    pub base_url: Option<String>,
    pub model: Option<String>,
    /// Folders in order; empty where the flag was not given.
    pub bank: Vec<String>,
    pub prompts: Option<String>,
    pub listen: Option<String>,
}

/// Settings that hold, with the account of where each came from.
#[derive(Debug, Clone)]
pub struct Resolved {
    pub settings: Settings,
    /// Every key in the order of the documentation.
    pub account: Vec<Effective>,
    /// The settings file that was looked for, and whether it is there.
    pub file: Option<(PathBuf, bool)>,
}

/// One key as it holds in this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    pub key: &'static str,
    /// As it may be shown: secrets masked.
    pub value: String,
    pub source: Source,
    /// The variables that set it, the strongest first.
    pub variables: &'static [&'static str],
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Flag(&'static str),
    Variable(&'static str),
    File { path: PathBuf, line: usize },
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) | Self::Variable(name) => f.pad(name),
            Self::File { path, line } => f.pad(&format!("{}:{line}", path.display())),
            Self::Default => f.pad("default"),
        }
    }
}

/// Settings that do not hold: every complaint, a line each, with its place and the way out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .complaints.join("\n"))]
pub struct SettingsError {
    pub complaints: Vec<String>,
}

/// A setting's names.
pub(super) struct Key {
    pub(super) name: &'static str,
    flag: Option<&'static str>,
    variables: &'static [&'static str],
}

pub(super) const fn key(name: &'static str, flag: Option<&'static str>, variables: &'static [&'static str]) -> Key {
    Key { name, flag, variables }
}

const DATA_DIR: Key = key("data_dir", Some("--data-dir"), &["GREENROOM_DATA_DIR"]);
const DATABASE_URL: Key = key("database_url", None, &["GREENROOM_DATABASE_URL", "DATABASE_URL"]);
const ENGINE: Key = key("engine", Some("--engine"), &["GREENROOM_ENGINE"]);
const BASE_URL: Key = key("llm.base_url", Some("--base-url"), &["GREENROOM_LLM_BASE_URL", "OPENAI_BASE_URL"]);
const API_KEY: Key = key("llm.api_key", None, &["GREENROOM_LLM_API_KEY", "OPENAI_API_KEY"]);
const MODEL: Key = key("llm.model", Some("--model"), &["GREENROOM_LLM_MODEL"]);
const FIRST_BYTE: Key = key("llm.first_byte_seconds", None, &["GREENROOM_LLM_FIRST_BYTE_SECONDS"]);
const FIRST_WORD: Key = key("llm.first_word_seconds", None, &["GREENROOM_LLM_FIRST_WORD_SECONDS"]);
const BETWEEN: Key = key("llm.between_tokens_seconds", None, &["GREENROOM_LLM_BETWEEN_TOKENS_SECONDS"]);
const TOTAL: Key = key("llm.total_seconds", None, &["GREENROOM_LLM_TOTAL_SECONDS"]);
const ATTEMPTS: Key = key("llm.attempts", None, &["GREENROOM_LLM_ATTEMPTS"]);
const CONCURRENCY: Key = key("llm.concurrency", None, &["GREENROOM_LLM_CONCURRENCY"]);
const BANK: Key = key("bank", Some("--bank"), &["GREENROOM_BANK"]);
const PROMPTS: Key = key("prompts", Some("--prompts"), &["GREENROOM_PROMPTS"]);
const LISTEN: Key = key("listen", Some("--listen"), &["GREENROOM_LISTEN"]);
const KEYS: &[&Key] = &[
    &DATA_DIR,
    &DATABASE_URL,
    &ENGINE,
    &BASE_URL,
    &API_KEY,
    &MODEL,
    &FIRST_WORD,
    &FIRST_BYTE,
    &BETWEEN,
    &TOTAL,
    &ATTEMPTS,
    &CONCURRENCY,
    &speech::BASE_URL,
    &speech::API_KEY,
    &speech::TRANSCRIPTION_MODEL,
    &speech::VOICE_MODEL,
    &speech::VOICE,
    &speech::TOTAL,
    &BANK,
    &PROMPTS,
    &LISTEN,
];

/// What the machine around this run offers; tests make their own.
pub(super) struct Surroundings<'a> {
    pub(super) variable: &'a dyn Fn(&str) -> Option<OsString>,
    /// The usual place of `greenroom.toml`.
    pub(super) config_file: Option<PathBuf>,
    /// The usual place of data.
    pub(super) data_dir: Option<PathBuf>,
    /// Relative paths of flags and variables count from here.
    pub(super) working_dir: PathBuf,
}

/// The settings of this run: flag, then `GREENROOM_*`, then the usual names, then the file, then default.
pub fn resolve(flags: &Flags) -> Result<Resolved, SettingsError> {
    let folders = directories::ProjectDirs::from("", "", "greenroom");
    resolve_in(
        flags,
        &Surroundings {
            variable: &|name| std::env::var_os(name),
            config_file: folders.as_ref().map(|folders| folders.config_dir().join("greenroom.toml")),
            data_dir: folders.as_ref().map(|folders| folders.data_dir().to_owned()),
            working_dir: std::env::current_dir().unwrap_or_default(),
        },
    )
}

pub(super) fn resolve_in(flags: &Flags, around: &Surroundings<'_>) -> Result<Resolved, SettingsError> {
    let mut search = Search::new(flags, around);
    let usual_data_dir = around.data_dir.clone().unwrap_or_default();
    let data_dir = search.take(&DATA_DIR, usual_data_dir, value::path, |path| path.display().to_string());
    if data_dir.as_os_str().is_empty() {
        search.complaints.push("no home folder is known: name a folder for data with --data-dir".to_owned());
    }
    let database_url = search.take(
        &DATABASE_URL,
        database_in(&data_dir),
        |raw, _| value::word(raw),
        |url| value::without_password(url),
    );
    let engine = search.take(&ENGINE, EngineChoice::Auto, |raw, _| value::engine(raw), |_| String::new());
    let (base_url, api_key) = (search.base_url(&BASE_URL), search.api_key(&API_KEY));
    let usual = LlmSettings::default();
    let llm = LlmSettings {
        base_url,
        api_key,
        model: search.take(&MODEL, usual.model, |raw, _| value::word(raw), Clone::clone),
        first_word_seconds: search.number(&FIRST_WORD, usual.first_word_seconds, 1..=3_600),
        first_byte_seconds: search.number(&FIRST_BYTE, usual.first_byte_seconds, 1..=3_600),
        between_tokens_seconds: search.number(&BETWEEN, usual.between_tokens_seconds, 1..=3_600),
        total_seconds: search.number(&TOTAL, usual.total_seconds, 1..=7_200),
        attempts: search.number(&ATTEMPTS, usual.attempts, 1..=10),
        concurrency: search.number(&CONCURRENCY, usual.concurrency, 1..=2_000),
        prices: model::prices(&mut search),
    };
    let speech = speech::settings(&mut search);
    let scorer = model::scorer(&mut search);
    let voice = model::voice(&mut search);
    let budget = model::budget(&mut search, &llm, &scorer);
    let bank = search.take(&BANK, vec![BankSource::Builtin], value::bank, |sources| {
        let names = sources.iter().map(|source| match source {
            BankSource::Builtin => "builtin".to_owned(),
            BankSource::Folder(folder) => folder.display().to_string(),
        });
        names.collect::<Vec<_>>().join(", ")
    });
    let prompts = search.take(
        &PROMPTS,
        None,
        |raw, base| value::path(raw, base).map(Some),
        |folder| folder.as_ref().map_or_else(|| "builtin".to_owned(), |folder| folder.display().to_string()),
    );
    let listen = search.take(&LISTEN, ([127, 0, 0, 1], 8080).into(), |raw, _| value::listen(raw), ToString::to_string);
    let settings =
        Settings { data_dir, database_url, engine, llm, speech, scorer, voice, budget, bank, prompts, listen };
    search.finish(settings)
}

/// The address of the database file in `folder`, with the characters escaped that mean something in an address.
fn database_in(folder: &Path) -> String {
    let file = folder.join("greenroom.db").to_string_lossy().replace('%', "%25").replace('?', "%3F");
    format!("sqlite://{file}")
}

/// Looks for keys in every place and keeps account.
pub(super) struct Search<'a> {
    flags: &'a Flags,
    around: &'a Surroundings<'a>,
    file: Option<(PathBuf, bool)>,
    lines: Lines,
    account: Vec<Effective>,
    pub(super) complaints: Vec<String>,
}

impl<'a> Search<'a> {
    fn new(flags: &'a Flags, around: &'a Surroundings<'a>) -> Self {
        let mut search =
            Self { flags, around, file: None, lines: Lines::new(), account: Vec::new(), complaints: Vec::new() };
        let named = flags.config.clone().map(Into::into).or_else(|| (around.variable)("GREENROOM_CONFIG"));
        let named = named.filter(|name| !name.is_empty()).map(|name| around.working_dir.join(name));
        let is_named = named.is_some();
        let Some(path) = named.or_else(|| around.config_file.clone()) else { return search };
        let known: Vec<&str> = KEYS.iter().chain(SCORER_AND_BUDGET).map(|key| key.name).collect();
        match std::fs::read_to_string(&path) {
            Ok(text) => (search.lines, search.complaints) = file::read(&path, &text, &known),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !is_named => {
                search.file = Some((path, false));
                return search;
            }
            Err(error) => {
                let path = path.display();
                search.complaints.push(format!("the settings file {path} cannot be read: {error}"));
            }
        }
        search.file = Some((path, true));
        search
    }

    /// The key's value from the strongest place, checked by `parse`, or `default`; what `show` makes of it goes
    /// into the account.
    pub(super) fn take<T>(
        &mut self,
        key: &Key,
        default: T,
        parse: impl Fn(Raw, &Path) -> Result<T, String>,
        show: impl Fn(&T) -> String,
    ) -> T {
        let (value, source) = match self.find(key) {
            None => (default, Source::Default),
            Some((raw, source, base)) => match parse(raw, &base) {
                Ok(value) => (value, source),
                Err(complaint) => {
                    let place = match &source {
                        Source::File { .. } => format!("{source}: {}", key.name),
                        Source::Flag(_) | Source::Variable(_) | Source::Default => source.to_string(),
                    };
                    self.complaints.push(format!("{place}: {complaint}"));
                    (default, source)
                }
            },
        };
        let shown = show(&value);
        self.account.push(Effective { key: key.name, value: shown, source, variables: key.variables });
        value
    }

    pub(super) fn number<N>(&mut self, key: &Key, default: N, range: std::ops::RangeInclusive<N>) -> N
    where
        N: std::str::FromStr + PartialOrd + fmt::Display,
    {
        self.take(key, default, |raw, _| value::number(raw, &range), ToString::to_string)
    }

    /// An address of an OpenAI-compatible interface.
    pub(super) fn base_url(&mut self, key: &Key) -> Option<String> {
        let show = |url: &Option<String>| url.as_deref().map_or_else(|| "-".to_owned(), value::without_password);
        self.take(key, None, |raw, _| value::base_url(raw).map(Some), show)
    }

    /// A key, which the account shows masked.
    pub(super) fn api_key(&mut self, key: &Key) -> Option<SecretString> {
        let show = |secret: &Option<SecretString>| secret.as_ref().map_or_else(|| "-".to_owned(), value::masked);
        self.take(key, None, |raw, _| value::api_key(raw), show)
    }

    /// The strongest place that sets the key, with the folder from which relative paths count there.
    fn find(&mut self, key: &Key) -> Option<(Raw, Source, PathBuf)> {
        let here = self.around.working_dir.clone();
        if let (Some(flag), Some(raw)) = (key.flag, self.flag(key)) {
            return Some((raw, Source::Flag(flag), here));
        }
        for &name in key.variables {
            let Some(value) = (self.around.variable)(name).filter(|value| !value.is_empty()) else { continue };
            let Some(text) = value.to_str() else {
                self.complaints.push(format!("{name}: holds bytes that are no UTF-8: set it again"));
                continue;
            };
            let raw = match key.name {
                "bank" => {
                    Raw::List(std::env::split_paths(text).map(|path| path.to_string_lossy().into_owned()).collect())
                }
                "llm.prices" => Raw::List(text.split(',').map(|price| price.trim().to_owned()).collect()),
                _ => Raw::Text(text.to_owned()),
            };
            return Some((raw, Source::Variable(name), here));
        }
        let (raw, line) = self.lines.remove(key.name)?;
        let path = self.file.as_ref().map(|(path, _)| path.clone()).unwrap_or_default();
        let base = here.join(path.parent().unwrap_or(Path::new("")));
        Some((raw, Source::File { path, line }, base))
    }

    fn flag(&self, key: &Key) -> Option<Raw> {
        let flags = self.flags;
        let text = match key.name {
            "data_dir" => &flags.data_dir,
            "engine" => &flags.engine,
            "llm.base_url" => &flags.base_url,
            "llm.model" => &flags.model,
            "bank" => return (!flags.bank.is_empty()).then(|| Raw::List(flags.bank.clone())),
            "prompts" => &flags.prompts,
            "listen" => &flags.listen,
            _ => return None,
        };
        text.clone().map(Raw::Text)
    }

    fn finish(mut self, settings: Settings) -> Result<Resolved, SettingsError> {
        if !self.complaints.is_empty() {
            return Err(SettingsError { complaints: self.complaints });
        }
        // Which engine `auto` means is known only now that the key and the address are.
        if let Some(engine) = self.account.iter_mut().find(|row| row.key == ENGINE.name) {
            engine.value = match (settings.engine, settings.engine_name()) {
                (EngineChoice::Auto, EngineName::Offline) => "auto (offline: no key or address is known)".to_owned(),
                (EngineChoice::Auto, EngineName::Llm) => "auto (llm: a key or address is known)".to_owned(),
                (EngineChoice::Offline | EngineChoice::Llm, name) => name.to_string(),
            };
        }
        Ok(Resolved { settings, account: self.account, file: self.file })
    }
}
