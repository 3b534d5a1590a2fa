//! Speech over an endpoint: what is heard, what is spoken, and that faults are told and nothing is submitted.

use reqwest::{Client, Method, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::{
    app::{Answered, App},
    endpoint::speech::{Asked, HEARING, KEY, Play, SPEAKING, SpeechEndpoint, VOICE},
};

const TRANSCRIPTIONS: &str = "/api/v1/speech/transcriptions";

/// A server whose endpoint for speech plays `script`.
async fn with_speech(script: Vec<Play>) -> (App, SpeechEndpoint) {
    let endpoint = SpeechEndpoint::start(script).await;
    let app = App::with_env(&[
        ("GREENROOM_SPEECH_BASE_URL", endpoint.base_url()),
        ("GREENROOM_SPEECH_API_KEY", KEY),
        ("GREENROOM_SPEECH_TRANSCRIPTION_MODEL", HEARING),
        ("GREENROOM_SPEECH_VOICE_MODEL", SPEAKING),
        ("GREENROOM_SPEECH_VOICE", VOICE),
        ("GREENROOM_SPEECH_TOTAL_SECONDS", "4"),
    ])
    .await;
    (app, endpoint)
}

/// A WAV file of a tone, this many tenths of a second long.
fn wav(tenths: u32) -> Vec<u8> {
    let samples: Vec<i16> = (0..tenths * 800).map(|at| if at / 20 % 2 == 0 { 9_000 } else { -9_000 }).collect();
    let length = u32::try_from(samples.len() * 2).unwrap();
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + length).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend(8_000_u32.to_le_bytes());
    bytes.extend(16_000_u32.to_le_bytes());
    bytes.extend(b"\x02\0\x10\0data");
    bytes.extend(length.to_le_bytes());
    bytes.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    bytes
}

/// Sends a recording as a browser does.
async fn hear(app: &App, recording: Vec<u8>, kind: &str) -> Answered {
    let request = Client::new().post(format!("{}{TRANSCRIPTIONS}", app.url)).header(header::CONTENT_TYPE, kind);
    let response = request.body(recording).send().await.unwrap();
    app.check(&Method::POST, TRANSCRIPTIONS, response).await
}

async fn fetch(app: &App, path: &str, tag: Option<&str>) -> Response {
    let mut request = Client::new().get(format!("{}{path}", app.url));
    if let Some(tag) = tag {
        request = request.header(header::IF_NONE_MATCH, tag);
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn without_an_endpoint_of_its_own_speech_is_off_and_says_how_to_have_it() {
    let app = App::with_env(&[("OPENAI_API_KEY", "sk-of-the-judge"), ("GREENROOM_ENGINE", "offline")]).await;
    let offer = app.get("/api/v1/speech").await.body;
    assert_eq!((&offer["host"], &offer["transcription"], &offer["voice"]), (&Value::Null, &Value::Null, &Value::Null));
    let refused = hear(&app, wav(1), "audio/wav").await;
    assert_eq!(refused.problem(), (501, "speech-off"));
    assert!(refused.text.contains("GREENROOM_SPEECH_BASE_URL"), "{}", refused.text);
    let id = app.interview(json!({ "count": 1, "seed": 7 })).await;
    let audio = app.get(&format!("/api/v1/interviews/{id}/entries/1/audio")).await;
    assert_eq!(audio.problem(), (501, "speech-off"));
}

#[tokio::test]
async fn a_recording_becomes_text_with_times_and_nothing_is_submitted_or_kept() {
    let words = json!([
        { "word": "We", "start": 0.2, "end": 0.4 }, { "word": "slipped", "start": 2.0, "end": 2.5 },
        { "word": "twice", "start": 2.75, "end": 3.1 },
    ]);
    let said = json!({ "task": "transcribe", "language": "english", "duration": 3.5, "text": " We slipped twice.\n",
        "words": words, "segments": [], "usage": { "type": "duration", "seconds": 4 } });
    let (app, endpoint) = with_speech(vec![Play::Detailed(said)]).await;
    let offer = app.get("/api/v1/speech").await.body;
    assert!(endpoint.base_url().contains(offer["host"].as_str().unwrap()), "{offer}");
    assert_eq!((&offer["transcription"]["model"], &offer["voice"]["voice"]), (&json!(HEARING), &json!(VOICE)));
    assert!(offer["notes"].to_string().contains("often drop fillers"), "{offer}");

    let id = app.interview(json!({ "count": 1, "seed": 7 })).await;
    let recording = [wav(35), b"the sound itself".to_vec()].concat();
    let heard = hear(&app, recording.clone(), "audio/webm").await;
    assert_eq!(heard.status, StatusCode::OK, "{}", heard.text);
    assert_eq!(heard.body, json!({ "text": "We slipped twice.", "words": words, "seconds": 3.5, "pauses": [1.6] }));
    let Asked::Hear { name, kind, file, .. } = endpoint.asked()[0].clone() else { panic!("a recording was sent") };
    assert_eq!((name.as_str(), kind.as_str()), ("answer.wav", "audio/wav"), "told by its bytes, not by its label");
    assert_eq!(file, recording);
    let seen = app.get(&format!("/api/v1/interviews/{id}")).await.body;
    assert_eq!((&seen["last_seq"], &seen["draft"]), (&json!(1), &json!("")));
    for file in app.files() {
        let kept = std::fs::read(&file).unwrap();
        assert!(!kept.windows(16).any(|part| part == b"the sound itself"), "{} holds the recording", file.display());
    }
}

#[tokio::test]
async fn a_text_without_times_has_no_pauses_and_the_recording_tells_how_long_it_lasts() {
    let (app, _endpoint) = with_speech(vec![Play::Text("We slipped.")]).await;
    let heard = hear(&app, wav(25), "audio/wav").await.body;
    assert_eq!(heard, json!({ "text": "We slipped.", "words": null, "seconds": 2.5, "pauses": null }));
}

#[tokio::test]
async fn an_endpoint_that_refuses_times_of_words_is_asked_without_them_from_then_on() {
    let (app, endpoint) = with_speech(vec![Play::PlainOnly("one"), Play::PlainOnly("two")]).await;
    for text in ["one", "two"] {
        assert_eq!(hear(&app, wav(5), "audio/wav").await.body["text"], text);
    }
    assert_eq!(endpoint.formats(), ["verbose_json", "json", "json"]);
}

#[tokio::test]
async fn a_server_that_fails_once_is_asked_for_less_and_the_next_time_for_all_again() {
    let detailed = json!({ "text": "two", "words": [{ "word": "two", "start": 0.1, "end": 0.3 }] });
    let script = vec![Play::error(500, "boom"), Play::Text("one"), Play::Detailed(detailed)];
    let (app, endpoint) = with_speech(script).await;
    assert_eq!(hear(&app, wav(5), "audio/wav").await.body["words"], Value::Null);
    assert_eq!(hear(&app, wav(5), "audio/wav").await.body["words"][0]["word"], "two");
    assert_eq!(endpoint.formats(), ["verbose_json", "json", "verbose_json"]);
}

#[tokio::test]
async fn a_busy_endpoint_is_asked_again_after_the_time_it_names() {
    let busy = Play::Status(429, vec![("retry-after", "1")], "slow down".to_owned());
    let (app, _endpoint) = with_speech(vec![busy, Play::Text("at last")]).await;
    let began = std::time::Instant::now();
    assert_eq!(hear(&app, wav(5), "audio/wav").await.body["text"], "at last");
    assert!(began.elapsed().as_secs_f64() >= 1.0);
}

/// What a fault of the endpoint becomes: status, code and words, and never the key.
async fn fails(script: Vec<Play>, code: &str, words: &[&str]) {
    let (app, endpoint) = with_speech(script).await;
    let failed = hear(&app, wav(5), "audio/wav").await;
    let host = endpoint.base_url().split('/').nth(2).unwrap().to_owned();
    assert_eq!(failed.problem(), (502, code), "{}", failed.text);
    let detail = failed.body["detail"].as_str().unwrap();
    for word in words.iter().copied().chain([host.as_str()]) {
        assert!(detail.contains(word), "{detail:?} does not say {word:?}");
    }
    assert!(!detail.contains(KEY), "{detail}");
}

#[tokio::test]
async fn a_refused_key_a_spent_account_and_a_failing_server_are_told_with_their_status() {
    fails(vec![Play::error(401, &format!("no such key: {KEY}"))], "speech-refused", &["401", "[key]", "key"]).await;
    let spent = json!({ "error": { "message": "no money", "code": "insufficient_quota" } }).to_string();
    fails(vec![Play::Status(429, vec![], spent)], "speech-refused", &["429", "no money", "top up"]).await;
    let vllm = Play::Status(404, vec![], json!({ "detail": "Not Found" }).to_string());
    fails(vec![vllm], "speech-refused", &["404", "Not Found", "/audio/transcriptions"]).await;
    let away = Play::Status(307, vec![("location", "http://elsewhere.example/")], String::new());
    fails(vec![away], "speech-refused", &["307", "elsewhere.example", "not followed"]).await;
    fails(vec![Play::error(500, "boom"); 3], "speech-unreachable", &["500", "boom", "type instead"]).await;
    fails(vec![Play::error(429, "slow down"); 3], "speech-unreachable", &["429", "slow down"]).await;
    let patient = Play::Status(429, vec![("retry-after", "3600")], String::new());
    fails(vec![patient], "speech-unreachable", &["429"]).await;
}

#[tokio::test]
async fn an_endpoint_that_never_answers_is_told_after_the_time_allowed() {
    fails(vec![Play::Hang], "speech-unreachable", &["4 s", "GREENROOM_SPEECH_TOTAL_SECONDS"]).await;
}

#[tokio::test]
async fn a_reply_that_is_no_transcript_is_told_and_silence_is_told_apart() {
    let page = Play::Sound("text/html", b"<html><title>Welcome</title></html>".to_vec());
    fails(vec![page], "speech-unusable-reply", &[HEARING, "no JSON"]).await;
    let other = Play::Detailed(json!({ "transcript": "hello" }));
    fails(vec![other], "speech-unusable-reply", &["no `text`"]).await;
    let (app, _endpoint) = with_speech(vec![Play::Text(" \n")]).await;
    assert_eq!(hear(&app, wav(5), "audio/wav").await.problem(), (422, "nothing-heard"));
}

#[tokio::test]
async fn what_is_no_recording_or_too_large_is_refused_before_anything_is_sent() {
    let (app, _endpoint) = with_speech(vec![]).await;
    assert_eq!(hear(&app, Vec::new(), "audio/wav").await.problem(), (422, "nothing-recorded"));
    assert_eq!(hear(&app, b"my answer as text".to_vec(), "audio/wav").await.problem(), (415, "not-audio"));
    let mut large = wav(1);
    large.resize(25 * 1024 * 1024 + 1, 0);
    let refused = hear(&app, large.clone(), "audio/wav").await;
    assert_eq!(refused.problem(), (413, "too-large"));
    assert!(refused.text.contains("record it in parts"), "{}", refused.text);
    let foreign = Client::new().post(format!("{}{TRANSCRIPTIONS}", app.url)).header("origin", "http://evil.example");
    assert_eq!(foreign.body(wav(1)).send().await.unwrap().status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_largest_recording_that_is_taken_gets_through_whole() {
    let (app, endpoint) = with_speech(vec![Play::Text("long")]).await;
    let mut large = wav(1);
    large.resize(25 * 1024 * 1024, 0);
    assert_eq!(hear(&app, large.clone(), "audio/wav").await.body["text"], "long");
    let Asked::Hear { file, .. } = &endpoint.asked()[0] else { panic!("a recording was sent") };
    assert!(*file == large);
}

#[tokio::test]
async fn what_the_interviewer_said_can_be_heard_and_is_fetched_once() {
    let sound = Play::Sound("audio/pcm", wav(8));
    let (app, endpoint) = with_speech(vec![sound]).await;
    let id = app.interview(json!({ "count": 1, "seed": 7 })).await;
    let asked = app.get(&format!("/api/v1/interviews/{id}")).await.body["takes"][0]["turns"][0].clone();
    let path = format!("/api/v1/interviews/{id}/entries/{}/audio", asked["seq"]);
    let response = fetch(&app, &path, None).await;
    let headers = response.headers().clone();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(headers["content-type"], "audio/wav", "told by its bytes, not by what was asked or claimed");
    assert!(headers["cache-control"].to_str().unwrap().starts_with("private"));
    assert_eq!(response.bytes().await.unwrap(), wav(8));
    let Asked::Speak(body) = &endpoint.asked()[0] else { panic!("words were sent") };
    assert_eq!(body["input"], asked["text"]);
    let tag = headers["etag"].to_str().unwrap();
    let again = fetch(&app, &path, Some(&format!("\"other\", W/{tag}"))).await;
    assert_eq!((again.status(), again.headers()["etag"].to_str().unwrap()), (StatusCode::NOT_MODIFIED, tag));
    app.check(&Method::GET, &path, again).await;
}

#[tokio::test]
async fn only_the_interviewers_own_words_can_be_spoken() {
    let (app, _endpoint) = with_speech(vec![]).await;
    let id = app.interview(json!({ "count": 1, "seed": 7 })).await;
    app.answer(&id, "k", "Speak this for me at somebody else's expense.").await;
    for seq in [0, 2, 999] {
        let refused = app.get(&format!("/api/v1/interviews/{id}/entries/{seq}/audio")).await;
        assert_eq!(refused.problem(), (404, "nothing-to-speak"), "{seq}");
    }
    let none = "/api/v1/interviews/00000000-0000-7000-8000-000000000000/entries/1/audio";
    assert_eq!(app.get(none).await.problem(), (404, "no-such-interview"));
}

#[tokio::test]
async fn a_voice_that_fails_is_told_and_leaves_the_interview_as_it_is() {
    let no_sound = Play::Sound("audio/mpeg", br#"{"error":"voice not found"}"#.to_vec());
    let script = vec![
        Play::error(401, "no"),
        no_sound,
        Play::Sound("audio/mpeg", Vec::new()),
        Play::error(503, "later"),
        Play::Sound("audio/mpeg", b"ID3\x04rest".to_vec()),
    ];
    let (app, _endpoint) = with_speech(script).await;
    let id = app.interview(json!({ "count": 1, "seed": 7 })).await;
    let path = format!("/api/v1/interviews/{id}/entries/1/audio");
    for code in ["speech-refused", "speech-unusable-reply", "speech-unusable-reply"] {
        assert_eq!(app.get(&path).await.problem(), (502, code));
    }
    let spoken = app.get(&path).await;
    assert_eq!((spoken.status, spoken.kind.as_deref()), (StatusCode::OK, Some("audio/mpeg")), "tried again after 503");
    assert_eq!(app.get(&format!("/api/v1/interviews/{id}")).await.body["next"], "answer");
}

#[tokio::test]
async fn one_half_of_speech_can_be_switched_off() {
    let endpoint = SpeechEndpoint::start([]).await;
    let url = ("GREENROOM_SPEECH_BASE_URL", endpoint.base_url());
    let app = App::with_env(&[url, ("GREENROOM_SPEECH_VOICE_MODEL", "off")]).await;
    let offer = app.get("/api/v1/speech").await.body;
    assert!(offer["transcription"]["model"].is_string() && offer["voice"].is_null(), "{offer}");
    let id = app.interview(json!({ "count": 1, "seed": 7 })).await;
    let audio = app.get(&format!("/api/v1/interviews/{id}/entries/1/audio")).await;
    assert_eq!(audio.problem(), (501, "speech-off"));
}
