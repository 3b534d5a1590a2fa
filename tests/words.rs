//! The words of the pages lie in one file: no template holds any, none is missing, and none is left over.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Keys that are put together from a section and one of a fixed list of names.
const COMPOSED: [&str; 9] = ["category", "level", "kind", "mode", "style", "verdict", "severity", "outcome", "ended"];

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Every file of the folder with its text.
fn files(path: &str) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder(path)).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.is_file());
    files.map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap())).collect()
}

/// All keys of the English file.
fn keys() -> BTreeSet<String> {
    let file: toml::Table = fs::read_to_string(folder("web/words/en.toml")).unwrap().parse().unwrap();
    let sections = file
        .iter()
        .flat_map(|(section, entries)| entries.as_table().unwrap().keys().map(move |key| format!("{section}.{key}")));
    sections.collect()
}

/// What stands between quotes in front of `end`, like the key of a filter.
fn quoted_before<'a>(text: &'a str, end: &str) -> Vec<&'a str> {
    let ends = text.match_indices(end).filter_map(|(at, _)| text[..at].rsplit('"').next());
    ends.collect()
}

#[test]
fn no_template_holds_a_word_of_its_own() {
    for (file, text) in files("web/templates") {
        let mut rest = text;
        // Blocks that fill an attribute of the frame.
        for block in ["{% block at_", "{% block width"] {
            while let Some((before, after)) = rest.split_once(block) {
                let (_, after) = after.split_once("{% endblock %}").unwrap_or_else(|| panic!("{file}: an open block"));
                rest = format!("{before}{after}");
            }
        }
        for (open, close) in [("{#", "#}"), ("{%", "%}"), ("{{", "}}")] {
            while let Some((before, after)) = rest.split_once(open) {
                let (_, after) = after.split_once(close).unwrap_or_else(|| panic!("{file}: {open} without {close}"));
                // What is filled in counts as a digit, so that an attribute keeps a value.
                rest = format!("{before}0{after}");
            }
        }
        // Attributes that people read or hear.
        for attribute in ["aria-label", "placeholder", "title", "alt"] {
            for (_, value) in rest
                .match_indices(&format!(" {attribute}=\""))
                .map(|(at, found)| (at, rest[at + found.len()..].split('"').next().unwrap_or_default()))
            {
                assert!(!value.contains(char::is_alphabetic), "{file}: {attribute}=\"{value}\" belongs into the words");
            }
        }
        let mut shown = String::new();
        let mut inside = false;
        for character in rest.chars() {
            match character {
                '<' => inside = true,
                '>' => inside = false,
                character if !inside => shown.push(character),
                _ => {}
            }
        }
        let shown = shown.replace("&nbsp;", " ");
        let words: Vec<&str> = shown.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).collect();
        assert_eq!(words, [""; 0], "{file}: these belong into web/words/en.toml");
    }
}

#[test]
fn every_key_that_is_used_has_words_and_all_words_are_used() {
    let known = keys();
    let mut used = BTreeSet::new();
    for (file, text) in files("web/templates") {
        for filter in ["\"|w ", "\"|w1(", "\"|w2("] {
            for key in quoted_before(&text, filter) {
                assert!(known.contains(key), "{file}: `{key}` has no words");
                used.insert(key.to_owned());
            }
        }
        for key in quoted_before(&text, "\"|many(") {
            used.extend([format!("{key}-one"), format!("{key}-many")]);
        }
    }
    for (_, text) in files("src/http/pages") {
        for quoted in text.split('"').skip(1).step_by(2) {
            used.insert(quoted.to_owned());
            used.extend([format!("{quoted}-one"), format!("{quoted}-many")]);
        }
    }
    for (file, text) in files("web/static")
        .into_iter()
        .filter(|(file, _)| Path::new(file).extension().is_some_and(|ending| ending == "js"))
    {
        let named = text.match_indices("words.").map(|(at, found)| {
            text[at + found.len()..].split(|c: char| !c.is_ascii_lowercase()).next().unwrap_or_default()
        });
        let quoted = text
            .match_indices("words[\"")
            .map(|(at, found)| text[at + found.len()..].split('"').next().unwrap_or_default());
        for key in named.chain(quoted).filter(|key| !["js", ""].contains(key)) {
            assert!(known.contains(&format!("script.{key}")), "{file}: `script.{key}` has no words");
            used.insert(format!("script.{key}"));
        }
    }
    let composed = |key: &str| {
        COMPOSED.iter().any(|section| key.starts_with(&format!("{section}.")))
            || key.starts_with("signal.")
            || key.starts_with("home.mode-")
    };
    let idle: Vec<&String> = known.iter().filter(|key| !used.contains(*key) && !composed(key)).collect();
    assert_eq!(idle, [""; 0], "words that no page uses");
}
