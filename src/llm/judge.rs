//! The judge that asks a language model for a claim, checks it, and keeps only what is in the transcript.

use std::{fmt, sync::Arc};

use super::{
    LlmError,
    chat::{Chat, Message},
    model::Model,
    nonce, quoted,
    reply::{self, Faults},
    schema::Schema,
};
use crate::{
    prompt::{BadPrompt, JudgeAnswer, JudgeRepair, JudgeRules, Prompts, Role},
    question::{Level, Question, Verdict},
    scoring::{EngineName, EngineStamp, Exchange, Flag, FlagClaim, FlagCode, Scorecard, Sentences, check},
};

/// Finds the sentences that speak to a grader, copy the rubric and the like, without asking a model.
pub type FlagDetector = Arc<dyn Fn(&Sentences<'_>, &Question) -> Vec<FlagClaim> + Send + Sync>;

/// As repeatable as a model gets; zero is still no promise.
const TEMPERATURE: f32 = 0.0;

/// Enough for twelve claims with their reasons, and for a model that thinks first.
const LONGEST_REPLY_TOKENS: u32 = 8192;

/// Judges exchanges with a model; cheap to clone.
#[derive(Clone)]
pub struct LlmJudge {
    model: Model,
    prompts: Arc<Prompts>,
    detector: FlagDetector,
}

impl fmt::Debug for LlmJudge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LlmJudge").field("model", &self.model).finish_non_exhaustive()
    }
}

impl LlmJudge {
    pub fn new(model: Model, prompts: Arc<Prompts>, detector: FlagDetector) -> Self {
        Self { model, prompts, detector }
    }

    pub fn model(&self) -> &Model {
        &self.model
    }

    pub fn stamp(&self) -> EngineStamp {
        EngineStamp {
            name: EngineName::Llm,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            model: Some(self.model.model_name().to_owned()),
            prompt_hash: Some(self.prompts.hash(Role::Judge).to_owned()),
        }
    }

    /// Judges the exchange. A reply that does not fit question and transcript is asked for once more with its
    /// faults named; what does not fit then is [`LlmError::Unusable`], and nothing is scored.
    pub async fn judge(&self, question: &Question, exchange: &Exchange) -> Result<Scorecard, LlmError> {
        let sentences = Sentences::of(exchange);
        if sentences.is_empty() {
            let flags = vec![Flag { code: FlagCode::Gibberish, evidence: Vec::new() }];
            return Ok(Scorecard::unjudged(question, exchange, flags, self.stamp()));
        }
        let mut flags = (self.detector)(&sentences, question);
        // That flag speaks of the offline engine; a model reads more languages.
        flags.retain(|flag| flag.code != FlagCode::LanguageNotSupported);

        let ticket = nonce();
        let chat = self.chat(question, &sentences, &flags, &ticket)?;
        let checked = self
            .model
            .ask(
                chat,
                |reply| {
                    let mut judgement = reply::judgement(reply, &ticket)?;
                    judgement.flags.clone_from(&flags);
                    check(question, &sentences, &judgement)
                        .map_err(|faults| Faults::new(faults.iter().map(ToString::to_string)))
                },
                |faults| Ok(self.prompts.render(&JudgeRepair { ticket: &ticket, faults: &faults.0 })?),
            )
            .await?;
        Ok(Scorecard::new(question, exchange, checked, self.stamp()))
    }

    fn chat(
        &self,
        question: &Question,
        sentences: &Sentences<'_>,
        flags: &[FlagClaim],
        ticket: &str,
    ) -> Result<Chat, LlmError> {
        let rules = JudgeRules {
            question: question.prompt.trim(),
            category: question.category().label(),
            kind: question.kind.label(),
            level: question.level.label(),
            enough: enough(question),
            points: &question.assessment_points,
            pitfalls: &question.pitfalls,
        };
        let turns = quoted::numbered(sentences, flags);
        let answer = JudgeAnswer { ticket, turns: &turns, last: sentences.len() };
        Ok(Chat {
            system: self.prompts.render(&rules)?,
            messages: vec![Message::user(self.prompts.render(&answer)?)],
            temperature: Some(TEMPERATURE),
            max_tokens: Some(LONGEST_REPLY_TOKENS),
            response_schema: Some(("judgement", schema(question))),
        })
    }
}

impl From<BadPrompt> for LlmError {
    fn from(bad: BadPrompt) -> Self {
        Self::Misconfigured { setting: "a prompt", problem: bad.to_string() }
    }
}

/// What the author of the question says is enough at its own level.
fn enough(question: &Question) -> Option<&str> {
    match question.level {
        Level::Tpm => question.levels.tpm.as_deref(),
        Level::Senior => question.levels.senior.as_deref(),
        Level::Principal => question.levels.principal.as_deref(),
    }
}

/// The shape of a judgement of this question: an object by id, so that none can be missing, strange or double,
/// and inside each claim the evidence before the verdict. It is the same for every answer, because endpoints
/// prepare a shape once and keep it.
fn schema(question: &Question) -> Schema {
    let verdicts = || Schema::OneOf(Verdict::ALL.iter().rev().map(ToString::to_string).collect());
    let claim = |last: (&'static str, Schema)| {
        Schema::object([("sentences", Schema::list(Schema::Integer)), ("reason", Schema::Text), last])
    };
    let points = question.assessment_points.iter().map(|point| (point.id.as_str(), claim(("verdict", verdicts()))));
    let pitfalls = question.pitfalls.iter().map(|pitfall| (pitfall.id.as_str(), claim(("triggered", Schema::Boolean))));
    Schema::object([
        ("ticket", Schema::Text),
        ("points", Schema::object(points)),
        ("pitfalls", Schema::object(pitfalls)),
        ("strengths", Schema::list(Schema::Text)),
        ("improvements", Schema::list(Schema::Text)),
    ])
}
