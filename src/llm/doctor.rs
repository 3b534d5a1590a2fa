//! Tries what a model's endpoint can do, one capability after the other, and finds out how it will be asked.

use std::time::Duration;

use tokio::time::Instant;

use super::{
    LlmError,
    account::Account,
    arriving::next_part,
    asking::messages,
    call::{Errand, Purpose, Tokens, estimate},
    chat::{Chat, Message},
    limits::Fault,
    literal::{Literal, object_at},
    model::Model,
    quirks::{Quirks, Shape, Thinking},
    schema::Schema,
};

/// One capability, as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub capability: &'static str,
    pub state: State,
    /// What was seen, in a few words.
    pub detail: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Works,
    /// It is taken, and nothing comes of it.
    Ignored,
    /// The endpoint does not take it; something else is used.
    Refused,
    /// It is needed and does not work.
    Fails,
}

impl State {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Ignored => "ignored",
            Self::Refused => "refused",
            Self::Fails => "fails",
        }
    }
}

/// What was found of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    pub findings: Vec<Finding>,
    /// How the endpoint will be asked, in a few words each.
    pub will_use: Vec<String>,
}

/// What a probe brought.
struct Heard {
    text: String,
    thoughts: bool,
    tokens: Option<Tokens>,
    pieces: usize,
    first_word: Duration,
    total: Duration,
}

/// How long tokens are waited for after the last word: longer than in an interview, since nobody waits for the next one.
const TAIL: Duration = Duration::from_secs(2);

/// Everything left out that can be left out.
const BAREST: Quirks = Quirks {
    shape: Shape::PromptOnly,
    thinking: Thinking::Untouched,
    no_temperature: true,
    max_completion_tokens: false,
    no_limit: true,
    no_stream: true,
    no_usage: true,
};

/// Tries each capability with a small request of its own, and remembers for this run and the next what came of it. An
/// endpoint that does not answer at all is an error.
pub async fn examine(model: &Model) -> Result<Examined, LlmError> {
    let mut exam = Exam { model, quirks: BAREST, findings: Vec::new() };
    exam.answers().await?;
    exam.streaming().await;
    exam.tokens().await;
    exam.temperature().await;
    exam.limit().await;
    exam.shapes().await;
    model.relearn(exam.quirks);
    let will_use = exam.will_use();
    Ok(Examined { findings: exam.findings, will_use })
}

struct Exam<'a> {
    model: &'a Model,
    /// What is known by now; every probe stands on it.
    quirks: Quirks,
    findings: Vec<Finding>,
}

impl Exam<'_> {
    async fn answers(&mut self) -> Result<(), LlmError> {
        let mut heard = self.probe(&ready(), self.quirks).await;
        if let Err(Fault::OnlyThought { .. }) = heard {
            self.quirks.thinking = Thinking::TurnedOff;
            heard = self.probe(&ready(), self.quirks).await;
            if heard.is_err() {
                self.quirks.thinking = Thinking::CannotBeTurnedOff;
            }
            self.find(
                "thinking turned off",
                heard.as_ref().err().map_or(State::Works, |_| State::Refused),
                String::new(),
            );
        } else if heard.is_err() {
            // There are endpoints that only stream.
            self.quirks.no_stream = false;
            heard = self.probe(&ready(), self.quirks).await;
        }
        let heard = heard.map_err(|fault| self.model.error(fault))?;
        let thinks = if heard.thoughts { ", thinks first" } else { "" };
        let state = if heard.text.trim().is_empty() { State::Fails } else { State::Works };
        self.find("a plain answer", state, format!("{}{thinks}", seconds(heard.total)));
        Ok(())
    }

    async fn streaming(&mut self) {
        let streamed = Quirks { no_stream: false, ..self.quirks };
        match self.probe(&ready(), streamed).await {
            Ok(heard) => {
                self.quirks.no_stream = false;
                let state = if heard.pieces > 1 { State::Works } else { State::Ignored };
                let pieces =
                    if heard.pieces == 1 { "one piece".to_owned() } else { format!("{} pieces", heard.pieces) };
                self.find("streaming", state, format!("first word after {}, {pieces}", seconds(heard.first_word)));
            }
            Err(fault) => {
                self.quirks.no_stream = true;
                self.refused("streaming", &fault);
            }
        }
    }

    async fn tokens(&mut self) {
        let told = |heard: &Heard| heard.tokens.map(|tokens| format!("{} in, {} out", tokens.input, tokens.output));
        let asked = Quirks { no_usage: false, ..self.quirks };
        match self.probe(&ready(), asked).await {
            Ok(heard) => {
                self.quirks.no_usage = false;
                match told(&heard) {
                    Some(tokens) => self.find("telling its tokens", State::Works, tokens),
                    None => self.find("telling its tokens", State::Ignored, "they will be estimated".to_owned()),
                }
            }
            Err(fault) => self.refused("telling its tokens", &fault),
        }
    }

    async fn temperature(&mut self) {
        let asked = Quirks { no_temperature: false, ..self.quirks };
        match self.probe(&Chat { temperature: Some(0.2), ..ready() }, asked).await {
            Ok(_) => {
                self.quirks.no_temperature = false;
                self.find("temperature", State::Works, String::new());
            }
            Err(fault) => self.refused("temperature", &fault),
        }
    }

    async fn limit(&mut self) {
        let limited = Chat { max_tokens: Some(400), ..ready() };
        for (capability, max_completion_tokens) in [("max_tokens", false), ("max_completion_tokens", true)] {
            let asked = Quirks { no_limit: false, max_completion_tokens, ..self.quirks };
            match self.probe(&limited, asked).await {
                Ok(_) => {
                    self.quirks = asked;
                    self.find(capability, State::Works, String::new());
                    return;
                }
                Err(fault) => self.refused(capability, &fault),
            }
        }
    }

    /// Where a schema is enforced the prompt does not tell the shape: only an endpoint that holds the model to it
    /// gives it back.
    async fn shapes(&mut self) {
        // Where none holds, the strictest that is taken does no harm: what a model says is checked anyway.
        let (mut best, mut taken) = (None, None);
        for shape in Shape::LADDER {
            let enforced = matches!(shape, Shape::Strict | Shape::JsonWithSchema);
            let heard = self.probe(&apple(enforced), Quirks { shape, ..self.quirks }).await;
            match heard {
                Ok(heard) if fits(&heard.text) => {
                    best = best.or(Some(shape));
                    self.find(shape.label(), State::Works, String::new());
                }
                Ok(heard) => {
                    taken = taken.or(Some(shape));
                    let state = if shape == Shape::PromptOnly { State::Fails } else { State::Ignored };
                    let said: String = heard.text.chars().take(60).collect();
                    self.find(
                        shape.label(),
                        state,
                        format!("replied “{}”", said.split_whitespace().collect::<Vec<_>>().join(" ")),
                    );
                }
                Err(fault) => self.refused(shape.label(), &fault),
            }
        }
        self.quirks.shape = best.or(taken).unwrap_or(Shape::PromptOnly);
    }

    /// One request, without another try, paid for like any other.
    async fn probe(&self, chat: &Chat, quirks: Quirks) -> Result<Heard, Fault> {
        let (model, limits) = (self.model, self.model.door.limits);
        let takes = Tokens { input: estimate(chat.chars()), output: u64::from(chat.expected_tokens) };
        let paid = model.purse().take(&chat.errand, model.model_name(), takes).await;
        let hold = paid.map_err(|refused| Fault::Unbuildable(refused.to_string()))?;
        let mut account = Account::open(model, hold, chat);
        account.tries();
        let begun = Instant::now();
        let deadline = begun + limits.total;
        let heard = async {
            let (mut part, mut parts) = model.attempt(chat, &messages(chat), quirks, deadline).await?;
            account.hears();
            let first_word = begun.elapsed();
            let (mut text, mut thoughts, mut tokens, mut pieces) = (String::new(), false, None, 0);
            loop {
                text.push_str(&part.text);
                thoughts |= !part.thoughts.is_empty();
                tokens = part.tokens.or(tokens);
                pieces += usize::from(!part.text.is_empty());
                account.receives(part.text.chars().count(), part.tokens);
                if part.finished {
                    break;
                }
                part = next_part(&mut parts, limits, deadline).await?;
            }
            // Tokens may come after the last word.
            while let (None, Ok(Ok(part))) =
                (tokens, tokio::time::timeout(TAIL, next_part(&mut parts, limits, deadline)).await)
            {
                tokens = part.tokens;
                account.receives(0, part.tokens);
            }
            let thoughts = thoughts || text.trim_start().starts_with("<think");
            Ok(Heard { text, thoughts, tokens, pieces, first_word, total: begun.elapsed() })
        }
        .await;
        match &heard {
            Ok(_) => account.ends(),
            Err(fault) => account.fails(fault),
        }
        heard
    }

    fn find(&mut self, capability: &'static str, state: State, detail: String) {
        self.findings.push(Finding { capability, state, detail });
    }

    fn refused(&mut self, capability: &'static str, fault: &Fault) {
        let state = if fault.is_trouble() { State::Fails } else { State::Refused };
        self.find(capability, state, self.model.error(fault.clone()).to_string());
    }

    fn will_use(&self) -> Vec<String> {
        let quirks = self.quirks;
        let either = |is: bool, yes: &str, no: &str| if is { yes } else { no }.to_owned();
        let mut used = vec![
            quirks.shape.label().to_owned(),
            either(quirks.no_stream, "whole replies", "streaming"),
            either(quirks.no_temperature, "the model's own temperature", "temperature"),
        ];
        used.push(match (quirks.no_limit, quirks.max_completion_tokens) {
            (true, _) => "no limit of tokens".to_owned(),
            (false, true) => "max_completion_tokens".to_owned(),
            (false, false) => "max_tokens".to_owned(),
        });
        if quirks.thinking == Thinking::TurnedOff {
            used.push("thinking turned off".to_owned());
        }
        used
    }
}

fn chat(system: &str, user: &str) -> Chat {
    Chat {
        system: system.to_owned(),
        messages: vec![Message::user(user)],
        temperature: None,
        max_tokens: None,
        response_schema: None,
        errand: Errand::of(Purpose::Probing),
        expected_tokens: 60,
        patience: None,
    }
}

fn ready() -> Chat {
    chat("You answer in one short sentence.", "Say in one short sentence that you are ready.")
}

fn apple(is_enforced: bool) -> Chat {
    let told = "Describe an apple as a JSON object and write nothing else: {\"colour\": \"red\" or \"green\", \"seeds\": a whole number}.";
    let schema = Schema::object([
        ("colour", Schema::OneOf(vec!["red".to_owned(), "green".to_owned()])),
        ("seeds", Schema::Integer),
    ]);
    let asked = if is_enforced { "Describe an apple as JSON: its colour and how many seeds it has." } else { told };
    Chat { response_schema: Some(("apple", schema)), ..chat("You describe things.", asked) }
}

fn fits(text: &str) -> bool {
    let object = text.match_indices('{').find_map(|(at, _)| object_at(text, at).ok());
    let Some((fields, _)) = object else { return false };
    let has = |name: &str, is: fn(&Literal) -> bool| fields.iter().any(|(key, value)| key == name && is(value));
    has("colour", |value| matches!(value, Literal::Text(text) if text == "red" || text == "green"))
        && has("seeds", |value| matches!(value, Literal::Number(_)))
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}
