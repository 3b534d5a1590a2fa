//! The interviewer's voice: puts into words what has been decided, and decides nothing.

use std::{sync::Arc, time::Duration};

use futures_util::{Stream, stream};

use super::{
    LlmError,
    call::Errand,
    chat::{Chat, Message},
    manners::Manners,
    model::Model,
    nonce, quoted,
    speech::Speech,
};
use crate::{
    interview::EndReason,
    prompt::{
        BadPrompt, InterviewerAsk, InterviewerClarify, InterviewerClose, InterviewerFollowUp, InterviewerRules, Prompts,
    },
    question::Level,
    scoring::Turn,
};

/// How long a turn may be, as the model is told.
const USUAL_WORDS: usize = 80;
/// What a question may grow by when it is spoken.
const MORE_WORDS: usize = 30;
const LONGEST_REPLY_TOKENS: u32 = 1024;
const EXPECTED_TOKENS: u32 = 120;
const TEMPERATURE: f32 = 0.5;

/// What the interviewer is to say. No point, pitfall or hint of a question is in here, so none can slip out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// How the interviewer speaks, as a short description such as "friendly and brief".
    pub style: String,
    pub level: Level,
    /// What may be taken up in a follow-up of what the candidate pasted; empty where nothing was.
    pub background: Background,
    pub task: Task,
    pub errand: Errand,
}

/// What the interviewer knows beforehand of the candidate and the job.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Background {
    /// Quotes from the résumé.
    pub lines: Vec<String>,
    /// What the job stresses, in the bank's own skills and tags.
    pub stress: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Ask a question with the meaning of its wording.
    Ask { prompt: String, place: Place },
    /// Take up the last answer of the transcript and ask this.
    FollowUp { ask: String, transcript: Vec<Turn>, told: Vec<Told> },
    /// Answer what the candidate asked back, from the question's facts and from what was told before.
    Clarify { question_back: String, facts: Vec<String>, prompt: String, told: Vec<Told> },
    /// End the interview.
    Close { reason: EndReason },
}

/// Where in the interview a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    First,
    Next,
    /// The same question once more.
    Again,
}

impl Place {
    const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Next => "next",
            Self::Again => "again",
        }
    }
}

/// A question back with the interviewer's reply to it, which holds from then on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub asked: String,
    pub told: String,
}

/// Words the interviewer's turns with a model; cheap to clone.
#[derive(Debug, Clone)]
pub struct Interviewer {
    pub(super) model: Model,
    pub(super) prompts: Arc<Prompts>,
    patience: Duration,
}

impl Interviewer {
    /// `patience` is how long somebody waits for the first word.
    pub fn new(model: Model, prompts: Arc<Prompts>, patience: Duration) -> Self {
        Self { model, prompts, patience }
    }

    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The turn as it is being written. An error may come before or after the first words, also where the model
    /// forgot its manners; the caller then shows the bank's own wording instead. A stream that ends without one has
    /// said what was to be said.
    pub async fn say(
        &self,
        brief: &Brief,
    ) -> Result<impl Stream<Item = Result<String, LlmError>> + Send + use<>, LlmError> {
        let mut chat = chat(&self.prompts, brief, &nonce())?;
        chat.patience = Some(self.patience);
        let words = self.model.stream(chat).await?;
        let speech =
            Speech::new(Box::pin(words), self.model.clone(), Manners::of(&brief.task), most_words(&brief.task));
        Ok(stream::unfold(speech, |mut speech| async move { speech.next().await.map(|item| (item, speech)) }))
    }
}

/// A question may be as long as it is written, and a little longer.
fn most_words(task: &Task) -> usize {
    match task {
        Task::Ask { prompt: text, .. } | Task::FollowUp { ask: text, .. } => {
            USUAL_WORDS.max(text.split_whitespace().count() + MORE_WORDS)
        }
        Task::Clarify { .. } | Task::Close { .. } => USUAL_WORDS,
    }
}

/// What the voice is asked for this brief.
pub fn chat(prompts: &Prompts, brief: &Brief, ticket: &str) -> Result<Chat, BadPrompt> {
    let rules = InterviewerRules { style: &brief.style, level: brief.level.label(), words: most_words(&brief.task) };
    let task = match &brief.task {
        Task::Ask { prompt, place } => {
            prompts.render(&InterviewerAsk { question: prompt.trim(), place: place.as_str() })?
        }
        Task::FollowUp { ask, transcript, told } => prompts.render(&InterviewerFollowUp {
            ticket,
            turns: &quoted::said(transcript),
            told: &quoted::told(told),
            follow_up: ask,
            background: &brief.background.lines.iter().map(|line| quoted::neutral(line).0).collect::<Vec<_>>(),
            stress: &brief.background.stress,
        })?,
        Task::Clarify { question_back, facts, prompt, told } => prompts.render(&InterviewerClarify {
            ticket,
            question: prompt.trim(),
            asked: &quoted::neutral(question_back).0,
            facts,
            told: &quoted::told(told),
        })?,
        Task::Close { reason } => prompts.render(&InterviewerClose { reason: reason.as_str() })?,
    };
    Ok(Chat {
        system: prompts.render(&rules)?,
        messages: vec![Message::user(task)],
        temperature: Some(TEMPERATURE),
        max_tokens: Some(LONGEST_REPLY_TOKENS),
        response_schema: None,
        errand: brief.errand.clone(),
        expected_tokens: EXPECTED_TOKENS,
        patience: None,
    })
}
