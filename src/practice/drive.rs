//! Moves an interview on by itself: weighs what is unproven and lets the interviewer speak.

use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, atomic::Ordering},
};

use futures_util::{FutureExt as _, StreamExt as _};

use super::{
    Practice, PracticeError,
    live::{Live, Write},
};
use crate::{
    config::Voice,
    interview::{EndReason, Event, Interview, InterviewId, Next, Plan, Style, Task, Unproven, Words},
    llm::{self, Brief, Errand, Place, Purpose, Told},
    question::{Level, Question, QuestionId, Verdict},
    scoring::{Exchange, Turn},
};

/// What the interviewer replies to a question back for which the bank holds no fact.
const NO_FACT: &str = "I leave that to you: make an assumption, say it, and go on from there.";

/// How the interviewer ends an interview in the bank's words.
const LAST_QUESTION: &str = "That was the last question. Thank you for your time.";
const TIME_UP: &str = "Our time is up. Thank you for your time.";

/// What is to be done next without the candidate, with all that it takes.
enum Step {
    Weigh {
        question: Arc<Question>,
        exchange: Option<Exchange>,
    },
    /// `question` is nothing where the interviewer takes leave.
    Say {
        question: Option<QuestionId>,
        brief: Box<Brief>,
        bank: String,
    },
    Wait,
}

impl Practice {
    /// Moves the interview on in the background where it is not the candidate's move.
    pub(super) async fn kick(&self, live: &Arc<Live>) -> Result<(), PracticeError> {
        let waits = self.look(live, |machine| matches!(machine.next(), Next::Say(_) | Next::Weigh { .. })).await?;
        if waits {
            self.drive(live);
        }
        Ok(())
    }

    /// Starts the driver of this interview unless it is running.
    pub(super) fn drive(&self, live: &Arc<Live>) {
        if self.0.stop.is_cancelled() || live.driving.swap(true, Ordering::AcqRel) {
            return;
        }
        let practice = self.clone();
        let live = Arc::clone(live);
        self.0.tasks.spawn(async move {
            loop {
                let outcome = tokio::select! {
                    outcome = AssertUnwindSafe(practice.steps(&live)).catch_unwind() => outcome,
                    () = practice.0.stop.cancelled() => Ok(Ok(())),
                };
                live.says(None);
                live.driving.store(false, Ordering::Release);
                // Whoever looks at the interview next, or follows it, starts the driver again.
                match outcome {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => {
                        tracing::error!(interview = %live.id(), %error, "interview not moved on");
                        return;
                    }
                    Err(_) => {
                        tracing::error!(interview = %live.id(), "interview not moved on: a step broke off");
                        return;
                    }
                }
                // Something may have been said after the last look and before the flag fell.
                let moves = practice.look(&live, |machine| matches!(machine.next(), Next::Say(_) | Next::Weigh { .. }));
                let goes_on = !practice.0.stop.is_cancelled() && moves.await.unwrap_or(false);
                if !goes_on || live.driving.swap(true, Ordering::AcqRel) {
                    return;
                }
            }
        });
    }

    /// Takes steps until it is the candidate's move.
    async fn steps(&self, live: &Arc<Live>) -> Result<(), PracticeError> {
        loop {
            let (next, step) = self.look(live, |machine| (machine.next().clone(), step(live.id(), machine))).await?;
            let event = match step {
                Step::Wait => return Ok(()),
                Step::Weigh { question, exchange } => self.weigh(question, exchange).await,
                Step::Say { question, brief, bank } => self.speak(live, question.as_ref(), brief, bank).await,
            };
            match self.apply(live, event, Write::Step { of: &next }).await {
                // The candidate may have ended the interview meanwhile; then there is nothing to say any more.
                Ok(_) | Err(PracticeError::Refused(_)) => {}
                Err(error) => return Err(error),
            }
            live.says(None);
        }
    }

    async fn weigh(&self, question: Arc<Question>, exchange: Option<Exchange>) -> Event {
        let Some(exchange) = exchange else { return Event::Weighed { unproven: None } };
        let offline = Arc::clone(&self.0.offline);
        let judged = tokio::task::spawn_blocking(move || offline.judge(&question, &exchange)).await;
        let unproven = match judged {
            Ok(card) if card.overall().is_some() => Some(
                card.points()
                    .iter()
                    .filter(|point| point.verdict != Verdict::Met)
                    .map(|point| Unproven { point: point.id.clone(), verdict: point.verdict })
                    .collect(),
            ),
            Ok(_) => None,
            Err(error) => {
                tracing::error!(%error, "offline judge failed while weighing");
                None
            }
        };
        Event::Weighed { unproven }
    }

    /// The interviewer's words: the model's where there is one, else the bank's, and the bank's at once
    /// where the model fails.
    async fn speak(&self, live: &Live, question: Option<&QuestionId>, mut brief: Box<Brief>, bank: String) -> Event {
        let said_by_bank = |words| Event::Said { text: bank, words };
        let is_reply = matches!(brief.task, llm::Task::FollowUp { .. } | llm::Task::Clarify { .. });
        let interviewer = match (&self.0.interviewer, self.0.voice) {
            (Some(interviewer), Voice::Full) => interviewer,
            (Some(interviewer), Voice::Replies) if is_reply => interviewer,
            (Some(_), Voice::Replies | Voice::Bank) | (None, _) => return said_by_bank(Words::Bank),
        };
        if let (llm::Task::FollowUp { .. }, Some(question)) = (&brief.task, question) {
            // Without it the follow-up is asked all the same.
            match self.background(live.id(), question).await {
                Ok(background) => brief.background = background,
                Err(error) => tracing::warn!(interview = %live.id(), %error, "background not read"),
            }
        }
        let mut text = String::new();
        let spoken = async {
            let mut words = std::pin::pin!(interviewer.say(&brief).await?);
            while let Some(delta) = words.next().await {
                text.push_str(&delta?);
                live.says(Some(text.clone()));
            }
            Ok::<(), llm::LlmError>(())
        }
        .await;
        let model = interviewer.model().model_name().to_owned();
        match spoken {
            Ok(()) if !text.trim().is_empty() => {
                let text = text.trim().replace('\0', "");
                Event::Said { text, words: Words::Model { model } }
            }
            Ok(()) => said_by_bank(Words::BankInstead { reason: format!("{model} said nothing") }),
            Err(error) => {
                tracing::warn!(interview = %live.id(), code = error.code(), "interviewer fell back to the bank's words");
                let reason = match error {
                    llm::LlmError::Unusable { faults, .. } => format!("the words of {model} were not taken: {faults}"),
                    other => other.to_string(),
                };
                said_by_bank(Words::BankInstead { reason })
            }
        }
    }
}

/// What the machine wants done, with everything needed to do it outside the lock.
fn step(id: &InterviewId, machine: &Interview) -> Step {
    match machine.next() {
        Next::Answer | Next::Choose | Next::Over => Step::Wait,
        Next::Weigh { take } => {
            let take = &machine.takes()[*take];
            Step::Weigh { question: Arc::clone(machine.question_of(take)), exchange: take.exchange().ok() }
        }
        Next::Say(task) => say(id, machine, task),
    }
}

fn say(id: &InterviewId, machine: &Interview, task: &Task) -> Step {
    let take = machine.takes().len().checked_sub(usize::from(!matches!(task, Task::Ask { .. })));
    let brief = |task| {
        let Plan { style, level, .. } = machine.plan();
        let errand = Errand { purpose: Purpose::Speaking, interview: Some(id.clone()), take };
        Box::new(Brief {
            style: manner(*style).to_owned(),
            level: level.unwrap_or(Level::Senior),
            background: llm::Background::default(),
            task,
            errand,
        })
    };
    match task {
        Task::Ask { question: at } => {
            let question = &machine.questions()[*at];
            let prompt = question.prompt.trim().to_owned();
            let place = match machine.takes() {
                [] => Place::First,
                takes if takes.iter().any(|take| take.question == *at) => Place::Again,
                _ => Place::Next,
            };
            let task = llm::Task::Ask { prompt: prompt.clone(), place };
            Step::Say { question: Some(question.id.clone()), brief: brief(task), bank: prompt }
        }
        Task::FollowUp { question: at, id } => {
            let question = &machine.questions()[*at];
            let ask = question.follow_up(id).map_or(question.prompt.as_str(), |follow_up| follow_up.ask.as_str());
            let (transcript, told) = (said_so_far(machine), told_so_far(machine, *at));
            let task = llm::Task::FollowUp { ask: ask.to_owned(), transcript, told };
            Step::Say { question: Some(question.id.clone()), brief: brief(task), bank: ask.to_owned() }
        }
        Task::Clarify { question: at, asked } => {
            let question = &machine.questions()[*at];
            Step::Say {
                question: Some(question.id.clone()),
                brief: brief(llm::Task::Clarify {
                    prompt: question.prompt.clone(),
                    facts: question.facts.clone(),
                    question_back: asked.clone(),
                    told: told_so_far(machine, *at),
                }),
                bank: fact_for(&question.facts, asked).unwrap_or(NO_FACT).to_owned(),
            }
        }
        Task::TakeLeave { reason } => {
            let bank = if *reason == EndReason::TimeUp { TIME_UP } else { LAST_QUESTION };
            Step::Say { question: None, brief: brief(llm::Task::Close { reason: *reason }), bank: bank.to_owned() }
        }
    }
}

/// What was asked and answered in the open take.
fn said_so_far(machine: &Interview) -> Vec<Turn> {
    machine.takes().last().and_then(|take| take.exchange().ok()).map(|said| said.turns().to_vec()).unwrap_or_default()
}

/// What was asked back about this question and told, over all its takes: what has been made up once holds.
fn told_so_far(machine: &Interview, question: usize) -> Vec<Told> {
    let takes = machine.takes().iter().filter(|take| take.question == question);
    takes
        .flat_map(|take| take.told())
        .map(|(asked, told)| Told { asked: asked.to_owned(), told: told.to_owned() })
        .collect()
}

/// How the interviewer speaks, for the prompt.
const fn manner(style: Style) -> &'static str {
    match style {
        Style::Supportive => "warm and encouraging without praising the answer",
        Style::Neutral => "calm, polite and matter-of-fact",
        Style::Pressing => "direct and persistent, asking for specifics, never rude",
        Style::Executive => "brief and busy, interested in outcomes and decisions",
    }
}

/// The fact that shares most words with what was asked; nothing where none shares a word of weight.
fn fact_for<'a>(facts: &'a [String], asked: &str) -> Option<&'a str> {
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3).map(str::to_lowercase).collect()
    };
    let wanted = words(asked);
    facts
        .iter()
        .map(|fact| (words(fact).iter().filter(|word| wanted.contains(word)).count(), fact))
        .filter(|(shared, _)| *shared > 0)
        .rev()
        .max_by_key(|(shared, _)| *shared)
        .map(|(_, fact)| fact.as_str())
}

#[cfg(test)]
mod tests {
    use super::fact_for;

    #[test]
    fn a_question_back_is_answered_from_the_fact_it_is_about() {
        let facts = ["The launch is fixed for May.".to_owned(), "Two teams own the service.".to_owned()];
        assert_eq!(fact_for(&facts, "Which teams own it?"), Some("Two teams own the service."));
        assert_eq!(fact_for(&facts, "Is the launch date fixed?"), Some("The launch is fixed for May."));
        assert_eq!(fact_for(&facts, "What about pets?"), None);
    }
}
