//! What a model's endpoint turned out not to take, so that it is asked only once.

use serde::{Deserialize, Serialize};

use super::limits::Fault;

/// How the shape of a reply is asked for, strictest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Shape {
    /// `json_schema` in strict mode.
    #[default]
    Strict,
    /// `json_object` with the schema beside it, as some local servers take it.
    JsonWithSchema,
    /// `json_object`: some JSON, the prompt says which.
    SomeJson,
    /// The prompt alone.
    PromptOnly,
}

impl Shape {
    pub(super) const LADDER: [Self; 4] = [Self::Strict, Self::JsonWithSchema, Self::SomeJson, Self::PromptOnly];

    const fn next(self) -> Self {
        match self {
            Self::Strict => Self::JsonWithSchema,
            Self::JsonWithSchema => Self::SomeJson,
            Self::SomeJson | Self::PromptOnly => Self::PromptOnly,
        }
    }

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Strict => "strict JSON schema",
            Self::JsonWithSchema => "JSON mode with a schema",
            Self::SomeJson => "JSON mode",
            Self::PromptOnly => "plain text",
        }
    }
}

/// What is done about a model that thinks before it replies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Thinking {
    #[default]
    Untouched,
    /// It only thought and never replied: it is asked not to think.
    TurnedOff,
    /// The endpoint does not take that.
    CannotBeTurnedOff,
}

/// Everything that has to be left out or said differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is learned by itself")]
pub(super) struct Quirks {
    pub(super) shape: Shape,
    pub(super) thinking: Thinking,
    pub(super) no_temperature: bool,
    pub(super) max_completion_tokens: bool,
    pub(super) no_limit: bool,
    pub(super) no_stream: bool,
    pub(super) no_usage: bool,
}

/// Which optional parts a request holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts {
    pub(super) schema: bool,
    pub(super) temperature: bool,
    pub(super) limit: bool,
}

impl Quirks {
    /// Adds what another request has learned.
    pub(super) fn merge(&mut self, other: Self) {
        self.shape = self.shape.max(other.shape);
        self.thinking = self.thinking.max(other.thinking);
        self.no_temperature |= other.no_temperature;
        self.max_completion_tokens |= other.max_completion_tokens;
        self.no_limit |= other.no_limit;
        self.no_stream |= other.no_stream;
        self.no_usage |= other.no_usage;
    }

    /// Gives up one part of the request that `fault` complains about; false where it complains of nothing that
    /// could be left out.
    pub(super) fn adapt(&mut self, fault: &Fault, parts: Parts) -> bool {
        if let Fault::OnlyThought { .. } = fault {
            let can = self.thinking == Thinking::Untouched;
            self.thinking = self.thinking.max(Thinking::TurnedOff);
            return can;
        }
        let Fault::Status { status: 400 | 404 | 415 | 422 | 500 | 501, body, .. } = fault else { return false };
        let said = super::wire::message_in(body).unwrap_or_else(|| body.chars().take(600).collect()).to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
        if self.thinking == Thinking::TurnedOff && says(&["chat_template_kwargs", "enable_thinking"]) {
            self.thinking = Thinking::CannotBeTurnedOff;
        } else if !self.no_usage && !self.no_stream && says(&["stream_options", "include_usage"]) {
            self.no_usage = true;
        } else if parts.limit && !self.no_limit && says(&["max_tokens", "max_completion_tokens"]) {
            if self.max_completion_tokens { self.no_limit = true } else { self.max_completion_tokens = true }
        } else if parts.temperature && !self.no_temperature && says(&["temperature"]) {
            self.no_temperature = true;
        } else if parts.schema
            && self.shape != Shape::PromptOnly
            && says(&[
                "response_format",
                "response format",
                "json_schema",
                "json schema",
                "json_object",
                "schema",
                "structured",
                "grammar",
            ])
        {
            self.shape = self.shape.next();
        } else if !self.no_stream && says(&["stream"]) {
            self.no_stream = true;
        } else {
            return false;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Parts = Parts { schema: true, temperature: true, limit: true };

    fn refusal(body: &str) -> Fault {
        Fault::Status { status: 400, retry_after: None, body: body.to_owned(), location: None }
    }

    #[test]
    fn the_shape_is_given_up_step_by_step() {
        let mut quirks = Quirks::default();
        let fault = refusal(r#"{"error":{"message":"response_format is not supported"}}"#);
        for shape in &Shape::LADDER[1..] {
            assert!(quirks.adapt(&fault, ALL));
            assert_eq!(quirks.shape, *shape);
        }
        assert!(!quirks.adapt(&fault, ALL));
    }

    #[test]
    fn only_what_the_request_holds_and_the_endpoint_names_is_left_out() {
        let mut quirks = Quirks::default();
        let none = Parts { schema: false, temperature: false, limit: false };
        assert!(!quirks.adapt(&refusal("temperature and response_format"), none));
        assert!(!quirks.adapt(&refusal("the model `x` does not exist"), ALL));
        let limit = r#"{"error":{"message":"Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.","param":"max_tokens"}}"#;
        assert!(quirks.adapt(&refusal(limit), ALL));
        assert_eq!(quirks, Quirks { max_completion_tokens: true, ..Quirks::default() });
        assert!(quirks.adapt(&refusal("Unrecognized request argument supplied: stream_options"), ALL));
        assert_eq!(quirks, Quirks { max_completion_tokens: true, no_usage: true, ..Quirks::default() });
    }

    #[test]
    fn thinking_is_turned_off_once_and_left_alone_where_that_is_not_taken() {
        let mut quirks = Quirks::default();
        let thought = Fault::OnlyThought { thoughts: "hm".to_owned() };
        assert!(quirks.adapt(&thought, ALL));
        assert!(quirks.adapt(&refusal("unknown field chat_template_kwargs"), ALL));
        assert_eq!(quirks.thinking, Thinking::CannotBeTurnedOff);
        assert!(!quirks.adapt(&thought, ALL));
    }

    #[test]
    fn what_was_learned_survives_being_written_down_and_what_is_new_does_not_spoil_it() {
        let learned = Quirks { shape: Shape::SomeJson, no_temperature: true, ..Quirks::default() };
        let kept = serde_json::to_string(&learned).unwrap();
        assert_eq!(serde_json::from_str::<Quirks>(&kept).unwrap(), learned);
        assert_eq!(serde_json::from_str::<Quirks>(r#"{"no_stream":true,"later":1}"#).unwrap().shape, Shape::Strict);
    }

    #[test]
    fn a_validation_error_that_echoes_the_request_counts_only_by_its_message() {
        let body =
            r#"{"detail":[{"loc":["body","messages"],"msg":"bad role","input":{"temperature":0,"stream":true}}]}"#;
        assert!(!Quirks::default().adapt(&refusal(body), ALL));
    }
}
