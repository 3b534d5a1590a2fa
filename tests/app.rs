//! A real Greenroom for a test: the real binary on a free port with a data folder of its own.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};

/// How long a test waits for something that should happen soon, on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The binary, with nothing of the surrounding environment but what it needs to run.
pub fn greenroom(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_greenroom"));
    command.env_clear().env("HOME", data).env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("GREENROOM_DATA_DIR", data.join("data")).env("NO_COLOR", "1");
    command
}

/// A running server.
pub struct App {
    child: Child,
    pub url: String,
    client: Client,
    data: PathBuf,
    env: Vec<(String, String)>,
    document: Value,
    /// Removes the folder in the end; kept by whoever started first.
    folder: Option<tempfile::TempDir>,
}

impl App {
    pub async fn start() -> Self {
        Self::with_env(&[]).await
    }

    pub async fn with_env(env: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut app = Self::run(folder.path().to_owned(), env).await;
        app.folder = Some(folder);
        app
    }

    async fn run(data: PathBuf, env: Vec<(String, String)>) -> Self {
        let mut child = greenroom(&data)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .envs(env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let url = first.trim().to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "the first line is the URL: {first:?}");
        // Whatever the server says on standard error must not fill the pipe and stop it.
        let errors = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || errors.lines().map_while(Result::ok).for_each(|line| eprintln!("server: {line}")));
        let client = Client::builder().timeout(PATIENCE).build().unwrap();
        let document = client.get(format!("{url}/api/v1/openapi.json")).send().await.unwrap().json().await.unwrap();
        Self { child, url, client, data, env, document, folder: None }
    }

    /// Ends the server without a chance to tidy up, as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts another server on the same data.
    pub async fn restart(mut self) -> Self {
        self.kill();
        let folder = self.folder.take();
        let mut next = Self::run(self.data.clone(), self.env.clone()).await;
        next.folder = folder;
        next
    }

    /// What a command on the same data prints.
    pub async fn run_command(&self, args: &[&str]) -> String {
        let mut command = greenroom(&self.data);
        command.args(args).stdin(Stdio::null());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    /// Where it keeps its data.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The address of its database.
    pub fn database(&self) -> String {
        format!("sqlite://{}/data/greenroom.db", self.data.display())
    }

    /// Sends a request and checks the response against the document.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Answered {
        let mut request = self.client.request(method.clone(), format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        self.check(&method, path, response).await
    }

    pub async fn get(&self, path: &str) -> Answered {
        self.send(Method::GET, path, &[], None).await
    }

    pub async fn post(&self, path: &str, body: Option<Value>) -> Answered {
        self.send(Method::POST, path, &[], body).await
    }

    /// Reads the response and compares status, content type and body with the document that the API gives.
    pub async fn check(&self, method: &Method, path: &str, response: Response) -> Answered {
        let status = response.status();
        let kind = response.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        let answered = Answered { status, kind, text, body };
        if path.starts_with("/api/v1/") && path != "/api/v1/openapi.json" {
            self.compare(method, path, &answered);
        }
        answered
    }

    fn compare(&self, method: &Method, path: &str, answered: &Answered) {
        let path = path.split('?').next().unwrap();
        let templates = self.document["paths"].as_object().unwrap();
        let Some((template, operations)) = templates.iter().find(|(template, _)| matches_template(template, path))
        else {
            assert_eq!(answered.status, StatusCode::NOT_FOUND, "{path} is not in the document");
            return;
        };
        let operation = &operations[method.as_str().to_lowercase()];
        if operation.is_null() {
            assert_eq!(answered.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {template} is not in the document");
            return;
        }
        let documented = &operation["responses"][answered.status.as_str()];
        assert!(
            !documented.is_null(),
            "{method} {template} answers {} against the document: {}",
            answered.status,
            answered.text
        );
        let Some(content) = documented["content"].as_object() else {
            assert!(answered.text.is_empty(), "{method} {template}: a body where the document has none");
            return;
        };
        let kind = answered.kind.as_deref().unwrap_or_default().split(';').next().unwrap();
        let Some(media) = content.get(kind) else {
            panic!("{method} {template} answers with {kind}, the document knows {:?}", content.keys());
        };
        if kind.ends_with("json") {
            // References inside the schema point into the document, so the document comes along.
            let mut schema = json!({ "components": self.document["components"] });
            schema["allOf"] = json!([media["schema"]]);
            let validator = jsonschema::validator_for(&schema).unwrap();
            let faults: Vec<_> = validator.iter_errors(&answered.body).map(|fault| fault.to_string()).collect();
            assert!(faults.is_empty(), "{method} {template} {}: {faults:?}\n{}", answered.status, answered.text);
        }
    }

    /// Starts an interview and returns its id.
    pub async fn interview(&self, wish: Value) -> String {
        let started = self.post("/api/v1/interviews", Some(wish)).await;
        assert_eq!(started.status, StatusCode::CREATED, "{}", started.text);
        started.body["id"].as_str().unwrap().to_owned()
    }

    /// Submits an answer under the key.
    pub async fn answer(&self, id: &str, key: &str, text: &str) -> Answered {
        let path = format!("/api/v1/interviews/{id}/answers");
        self.send(Method::POST, &path, &[("idempotency-key", key)], Some(json!({ "text": text }))).await
    }

    /// The interview once it is as wanted.
    pub async fn until(&self, id: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let path = format!("/api/v1/interviews/{id}");
        let started = Instant::now();
        loop {
            let seen = self.get(&path).await.body;
            if wanted(&seen) {
                return seen;
            }
            assert!(started.elapsed() < PATIENCE, "it never came about: {seen:#}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Answers whatever is asked until the candidate must choose or the interview is over.
    pub async fn answer_all(&self, id: &str, text: &str) -> Value {
        loop {
            let seen = self.until(id, |seen| seen["next"] != "interviewer").await;
            if seen["next"] != "answer" {
                return seen;
            }
            let key = format!("key-{}", seen["last_seq"]);
            let kept = self.answer(id, &key, text).await;
            assert_eq!(kept.status, StatusCode::ACCEPTED, "{}", kept.text);
        }
    }
}

impl Drop for App {
    fn drop(&mut self) {
        // It may have been killed by the test already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A response that was compared with the document.
#[derive(Debug)]
pub struct Answered {
    pub status: StatusCode,
    pub kind: Option<String>,
    pub text: String,
    /// Null where the body is no JSON.
    pub body: Value,
}

impl Answered {
    /// Status and code of a problem.
    pub fn problem(&self) -> (u16, &str) {
        (self.status.as_u16(), self.body["code"].as_str().unwrap_or_default())
    }
}

fn matches_template(template: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(part), Some(text)) if part.starts_with('{') || part == text => {}
            (Some(_), _) | (None, Some(_)) => return false,
        }
    }
}
