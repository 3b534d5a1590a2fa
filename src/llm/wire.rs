//! What goes over the wire to a model's endpoint and comes back: strict out, and nothing required in.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::{call::Tokens, chat::Message, limits::Fault, schema::Schema};

/// A request as it goes over the wire.
#[derive(Debug, Serialize)]
pub(super) struct Request<'a> {
    pub(super) model: &'a str,
    pub(super) messages: &'a [Message],
    pub(super) stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) temperature: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) response_format: Option<ResponseFormat<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stream_options: Option<StreamOptions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) chat_template_kwargs: Option<TemplateOptions>,
}

/// Asks for the tokens at the end of a stream.
#[derive(Debug, Serialize)]
pub(super) struct StreamOptions {
    pub(super) include_usage: bool,
}

/// Asks a model that only thinks to reply instead, as vLLM and llama.cpp's server take it.
#[derive(Debug, Serialize)]
pub(super) struct TemplateOptions {
    pub(super) enable_thinking: bool,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ResponseFormat<'a> {
    JsonSchema {
        json_schema: NamedSchema<'a>,
    },
    JsonObject {
        #[serde(skip_serializing_if = "Option::is_none")]
        schema: Option<&'a Schema>,
    },
}

#[derive(Debug, Serialize)]
pub(super) struct NamedSchema<'a> {
    pub(super) name: &'a str,
    pub(super) strict: bool,
    pub(super) schema: &'a Schema,
}

/// One part of a reply. A part without text and end is a sign of life, such as reasoning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) text: String,
    pub(super) finished: bool,
    /// What the model thought, where the endpoint sends that apart.
    pub(super) thoughts: String,
    pub(super) tokens: Option<Tokens>,
}

/// An event of a stream, or a whole reply: only what we read, and nothing of it required.
#[derive(Debug, Deserialize)]
pub(super) struct Chunk {
    choices: Option<Vec<Choice>>,
    usage: Option<Usage>,
    #[serde(flatten)]
    complaint: Complaint,
}

/// The tokens of a call, or whatever stands in their place.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Usage {
    Counted { prompt_tokens: Option<Loose>, completion_tokens: Option<Loose> },
    Other(serde::de::IgnoredAny),
}

impl Usage {
    /// Nothing where only one of the two is told: half a sum is no sum.
    fn tokens(&self) -> Option<Tokens> {
        let Self::Counted { prompt_tokens: Some(input), completion_tokens: Some(output) } = self else { return None };
        Some(Tokens { input: input.count()?, output: output.count()? })
    }
}

#[derive(Debug, Deserialize)]
struct Choice {
    index: Option<Loose>,
    delta: Option<Words>,
    message: Option<Words>,
    finish_reason: Option<Loose>,
}

#[derive(Debug, Deserialize)]
struct Words {
    content: Option<Content>,
    refusal: Option<Loose>,
    reasoning_content: Option<Loose>,
    reasoning: Option<Loose>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Pieces(Vec<Piece>),
    Other(serde::de::IgnoredAny),
}

#[derive(Debug, Deserialize)]
struct Piece {
    text: Option<String>,
}

/// A value that should be a text or a number and may be anything.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Loose {
    Text(String),
    Number(f64),
    Other(serde::de::IgnoredAny),
}

impl Loose {
    fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(_) | Self::Other(_) => None,
        }
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked before")]
    fn count(&self) -> Option<u64> {
        match self {
            Self::Number(number) if (0.0..1e12).contains(number) => Some(*number as u64),
            Self::Text(_) | Self::Number(_) | Self::Other(_) => None,
        }
    }
}

impl Words {
    /// What was said, and what was thought beside it. A refusal counts as words, so that it is seen and not taken for
    /// silence.
    fn said(self) -> (String, String) {
        let thoughts = self.reasoning_content.or(self.reasoning).and_then(Loose::text).unwrap_or_default();
        let content = match self.content {
            Some(Content::Text(text)) => text,
            Some(Content::Pieces(pieces)) => pieces.into_iter().filter_map(|piece| piece.text).collect(),
            Some(Content::Other(_)) | None => String::new(),
        };
        let said = if content.is_empty() { self.refusal.and_then(Loose::text).unwrap_or_default() } else { content };
        (said, thoughts)
    }
}

impl TryFrom<Chunk> for Part {
    type Error = Fault;

    fn try_from(chunk: Chunk) -> Result<Self, Fault> {
        // Some send a last choice along with the error; the error is what happened.
        if let Some(message) = chunk.complaint.error.as_ref().and_then(Reason::words) {
            return Err(Fault::ErrorEvent { status: chunk.complaint.status(), message });
        }
        let tokens = chunk.usage.as_ref().and_then(Usage::tokens);
        let first = chunk.choices.and_then(|choices| {
            choices.into_iter().find(|choice| !matches!(choice.index, Some(Loose::Number(index)) if index != 0.0))
        });
        let Some(choice) = first else {
            return match chunk.complaint.message() {
                Some(message) => Err(Fault::ErrorEvent { status: chunk.complaint.status(), message }),
                None => Ok(Self { tokens, ..Self::default() }),
            };
        };
        let reason = choice.finish_reason.and_then(Loose::text).filter(|reason| !reason.is_empty());
        match reason.as_deref() {
            Some("content_filter") => return Err(Fault::Filtered),
            Some("error") => return Err(Fault::Cut),
            Some(_) | None => {}
        }
        // A whole message needs no reason to be complete: it arrived in one document.
        let finished = reason.is_some() || choice.message.is_some();
        let (text, thoughts) = choice.message.or(choice.delta).map(Words::said).unwrap_or_default();
        Ok(Self { text, finished, thoughts, tokens })
    }
}

/// The places in which servers put the reason of an error.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Complaint {
    error: Option<Reason>,
    detail: Option<Reason>,
    message: Option<Reason>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Reason {
    Text(String),
    Several(Vec<Invalid>),
    Named { message: String, code: Option<Loose>, status: Option<Loose> },
    Other(serde::de::IgnoredAny),
}

/// One complaint of a validating server; the `input` that it echoes is left out.
#[derive(Debug, Deserialize)]
struct Invalid {
    #[serde(default)]
    loc: Vec<Loose>,
    msg: String,
}

impl Reason {
    fn words(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Named { message, .. } => Some(message.clone()),
            Self::Several(all) => Some(all.iter().map(Invalid::words).collect::<Vec<_>>().join("; ")),
            Self::Other(_) => None,
        }
    }
}

impl Invalid {
    fn words(&self) -> String {
        let place: Vec<&str> = self
            .loc
            .iter()
            .filter_map(|step| match step {
                Loose::Text(text) => Some(text.as_str()),
                Loose::Number(_) | Loose::Other(_) => None,
            })
            .collect();
        format!("{}: {}", place.join(" "), self.msg)
    }
}

impl Complaint {
    fn message(&self) -> Option<String> {
        [&self.error, &self.detail, &self.message].into_iter().flatten().find_map(Reason::words)
    }

    /// The HTTP status that an error inside a stream names, as a number or as its digits.
    fn status(&self) -> Option<u16> {
        let Some(Reason::Named { code, status, .. }) = &self.error else { return None };
        [code, status].into_iter().flatten().find_map(|value| match value {
            Loose::Text(text) => text.parse().ok(),
            Loose::Number(number) => (100..600).find(|status| (f64::from(*status) - number).abs() < 0.5),
            Loose::Other(_) => None,
        })
    }
}

/// The reason that an error's body gives, where it is JSON of any of the known shapes.
pub(super) fn message_in(body: &str) -> Option<String> {
    serde_json::from_str::<Complaint>(body).ok()?.message()
}
