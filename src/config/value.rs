//! What each setting may look like: texts from flags, variables and files become checked values here.

use std::{
    fmt::Display,
    net::SocketAddr,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    str::FromStr,
};

use secrecy::{ExposeSecret, SecretString};

use super::{BankSource, EngineChoice};

/// A value as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Raw {
    Text(String),
    /// A list in the file, a repeated flag, or a variable taken apart at the path separator.
    List(Vec<String>),
}

impl Raw {
    pub(super) fn text(self) -> Result<String, String> {
        match self {
            Self::Text(text) if text.trim().is_empty() => Err("is empty: give a value or leave it out".to_owned()),
            Self::Text(text) => Ok(text),
            Self::List(_) => Err("takes one value, not a list".to_owned()),
        }
    }

    pub(super) fn list(self) -> Vec<String> {
        match self {
            Self::Text(text) => vec![text],
            Self::List(texts) => texts,
        }
    }
}

/// A path; a relative one counts from `base`.
pub(super) fn path(raw: Raw, base: &Path) -> Result<PathBuf, String> {
    Ok(base.join(raw.text()?))
}

pub(super) fn bank(raw: Raw, base: &Path) -> Result<Vec<BankSource>, String> {
    let names = raw.list();
    if names.is_empty() {
        return Err("names no folder: give folders, or the word `builtin`, or leave it out".to_owned());
    }
    names
        .into_iter()
        .map(|name| match name.trim() {
            "" => Err("holds an empty name: give a folder or the word `builtin`".to_owned()),
            "builtin" => Ok(BankSource::Builtin),
            _ => Ok(BankSource::Folder(base.join(name))),
        })
        .collect()
}

pub(super) fn engine(raw: Raw) -> Result<EngineChoice, String> {
    let text = raw.text()?;
    match text.trim() {
        "auto" => Ok(EngineChoice::Auto),
        "offline" => Ok(EngineChoice::Offline),
        "llm" => Ok(EngineChoice::Llm),
        other => Err(format!("`{other}` is no engine: use auto, offline or llm")),
    }
}

/// An address of an OpenAI-compatible interface, without trailing slashes.
pub(super) fn base_url(raw: Raw) -> Result<String, String> {
    let text = raw.text()?;
    let url = text.trim().trim_end_matches('/');
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_fit = matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https")
        && !host.is_empty()
        && !host.starts_with(':')
        && !url.contains(|c: char| c.is_whitespace() || c.is_control())
        && !url.contains(['?', '#']);
    if is_fit {
        Ok(url.to_owned())
    } else {
        Err(format!("`{}` is no address: write it like https://api.openai.com/v1", without_password(url)))
    }
}

/// A key, trimmed; nothing where it is empty. It is never quoted in a complaint.
pub(super) fn api_key(raw: Raw) -> Result<Option<SecretString>, String> {
    let Raw::Text(text) = raw else { return Err("takes one value, not a list".to_owned()) };
    let key = text.trim();
    if key.is_empty() {
        Ok(None)
    } else if key.chars().all(|c| c.is_ascii_graphic()) {
        Ok(Some(SecretString::from(key.to_owned())))
    } else {
        Err("holds a line break, a space or a character that no key has: copy the key again, alone".to_owned())
    }
}

pub(super) fn word(raw: Raw) -> Result<String, String> {
    let text = raw.text()?;
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err("holds a control character: remove it".to_owned());
    }
    Ok(text.to_owned())
}

pub(super) fn number<N: FromStr + PartialOrd + Display>(raw: Raw, range: &RangeInclusive<N>) -> Result<N, String> {
    let text = raw.text()?;
    let (least, most) = (range.start(), range.end());
    match text.trim().parse() {
        Ok(number) if range.contains(&number) => Ok(number),
        Ok(_) | Err(_) => Err(format!("`{text}` does not fit: give a whole number from {least} to {most}")),
    }
}

pub(super) fn listen(raw: Raw) -> Result<SocketAddr, String> {
    let text = raw.text()?;
    let text = text.trim();
    let spelled = text.strip_prefix("localhost:").map_or_else(|| text.to_owned(), |port| format!("127.0.0.1:{port}"));
    spelled.parse().map_err(|_| format!("`{text}` is no address with a port: write it like 127.0.0.1:8080"))
}

/// `set`, with the last four characters where enough remain hidden.
pub(super) fn masked(secret: &SecretString) -> String {
    let secret = secret.expose_secret();
    let chars = secret.chars().count();
    if chars < 16 {
        return "set".to_owned();
    }
    let tail: String = secret.chars().skip(chars - 4).collect();
    format!("set, ends in …{tail}")
}

/// The address with a password in it replaced by dots.
pub(crate) fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let Some(at) = rest[..end].rfind('@') else { return url.to_owned() };
    match rest[..at].split_once(':') {
        Some((user, _)) => format!("{scheme}://{user}:…@{}", &rest[at + 1..]),
        None => url.to_owned(),
    }
}
