//! The names by which questions are found: category, level, kind and the id made of category and slug.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A word that names none of the known values; the message lists those there are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no {what}; use one of {known}")]
pub struct UnknownName {
    pub what: &'static str,
    pub given: String,
    pub known: String,
}

/// Defines an enum of names with its text form, its list and its parser, all from one table.
macro_rules! names {
    ($(#[$doc:meta])* $name:ident, $what:literal, { $($(#[$vdoc:meta])* $variant:ident = $text:literal / $label:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in files, addresses and JSON.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The name as people read it.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }

        // By hand, because the derive does not see the renamed values through the macro.
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some([$($text),+]))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownName;

            fn from_str(text: &str) -> Result<Self, UnknownName> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text).ok_or_else(|| UnknownName {
                    what: $what,
                    given: text.to_owned(),
                    known: Self::ALL.iter().map(|value| value.as_str()).collect::<Vec<_>>().join(", "),
                })
            }
        }
    };
}
pub(crate) use names;

names! {
    /// What an interview probes; also the folder in which a question lies.
    Category, "category", {
        Execution = "execution" / "Execution",
        TechnicalDepth = "technical-depth" / "Technical depth",
        Stakeholder = "stakeholder" / "Stakeholders",
        Risk = "risk" / "Risk",
        Leadership = "leadership" / "Leadership",
    }
}

names! {
    /// The seniority a question suits, lowest first.
    Level, "level", {
        Tpm = "tpm" / "TPM",
        Senior = "senior" / "Senior TPM",
        Principal = "principal" / "Principal TPM",
    }
}

names! {
    /// What sort of answer a question asks for.
    Kind, "kind", {
        Behavioral = "behavioral" / "Behavioral",
        Situational = "situational" / "Situational",
        Design = "design" / "Design",
        Motivation = "motivation" / "Motivation",
        Artifact = "artifact" / "Artifact",
    }
}

/// `<category>/<slug>`, as the question's path in the bank spells it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct QuestionId {
    text: String,
    category: Category,
}

/// Why a text is no question id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadQuestionId {
    #[error("`{0}` is no question id: write it as category/slug, like execution/late-dependency")]
    Shape(String),
    #[error(transparent)]
    Category(#[from] UnknownName),
}

impl QuestionId {
    pub fn category(&self) -> Category {
        self.category
    }

    pub fn slug(&self) -> &str {
        &self.text[self.category.as_str().len() + 1..]
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Whether `text` is lowercase words of letters and digits joined by single hyphens.
pub fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text
            .split('-')
            .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}

impl FromStr for QuestionId {
    type Err = BadQuestionId;

    fn from_str(text: &str) -> Result<Self, BadQuestionId> {
        match text.split_once('/') {
            Some((category, slug)) if is_slug(slug) => Ok(Self { category: category.parse()?, text: text.to_owned() }),
            Some(_) | None => Err(BadQuestionId::Shape(text.to_owned())),
        }
    }
}

impl TryFrom<String> for QuestionId {
    type Error = BadQuestionId;

    fn try_from(text: String) -> Result<Self, BadQuestionId> {
        text.parse()
    }
}

impl From<QuestionId> for String {
    fn from(id: QuestionId) -> Self {
        id.text
    }
}

impl fmt::Display for QuestionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_names_its_category_and_slug() {
        let id: QuestionId = "technical-depth/caching-for-finance".parse().unwrap();
        assert_eq!((id.category(), id.slug()), (Category::TechnicalDepth, "caching-for-finance"));
    }

    #[test]
    fn an_id_with_a_capital_a_space_or_no_category_is_refused() {
        for bad in
            ["execution/Late", "execution/late dependency", "late-dependency", "execution/", "sales/x", "risk/a--b"]
        {
            assert!(bad.parse::<QuestionId>().is_err(), "{bad}");
        }
    }
}
