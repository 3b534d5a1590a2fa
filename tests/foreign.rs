//! Servers that nobody here wrote. Opt-in: `cargo test -- --ignored foreign`, with what is installed named by variables
//! (`docs/llm.md` says how to install them). A server that is not named fails its test with the way out.

use std::{
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use greenroom::{
    config::LlmSettings,
    llm::{LlmError, doctor},
};
use secrecy::SecretString;

use crate::{
    judge::judge_with_model,
    llm::{chat, model, settings},
};

/// How long such a server may take to start.
const START: Duration = Duration::from_secs(90);

struct Server {
    child: Child,
    url: String,
    /// Holds its settings.
    _folder: tempfile::TempDir,
}

impl Server {
    /// Starts the program that the variable names; `{port}` and `{folder}` in its arguments are filled in.
    fn start(variable: &str, arguments: &[&str], file: (&str, &str), env: &[(&str, &str)]) -> Self {
        let program = std::env::var(variable)
            .unwrap_or_else(|_| panic!("set {variable} to the program; docs/llm.md says how to install it"));
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(file.0), file.1).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let filled = arguments.iter().map(|argument| {
            argument.replace("{port}", &port.to_string()).replace("{folder}", &folder.path().display().to_string())
        });
        let mut command = Command::new(&program);
        command.args(filled).envs(env.iter().copied()).current_dir(folder.path());
        // The path of a script's interpreter may be beside it.
        if let (Some(beside), Some(path)) = (Path::new(&program).parent(), std::env::var_os("PATH")) {
            let all = std::iter::once(beside.to_owned()).chain(std::env::split_paths(&path));
            command.env("PATH", std::env::join_paths(all).unwrap());
        }
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let server = Self { child, url: format!("http://127.0.0.1:{port}/v1"), _folder: folder };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < START, "{program} does not listen");
            std::thread::sleep(Duration::from_millis(200));
        }
        server
    }

    fn settings(&self, name: &str) -> LlmSettings {
        LlmSettings { api_key: Some(SecretString::from("sk-test-key")), model: name.to_owned(), ..settings(&self.url) }
    }

    async fn ask(&self, name: &str) -> Result<String, LlmError> {
        model(&self.settings(name)).ask_text(chat()).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A model for each thing that can go wrong behind a gateway.
const LITELLM: &str = r#"
model_list:
  - {model_name: plain, litellm_params: {model: openai/gpt-4o-mini, api_key: none, mock_response: "I am ready."}}
  - {model_name: limited, litellm_params: {model: openai/gpt-4o-mini, api_key: none, mock_response: "litellm.RateLimitError"}}
  - {model_name: broken, litellm_params: {model: openai/gpt-4o-mini, api_key: none, mock_response: "litellm.InternalServerError"}}
  - {model_name: long, litellm_params: {model: openai/gpt-4o-mini, api_key: none, mock_response: "litellm.ContextWindowExceededError"}}
general_settings: {master_key: sk-test-key}
router_settings: {num_retries: 0}
"#;

fn litellm() -> Server {
    let arguments = ["--config", "{folder}/litellm.yaml", "--host", "127.0.0.1", "--port", "{port}"];
    Server::start("GREENROOM_TEST_LITELLM", &arguments, ("litellm.yaml", LITELLM), &[])
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs LiteLLM's proxy, named by GREENROOM_TEST_LITELLM"]
async fn foreign_litellm_is_spoken_to_and_its_faults_keep_their_status() {
    let server = litellm();
    assert_eq!(server.ask("plain").await.unwrap(), "I am ready.");
    for (name, code, says) in [
        ("limited", "engine-unreachable", "429"),
        ("broken", "engine-unreachable", "500"),
        ("long", "engine-refused", "400"),
        ("nowhere", "engine-refused", "400"),
    ] {
        let error = server.ask(name).await.unwrap_err();
        assert_eq!(error.code(), code, "{name}: {error}");
        assert!(error.to_string().contains(says), "{name}: {error}");
    }
    let stranger = LlmSettings { api_key: Some(SecretString::from("sk-wrong")), ..server.settings("plain") };
    let error = model(&stranger).ask_text(chat()).await.unwrap_err();
    // Without a database the proxy says 400 to a key that it does not know; what counts is that nobody asks again.
    assert_eq!(error.code(), "engine-refused", "{error}");
    assert!(!error.to_string().contains("sk-wrong"), "{error}");
    let error = judge_with_model(model(&server.settings("plain"))).await.unwrap_err();
    assert_eq!(error.code(), "engine-unusable-reply", "prose is no judgement: {error}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs LiteLLM's proxy, named by GREENROOM_TEST_LITELLM"]
async fn foreign_litellm_is_examined() {
    let server = litellm();
    let examined = doctor::examine(&model(&server.settings("plain"))).await.unwrap();
    for capability in ["a plain answer", "streaming", "telling its tokens", "temperature"] {
        let found = examined.findings.iter().find(|one| one.capability == capability).unwrap();
        assert_eq!(found.state, doctor::State::Works, "{found:?}");
    }
}

const FIXTURES: &str = r#"{"fixtures": [{"match": {"userMessage": "Hello?"}, "response": {"content": "I am ready, 🚀 and so are you."}}]}"#;

fn aimock(more: &[&str]) -> Server {
    let arguments: Vec<&str> = ["--fixtures", "{folder}/fixtures.json", "--port", "{port}", "--chunk-size", "3"]
        .iter()
        .chain(more)
        .copied()
        .collect();
    let keys = [("AIMOCK_API_KEYS", "sk-test-key")];
    Server::start("GREENROOM_TEST_AIMOCK", &arguments, ("fixtures.json", FIXTURES), &keys)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs aimock's llmock, named by GREENROOM_TEST_AIMOCK"]
async fn foreign_aimock_is_spoken_to_and_its_faults_are_told_rightly() {
    let server = aimock(&[]);
    assert_eq!(server.ask("gpt-4o").await.unwrap(), "I am ready, 🚀 and so are you.");
    let stranger = LlmSettings { api_key: Some(SecretString::from("sk-wrong")), ..server.settings("gpt-4o") };
    assert!(model(&stranger).ask_text(chat()).await.unwrap_err().is_refused_key());
    for (chaos, says) in [
        (["--chaos-ratelimit", "1"], "429"),
        (["--chaos-drop", "1"], "500"),
        (["--chaos-disconnect", "1"], "out of reach"),
        (["--chaos-malformed", "1"], "127.0.0.1"),
    ] {
        let error = aimock(&chaos).ask("gpt-4o").await.unwrap_err();
        println!("{}: {error}", chaos[0]);
        assert!(error.to_string().contains(says), "{}: {error}", chaos[0]);
    }
    let error = judge_with_model(model(&server.settings("gpt-4o"))).await.unwrap_err();
    println!("no fixture: {error}");
    assert_ne!(error.code(), "engine-unusable-reply", "a question without a fixture is refused: {error}");
}

/// Any other server that answers a plain question.
#[tokio::test]
#[ignore = "needs a server, named by GREENROOM_TEST_BASE_URL and GREENROOM_TEST_MODEL"]
async fn foreign_server_by_its_address_is_understood() {
    let Ok(url) = std::env::var("GREENROOM_TEST_BASE_URL") else {
        println!("no server is named by GREENROOM_TEST_BASE_URL: nothing was tried");
        return;
    };
    let name = std::env::var("GREENROOM_TEST_MODEL").unwrap_or_else(|_| "any".to_owned());
    let reply = model(&LlmSettings { model: name, ..settings(&url) }).ask_text(chat()).await.unwrap();
    println!("{reply:?}");
    assert!(!reply.trim().is_empty());
}
