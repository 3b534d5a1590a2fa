//! `greenroom doctor`: what the configured model's endpoint can do, and how it will be asked.

use std::{io::Write as _, sync::Arc, time::Instant};

use anyhow::Context as _;
use clap::Args;
use futures_util::StreamExt as _;
use serde::Serialize;

use super::{Status, misuse, out_of_reach, paper, tell};
use crate::{
    bank::Bank,
    config::Settings,
    llm::{
        Background, Brief, Errand, Interviewer, LlmError, LlmJudge, Model, Place, Purpose, Task,
        doctor::{Examined, Finding, State, examine},
    },
    practice::{books, judge},
    question::{ExemplarQuality, Level, Question},
    scoring::{Exchange, offline::flags},
    store::Store,
};

#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Print one JSON object a capability
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Row<'a> {
    capability: &'a str,
    state: State,
    detail: &'a str,
}

/// Status 0 where a model can judge, or none is configured; 1 where it cannot; 2 and 3 where the endpoint refuses or is
/// out of reach.
pub async fn run(args: &DoctorArgs, settings: &Settings) -> anyhow::Result<Status> {
    let bank = Bank::open(&settings.bank)?;
    if settings.llm.base_url.is_none() && settings.llm.api_key.is_none() {
        tell(
            "No model is configured: answers are judged by rules on this computer. To use one, set \
             GREENROOM_LLM_BASE_URL or OPENAI_API_KEY; docs/llm.md has a table of endpoints.",
        );
        return Ok(Status::Done);
    }
    // What is learned here is kept for the next run.
    let store = Store::open(&settings.database_url).await?;
    let purse = books::purse(settings, &store);
    let (model, prompts) = judge::model(settings, || purse.clone())?;
    tell(format_args!("Trying {} at {}, with a dozen small requests.", model.model_name(), model.host()));
    let examined = match examine(&model).await {
        Ok(examined) => examined,
        Err(error) => {
            purse.settled().await;
            store.close().await;
            return Err(match error {
                LlmError::Unreachable { .. } => out_of_reach(error.to_string()),
                _ => misuse(error.to_string()),
            });
        }
    };
    let Examined { mut findings, will_use } = examined;
    let judge = LlmJudge::new(model.clone(), Arc::clone(&prompts), Arc::new(flags), &settings.scorer);
    let question = bank.questions().next().context("the bank is empty")?;
    findings.push(judging(&judge, question).await);
    let patience = std::time::Duration::from_secs(settings.llm.first_word_seconds);
    findings.push(speaking(&Interviewer::new(model.clone(), prompts, patience), question).await);
    purse.settled().await;
    store.close().await;
    print(args, &model, &findings, &will_use)?;
    let cannot_judge = findings.iter().any(|one| one.capability == JUDGING && one.state == State::Fails);
    Ok(if cannot_judge { Status::Problems } else { Status::Done })
}

/// An answer to whatever question.
const SAMPLE: &str = "I asked their lead for the cause on Monday. Two of our dates moved by nine days. I put two ways on to \
     the director, and she chose the stand-in. I told the three teams behind us the same day.";

const JUDGING: &str = "judging an answer";

/// Has a sample answer of the bank judged, as an interview would.
async fn judging(judge: &LlmJudge, question: &Question) -> Finding {
    let strong = question.exemplars.iter().find(|one| one.quality == ExemplarQuality::Strong);
    let answer = strong.or(question.exemplars.first()).map_or(SAMPLE, |one| &one.answer);
    let begun = Instant::now();
    let judged = match Exchange::of_answer(&question.prompt, answer) {
        Ok(exchange) => judge.judge(question, &exchange, &Errand::of(Purpose::Probing)).await,
        Err(unfit) => return Finding { capability: JUDGING, state: State::Fails, detail: unfit.to_string() },
    };
    let (state, detail) = match judged {
        Ok(card) => {
            let met = card.points().iter().filter(|point| !point.evidence.is_empty()).count();
            let of = card.points().len();
            (
                State::Works,
                format!("{:.1} s; a sample answer showed {met} of {of} points", begun.elapsed().as_secs_f64()),
            )
        }
        Err(error) => (State::Fails, error.to_string()),
    };
    Finding { capability: JUDGING, state, detail }
}

/// Has a question asked, as an interview would.
async fn speaking(interviewer: &Interviewer, question: &Question) -> Finding {
    let brief = Brief {
        style: "calm, polite and matter-of-fact".to_owned(),
        level: Level::Senior,
        background: Background::default(),
        task: Task::Ask { prompt: question.prompt.trim().to_owned(), place: Place::First },
        errand: Errand::of(Purpose::Probing),
    };
    let begun = Instant::now();
    let mut first = None;
    let spoken = async {
        let mut words = std::pin::pin!(interviewer.say(&brief).await?);
        while let Some(piece) = words.next().await {
            piece?;
            first.get_or_insert_with(|| begun.elapsed());
        }
        Ok::<_, LlmError>(())
    }
    .await;
    let (state, detail) = match (spoken, first) {
        (Ok(()), Some(first)) => (State::Works, format!("first word after {:.2} s", first.as_secs_f64())),
        (Ok(()), None) => (State::Fails, "nothing was said".to_owned()),
        (Err(error), _) => (State::Fails, error.to_string()),
    };
    Finding { capability: "the interviewer's voice", state, detail }
}

fn print(args: &DoctorArgs, model: &Model, findings: &[Finding], will_use: &[String]) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    if args.json {
        for Finding { capability, state, detail } in findings {
            writeln!(out, "{}", serde_json::to_string(&Row { capability, state: *state, detail })?)?;
        }
        return Ok(());
    }
    let rows: Vec<[String; 3]> = findings
        .iter()
        .map(|one| [one.capability.to_owned(), one.state.as_str().to_owned(), paper::harmless(&one.detail)])
        .collect();
    for line in paper::table(["CAPABILITY", "STATE", "WHAT WAS SEEN"], &rows) {
        writeln!(out, "{line}")?;
    }
    writeln!(out, "\n{} at {} will be asked by: {}.", model.model_name(), model.host(), will_use.join(", "))?;
    Ok(())
}
