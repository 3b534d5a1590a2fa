//! Two processes on one database: what one records the other one sees, goes on with and scores in full.

use std::{path::Path, time::Duration};

use futures_util::StreamExt as _;
use greenroom::{
    bank::Bank,
    config::{EngineChoice, Flags, Settings, resolve},
    interview::{AskKind, Chosen, Entry, InterviewId, Mode, Next, Outcome, Plan, Recorded, ScoreState, Style, Words},
    practice::{LiveEvent, Practice, PracticeError, Said, SaidKind, StartWish},
    store::Store,
};
use sqlx::Connection as _;
use uuid::Uuid;

use crate::{
    app::PATIENCE,
    endpoint::{Endpoint, Reply, Step},
    llm,
};

const THIN: &str = "We talked about it and it went fine.";
const FULL: &str = "On Monday I asked the lead why it slipped, and I moved two milestones by nine days.";

/// The settings of a program that keeps its data in `folder`, without a model.
fn settings(folder: &Path) -> Settings {
    let flags =
        Flags { data_dir: Some(folder.display().to_string()), engine: Some("offline".into()), ..Flags::default() };
    let mut settings = resolve(&flags).unwrap().settings;
    settings.database_url = format!("sqlite://{}/greenroom.db", folder.display());
    settings
}

/// What another process does on the same database, step by step.
struct Other(Store);

impl Other {
    async fn open(folder: &Path) -> Self {
        Self(Store::open(&settings(folder).database_url).await.unwrap())
    }

    /// Records these after what is there.
    async fn record(&self, id: &InterviewId, entries: Vec<Entry>) {
        let last = self.0.interview(id).await.unwrap().unwrap().entries.last().map_or(0, |one| one.seq);
        let entries: Vec<Recorded> =
            (last + 1..).zip(entries).map(|(seq, entry)| Recorded { seq, at: 1_000, entry }).collect();
        self.0.record(id, &entries, None).await.unwrap();
    }
}

fn answered(text: &str) -> Entry {
    Entry::Answered { take: 0, text: text.into(), spoken: None }
}

fn closed() -> Entry {
    Entry::Closed { take: 0, outcome: Outcome::Answered }
}

async fn asked(practice: &Practice, follow_ups: u8) -> InterviewId {
    let wish = StartWish { count: 1, seed: Some(7), follow_ups, ..StartWish::default() };
    let id = practice.start(wish).await.unwrap();
    practice.settled(&id).await.unwrap();
    id
}

#[tokio::test]
async fn a_score_counts_every_answer_though_another_process_heard_the_last_one() {
    let folder = tempfile::tempdir().unwrap();
    let practice = Practice::open(&settings(folder.path())).await.unwrap();
    let other = Other::open(folder.path()).await;
    let id = asked(&practice, 1).await;
    practice.say(&id, Said { kind: SaidKind::Answer, text: THIN.into(), spoken: None, key: None }).await.unwrap();
    practice.settled(&id).await.unwrap();
    other.record(&id, vec![answered(FULL), closed()]).await;
    let state = tokio::time::timeout(PATIENCE, practice.scored(&id, 0)).await.unwrap().unwrap();
    assert!(matches!(state, ScoreState::Scored { .. }), "{state:?}");
    let view = practice.view(&id).await.unwrap();
    let words = THIN.split_whitespace().count() + FULL.split_whitespace().count();
    assert_eq!(view.scorecards[&0].delivery().words, words);
    practice.close().await;
}

#[tokio::test]
async fn what_another_process_recorded_is_shown_and_can_be_gone_on_with_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let practice = Practice::open(&settings(folder.path())).await.unwrap();
    let other = Other::open(folder.path()).await;
    let id = asked(&practice, 0).await;
    other.record(&id, vec![answered(FULL), closed()]).await;
    // A choice that the machine in memory knows nothing of.
    practice.choose(&id, Chosen::Retry).await.unwrap();
    let id = asked(&practice, 0).await;
    other.record(&id, vec![answered(FULL), closed()]).await;
    assert_eq!(*practice.view(&id).await.unwrap().interview.next(), Next::Choose);
    other.0.delete_interview(&id).await.unwrap();
    assert!(matches!(practice.view(&id).await, Err(PracticeError::NotFound(_))));
    practice.close().await;
}

#[tokio::test]
async fn an_interview_whose_process_died_at_the_interviewers_move_goes_on_while_somebody_follows_it() {
    let folder = tempfile::tempdir().unwrap();
    let practice = Practice::open(&settings(folder.path())).await.unwrap();
    let other = Other::open(folder.path()).await;
    let id = asked(&practice, 1).await;
    let mut events = Box::pin(practice.follow(&id, 1).await.unwrap());
    other.record(&id, vec![answered(THIN)]).await;
    let mut kinds = Vec::new();
    while kinds.len() < 2 {
        let event = tokio::time::timeout(PATIENCE, events.next()).await.expect("the follow-up comes").unwrap().unwrap();
        if let LiveEvent::Entry(Recorded { seq, entry, .. }) = event {
            kinds.push((seq, matches!(entry, Entry::Asked { .. })));
        }
    }
    assert_eq!(kinds, [(2, false), (3, true)], "each entry once, and the follow-up is asked");
    practice.close().await;
}

#[tokio::test]
async fn whoever_follows_an_interview_is_told_when_it_is_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let practice = Practice::open(&settings(folder.path())).await.unwrap();
    let id = asked(&practice, 1).await;
    let mut events = Box::pin(practice.follow(&id, 1).await.unwrap());
    practice.delete(&id).await.unwrap();
    let told = tokio::time::timeout(PATIENCE, events.next()).await.expect("the end is told");
    assert!(matches!(told, Some(Err(PracticeError::NotFound(_)))), "{told:?}");
    assert!(events.next().await.is_none());
    practice.close().await;
}

#[tokio::test]
async fn a_take_that_breaks_the_judge_does_not_keep_others_from_being_scored() {
    let folder = tempfile::tempdir().unwrap();
    let practice = Practice::open(&settings(folder.path())).await.unwrap();
    let other = Other::open(folder.path()).await;
    // There are two scorers; each of them meets something that cannot be.
    for _ in 0..2 {
        let bank = Bank::builtin().unwrap();
        let question = bank.questions().next().unwrap();
        let plan = Plan {
            questions: vec![question.id.clone()],
            mode: Mode::Coached,
            style: Style::Neutral,
            level: None,
            follow_ups: 0,
            clarifications: 0,
            minutes: None,
            relaxed: vec![],
            seed: 1,
            deck: None,
            voice: false,
        };
        let id = InterviewId::from(Uuid::now_v7());
        other.0.insert_interview(&id, &plan, &[question], None, 1_000).await.unwrap();
        let beyond =
            Entry::Asked { take: 0, question: 9, ask: AskKind::Question, text: "?".into(), words: Words::Bank };
        other.record(&id, vec![beyond, answered(FULL), closed()]).await;
    }
    tokio::time::sleep(Duration::from_secs(5)).await;
    let id = asked(&practice, 0).await;
    practice.say(&id, Said { kind: SaidKind::Answer, text: FULL.into(), spoken: None, key: None }).await.unwrap();
    let state = tokio::time::timeout(PATIENCE, async {
        practice.settled(&id).await.unwrap();
        practice.scored(&id, 0).await
    });
    let state = state.await.expect("it is scored").unwrap();
    assert!(matches!(state, ScoreState::Scored { .. }), "{state:?}");
    practice.close().await;
}

/// Keeps everybody else from writing until it is dropped.
async fn lock(folder: &Path) -> sqlx::SqliteConnection {
    let mut connection = sqlx::SqliteConnection::connect(&settings(folder).database_url).await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut connection).await.unwrap();
    connection
}

#[tokio::test]
async fn what_cannot_be_written_is_told_and_can_be_said_again() {
    let folder = tempfile::tempdir().unwrap();
    let practice = Practice::open(&settings(folder.path())).await.unwrap();
    let id = asked(&practice, 0).await;
    let locked = lock(folder.path()).await;
    let said = || Said { kind: SaidKind::Answer, text: FULL.into(), spoken: None, key: Some("k".into()) };
    let refused = practice.say(&id, said()).await.unwrap_err();
    assert!(matches!(refused, PracticeError::Store(_)), "{refused}");
    assert_eq!(*practice.view(&id).await.unwrap().interview.next(), Next::Answer, "nothing has changed");
    locked.close().await.unwrap();
    assert!(!practice.say(&id, said()).await.unwrap().replayed);
    practice.close().await;
}

#[tokio::test]
async fn a_judgement_that_cannot_be_written_at_once_is_kept_later_without_another_call() {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::start([Reply::busy("1"), Reply::Judgement]).await.speaks();
    let mut settings = settings(folder.path());
    settings.engine = EngineChoice::Llm;
    settings.llm = llm::settings(endpoint.base_url());
    let practice = Practice::open(&settings).await.unwrap();
    let id = asked(&practice, 0).await;
    practice.say(&id, Said { kind: SaidKind::Answer, text: FULL.into(), spoken: None, key: None }).await.unwrap();
    while endpoint.asked().is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let locked = lock(folder.path()).await;
    tokio::time::sleep(Duration::from_secs(8)).await;
    locked.close().await.unwrap();
    let state = tokio::time::timeout(PATIENCE, practice.scored(&id, 0)).await.unwrap().unwrap();
    assert!(matches!(state, ScoreState::Scored { .. }), "{state:?}");
    practice.close().await;
}

#[tokio::test]
async fn words_for_a_follow_up_that_another_process_has_asked_are_not_taken_for_a_reply() {
    let folder = tempfile::tempdir().unwrap();
    let slow = vec![Step::Wait(Duration::from_millis(1_500)), Step::Words("Late words of a follow-up."), Step::Finish];
    let endpoint = Endpoint::start([Reply::Events(slow), Reply::Text("Both regions.".into())]).await.speaks();
    let mut settings = settings(folder.path());
    settings.engine = EngineChoice::Llm;
    settings.llm = llm::settings(endpoint.base_url());
    let practice = Practice::open(&settings).await.unwrap();
    let other = Other::open(folder.path()).await;
    let id = asked(&practice, 1).await;
    practice.say(&id, Said { kind: SaidKind::Answer, text: THIN.into(), spoken: None, key: None }).await.unwrap();
    while endpoint.asked().is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let follow_up = AskKind::FollowUp("another".into());
    let asked = Entry::Asked { take: 0, question: 0, ask: follow_up, text: "And then?".into(), words: Words::Bank };
    other.record(&id, vec![asked, Entry::AskedBack { take: 0, text: "Which region?".into() }]).await;
    tokio::time::timeout(PATIENCE, practice.settled(&id)).await.unwrap().unwrap();
    let view = practice.view(&id).await.unwrap();
    assert_eq!(view.interview.takes()[0].turns.last().unwrap().text, "Both regions.");
    practice.close().await;
}
