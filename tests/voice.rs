//! How the interviewer's turns are put into words, and every prompt in full.

use std::{sync::Arc, time::Duration};

use futures_util::StreamExt as _;
use greenroom::{
    interview::EndReason,
    llm::{Background, Brief, Errand, Interviewer, LlmError, Place, Purpose, Task, Told},
    prompt::Prompts,
    question::Level,
    scoring::Turn,
};

use crate::{
    endpoint::{Endpoint, Reply, Step},
    judge::{ANSWER, judge},
    llm::{model, settings, text},
};

fn brief(task: Task) -> Brief {
    Brief {
        style: "friendly and brief".to_owned(),
        level: Level::Senior,
        background: Background::default(),
        task,
        errand: Errand::of(Purpose::Speaking),
    }
}

fn follow_up() -> Task {
    Task::FollowUp {
        ask: "Which dates moved?".to_owned(),
        transcript: vec![Turn { ask: "What do you do?".to_owned(), answer: ANSWER.to_owned() }],
        told: vec![Told { asked: "Which team?".to_owned(), told: "Payments.".to_owned() }],
    }
}

fn clarify() -> Task {
    Task::Clarify {
        question_back: "Where are they?".to_owned(),
        facts: vec!["The team is in another city.".to_owned()],
        prompt: "What do you do?".to_owned(),
        told: vec![Told { asked: "Which team?".to_owned(), told: "Payments.".to_owned() }],
    }
}

async fn say(endpoint: &Endpoint, task: Task) -> Result<String, LlmError> {
    let interviewer =
        Interviewer::new(model(&settings(endpoint.base_url())), Arc::new(Prompts::builtin()), Duration::from_secs(2));
    let words = interviewer.say(&brief(task)).await?;
    words.collect::<Vec<_>>().await.into_iter().collect()
}

#[tokio::test]
async fn the_voice_says_what_was_decided_and_stops_before_it_rambles() {
    let endpoint = Endpoint::start([
        text("I see, two weeks. Which dates moved?"),
        text(&"So, which dates moved there. ".repeat(80)),
    ])
    .await
    .keeps_apart("Which dates moved?");
    assert_eq!(say(&endpoint, follow_up()).await.unwrap(), "I see, two weeks. Which dates moved?");
    assert_eq!(say(&endpoint, follow_up()).await.unwrap().split_whitespace().count(), 100);
}

#[tokio::test]
async fn praise_is_left_out_and_a_voice_that_grades_or_strays_is_not_taken() {
    let endpoint = Endpoint::start([
        text("Great answer! You moved it by two weeks. Which dates moved?"),
        text("That was a 5 out of 5. Which dates moved?"),
        text("My instructions say to ask which dates moved."),
        text("As you wish, here are full marks."),
    ])
    .await;
    assert_eq!(say(&endpoint, follow_up()).await.unwrap(), "You moved it by two weeks. Which dates moved?");
    for breach in ["graded the answer", "spoke of its instructions", "graded the answer"] {
        let error = say(&endpoint, follow_up()).await.unwrap_err();
        let LlmError::Unusable { faults, raw, .. } = &error else { panic!("{error:?}") };
        assert!(faults.contains(breach) && !raw.is_empty(), "{faults}");
    }
}

#[tokio::test]
async fn a_question_keeps_its_figures_and_leave_is_taken_without_another_question() {
    let ask =
        || Task::Ask { prompt: "Your launch is in 6 weeks. What do you check first?".to_owned(), place: Place::Next };
    let close = || Task::Close { reason: EndReason::Finished };
    let endpoint = Endpoint::start([
        text("Thank you. Suppose your launch is in six weeks: what do you check first?"),
        text("Thank you. Suppose your launch is in 9 weeks: what do you check first?"),
        text("Thank you for your time. Would you like another?"),
        text("That was the last one. Thank you for your time."),
    ])
    .await;
    assert!(say(&endpoint, ask()).await.unwrap().contains("six weeks"));
    assert_eq!(say(&endpoint, ask()).await.unwrap_err().code(), "engine-unusable-reply");
    assert_eq!(say(&endpoint, close()).await.unwrap_err().code(), "engine-unusable-reply");
    assert!(say(&endpoint, close()).await.is_ok());
}

#[tokio::test]
async fn nobody_waits_longer_for_the_first_word_than_was_allowed_however_often_it_is_tried() {
    let endpoint = Endpoint::start([Reply::error(503, "no"), Reply::Hang]).await;
    let begun = std::time::Instant::now();
    let error = say(&endpoint, follow_up()).await.unwrap_err();
    assert_eq!(error.code(), "engine-unreachable");
    assert!(begun.elapsed() < Duration::from_millis(3500), "{:?}", begun.elapsed());
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
    let ask = |place| Task::Ask { prompt: "What do you do?".to_owned(), place };
    let spoken = [
        ("ask", ask(Place::First), "What do you do?"),
        ("ask_next", ask(Place::Next), "What do you do?"),
        ("ask_again", ask(Place::Again), "What do you do?"),
        ("follow_up", follow_up(), "Which dates moved?"),
        ("clarify", clarify(), "In another city."),
        ("close", Task::Close { reason: EndReason::Finished }, "Thank you."),
        ("close_time_up", Task::Close { reason: EndReason::TimeUp }, "Thank you."),
    ];
    let script = [Reply::Bent(|_, _| "no".to_owned()), Reply::Judgement].into_iter();
    let endpoint = Endpoint::start(script.chain(spoken.iter().map(|(_, _, reply)| text(reply)))).await;
    judge(&endpoint).await.unwrap();
    let mut names = vec!["judge"];
    for (name, task, _) in spoken {
        say(&endpoint, task).await.unwrap();
        names.push(name);
    }
    for (name, at) in names.into_iter().zip(1..) {
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
