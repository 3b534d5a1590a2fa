//! The words of the pages, all in one file a language: `web/words/en.toml`. Nothing else on a page is English.

use std::{collections::BTreeMap, fmt::Display, sync::LazyLock};

/// From the dotted key to the words.
type Words = BTreeMap<String, String>;

static ENGLISH: LazyLock<Words> = LazyLock::new(|| read(include_str!("../../../web/words/en.toml")));

/// The words under the sections as one flat list. A file that is no TOML is found by the test below.
fn read(text: &str) -> Words {
    let file: toml::Table = text.parse().unwrap_or_default();
    let mut words = Words::new();
    for (section, entries) in &file {
        let entries = entries.as_table().into_iter().flatten();
        for (key, value) in entries {
            words.insert(format!("{section}.{key}"), value.as_str().unwrap_or_default().to_owned());
        }
    }
    words
}

/// The words under a key. A key without words shows itself, so that what is missing is seen.
pub fn w(key: &'static str) -> &'static str {
    ENGLISH.get(key).map_or(key, String::as_str)
}

/// The words for one of a fixed list of names, like a category.
pub fn label(section: &str, name: &str) -> String {
    named(&format!("{section}.{name}"))
}

fn named(key: &str) -> String {
    ENGLISH.get(key).cloned().unwrap_or_else(|| key.to_owned())
}

/// The words with `{0}`, `{1}` … filled in.
pub fn fill(key: &str, values: &[&dyn Display]) -> String {
    values
        .iter()
        .enumerate()
        .fold(named(key), |text, (place, value)| text.replace(&format!("{{{place}}}"), &value.to_string()))
}

/// The words for so many: those under `key-one` or `key-many`, with the count filled in.
pub fn many(key: &str, count: usize) -> String {
    fill(&format!("{key}-{}", if count == 1 { "one" } else { "many" }), &[&count])
}

/// The words that the scripts need, as a module.
pub fn module() -> String {
    let script: BTreeMap<&str, &str> =
        ENGLISH.iter().filter_map(|(key, words)| Some((key.strip_prefix("script.")?, words.as_str()))).collect();
    let json = serde_json::to_string_pretty(&script).unwrap_or_default();
    format!("// Made from web/words/en.toml.\n/** @type {{Record<string, string>}} */\nexport const words = {json};\n")
}

/// What templates write after a key: `{{ "home.start"|w }}`.
#[expect(
    clippy::inline_always,
    clippy::unused_self,
    clippy::unnecessary_wraps,
    reason = "what the macro makes of a filter, and the shape that it asks for"
)]
pub mod filters {
    use std::fmt::Display;

    #[askama::filter_fn]
    pub fn w(key: impl Display, _: &dyn askama::Values) -> askama::Result<String> {
        Ok(super::named(&key.to_string()))
    }

    /// The words with one value filled in.
    #[askama::filter_fn]
    pub fn w1<A: Display>(key: impl Display, _: &dyn askama::Values, first: A) -> askama::Result<String> {
        Ok(super::fill(&key.to_string(), &[&first]))
    }

    /// The words with two values filled in.
    #[askama::filter_fn]
    pub fn w2<A: Display, B: Display>(
        key: impl Display,
        _: &dyn askama::Values,
        first: A,
        second: B,
    ) -> askama::Result<String> {
        Ok(super::fill(&key.to_string(), &[&first, &second]))
    }

    /// The words for so many.
    #[askama::filter_fn]
    pub fn many<A: Display>(key: impl Display, _: &dyn askama::Values, count: A) -> askama::Result<String> {
        let count = count.to_string().parse().unwrap_or_default();
        Ok(super::many(&key.to_string(), count))
    }
}
