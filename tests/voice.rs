//! How the interviewer's turns are put into words, and every prompt in full.

use std::sync::Arc;

use futures_util::StreamExt as _;
use greenroom::{
    llm::{Background, Brief, Interviewer, LlmError, Model, Task},
    prompt::Prompts,
    question::Level,
    scoring::Turn,
};

use crate::{
    endpoint::{Endpoint, Reply, Step},
    judge::{ANSWER, judge},
    llm::{settings, text},
};

fn brief(task: Task) -> Brief {
    Brief { style: "friendly and brief".to_owned(), level: Level::Senior, background: Background::default(), task }
}

fn follow_up() -> Task {
    Task::FollowUp {
        ask: "Which dates moved?".to_owned(),
        transcript: vec![Turn { ask: "What do you do?".to_owned(), answer: ANSWER.to_owned() }],
    }
}

async fn say(endpoint: &Endpoint, task: Task) -> Result<String, LlmError> {
    let model = Model::new(&settings(endpoint.base_url())).unwrap();
    let words = Interviewer::new(model, Arc::new(Prompts::builtin())).say(&brief(task)).await?;
    words.collect::<Vec<_>>().await.into_iter().collect()
}

#[tokio::test]
async fn the_voice_says_what_was_decided_and_stops_before_it_rambles() {
    let endpoint =
        Endpoint::start([text("I see, two weeks. Which dates moved?"), text(&"So, tell me more. ".repeat(80))])
            .await
            .keeps_apart("Which dates moved?");
    assert_eq!(say(&endpoint, follow_up()).await.unwrap(), "I see, two weeks. Which dates moved?");
    assert_eq!(say(&endpoint, follow_up()).await.unwrap().split_whitespace().count(), 100);
}

#[tokio::test]
async fn a_voice_that_fails_or_says_nothing_is_an_error_so_that_the_bank_speaks() {
    let endpoint =
        Endpoint::start([text("  \n"), Reply::error(401, "no"), Reply::Events(vec![Step::Words("Well"), Step::Reset])])
            .await;
    let codes = ["engine-unusable-reply", "engine-refused", "engine-unreachable"];
    for code in codes {
        assert_eq!(say(&endpoint, follow_up()).await.unwrap_err().code(), code);
    }
}

#[tokio::test]
async fn every_prompt_reads_as_it_should() {
    let endpoint =
        Endpoint::start([Reply::Bent(|_, _| "no".to_owned()), Reply::Judgement, text("A?"), text("B?"), text("C?")])
            .await;
    judge(&endpoint).await.unwrap();
    say(&endpoint, Task::Ask { prompt: "What do you do?".to_owned() }).await.unwrap();
    say(&endpoint, follow_up()).await.unwrap();
    let clarify = Task::Clarify {
        question_back: "Where are they?".to_owned(),
        facts: vec!["The team is in another city.".to_owned()],
        prompt: "What do you do?".to_owned(),
    };
    say(&endpoint, clarify).await.unwrap();
    for (name, at) in [("judge", 1), ("ask", 2), ("follow_up", 3), ("clarify", 4)] {
        let messages = endpoint.asked()[at].messages();
        let text: Vec<String> = messages.iter().map(|(role, content)| format!("##### {role}\n{content}")).collect();
        let mut text = text.join("\n\n");
        // The ticket differs from request to request.
        if let Some(ticket) = text.split("=== ").nth(1).and_then(|rest| rest.split_whitespace().nth(1)) {
            text = text.replace(&ticket.to_owned(), "TICKET");
        }
        insta::assert_snapshot!(name, text);
    }
}
