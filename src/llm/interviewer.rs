//! The interviewer's voice: puts into words what has been decided, and decides nothing.

use std::sync::Arc;

use futures_util::{Stream, StreamExt, stream};

use super::{
    LlmError,
    chat::{Chat, Message},
    model::Model,
    nonce, quoted,
};
use crate::{
    prompt::{InterviewerAsk, InterviewerClarify, InterviewerFollowUp, InterviewerRules, Prompts},
    question::Level,
    scoring::Turn,
};

/// From here on the turn ends with the next sentence.
const ENOUGH_WORDS: usize = 100;
/// Here it ends in any case.
const MOST_WORDS: usize = 120;
const LONGEST_REPLY_TOKENS: u32 = 1024;
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
    /// Open a question with the meaning of its wording.
    Ask { prompt: String },
    /// Take up the last answer of the transcript and ask this.
    FollowUp { ask: String, transcript: Vec<Turn> },
    /// Answer what the candidate asked back, from the question's facts alone.
    Clarify { question_back: String, facts: Vec<String>, prompt: String },
}

/// Words the interviewer's turns with a model; cheap to clone.
#[derive(Debug, Clone)]
pub struct Interviewer {
    pub(super) model: Model,
    pub(super) prompts: Arc<Prompts>,
}

impl Interviewer {
    pub fn new(model: Model, prompts: Arc<Prompts>) -> Self {
        Self { model, prompts }
    }

    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The turn as it is being written, at most 120 words. An error may come before or after the first
    /// words; the caller then shows the bank's own wording instead. A stream that ends without one has said something.
    pub async fn say(
        &self,
        brief: &Brief,
    ) -> Result<impl Stream<Item = Result<String, LlmError>> + Send + use<>, LlmError> {
        let words = self.model.stream(self.chat(brief)?).await?;
        let turn = Speech { words: Box::pin(words), model: self.model.clone(), count: Count::default(), done: false };
        Ok(stream::unfold(turn, |mut turn| async move { turn.next().await.map(|item| (item, turn)) }))
    }

    fn chat(&self, brief: &Brief) -> Result<Chat, crate::prompt::BadPrompt> {
        let ticket = nonce();
        let rules = InterviewerRules { style: &brief.style, level: brief.level.label() };
        let task = match &brief.task {
            Task::Ask { prompt } => self.prompts.render(&InterviewerAsk { question: prompt.trim() })?,
            Task::FollowUp { ask, transcript } => self.prompts.render(&InterviewerFollowUp {
                ticket: &ticket,
                turns: &quoted::said(transcript),
                follow_up: ask,
                background: &brief.background.lines.iter().map(|line| quoted::neutral(line).0).collect::<Vec<_>>(),
                stress: &brief.background.stress,
            })?,
            Task::Clarify { question_back, facts, prompt } => self.prompts.render(&InterviewerClarify {
                ticket: &ticket,
                question: prompt.trim(),
                asked: &quoted::neutral(question_back).0,
                facts,
            })?,
        };
        Ok(Chat {
            system: self.prompts.render(&rules)?,
            messages: vec![Message::user(task)],
            temperature: Some(TEMPERATURE),
            max_tokens: Some(LONGEST_REPLY_TOKENS),
            response_schema: None,
        })
    }
}

/// A turn being spoken.
struct Speech<S> {
    words: std::pin::Pin<Box<S>>,
    model: Model,
    count: Count,
    done: bool,
}

impl<S: Stream<Item = Result<String, LlmError>>> Speech<S> {
    async fn next(&mut self) -> Option<Result<String, LlmError>> {
        while !self.done {
            let text = match self.words.next().await {
                Some(Ok(text)) => text,
                Some(Err(error)) => {
                    self.done = true;
                    return Some(Err(error));
                }
                None => {
                    self.done = true;
                    let silent = self.count.words == 0;
                    return silent.then(|| Err(self.model.unusable("nothing was said".to_owned(), String::new())));
                }
            };
            let (said, more) = self.count.take(&text);
            self.done = !more;
            if !said.is_empty() {
                return Some(Ok(said));
            }
        }
        None
    }
}

/// Counts words over pieces of any size.
#[derive(Debug, Default)]
struct Count {
    words: usize,
    inside: bool,
    last: Option<char>,
}

impl Count {
    /// What of `text` still fits, and whether more may follow.
    fn take(&mut self, text: &str) -> (String, bool) {
        let mut said = String::with_capacity(text.len());
        for c in text.chars() {
            let c = if c == '\n' || !c.is_control() { c } else { ' ' };
            if c.is_whitespace() {
                self.inside = false;
                if self.words >= ENOUGH_WORDS && self.last.is_some_and(|last| matches!(last, '.' | '?' | '!' | '…')) {
                    return (said, false);
                }
            } else if !self.inside {
                if self.words == MOST_WORDS {
                    return (said, false);
                }
                self.inside = true;
                self.words += 1;
            }
            if self.words > 0 {
                said.push(c);
            }
            self.last = Some(c);
        }
        (said, true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, piece: usize) -> String {
        let mut count = Count::default();
        let mut said = String::new();
        for piece in text.chars().collect::<Vec<_>>().chunks(piece) {
            let (text, more) = count.take(&piece.iter().collect::<String>());
            said.push_str(&text);
            if !more {
                break;
            }
        }
        said
    }

    #[test]
    fn a_long_turn_ends_with_a_sentence_or_with_its_last_word() {
        let sentences = "one two three four. ".repeat(60);
        let endless = "word ".repeat(400);
        for piece in [1, 7, 5000] {
            let said = cut(&sentences, piece);
            assert_eq!(said.split_whitespace().count(), ENOUGH_WORDS);
            assert!(said.ends_with("four."));
            assert_eq!(cut(&endless, piece).split_whitespace().count(), MOST_WORDS);
            assert_eq!(cut("\n\n What happened\u{7} then?", piece), "What happened  then?");
        }
    }
}
