//! The store on a real file.

use std::path::Path;

use uuid::Uuid;

use super::*;
use crate::{
    bank::Bank,
    interview::{
        AskKind, Because, EndReason, Entry, InterviewId, Mode, Outcome, Pasted, PastedText, Plan, Reason, Recorded,
        Style, TailoredBy, Tailoring, Words,
    },
    llm::{Call, Errand, Purpose, Spent, Tokens},
    question::Question,
    scoring::{Exchange, Scorecard, offline::OfflineJudge},
};

async fn open(folder: &Path) -> Store {
    Store::open(&format!("sqlite://{}/greenroom.db", folder.display())).await.unwrap()
}

fn question() -> Question {
    Bank::builtin().unwrap().questions().next().unwrap().clone()
}

fn plan(question: &Question) -> Plan {
    Plan {
        questions: vec![question.id.clone()],
        mode: Mode::Coached,
        style: Style::Neutral,
        level: None,
        follow_ups: 2,
        clarifications: 3,
        minutes: None,
        relaxed: vec![],
        seed: 1,
        deck: None,
        voice: false,
    }
}

async fn interview(store: &Store) -> InterviewId {
    let question = question();
    let id = InterviewId::from(Uuid::now_v7());
    store.insert_interview(&id, &plan(&question), &[&question], None, 1_000).await.unwrap();
    id
}

fn at(seq: u64, entry: Entry) -> Recorded {
    Recorded { seq, at: 1_000 + i64::try_from(seq).unwrap(), entry }
}

fn asked() -> Entry {
    Entry::Asked { take: 0, question: 0, ask: AskKind::Question, text: "Why?".into(), words: Words::Bank }
}

fn answered(text: &str) -> Entry {
    Entry::Answered { take: 0, text: text.into(), spoken: None }
}

fn closed() -> Entry {
    Entry::Closed { take: 0, outcome: Outcome::Answered }
}

fn card() -> Scorecard {
    OfflineJudge::builtin().judge(&question(), &Exchange::of_answer("Why?", "I did it myself in May.").unwrap())
}

#[tokio::test]
async fn an_interview_comes_back_as_it_was_kept_after_a_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let id = interview(&store).await;
    let entries = [at(1, asked()), at(2, answered("né 🚀"))];
    store.record(&id, &entries, None).await.unwrap();
    store.close().await;
    let row = open(folder.path()).await.interview(&id).await.unwrap().unwrap();
    assert_eq!((row.plan, row.questions, row.started_at), (plan(&question()), vec![question()], 1_000));
    assert_eq!(row.entries, entries);
}

#[tokio::test]
async fn entries_that_come_too_late_or_twice_are_refused_and_leave_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let id = interview(&store).await;
    store.record(&id, &[at(1, asked()), at(2, answered("first"))], Some("k0")).await.unwrap();
    let outrun = store.record(&id, &[at(2, answered("second"))], None).await;
    assert!(matches!(outrun, Err(RecordError::Outrun)), "{outrun:?}");
    store.record(&id, &[at(3, answered("third"))], Some("k1")).await.unwrap();
    let taken = store.record(&id, &[at(4, answered("fourth")), at(5, closed())], Some("k1")).await;
    assert!(matches!(taken, Err(RecordError::KeyTaken)), "{taken:?}");
    assert_eq!(store.entries(&id, 0).await.unwrap().len(), 3);
    assert_eq!(store.entry_by_key(&id, "k1").await.unwrap().unwrap().entry, answered("third"));
    let nobody = InterviewId::from(Uuid::now_v7());
    let gone = store.record(&nobody, &[at(1, asked())], None).await;
    assert!(matches!(gone, Err(RecordError::Gone)), "{gone:?}");
}

#[tokio::test]
async fn an_answer_removes_the_draft_and_nothing_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let (id, other) = (interview(&store).await, interview(&store).await);
    for draft in ["ha", "half"] {
        store.save_draft(&id, draft, None, 1).await.unwrap();
        store.save_draft(&other, "other", None, 1).await.unwrap();
    }
    store.record(&id, &[at(1, asked())], None).await.unwrap();
    assert_eq!(store.draft(&id).await.unwrap(), "half");
    store.record(&id, &[at(2, answered("whole"))], None).await.unwrap();
    assert_eq!((store.draft(&id).await.unwrap(), store.draft(&other).await.unwrap()), (String::new(), "other".into()));
    store.save_draft(&other, "", None, 2).await.unwrap();
    assert_eq!(store.draft(&other).await.unwrap(), "");
}

#[tokio::test]
async fn an_answer_that_is_refused_leaves_the_draft_and_a_question_back_removes_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let id = interview(&store).await;
    store.record(&id, &[at(1, asked())], None).await.unwrap();
    store.save_draft(&id, "half", None, 1).await.unwrap();
    let outrun = store.record(&id, &[at(1, answered("too late"))], Some("k")).await;
    assert!(matches!(outrun, Err(RecordError::Outrun)), "{outrun:?}");
    assert_eq!((store.draft(&id).await.unwrap(), store.entries(&id, 1).await.unwrap()), ("half".into(), vec![]));
    let back = Entry::AskedBack { take: 0, text: "How many teams?".into() };
    store.record(&id, &[at(2, back)], None).await.unwrap();
    assert_eq!(store.draft(&id).await.unwrap(), "");
}

#[tokio::test]
async fn a_closed_answer_is_one_job_for_one_worker_until_its_lease_runs_out() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let id = interview(&store).await;
    store.record(&id, &[at(1, asked()), at(2, answered("a")), at(3, closed())], None).await.unwrap();
    store.record(&id, &[at(4, Entry::ScoreAwaited { take: 0 })], None).await.unwrap();
    assert_eq!(store.open_jobs().await.unwrap(), 1, "a job that waits is not queued again");
    let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
    let job = store.claim_job(first, 10_000, 20_000).await.unwrap().unwrap();
    assert_eq!((&job.interview, job.take, job.attempt), (&id, 0, 1));
    assert_eq!(store.claim_job(second, 15_000, 30_000).await.unwrap(), None);
    assert!(store.renew_lease(&job, first, 25_000).await.unwrap());
    assert_eq!(store.claim_job(second, 24_000, 30_000).await.unwrap(), None);
    let taken_over = store.claim_job(second, 25_001, 40_000).await.unwrap().unwrap();
    assert_eq!((taken_over.id.as_str(), taken_over.attempt), (job.id.as_str(), 2));
    assert!(!store.renew_lease(&job, first, 50_000).await.unwrap());

    let card = card();
    let scored = [at(5, Entry::Scored { take: 0, scorecard: "s".into() })];
    let outcome = JobOutcome::Scored { id: "s", card: &card };
    assert!(!store.finish_job(&job, first, &outcome, &scored, 9).await.unwrap(), "the lease is lost");
    assert_eq!(store.entries(&id, 4).await.unwrap(), []);
    assert!(store.finish_job(&taken_over, second, &outcome, &scored, 9).await.unwrap());
    assert_eq!(store.entries(&id, 4).await.unwrap(), scored);
    assert_eq!((store.open_jobs().await.unwrap(), store.scorecards(&id).await.unwrap().len()), (0, 1));
    let kept = store.scorecards(&id).await.unwrap();
    assert_eq!(
        kept.into_iter().map(|(id, record)| (id, record.unwrap())).collect::<Vec<_>>(),
        [("s".to_owned(), card.record())]
    );
}

#[tokio::test]
async fn a_job_that_failed_is_over_and_another_one_can_be_queued() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let id = interview(&store).await;
    store.record(&id, &[at(1, asked()), at(2, answered("a")), at(3, closed())], None).await.unwrap();
    let worker = Uuid::now_v7();
    let job = store.claim_job(worker, 1, 2).await.unwrap().unwrap();
    let failed = [at(4, Entry::ScoreFailed { take: 0, code: "c".into(), message: "m".into() })];
    let outcome = JobOutcome::Failed { code: "c", message: "m", raw: Some("{]") };
    assert!(store.finish_job(&job, worker, &outcome, &failed, 9).await.unwrap());
    let kept: Option<String> = sqlx::query_scalar("SELECT raw_reply FROM jobs").fetch_one(&store.read).await.unwrap();
    assert_eq!(kept.as_deref(), Some("{]"));
    assert_eq!(store.claim_job(worker, 100, 200).await.unwrap(), None);
    store.record(&id, &[at(5, Entry::ScoreAwaited { take: 0 })], None).await.unwrap();
    assert_eq!(store.claim_job(worker, 100, 200).await.unwrap().unwrap().attempt, 1);
}

#[tokio::test]
async fn the_list_is_latest_first_and_tells_how_each_stands() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let (old, new) = (interview(&store).await, interview(&store).await);
    let ended = Entry::Ended { reason: EndReason::ByCandidate };
    store.record(&old, &[at(1, asked()), at(2, answered("a")), at(3, closed()), at(4, ended)], None).await.unwrap();
    let listed = store.interviews(None, 10, &ListFilter::default()).await.unwrap();
    assert_eq!(listed.iter().map(|row| &row.id).collect::<Vec<_>>(), [&new, &old]);
    assert_eq!(
        (listed[1].ended, listed[1].waiting, listed[1].mean_overall),
        (Some(EndReason::ByCandidate), true, None)
    );
    assert_eq!((listed[0].ended, listed[0].waiting), (None, false));
    assert_eq!(store.interviews(Some(&new), 10, &ListFilter::default()).await.unwrap().len(), 1);
    assert!(store.delete_interview(&old).await.unwrap());
    assert!(!store.delete_interview(&old).await.unwrap());
    assert_eq!((store.entries(&old, 0).await.unwrap(), store.open_jobs().await.unwrap()), (vec![], 0));
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_is_named_with_a_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "this is no database, and long enough to be looked at by SQLite as a header").unwrap();
    for url in
        [format!("sqlite://{}", file.display()), format!("sqlite://{}/sub.db", file.display()), "mysql://x".into()]
    {
        let error = Store::open(&url).await.unwrap_err().to_string();
        assert!(error.contains("--data-dir") || error.contains("write sqlite:///"), "{error}");
    }
}

#[tokio::test]
async fn after_a_full_disk_has_room_again_answers_are_kept_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let id = interview(&store).await;
    store.record(&id, &[at(1, asked())], None).await.unwrap();
    // A disk without room looks to the database like a file that may not grow.
    let limit = |pages: u32| format!("PRAGMA max_page_count = {pages}");
    let used: u32 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&store.write).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(limit(used))).execute(&store.write).await.unwrap();
    let long = answered(&"so much to tell ".repeat(4_000));
    let refused = store.record(&id, &[at(2, long.clone())], None).await.unwrap_err();
    assert!(matches!(&refused, RecordError::Store(StoreError::Query(_))), "{refused}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(limit(1_000_000))).execute(&store.write).await.unwrap();
    store.record(&id, &[at(2, long)], None).await.unwrap();
    assert_eq!(store.entries(&id, 1).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_clean_stop_hands_jobs_back_without_counting_the_attempt() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let id = interview(&store).await;
    store.record(&id, &[at(1, asked()), at(2, answered("a")), at(3, closed())], None).await.unwrap();
    let (stopping, next) = (Uuid::now_v7(), Uuid::now_v7());
    store.claim_job(stopping, 10_000, 20_000).await.unwrap().unwrap();
    store.release_jobs(next).await.unwrap();
    assert_eq!(store.claim_job(next, 10_001, 20_000).await.unwrap(), None, "another's job is not handed back");
    store.release_jobs(stopping).await.unwrap();
    assert_eq!(store.claim_job(next, 10_001, 20_000).await.unwrap().unwrap().attempt, 1);
}

#[tokio::test]
async fn pasted_texts_come_back_as_they_were_and_go_with_their_interview() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let (question, id) = (question(), InterviewId::from(Uuid::now_v7()));
    let pasted = Pasted::new("", " Led Falcon.\r\n").unwrap().unwrap();
    let projects = vec![pasted.quote(PastedText::Resume, "Led Falcon.").unwrap()];
    let reasons = vec![Reason { question: question.id.clone(), because: Because::FillsThePlan }];
    let by = TailoredBy::MatchingInstead { reason: "status 401".into() };
    let tailoring = Tailoring { by, emphasis: vec!["vendor".into()], reasons, projects };
    let tailored = Some((&pasted, &tailoring));
    store.insert_interview(&id, &plan(&question), &[&question], tailored, 1_000).await.unwrap();
    let plain = interview(&store).await;
    assert_eq!(store.tailoring(&plain).await.unwrap(), None);
    assert_eq!(store.tailoring(&id).await.unwrap(), Some((pasted, tailoring)));
    store.delete_interview(&id).await.unwrap();
    assert_eq!(store.tailoring(&id).await.unwrap(), None);
}

fn call(interview: Option<&InterviewId>, at: i64, money: Option<f64>) -> Call {
    Call {
        errand: Errand { purpose: Purpose::Judging, interview: interview.cloned(), take: Some(2) },
        at,
        host: "h".into(),
        model: "m".into(),
        tries: 2,
        tokens: Tokens { input: 100, output: 20 },
        is_estimated: true,
        money,
        first_word_ms: None,
        total_ms: 900,
        outcome: "engine-unreachable",
    }
}

#[tokio::test]
async fn calls_are_summed_by_interview_and_by_day_and_outlive_a_deleted_interview() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let (id, other) = (interview(&store).await, interview(&store).await);
    for (of, at, money) in
        [(Some(&id), 50, Some(0.5)), (Some(&id), 10, None), (Some(&other), 60, Some(0.25)), (None, 70, None)]
    {
        store.insert_call(&call(of, at, money)).await.unwrap();
    }
    let spent = store.spent(Some(&id), 50).await.unwrap();
    assert_eq!(spent.interview, Spent { tokens: 240, money: 0.5 });
    assert_eq!(spent.today, Spent { tokens: 360, money: 0.75 });
    assert_eq!(store.spent(None, 1_000).await.unwrap().interview, Spent::default());
    let calls = store.calls(&id).await.unwrap();
    assert_eq!(calls.iter().map(|call| call.at).collect::<Vec<_>>(), [10, 50], "oldest first");
    let kept = &calls[1];
    assert_eq!(
        (kept.purpose, kept.take, kept.tries, kept.tokens),
        (Purpose::Judging, Some(2), 2, Tokens { input: 100, output: 20 })
    );
    assert_eq!((kept.first_word_ms, kept.total_ms, kept.outcome.as_str()), (None, 900, "engine-unreachable"));
    store.delete_interview(&id).await.unwrap();
    // One that was under way when the interview went.
    store.insert_call(&call(Some(&id), 80, None)).await.unwrap();
    assert_eq!(store.spent(None, 50).await.unwrap().today.tokens, 480, "the money is spent all the same");
    assert!(store.calls(&id).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_learned_of_a_model_is_believed_for_a_while_and_replaced_by_what_is_newer() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    store.learn("http://h/v1", "m", "old", 10).await.unwrap();
    store.learn("http://h/v1", "m", "new", 20).await.unwrap();
    let learned = async |url: &str, model: &str, since| store.learned(url, model, since).await.unwrap();
    assert_eq!(learned("http://h/v1", "m", 20).await.as_deref(), Some("new"));
    assert_eq!(learned("http://h/v1", "m", 21).await, None);
    assert_eq!(learned("http://h/v1", "n", 0).await, None);
}

#[tokio::test]
async fn a_reply_that_could_not_be_used_is_kept_as_it_came() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let id = interview(&store).await;
    store.record(&id, &[at(1, asked()), at(2, answered("I did it.")), at(3, closed())], None).await.unwrap();
    let worker = Uuid::now_v7();
    let job = store.claim_job(worker, 2_000, 3_000).await.unwrap().unwrap();
    let outcome =
        JobOutcome::Failed { code: "engine-unusable-reply", message: "no JSON", raw: Some("Great! \u{1b}[2J") };
    let failed = Entry::ScoreFailed { take: 0, code: "engine-unusable-reply".into(), message: "no JSON".into() };
    store.finish_job(&job, worker, &outcome, &[at(4, failed)], 2_500).await.unwrap();
    let replies = store.unusable_replies(&id).await.unwrap();
    assert_eq!((replies.len(), replies[0].raw.as_str(), replies[0].take), (1, "Great! \u{1b}[2J", 0));
    assert_eq!((replies[0].code.as_str(), replies[0].message.as_str()), ("engine-unusable-reply", "no JSON"));
}
