//! Practising: starts interviews, keeps what is said, drives the machine and has takes scored.
//!
//! Every front (command line, pages, API) stands on `Practice`, so that all of them keep the same promises:
//! an answer is on the disk before anybody waits for a judge, and what is under way survives a crash.

pub mod books;
mod drive;
mod error;
pub mod export;
pub mod judge;
mod live;
mod say;
mod scorer;
pub mod usage;
mod view;
pub mod wire;
mod wording;

use std::{sync::Arc, time::Duration};

use futures_util::Stream;
use jiff::Timestamp;
use tokio::sync::Notify;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

pub use error::{OpenError, PracticeError};
pub use live::LiveEvent;
pub use say::{Acknowledged, Said, SaidKind};
pub use view::{InterviewView, ListPage, Summary};
pub use wording::Wording;

use crate::{
    bank::{Bank, Wish, choose},
    config::{Settings, Voice},
    interview::{InterviewId, Mode, Next, Plan, ScoreState, Style},
    llm::Interviewer,
    question::{Category, Level, Question, QuestionId},
    scoring::offline::OfflineJudge,
    store::Store,
};
use judge::Judge;
use live::LiveInterviews;

/// The most questions of one interview.
const MOST_QUESTIONS: usize = 20;

/// How many interviews back a question counts as had lately: 120 questions last as long at three each.
const LATELY: usize = 40;

/// How often something that waits looks whether another process has written to the same database.
const OTHER_PROCESS: Duration = Duration::from_secs(1);

/// The driver of all interviews in one database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Practice(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    bank: Bank,
    judge: Judge,
    /// Weighs what is unproven while the candidate waits, whichever engine scores.
    offline: Arc<OfflineJudge>,
    interviewer: Option<Interviewer>,
    voice: Voice,
    store: Store,
    live: LiveInterviews,
    /// Wakes a scorer when a job has been queued.
    queued: Notify,
    stop: CancellationToken,
    tasks: TaskTracker,
    worker: Uuid,
}

/// What a candidate wants to practise.
#[derive(Debug, Clone)]
pub struct StartWish {
    /// Empty means all.
    pub categories: Vec<Category>,
    pub level: Option<Level>,
    /// 1 to 20.
    pub count: usize,
    /// The same seed chooses the same questions; chosen at random where none is given.
    pub seed: Option<u64>,
    /// Exactly these, if any are named.
    pub questions: Vec<QuestionId>,
    pub mode: Mode,
    pub style: Style,
    /// The most follow-ups to one take.
    pub follow_ups: u8,
    /// After this many minutes nothing new is asked.
    pub minutes: Option<u16>,
}

impl Default for StartWish {
    fn default() -> Self {
        Self {
            categories: Vec::new(),
            level: None,
            count: 3,
            seed: None,
            questions: Vec::new(),
            mode: Mode::Coached,
            style: Style::Neutral,
            follow_ups: Plan::DEFAULT_FOLLOW_UPS,
            minutes: None,
        }
    }
}

impl Practice {
    /// Opens bank, judge and database, and starts the scorers: what a crash left unscored goes on by itself.
    pub async fn open(settings: &Settings) -> Result<Self, OpenError> {
        let bank = Bank::open(&settings.bank)?;
        let offline = Arc::new(OfflineJudge::builtin());
        // Settings that cannot work are told before a database is made.
        judge::check(settings)?;
        let store = Store::open(&settings.database_url).await?;
        let (judge, interviewer) = judge::open(settings, &offline, || books::purse(settings, &store))?;
        let practice = Self(Arc::new(Inner {
            bank,
            judge,
            offline,
            interviewer,
            voice: settings.voice,
            store,
            live: LiveInterviews::default(),
            queued: Notify::new(),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            worker: Uuid::now_v7(),
        }));
        practice.start_scorers();
        Ok(practice)
    }

    pub fn bank(&self) -> &Bank {
        &self.0.bank
    }

    pub fn judge(&self) -> &Judge {
        &self.0.judge
    }

    /// Whether the database answers.
    pub async fn ready(&self) -> Result<(), PracticeError> {
        Ok(self.0.store.ping().await?)
    }

    /// How many takes wait to be scored.
    pub async fn unscored(&self) -> Result<u64, PracticeError> {
        Ok(self.0.store.open_jobs().await?)
    }

    /// Ends everything that follows an interview and begins nothing new; [`Self::close`] waits for the rest.
    pub fn stop(&self) {
        self.0.stop.cancel();
    }

    /// Lets what is under way come to a durable state and closes the database.
    pub async fn close(&self) {
        self.stop();
        self.0.tasks.close();
        self.0.tasks.wait().await;
        if let Judge::Llm(judge) = &self.0.judge {
            judge.model().purse().settled().await;
        }
        if let Err(error) = self.0.store.release_jobs(self.0.worker).await {
            // Then they wait for their lease to run out.
            tracing::warn!(%error, "scoring jobs not handed back");
        }
        self.0.store.close().await;
    }

    /// Chooses the questions and begins: the first one is about to be asked.
    pub async fn start(&self, wish: StartWish) -> Result<InterviewId, PracticeError> {
        if wish.count > MOST_QUESTIONS || wish.questions.len() > MOST_QUESTIONS {
            let wished = wish.count.max(wish.questions.len());
            return Err(PracticeError::TooManyQuestions { wished, most: MOST_QUESTIONS });
        }
        let recent: Vec<QuestionId> = self
            .0
            .store
            .interviews(None, LATELY)
            .await?
            .into_iter()
            .flat_map(|interview| interview.plan.questions)
            .collect();
        // 32 bits are plenty for a seed, and every JSON reader keeps them exact.
        let seed = wish.seed.unwrap_or_else(|| Uuid::now_v7().as_u64_pair().1 & u64::from(u32::MAX));
        let chosen = choose(
            &self.0.bank,
            &Wish {
                categories: wish.categories,
                level: wish.level,
                count: wish.count,
                seed,
                questions: wish.questions,
            },
            &recent,
        )?;
        let questions: Vec<&Question> = chosen.questions.iter().filter_map(|id| self.0.bank.get(id)).collect();
        let plan = Plan {
            questions: chosen.questions.clone(),
            mode: wish.mode,
            style: wish.style,
            level: wish.level,
            follow_ups: wish.follow_ups,
            clarifications: Plan::DEFAULT_CLARIFICATIONS,
            minutes: wish.minutes,
            relaxed: chosen.relaxed.iter().map(ToString::to_string).collect(),
            seed,
        };
        let id = InterviewId::from(Uuid::now_v7());
        self.0.store.insert_interview(&id, &plan, &questions, now()).await?;
        self.kick(&self.0.live.get(&id)).await?;
        Ok(id)
    }

    /// Waits until it is the candidate's move or the interview is over.
    pub async fn settled(&self, id: &InterviewId) -> Result<(), PracticeError> {
        self.wait_until(id, |interview| match interview.next() {
            Next::Say(_) | Next::Weigh { .. } => None,
            Next::Answer | Next::Choose | Next::Over => Some(()),
        })
        .await
    }

    /// Waits until the take is scored, or could not be, or has nothing to score.
    pub async fn scored(&self, id: &InterviewId, take: usize) -> Result<ScoreState, PracticeError> {
        self.wait_until(id, |interview| match interview.takes().get(take).map(|take| &take.score) {
            Some(ScoreState::Awaited) => None,
            Some(state) => Some(state.clone()),
            None => Some(ScoreState::None),
        })
        .await
    }

    /// What happens in the interview from the entry after `after` on: first what is recorded, then what comes.
    pub async fn follow(
        &self,
        id: &InterviewId,
        after: u64,
    ) -> Result<impl Stream<Item = Result<LiveEvent, PracticeError>> + Send + use<>, PracticeError> {
        self.ensure_exists(id).await?;
        let live = self.0.live.get(id);
        self.kick(&live).await?;
        Ok(live::follow(self.clone(), live, after))
    }

    /// Deletes the interview with everything said in it.
    pub async fn delete(&self, id: &InterviewId) -> Result<(), PracticeError> {
        if self.0.store.delete_interview(id).await? {
            self.0.live.forget(id);
            Ok(())
        } else {
            Err(PracticeError::NotFound(id.clone()))
        }
    }
}

/// Unix milliseconds.
fn now() -> i64 {
    Timestamp::now().as_millisecond()
}
