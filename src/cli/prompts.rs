//! `greenroom prompts`: what a model is told, in full, without asking one.

use std::{io::Write as _, path::PathBuf};

use anyhow::Context as _;
use clap::{
    Args, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser as _},
};

use super::{Status, misuse};
use crate::{
    bank::Bank,
    config::Settings,
    interview::EndReason,
    llm::{Background, Brief, Chat, Errand, Message, Place, Purpose, Role, Task, interviewer, judge},
    practice::judge::prompts,
    prompt,
    question::{Level, Question, QuestionId},
    scoring::{Exchange, Sentences, Turn, offline::flags},
};

#[derive(Debug, Subcommand)]
pub enum PromptsCommand {
    /// Print one prompt in full for a question and an answer, as it would be sent
    Render(RenderArgs),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Prompts are replaced file by file with --prompts DIR. The ticket is drawn anew for each request; \
here it is the word TICKET."
)]
pub struct RenderArgs {
    /// Which prompt
    #[arg(value_parser = PossibleValuesParser::new(NAMES).map(|name| Which::of(&name)))]
    prompt: Which,
    /// The question's id [default: the first of the bank]
    #[arg(long, value_name = "ID")]
    question: Option<QuestionId>,
    /// File with the answer; `-` reads standard input [default: an exemplar of the question]
    #[arg(long, value_name = "FILE|-")]
    answer: Option<PathBuf>,
    /// Print the messages as one JSON array
    #[arg(long)]
    json: bool,
}

const NAMES: [&str; 5] = ["judge", "ask", "follow-up", "clarify", "close"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Judge,
    Ask,
    FollowUp,
    Clarify,
    Close,
}

impl Which {
    fn of(name: &str) -> Self {
        match name {
            "judge" => Self::Judge,
            "ask" => Self::Ask,
            "follow-up" => Self::FollowUp,
            "clarify" => Self::Clarify,
            _ => Self::Close,
        }
    }
}

/// What stands in the place of a random ticket.
const TICKET: &str = "TICKET";

pub fn run(command: &PromptsCommand, settings: &Settings) -> anyhow::Result<Status> {
    let PromptsCommand::Render(args) = command;
    let bank = Bank::open(&settings.bank)?;
    let question = match &args.question {
        Some(id) => bank.get(id).ok_or_else(|| {
            misuse(format!("the bank has no question `{id}`; `greenroom bank list` shows those there are"))
        })?,
        None => bank.questions().next().context("the bank is empty")?,
    };
    let prompts = prompts(settings).map_err(|error| misuse(error.to_string()))?;
    let answer = answer(args, question)?;
    let chat = match args.prompt {
        Which::Judge => {
            let exchange = Exchange::of_answer(&question.prompt, &answer).map_err(|unfit| misuse(unfit.to_string()))?;
            let sentences = Sentences::of(&exchange);
            let flagged = flags(&sentences, question);
            judge::chat(&prompts, question, &sentences, &flagged, TICKET)?
        }
        which => {
            let brief = Brief {
                style: "calm, polite and matter-of-fact".to_owned(),
                level: Level::Senior,
                background: Background::default(),
                task: task(which, question, answer),
                errand: Errand::of(Purpose::Speaking),
            };
            interviewer::chat(&prompts, &brief, TICKET).map_err(|error| misuse(error.to_string()))?
        }
    };
    let role = if args.prompt == Which::Judge { prompt::Role::Judge } else { prompt::Role::Interviewer };
    print(args, chat, prompts.hash(role))
}

fn task(which: Which, question: &Question, answer: String) -> Task {
    match which {
        Which::Ask | Which::Judge => Task::Ask { prompt: question.prompt.trim().to_owned(), place: Place::First },
        Which::FollowUp => Task::FollowUp {
            ask: question.follow_ups.first().map_or_else(String::new, |follow_up| follow_up.ask.clone()),
            transcript: vec![Turn { ask: question.prompt.clone(), answer }],
            told: Vec::new(),
        },
        Which::Clarify => Task::Clarify {
            question_back: answer,
            facts: question.facts.clone(),
            prompt: question.prompt.clone(),
            told: Vec::new(),
        },
        Which::Close => Task::Close { reason: EndReason::Finished },
    }
}

/// The answer that was given, or a sample one.
fn answer(args: &RenderArgs, question: &Question) -> anyhow::Result<String> {
    match &args.answer {
        None => Ok(question
            .exemplars
            .first()
            .map_or_else(|| "I asked their lead why, and moved the launch.".to_owned(), |one| one.answer.clone())),
        Some(path) if path.as_os_str() == "-" => std::io::read_to_string(std::io::stdin())
            .map_err(|error| misuse(format!("cannot read the answer: {error}"))),
        Some(path) => std::fs::read_to_string(path)
            .map_err(|error| misuse(format!("cannot read the answer in {}: {error}", path.display()))),
    }
}

fn print(args: &RenderArgs, chat: Chat, hash: &str) -> anyhow::Result<Status> {
    let mut messages = vec![Message { role: Role::System, content: chat.system }];
    messages.extend(chat.messages);
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string(&messages)?)?;
        return Ok(Status::Done);
    }
    for message in messages {
        let role = match message.role {
            Role::System => "system",
            Role::User => "user",
            Role::Assistant => "assistant",
        };
        // Markers of the templates begin otherwise, so that nothing in a prompt can pass for one of these lines.
        writeln!(out, "##### {role}\n{}\n", super::paper::harmless(&message.content))?;
    }
    writeln!(out, "##### prompt hash {hash}")?;
    Ok(Status::Done)
}
