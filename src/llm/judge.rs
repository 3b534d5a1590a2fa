//! The judge that asks a language model for a claim, checks it, and keeps only what is in the transcript.

use std::{fmt, sync::Arc};

use futures_util::future::{OptionFuture, join, join_all};

use super::{
    LlmError,
    call::{Errand, Purpose},
    chat::{Chat, Message},
    model::Model,
    nonce, quoted,
    reply::{self, Faults},
    schema::Schema,
};
use crate::{
    config::ScorerSettings,
    prompt::{BadPrompt, JudgeAnswer, JudgeRepair, JudgeRules, Prompts, Role},
    question::{Level, Question, Verdict},
    scoring::{
        Checked, EngineName, EngineStamp, Exchange, Flag, FlagClaim, FlagCode, Judgement, OutlineStep, Panel,
        Scorecard, SecondOpinion, Sentences, check, check_outline, nearest, vote,
    },
};

/// Finds the sentences that speak to a grader, copy the rubric and the like, without asking a model.
pub type FlagDetector = Arc<dyn Fn(&Sentences<'_>, &Question) -> Vec<FlagClaim> + Send + Sync>;

/// As repeatable as a model gets; zero is still no promise.
const TEMPERATURE: f32 = 0.0;

/// What several judgements of one answer are taken at: without chance, all would be the same.
const SAMPLING_TEMPERATURE: f32 = 0.7;

/// Enough for twelve claims with their reasons, and for a model that thinks first.
const LONGEST_REPLY_TOKENS: u32 = 8192;

/// What a claim with its reason takes, and all the rest of a judgement.
const TOKENS_A_CLAIM: usize = 60;
const TOKENS_BESIDE: usize = 300;

/// Judges exchanges with a model; cheap to clone.
#[derive(Clone)]
pub struct LlmJudge {
    model: Model,
    second: Option<Model>,
    samples: u8,
    prompts: Arc<Prompts>,
    detector: FlagDetector,
}

impl fmt::Debug for LlmJudge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LlmJudge").field("model", &self.model).field("samples", &self.samples).finish_non_exhaustive()
    }
}

/// What stays the same over all calls for one exchange.
struct Case<'a> {
    question: &'a Question,
    sentences: &'a Sentences<'a>,
    flags: &'a [FlagClaim],
    errand: &'a Errand,
}

/// One judgement that fits the question and the transcript.
struct Fitting {
    judgement: Judgement,
    outline: Vec<OutlineStep>,
}

impl LlmJudge {
    pub fn new(model: Model, prompts: Arc<Prompts>, detector: FlagDetector, scorer: &ScorerSettings) -> Self {
        let second = scorer.second_opinion.as_ref().map(|name| model.sibling(name));
        Self { model, second, samples: scorer.samples.max(1), prompts, detector }
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
    /// faults named; what does not fit then is [`LlmError::Unusable`], and nothing is scored. Of several judgements
    /// more than half must come.
    pub async fn judge(
        &self,
        question: &Question,
        exchange: &Exchange,
        errand: &Errand,
    ) -> Result<Scorecard, LlmError> {
        let sentences = Sentences::of(exchange);
        if sentences.is_empty() {
            let flags = vec![Flag { code: FlagCode::Gibberish, evidence: Vec::new() }];
            return Ok(Scorecard::unjudged(question, exchange, flags, self.stamp()));
        }
        let mut flags = (self.detector)(&sentences, question);
        // That flag speaks of the offline engine; a model reads more languages.
        flags.retain(|flag| flag.code != FlagCode::LanguageNotSupported);
        let case = Case { question, sentences: &sentences, flags: &flags, errand };
        let temperature = if self.samples == 1 { TEMPERATURE } else { SAMPLING_TEMPERATURE };
        let samples = (0..self.samples).map(|_| self.one(&self.model, &case, temperature, Purpose::Judging));
        let second: OptionFuture<_> = self.second.as_ref().map(|model| self.second(model, &case)).into();
        let (samples, second) = join(join_all(samples), second).await;

        let asked = samples.len();
        let (fitting, mut errors): (Vec<_>, Vec<_>) = samples.into_iter().partition(Result::is_ok);
        let fitting: Vec<Fitting> = fitting.into_iter().flatten().collect();
        if 2 * fitting.len() <= asked
            && let Some(Err(error)) = errors.pop()
        {
            return Err(error);
        }
        let judgements: Vec<Judgement> = fitting.iter().map(|one| one.judgement.clone()).collect();
        let voted = match judgements.as_slice() {
            [one] if asked == 1 => one.clone(),
            many => vote(many).unwrap_or_default(),
        };
        let at = nearest(&judgements, &voted.points, &voted.pitfalls);
        let usable = fitting.len();
        let outline = fitting.into_iter().nth(at).map(|one| one.outline).unwrap_or_default();
        let checked = check(question, &sentences, &voted).map_err(|faults| {
            let faults = Faults::new(faults.iter().map(ToString::to_string));
            self.model.unusable(faults.to_string(), String::new())
        })?;
        let count = |number: usize| u8::try_from(number).unwrap_or(u8::MAX);
        let panel = (asked > 1 || second.is_some()).then(|| Panel {
            samples: count(asked),
            usable: count(usable),
            second_opinion: self.second.as_ref().map(|model| SecondOpinion {
                model: model.model_name().to_owned(),
                missing: second.as_ref().and_then(|second| second.as_ref().err()).map(ToString::to_string),
            }),
        });
        let card = Scorecard::new(question, exchange, checked, self.stamp()).with_outline(outline).with_panel(panel);
        Ok(match second {
            Some(Ok(other)) => card.marked_by(&other),
            Some(Err(_)) | None => card,
        })
    }

    /// Another model's judgement of the same case.
    async fn second(&self, model: &Model, case: &Case<'_>) -> Result<Checked, LlmError> {
        let fitting = self.one(model, case, TEMPERATURE, Purpose::SecondOpinion).await?;
        check(case.question, case.sentences, &fitting.judgement).map_err(|faults| {
            model.unusable(Faults::new(faults.iter().map(ToString::to_string)).to_string(), String::new())
        })
    }

    /// One judgement that fits, under a ticket of its own.
    async fn one(
        &self,
        model: &Model,
        case: &Case<'_>,
        temperature: f32,
        purpose: Purpose,
    ) -> Result<Fitting, LlmError> {
        let ticket = nonce();
        let mut chat = chat(&self.prompts, case.question, case.sentences, case.flags, &ticket)?;
        chat.temperature = Some(temperature);
        chat.errand = case.errand.become_for(purpose);
        model
            .ask(
                chat,
                |reply| fitting(reply, &ticket, case),
                |faults| Ok(self.prompts.render(&JudgeRepair { ticket: &ticket, faults: &faults.0 })?),
            )
            .await
    }
}

/// What the reply claims, where it fits the question and the transcript.
fn fitting(reply: &str, ticket: &str, case: &Case<'_>) -> Result<Fitting, Faults> {
    let reply::Said { mut judgement, outline } = reply::judgement(reply, ticket)?;
    judgement.flags = case.flags.to_vec();
    match check(case.question, case.sentences, &judgement) {
        Ok(_) => {
            let outline = check_outline(case.sentences, case.flags, &outline);
            Ok(Fitting { judgement, outline })
        }
        Err(faults) => Err(Faults::new(faults.iter().map(ToString::to_string))),
    }
}

/// What the judge is asked about this exchange.
pub fn chat(
    prompts: &Prompts,
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
    let claims = question.assessment_points.len() + question.pitfalls.len();
    Ok(Chat {
        system: prompts.render(&rules)?,
        messages: vec![Message::user(prompts.render(&answer)?)],
        temperature: Some(TEMPERATURE),
        max_tokens: Some(LONGEST_REPLY_TOKENS),
        response_schema: Some(("judgement", schema(question))),
        errand: Errand::of(Purpose::Judging),
        expected_tokens: u32::try_from(claims * TOKENS_A_CLAIM + TOKENS_BESIDE).unwrap_or(LONGEST_REPLY_TOKENS),
        patience: None,
    })
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
    let step = Schema::object([("sentences", Schema::list(Schema::Integer)), ("step", Schema::Text)]);
    Schema::object([
        ("ticket", Schema::Text),
        ("points", Schema::object(points)),
        ("pitfalls", Schema::object(pitfalls)),
        ("strengths", Schema::list(Schema::Text)),
        ("improvements", Schema::list(Schema::Text)),
        ("outline", Schema::list(step)),
    ])
}
