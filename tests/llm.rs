//! What happens between Greenroom and a language model, over real HTTP against a scripted endpoint.

use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use greenroom::{
    config::LlmSettings,
    llm::{Chat, Errand, LlmError, Message, Model, Purpose, Purse},
};
use secrecy::SecretString;
use serde_json::json;

use crate::endpoint::{Endpoint, KEY, MODEL, Reply, Step};

pub fn settings(base_url: &str) -> LlmSettings {
    LlmSettings {
        base_url: Some(base_url.to_owned()),
        api_key: Some(SecretString::from(KEY)),
        model: MODEL.to_owned(),
        first_byte_seconds: 5,
        between_tokens_seconds: 5,
        total_seconds: 30,
        ..LlmSettings::default()
    }
}

fn impatient(base_url: &str) -> LlmSettings {
    LlmSettings { first_byte_seconds: 1, between_tokens_seconds: 1, total_seconds: 2, ..settings(base_url) }
}

pub fn chat() -> Chat {
    Chat {
        system: "Be brief.".to_owned(),
        messages: vec![Message::user("Hello?")],
        temperature: Some(0.2),
        max_tokens: Some(50),
        response_schema: None,
        errand: Errand::of(Purpose::Probing),
        expected_tokens: 50,
        patience: None,
    }
}

pub fn model(settings: &LlmSettings) -> Model {
    Model::new(settings, Purse::bottomless()).unwrap()
}

async fn ask(settings: &LlmSettings) -> Result<String, LlmError> {
    model(settings).ask_text(chat()).await
}

pub fn text(reply: &str) -> Reply {
    Reply::Text(reply.to_owned())
}

fn repeated(steps: &[Step], times: usize) -> Vec<Step> {
    steps.iter().cycle().take(steps.len() * times).cloned().collect()
}

#[tokio::test]
async fn a_streamed_reply_comes_in_pieces_and_whole() {
    let endpoint = Endpoint::start([text("Thanks. What moved? 🚀")]).await;
    let model = model(&settings(endpoint.base_url()));
    let words: Vec<_> = model.stream(chat()).await.unwrap().collect().await;
    let words: Result<String, _> = words.into_iter().collect();
    assert_eq!(words.unwrap(), "Thanks. What moved? 🚀");
    let body = &endpoint.asked()[0].body;
    assert_eq!(body["stream"], true);
    assert_eq!(body["temperature"], json!(0.2));
}

#[tokio::test]
async fn an_endpoint_that_ignores_streaming_is_understood_and_so_is_one_that_mislabels_its_stream() {
    let mislabelled = "data: {\"choices\":[{\"delta\":{\"content\":\"B\"}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":[{\"type\":\"text\",\"text\":\"!\"}]},\"finish_reason\":\"length\"}]}\n\n";
    let endpoint =
        Endpoint::start([Reply::Whole("A".to_owned()), Reply::Raw("text/plain", mislabelled.to_owned())]).await;
    assert_eq!(ask(&settings(endpoint.base_url())).await.unwrap(), "A");
    assert_eq!(ask(&settings(endpoint.base_url())).await.unwrap(), "B!");
}

#[tokio::test]
async fn reasoning_is_no_part_of_the_reply() {
    let reasoning = json!({"choices": [{"delta": {"reasoning_content": "hm", "content": ""}}]}).to_string();
    let endpoint = Endpoint::start([Reply::Events(vec![
        Step::Bytes(": a comment\n\n"),
        Step::Data(reasoning),
        Step::Words("<thi"),
        Step::Words("nk>let me see</think>\n"),
        Step::Words("Yes."),
        Step::Finish,
    ])])
    .await;
    assert_eq!(ask(&settings(endpoint.base_url())).await.unwrap(), "Yes.");
}

#[tokio::test]
async fn a_refused_key_is_named_as_such_whatever_the_body_looks_like() {
    let bodies = [
        r#"{"error":{"message":"Incorrect API key provided: test-key","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}"#,
        r#"{"error":{"message":"no","code":401}}"#,
        r#"{"error":"Unauthorized"}"#,
        r#"{"detail":"Not authenticated"}"#,
        "<html><title>401</title></html>",
        "",
    ];
    for body in bodies {
        let endpoint = Endpoint::start([Reply::Status(401, Vec::new(), body.to_owned())]).await;
        let error = ask(&settings(endpoint.base_url())).await.unwrap_err();
        assert!(matches!(error, LlmError::Refused { status: Some(401), .. }), "{body}: {error:?}");
        assert_eq!(error.code(), "engine-refused");
        let said = error.to_string();
        assert!(
            said.contains("127.0.0.1:") && said.contains("status 401") && said.contains("check the API key"),
            "{said}"
        );
        assert!(!said.contains(KEY), "{said}");
    }
}

#[tokio::test]
async fn a_missing_page_a_web_page_and_a_redirect_point_to_the_base_url() {
    for (reply, wanted) in [
        (Reply::Status(404, Vec::new(), "{\"detail\":\"Not Found\"}".to_owned()), "usually ends in /v1"),
        (Reply::Raw("text/html", "<!doctype html><title>Router</title>".to_owned()), "a web page titled “Router”"),
        (Reply::Status(308, vec![("location", "https://elsewhere.test/".to_owned())], String::new()), "elsewhere.test"),
    ] {
        let endpoint = Endpoint::start([reply]).await;
        let error = ask(&settings(endpoint.base_url())).await.unwrap_err();
        assert_eq!(error.code(), "engine-refused");
        assert!(error.to_string().contains(wanted), "{error}");
    }
}

#[tokio::test]
async fn a_busy_endpoint_is_asked_again_after_the_time_it_names() {
    let endpoint = Endpoint::start([Reply::busy("1"), text("now")]).await;
    let begun = Instant::now();
    assert_eq!(ask(&settings(endpoint.base_url())).await.unwrap(), "now");
    assert!((Duration::from_secs(1)..Duration::from_secs(4)).contains(&begun.elapsed()));
}

#[tokio::test]
async fn a_wait_that_nobody_would_sit_through_is_told_instead_of_kept() {
    let endpoint = Endpoint::start([Reply::busy("3600")]).await;
    let begun = Instant::now();
    let error = ask(&settings(endpoint.base_url())).await.unwrap_err();
    assert_eq!(error.code(), "engine-unreachable");
    assert!(error.to_string().contains("status 429") && error.to_string().contains("wait 3600 s"), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn a_spent_account_is_refused_at_once() {
    let body = r#"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}"#;
    let endpoint = Endpoint::start([Reply::Status(429, Vec::new(), body.to_owned())]).await;
    assert_eq!(ask(&settings(endpoint.base_url())).await.unwrap_err().code(), "engine-refused");
}

#[tokio::test]
async fn one_server_error_is_survived_and_three_are_told() {
    let endpoint = Endpoint::start([Reply::error(500, "oops"), text("fine")]).await;
    assert_eq!(ask(&settings(endpoint.base_url())).await.unwrap(), "fine");
    let endpoint = Endpoint::start([Reply::error(503, "a"), Reply::error(503, "b"), Reply::error(503, "c")]).await;
    let error = ask(&settings(endpoint.base_url())).await.unwrap_err();
    assert_eq!(error.code(), "engine-unreachable");
    assert!(error.to_string().contains("failed with status 503: c"), "{error}");
}

#[tokio::test]
async fn silence_is_bounded_before_the_first_word_between_words_and_in_all() {
    let slow = |count| {
        let mut steps = repeated(&[Step::Words("a"), Step::Wait(Duration::from_millis(700))], count);
        steps.push(Step::Finish);
        Reply::Events(steps)
    };
    // Bare comments are bytes and no words.
    let comments = repeated(&[Step::Bytes(": \n\n"), Step::Wait(Duration::from_millis(300))], 6);
    for (reply, wanted) in [
        (Reply::Hang, "no first word within 1 s"),
        (Reply::Events(vec![Step::Hang]), "no first word within 1 s"),
        (Reply::Events(comments), "no first word within 1 s"),
        (Reply::Events(vec![Step::Words("a"), Step::Hang]), "the reply stopped for 1 s"),
        (slow(6), "not complete after 2 s"),
    ] {
        let endpoint = Endpoint::start([reply]).await;
        let begun = Instant::now();
        let error = ask(&impatient(endpoint.base_url())).await.unwrap_err();
        assert_eq!(error.code(), "engine-unreachable");
        assert!(error.to_string().contains(wanted), "{error}");
        assert!(begun.elapsed() < Duration::from_millis(2900), "{wanted}");
    }
}

#[tokio::test]
async fn a_reply_that_is_cut_after_its_first_words_is_no_reply_and_is_not_asked_for_again() {
    let error_event = json!({"error": {"message": "upstream died", "code": "500"}}).to_string();
    for (last, wanted) in [
        (vec![Step::Reset], "ended before it was finished"),
        (vec![], "ended before it was finished"),
        (vec![Step::Bytes("data: [DONE]\n\n")], "ended before it was finished"),
        (vec![Step::Data(error_event), Step::Words("more"), Step::Finish], "upstream died"),
        (vec![Step::Data("{broken".to_owned()), Step::Finish], "not readable JSON"),
    ] {
        let mut steps = vec![Step::Words("Half a sen")];
        steps.extend(last);
        let endpoint = Endpoint::start([Reply::Events(steps)]).await;
        let model = model(&settings(endpoint.base_url()));
        let items: Vec<_> = model.stream(chat()).await.unwrap().collect().await;
        assert_eq!(items.len(), 2, "{items:?}");
        assert_eq!(items[0].as_deref().unwrap(), "Half a sen");
        let error = items[1].as_ref().unwrap_err();
        assert_eq!(error.code(), "engine-unreachable");
        assert!(error.to_string().contains(wanted), "{error}");
    }
}

#[tokio::test]
async fn a_stream_that_breaks_before_its_first_word_is_tried_again() {
    let limited = json!({"error": {"message": "busy", "code": 429}}).to_string();
    for first in [vec![Step::Reset], vec![], vec![Step::Data(limited)]] {
        let endpoint = Endpoint::start([Reply::Events(first), text("whole")]).await;
        assert_eq!(ask(&settings(endpoint.base_url())).await.unwrap(), "whole");
    }
}

#[tokio::test]
async fn nobody_at_the_address_is_out_of_reach() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = ask(&settings(&format!("http://{address}/v1"))).await.unwrap_err();
    assert_eq!(error.code(), "engine-unreachable");
    assert!(error.to_string().contains("no connection"), "{error}");
    assert!(error.to_string().starts_with(&address.to_string()), "{error}");
}

#[tokio::test]
async fn a_kept_connection_that_the_server_has_dropped_costs_no_attempt() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let mut buffer = vec![0; 8192];
        let (mut kept, _) = listener.accept().await.unwrap();
        let _ = kept.read(&mut buffer).await.unwrap();
        kept.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\nno").await.unwrap();
        // Takes the next request on the same connection and goes.
        let _ = kept.read(&mut buffer).await.unwrap();
        drop(kept);
        let (mut fresh, _) = listener.accept().await.unwrap();
        let _ = fresh.read(&mut buffer).await.unwrap();
        let body = r#"{"choices":[{"message":{"content":"again"}}]}"#;
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
        fresh.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    });
    let model = model(&LlmSettings { attempts: 1, ..settings(&base_url) });
    assert_eq!(model.ask_text(chat()).await.unwrap_err().code(), "engine-refused");
    assert_eq!(model.ask_text(chat()).await.unwrap(), "again");
    server.await.unwrap();
}

#[tokio::test]
async fn what_an_endpoint_does_not_take_is_left_out_and_remembered() {
    let endpoint = Endpoint::start([
        Reply::error(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
        Reply::error(400, "Unsupported value: 'temperature' does not support 0.2 with this model."),
        Reply::error(400, "Your organization must be verified to stream this model."),
        Reply::Whole("one".to_owned()),
        Reply::Whole("two".to_owned()),
    ])
    .await;
    let model = model(&settings(endpoint.base_url()));
    assert_eq!(model.ask_text(chat()).await.unwrap(), "one");
    assert_eq!(model.clone().ask_text(chat()).await.unwrap(), "two");
    let last = &endpoint.asked()[4].body;
    assert_eq!((&last["max_completion_tokens"], &last["stream"]), (&json!(50), &json!(false)));
    assert!(last.get("max_tokens").is_none() && last.get("temperature").is_none());
}

#[tokio::test]
async fn no_more_requests_run_at_once_than_allowed_and_no_key_sends_no_key() {
    let endpoint = Endpoint::start([Reply::Events(vec![Step::Hang]), text("second")]).await.keyless();
    let settings = LlmSettings { concurrency: 1, api_key: None, ..settings(endpoint.base_url()) };
    let model = model(&settings);
    let hanging = tokio::spawn({
        let model = model.clone();
        async move { model.ask_text(chat()).await }
    });
    while endpoint.asked().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let second = model.ask_text(chat());
    let waited = tokio::time::timeout(Duration::from_millis(200), second).await;
    assert!(waited.is_err(), "the place was taken");
    assert_eq!(endpoint.asked().len(), 1);
    hanging.abort();
    assert_eq!(model.ask_text(chat()).await.unwrap(), "second");
}
