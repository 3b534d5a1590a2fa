//! `greenroom doctor` against endpoints of different abilities, and that what it learns is kept.

use serde_json::{Value, json};

use crate::{
    endpoint::{Endpoint, KEY, MODEL, Reply, spoken},
    terminal::{Ran, Terminal},
};

/// Runs the doctor, and then a command that judges one answer, on the same data.
async fn doctor(base_url: &str, arguments: &'static [&'static str]) -> (Ran, Terminal) {
    let base_url = base_url.to_owned();
    tokio::task::spawn_blocking(move || {
        let terminal = Terminal::new();
        let mut command = terminal.command(arguments);
        command.env("OPENAI_BASE_URL", base_url).env("OPENAI_API_KEY", KEY).env("GREENROOM_LLM_MODEL", MODEL);
        command.env("GREENROOM_LLM_ATTEMPTS", "1").env("GREENROOM_LLM_FIRST_BYTE_SECONDS", "3");
        (terminal.finish(command, b""), terminal)
    })
    .await
    .unwrap()
}

/// State of each capability.
fn states(ran: &Ran) -> Vec<(String, String)> {
    let rows = ran.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    rows.map(|row| (text(&row["capability"]), text(&row["state"]))).collect()
}

fn state<'a>(states: &'a [(String, String)], capability: &str) -> &'a str {
    states.iter().find(|(name, _)| name == capability).map_or("-", |(_, state)| state)
}

const APPLE: &str = r#"{"colour": "green", "seeds": 5}"#;

/// An endpoint that can do everything.
fn able(body: &Value) -> Reply {
    if let Some(words) = spoken(body) {
        return Reply::Text(words);
    }
    let whole = body["stream"] == false;
    match body.pointer("/response_format/json_schema/name").and_then(Value::as_str) {
        Some("judgement") => Reply::Judgement,
        _ if body["messages"][1]["content"].as_str().unwrap().contains("apple") => Reply::Text(APPLE.to_owned()),
        _ if whole => Reply::Whole("I am ready.".to_owned()),
        _ => Reply::Text("I am ready for all of your questions, whenever you like.".to_owned()),
    }
}

/// A server as several small ones are: no schema, no temperature, another name for the limit, no usage in streams.
fn plain(body: &Value) -> Reply {
    for (field, says) in [
        ("temperature", "Unsupported value: 'temperature' does not support 0.2 with this model."),
        ("max_tokens", "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
        ("stream_options", "Unrecognized request argument supplied: stream_options"),
    ] {
        if body.get(field).is_some() {
            return Reply::error(400, says);
        }
    }
    if let Some(words) = spoken(body) {
        return Reply::Text(words);
    }
    let asked = body["messages"][1]["content"].as_str().unwrap();
    match (body.pointer("/response_format/type").and_then(Value::as_str), asked.contains("apple")) {
        // A schema is taken and ignored.
        (Some("json_schema"), true) => Reply::Text("It is green and has five seeds.".to_owned()),
        (Some("json_object"), _) if body["response_format"].get("schema").is_some() => {
            Reply::error(400, "response_format.schema: extra fields not permitted")
        }
        (_, true) => Reply::Text(APPLE.to_owned()),
        (Some(_), false) if asked.contains("ticket") => Reply::Text("I would rather not.".to_owned()),
        _ => Reply::Text("Ready.".to_owned()),
    }
}

/// A model that thinks and says nothing unless it is told not to think.
fn thinker(body: &Value) -> Reply {
    if body.pointer("/chat_template_kwargs/enable_thinking") == Some(&json!(false)) {
        return able(body);
    }
    let message = json!({"role": "assistant", "content": "", "reasoning_content": "Hm, let me think about it."});
    let body = json!({"choices": [{"index": 0, "message": message, "finish_reason": "length"}]});
    Reply::Raw("application/json", body.to_string())
}

#[tokio::test]
async fn an_endpoint_that_can_do_everything_is_used_in_full() {
    let endpoint = Endpoint::always(able).await;
    let (ran, _) = doctor(endpoint.base_url(), &["doctor", "--json"]).await;
    assert_eq!(ran.status, 0, "{}", ran.shown());
    for (capability, state) in states(&ran) {
        assert_eq!(state, "works", "{capability}: {}", ran.stdout);
    }
    let (ran, _) = doctor(endpoint.base_url(), &["doctor"]).await;
    for words in ["CAPABILITY", "first word after", "100 in, 20 out", "will be asked by: strict JSON schema, streaming"]
    {
        assert!(ran.stdout.contains(words), "{words}: {}", ran.stdout);
    }
    assert!(!ran.shown().contains(KEY));
}

#[tokio::test]
async fn what_an_endpoint_cannot_do_is_told_and_not_tried_again_by_the_next_run() {
    let endpoint = Endpoint::always(plain).await;
    let (ran, terminal) = doctor(endpoint.base_url(), &["doctor", "--json"]).await;
    let found = states(&ran);
    for (capability, wanted) in [
        ("temperature", "refused"),
        ("max_tokens", "refused"),
        ("max_completion_tokens", "works"),
        ("telling its tokens", "refused"),
        ("strict JSON schema", "ignored"),
        ("JSON mode with a schema", "refused"),
        ("JSON mode", "works"),
        ("judging an answer", "fails"),
        ("the interviewer's voice", "works"),
    ] {
        assert_eq!(state(&found, capability), wanted, "{capability}: {}", ran.stdout);
    }
    assert_eq!(ran.status, 1, "a model that cannot judge is a problem: {}", ran.shown());

    let asked = endpoint.asked().len();
    let base_url = endpoint.base_url().to_owned();
    let drill = tokio::task::spawn_blocking(move || {
        let mut command = terminal.command(&["drill", "--json", "--seed", "7"]);
        command.env("OPENAI_BASE_URL", base_url).env("OPENAI_API_KEY", KEY).env("GREENROOM_LLM_MODEL", MODEL);
        command.env("GREENROOM_INTERVIEWER_VOICE", "bank");
        terminal.finish(command, b"I asked their lead why, and I moved the launch by nine days.")
    });
    assert_eq!(drill.await.unwrap().status, 1, "nothing was scored");
    let first = &endpoint.asked()[asked].body;
    assert_eq!(first["response_format"], json!({"type": "json_object"}), "the first request of the next run");
    assert!(first.get("temperature").is_none() && first["max_completion_tokens"].is_number());
}

#[tokio::test]
async fn a_model_that_only_thinks_is_asked_not_to() {
    let endpoint = Endpoint::always(thinker).await;
    let (ran, _) = doctor(endpoint.base_url(), &["doctor"]).await;
    assert_eq!(ran.status, 0, "{}", ran.shown());
    assert!(ran.stdout.contains("thinking turned off"), "{}", ran.stdout);
}

#[tokio::test]
async fn an_endpoint_that_refuses_or_is_not_there_ends_with_its_reason() {
    let endpoint = Endpoint::always(|_| Reply::error(401, "bad key")).await;
    let (ran, _) = doctor(endpoint.base_url(), &["doctor"]).await;
    assert_eq!(ran.status, 2, "{}", ran.shown());
    assert!(ran.stderr.contains("status 401") && ran.stderr.contains("check the API key"), "{}", ran.stderr);
    let (ran, _) = doctor("http://127.0.0.1:9/v1", &["doctor"]).await;
    assert_eq!(ran.status, 3, "{}", ran.shown());
}

#[test]
fn without_a_model_the_doctor_says_what_happens_then() {
    let ran = Terminal::new().run(&["doctor"]);
    assert_eq!(ran.status, 0);
    assert!(ran.stderr.contains("judged by rules") && ran.stderr.contains("GREENROOM_LLM_BASE_URL"), "{}", ran.stderr);
}
