//! Scoring a file of answers with a language model behind the scripted endpoint.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use greenroom::{
    cli::{
        Status,
        score::{ScoreArgs, score_file as run},
    },
    config::{LlmSettings, ScorerSettings},
    llm::{LlmJudge, Model, Purse},
    practice::judge::Judge,
    prompt::Prompts,
};
use serde_json::{Value, json};

use crate::{
    endpoint::{Endpoint, Reply, Step},
    judge::question,
    llm::settings,
};

/// A folder with a file of answers, and the scores beside it.
struct Files(tempfile::TempDir);

impl Files {
    fn with(answers: impl AsRef<[u8]>) -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        std::fs::write(files.answers(), answers).unwrap();
        files
    }

    fn answers(&self) -> PathBuf {
        self.0.path().join("answers.jsonl")
    }

    fn scores(&self) -> PathBuf {
        self.0.path().join("scores.jsonl")
    }

    fn lines(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.scores()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    async fn score(&self, settings: &LlmSettings, resume: bool) -> anyhow::Result<Status> {
        self.score_to(&self.scores(), settings, resume).await
    }

    async fn score_to(&self, out: &Path, settings: &LlmSettings, resume: bool) -> anyhow::Result<Status> {
        let args = ScoreArgs {
            answers: self.answers().display().to_string(),
            out: out.display().to_string(),
            concurrency: std::num::NonZeroUsize::new(2),
            resume,
        };
        let judge = LlmJudge::new(
            Model::new(settings, Purse::bottomless())?,
            Arc::new(Prompts::builtin()),
            Arc::new(|_, _| Vec::new()),
            &ScorerSettings::default(),
        );
        let question = Arc::new(question());
        run(args, Judge::Llm(judge), |id| (*id == question.id).then(|| Arc::clone(&question))).await
    }
}

fn answer(id: &str, text: &str) -> String {
    json!({"id": id, "question": "execution/late-dependency", "answer": text, "design": {"tier": "x"}}).to_string()
}

fn codes(lines: &[Value]) -> Vec<(Option<&str>, Option<&str>)> {
    lines.iter().map(|line| (line["id"].as_str(), line["error"]["code"].as_str())).collect()
}

#[tokio::test]
async fn every_line_keeps_its_place_and_says_why_where_it_has_no_score() {
    let turns = json!({"id": "talk", "question": "execution/late-dependency",
        "turns": [{"ask": "What?", "answer": "né 🚀. "}, {"ask": "And?", "answer": "I asked why."}]});
    let mut input = Vec::new();
    for line in [
        answer("a", "I asked why."),
        "not json".to_owned(),
        String::new(),
        json!({"id": "lost", "question": "risk/none", "answer": "x"}).to_string(),
        json!({"id": "bare", "question": "execution/late-dependency"}).to_string(),
        answer("blank", " \n\t "),
        answer("long", &"é".repeat(20_001)),
        turns.to_string(),
    ] {
        input.extend_from_slice(line.as_bytes());
        input.push(b'\n');
    }
    input.extend_from_slice(b"\x89PNG\x0d\x1a\xff\0");
    let files = Files::with(input);
    let endpoint = Endpoint::start([Reply::Judgement, Reply::Judgement]).await;
    assert_eq!(files.score(&settings(endpoint.base_url()), false).await.unwrap(), Status::Problems);
    let lines = files.lines();
    assert_eq!(
        codes(&lines),
        [
            (Some("a"), None),
            (None, Some("not-json")),
            (None, Some("not-json")),
            (Some("lost"), Some("unknown-question")),
            (Some("bare"), Some("missing-field")),
            (Some("blank"), Some("no-answer")),
            (Some("long"), Some("too-long")),
            (Some("talk"), None),
            (None, Some("not-json")),
        ]
    );
    assert_eq!(lines[2]["line"], 3);
    let first = &lines[0];
    assert_eq!(first["engine"]["model"], "test-model");
    assert_eq!((&first["overall"], &first["score"]), (&json!(3), &json!(0.4)));
    assert_eq!(first["points"][0]["evidence"], json!([{"turn": 0, "start": 0, "end": 12, "text": "I asked why."}]));
    assert_eq!(lines[7]["points"][0]["evidence"], json!([{"turn": 0, "start": 0, "end": 5, "text": "né 🚀."}]));
}

#[tokio::test]
async fn an_endpoint_out_of_reach_for_every_line_and_one_that_refuses_end_differently() {
    let files = Files::with(format!("{}\n{}\n", answer("a", "I asked."), answer("b", "I asked.")));
    let endpoint = Endpoint::start([Reply::error(503, "down"), Reply::error(503, "down")]).await;
    let once = LlmSettings { attempts: 1, ..settings(endpoint.base_url()) };
    assert_eq!(files.score(&once, false).await.unwrap(), Status::OutOfReach);
    assert_eq!(
        codes(&files.lines()),
        [(Some("a"), Some("engine-unreachable")), (Some("b"), Some("engine-unreachable"))]
    );

    let endpoint = Endpoint::start([Reply::error(401, "no"), Reply::error(403, "no")]).await;
    assert_eq!(files.score(&settings(endpoint.base_url()), true).await.unwrap(), Status::Misuse);

    let endpoint = Endpoint::start([Reply::error(401, "no"), Reply::Judgement]).await;
    let single = LlmSettings { concurrency: 1, ..settings(endpoint.base_url()) };
    assert_eq!(files.score(&single, true).await.unwrap(), Status::Problems);
    assert_eq!(codes(&files.lines()), [(Some("a"), Some("engine-refused")), (Some("b"), None)]);
}

#[tokio::test]
async fn a_slow_first_line_does_not_lose_its_place() {
    let files = Files::with((0..4).map(|n| answer(&n.to_string(), "I asked.") + "\n").collect::<String>());
    let slow = Reply::Events(vec![Step::Wait(std::time::Duration::from_millis(300)), Step::Finish]);
    let endpoint =
        Endpoint::start([slow, Reply::Judgement, Reply::Judgement, Reply::Judgement, Reply::Judgement]).await;
    assert_eq!(files.score(&settings(endpoint.base_url()), false).await.unwrap(), Status::Done);
    assert_eq!(codes(&files.lines()), [(Some("0"), None), (Some("1"), None), (Some("2"), None), (Some("3"), None)]);
}

#[tokio::test]
async fn going_on_keeps_what_is_scored_tries_errors_again_and_drops_a_torn_line() {
    let files = Files::with(["a", "b", "c"].map(|id| answer(id, "I asked.") + "\n").concat());
    let endpoint = Endpoint::start([Reply::Judgement, Reply::error(403, "not you"), Reply::Judgement]).await;
    let one = LlmSettings { concurrency: 1, ..settings(endpoint.base_url()) };
    assert_eq!(files.score(&one, false).await.unwrap(), Status::Problems);
    let before = std::fs::read_to_string(files.scores()).unwrap();
    let kept = before.lines().next().unwrap().to_owned();
    // The last line was being written when the power went.
    std::fs::write(files.scores(), &before[..before.len() - 20]).unwrap();

    let refused = files.score(&one, false).await.unwrap_err().to_string();
    assert!(refused.contains("exists: add --resume"), "{refused}");

    let endpoint = Endpoint::start([Reply::Judgement, Reply::Judgement]).await;
    assert_eq!(files.score(&settings(endpoint.base_url()), true).await.unwrap(), Status::Done);
    assert_eq!(codes(&files.lines()), [(Some("a"), None), (Some("b"), None), (Some("c"), None)]);
    assert_eq!(std::fs::read_to_string(files.scores()).unwrap().lines().next().unwrap(), kept);

    // Nothing is left to do, so nothing is asked and nothing changes.
    let endpoint = Endpoint::start([]).await;
    assert_eq!(files.score(&settings(endpoint.base_url()), true).await.unwrap(), Status::Done);
    assert_eq!(files.lines().len(), 3);
}

#[tokio::test]
async fn files_that_cannot_be_meant_are_refused_untouched() {
    let files = Files::with(answer("a", "I asked.") + "\n");
    let endpoint = Endpoint::start([]).await;
    let settings = settings(endpoint.base_url());
    let words = |outcome: anyhow::Result<Status>| outcome.unwrap_err().to_string();
    let same = words(files.score_to(&files.answers(), &settings, true).await);
    assert!(same.contains("holds the answers"), "{same}");
    let nowhere = words(files.score_to(&files.0.path().join("no/such.jsonl"), &settings, false).await);
    assert!(nowhere.contains("cannot write the scores"), "{nowhere}");
    std::fs::write(files.scores(), "my notes\n").unwrap();
    let notes = words(files.score(&settings, true).await);
    assert!(notes.contains("line 1 is no score"), "{notes}");
    assert_eq!(std::fs::read_to_string(files.scores()).unwrap(), "my notes\n");
    std::fs::remove_file(files.answers()).unwrap();
    let missing = words(files.score_to(Path::new("-"), &settings, false).await);
    assert!(missing.contains("cannot read the answers"), "{missing}");
    std::fs::remove_file(files.scores()).unwrap();
    words(files.score(&settings, false).await);
    assert!(!files.scores().exists(), "a mistyped name leaves an empty file in the way of the next try");
}
