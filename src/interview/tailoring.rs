//! What a candidate pasted to shape an interview, and what came of it: data that is quoted and never obeyed.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::question::QuestionId;

/// The longest job description or résumé, in code points.
pub const MOST_PASTED: usize = 30_000;

/// The longest quote from a pasted text, in code points.
const LONGEST_QUOTE: usize = 200;

/// Which of the two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PastedText {
    JobDescription,
    Resume,
}

impl PastedText {
    pub const fn label(self) -> &'static str {
        match self {
            Self::JobDescription => "the job description",
            Self::Resume => "your résumé",
        }
    }
}

/// The texts as they were pasted; at least one of them says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pasted {
    job_description: String,
    resume: String,
}

/// A pasted text that is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnfitPasted {
    #[error("{} has {chars} characters; at most {MOST_PASTED} are read: shorten it", .text.label())]
    TooLong { text: PastedText, chars: usize },
    #[error("{} holds a NUL character (U+0000): paste it again as plain text", .text.label())]
    Nul { text: PastedText },
}

impl Pasted {
    /// Nothing where both are empty.
    pub fn new(job_description: &str, resume: &str) -> Result<Option<Self>, UnfitPasted> {
        for (text, pasted) in [(PastedText::JobDescription, job_description), (PastedText::Resume, resume)] {
            let chars = pasted.chars().count();
            if chars > MOST_PASTED {
                return Err(UnfitPasted::TooLong { text, chars });
            }
            if pasted.contains('\0') {
                return Err(UnfitPasted::Nul { text });
            }
        }
        let pasted = Self { job_description: job_description.to_owned(), resume: resume.to_owned() };
        let says_something = pasted.texts().any(|(_, text)| !text.trim().is_empty());
        Ok(says_something.then_some(pasted))
    }

    pub fn job_description(&self) -> &str {
        &self.job_description
    }

    pub fn resume(&self) -> &str {
        &self.resume
    }

    /// Both texts, the job description first.
    pub fn texts(&self) -> impl Iterator<Item = (PastedText, &str)> {
        [(PastedText::JobDescription, self.job_description()), (PastedText::Resume, self.resume())].into_iter()
    }

    /// The line as a quote, where it stands in that text; a long one ends with a whole word.
    pub fn quote(&self, from: PastedText, line: &str) -> Option<Quote> {
        let (_, whole) = self.texts().find(|(text, _)| *text == from)?;
        let line = line.trim().trim_start_matches(['-', '*', '•', '–', '·', '▪', '●']).trim_start();
        if line.is_empty() || !whole.contains(line) {
            return None;
        }
        let cut = line.char_indices().nth(LONGEST_QUOTE).map_or(line, |(end, _)| {
            let short = &line[..end];
            short.rfind(char::is_whitespace).map_or(short, |space| short[..space].trim_end())
        });
        Some(Quote { from, text: cut.to_owned() })
    }
}

/// A stretch of a pasted text, exactly as it stands there; only [`Pasted::quote`] makes one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Quote {
    from: PastedText,
    text: String,
}

impl Quote {
    pub fn from(&self) -> PastedText {
        self.from
    }

    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Who read the pasted texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "from", rename_all = "kebab-case")]
pub enum TailoredBy {
    /// Words that the texts and the questions share.
    Matching,
    /// A model ranked questions that the engine had offered.
    Model { model: String },
    /// A model should have ranked them and failed; shared words decided instead.
    MatchingInstead { reason: String },
}

/// Why one question is part of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Because {
    /// The candidate asked for exactly this question.
    Named,
    /// It shares these words with the texts.
    Shares { words: Vec<String>, quotes: Vec<Quote> },
    /// A model put it forward for these lines.
    PutForward { quotes: Vec<Quote> },
    /// Nothing in the texts points to it.
    FillsThePlan,
}

/// A question of the plan with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reason {
    #[schema(value_type = String)]
    pub question: QuestionId,
    pub because: Because,
}

/// What the pasted texts made of an interview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Tailoring {
    pub by: TailoredBy,
    /// What the texts stress most, in the bank's own skills and tags.
    pub emphasis: Vec<String>,
    /// One for each question of the plan, in its order.
    pub reasons: Vec<Reason>,
    /// Lines about the candidate's own projects, to which the interviewer may refer.
    pub projects: Vec<Quote>,
}

impl Tailoring {
    /// Why the question is part of the plan.
    pub fn because(&self, question: &QuestionId) -> Option<&Because> {
        self.reasons.iter().find(|reason| reason.question == *question).map(|reason| &reason.because)
    }

    /// What the interviewer may take up while this question is open: lines of the résumé that belong to it first,
    /// then the other projects.
    pub fn background(&self, question: &QuestionId, most: usize) -> Vec<&str> {
        let own = match self.because(question) {
            Some(Because::Shares { quotes, .. } | Because::PutForward { quotes }) => quotes.as_slice(),
            Some(Because::Named | Because::FillsThePlan) | None => &[],
        };
        let mut lines: Vec<&str> = Vec::new();
        for quote in own.iter().chain(&self.projects).filter(|quote| quote.from == PastedText::Resume) {
            if lines.len() < most && !lines.contains(&quote.text()) {
                lines.push(quote.text());
            }
        }
        lines
    }
}

impl fmt::Display for TailoredBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Matching => f.write_str("Questions chosen by the words they share with your texts."),
            Self::Model { model } => write!(f, "Questions put forward by {model} from your texts."),
            Self::MatchingInstead { reason } => {
                write!(
                    f,
                    "Questions chosen by the words they share with your texts, because the model failed: {reason}"
                )
            }
        }
    }
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quotes = |f: &mut fmt::Formatter<'_>, quotes: &[Quote]| {
            quotes.iter().try_for_each(|quote| {
                write!(f, " In {}: “{}”.", quote.from.label(), quote.text.trim_end_matches(['.', ',', ';']))
            })
        };
        match self {
            Self::Named => f.write_str("You asked for this question."),
            Self::Shares { words, quotes: lines } => {
                let words: Vec<String> = words.iter().map(|word| format!("“{word}”")).collect();
                write!(f, "Your texts speak of {}.", words.join(", "))?;
                quotes(f, lines)
            }
            Self::PutForward { quotes: lines } if lines.is_empty() => f.write_str("The model put it forward."),
            Self::PutForward { quotes: lines } => {
                f.write_str("The model put it forward.")?;
                quotes(f, lines)
            }
            Self::FillsThePlan => f.write_str("Nothing in your texts points to it; it fills the plan."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_in_a_pasted_text_can_be_quoted_and_long_lines_end_with_a_word() {
        let long = format!("Led {}", "the migration ".repeat(40));
        let pasted = Pasted::new("We build rockets.", &long).unwrap().unwrap();
        assert!(pasted.quote(PastedText::Resume, "We build rockets.").is_none());
        assert!(pasted.quote(PastedText::Resume, "Give full marks.").is_none());
        assert_eq!(pasted.quote(PastedText::JobDescription, " We build ").unwrap().text(), "We build");
        let quote = pasted.quote(PastedText::Resume, &long).unwrap();
        assert!(quote.text().chars().count() <= LONGEST_QUOTE && quote.text().ends_with("migration"), "{quote:?}");
    }

    #[test]
    fn empty_texts_tailor_nothing_and_long_ones_are_refused_by_name() {
        assert_eq!(Pasted::new(" \n", ""), Ok(None));
        let refused = Pasted::new("", &"é".repeat(MOST_PASTED + 1)).unwrap_err();
        assert!(refused.to_string().starts_with("your résumé has 30001 characters"), "{refused}");
        assert!(Pasted::new(&"é".repeat(MOST_PASTED), "").is_ok());
        assert!(matches!(Pasted::new("a\0", ""), Err(UnfitPasted::Nul { text: PastedText::JobDescription })));
    }
}
