//! Scores closed takes in the background: durable jobs, one lease each, nothing scored in silence or twice.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt as _;
use tokio::time::{MissedTickBehavior, interval, timeout};
use uuid::Uuid;

use super::{Practice, PracticeError, live::Write, now};
use crate::{
    interview::Event,
    llm::{Errand, LlmError, Purpose},
    scoring::{Exchange, Scorecard},
    store::{Job, JobOutcome},
};

/// How long a claimed job stays this worker's without a renewal.
const LEASE: Duration = Duration::from_secs(15);

/// How often a worker at work renews its lease.
const RENEWAL: Duration = Duration::from_secs(5);

/// How often an idle worker looks for jobs that nobody announced, such as those of a process that died.
const IDLE: Duration = Duration::from_secs(2);

/// A job that brought its process down this often is given up with a reason instead of being tried for ever.
const MOST_ATTEMPTS: u32 = 3;

/// How often the outcome of a judgement is offered to a database that does not take it.
const MOST_KEEPING_TRIES: u32 = 5;

/// How many takes are scored at once.
const SCORERS: usize = 2;

/// Why a take was not scored: a stable code and words for people.
struct NotScored {
    code: &'static str,
    message: String,
    /// A model's reply that could not be used.
    raw: Option<String>,
}

impl NotScored {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), raw: None }
    }
}

impl From<LlmError> for NotScored {
    fn from(error: LlmError) -> Self {
        let (code, message) = (error.code(), error.to_string());
        let raw = match error {
            LlmError::Unusable { raw, .. } => Some(raw),
            LlmError::Unreachable { .. }
            | LlmError::Refused { .. }
            | LlmError::BudgetSpent { .. }
            | LlmError::Misconfigured { .. } => None,
        };
        Self { code, message, raw }
    }
}

impl Practice {
    pub(super) fn start_scorers(&self) {
        for _ in 0..SCORERS {
            let practice = self.clone();
            self.0.tasks.spawn(async move {
                while !practice.0.stop.is_cancelled() {
                    tokio::select! {
                        scored = AssertUnwindSafe(practice.score_next()).catch_unwind() => {
                            if scored.is_err() {
                                // One take may break the judge, but not the scoring of all others. Its lease runs
                                // out, and after its last attempt it is given up with a reason.
                                tracing::error!("scoring broke off");
                            }
                        }
                        () = practice.0.stop.cancelled() => {}
                    }
                }
            });
        }
    }

    /// Scores the next job, or waits for one.
    async fn score_next(&self) {
        let now = now();
        match self.0.store.claim_job(self.0.worker, now, now + millis(LEASE)).await {
            Ok(Some(job)) => {
                // Another job may wait behind this one.
                self.0.queued.notify_one();
                if let Err(error) = self.score(&job).await {
                    tracing::error!(interview = %job.interview, take = job.take, %error, "outcome of scoring not kept");
                }
            }
            Ok(None) => {
                // Silence is the usual case, not an error.
                let _ = timeout(IDLE, self.0.queued.notified()).await;
            }
            Err(error) => {
                tracing::error!(%error, "scoring jobs cannot be read");
                tokio::time::sleep(IDLE).await;
            }
        }
    }

    async fn score(&self, job: &Job) -> Result<(), PracticeError> {
        let judged = if job.attempt > MOST_ATTEMPTS {
            let message = format!("scoring was begun {MOST_ATTEMPTS} times and never came to an end: try again");
            Err(NotScored::new("scoring-interrupted", message))
        } else if let Some(judged) = self.judge_under_lease(job).await? {
            judged
        } else {
            tracing::info!(interview = %job.interview, take = job.take, "scoring left: another worker has the take");
            return Ok(());
        };
        let mut tries = 1;
        loop {
            match self.keep(job, &judged).await {
                // What a judge has said may have been paid for: a database that is busy for a while must not lose it.
                Err(PracticeError::Store(error)) if tries < MOST_KEEPING_TRIES => {
                    tracing::warn!(interview = %job.interview, take = job.take, %error, "outcome of scoring not kept yet");
                    tries += 1;
                    tokio::time::sleep(IDLE).await;
                }
                kept => return kept,
            }
        }
    }

    /// Ends the job with its outcome.
    async fn keep(&self, job: &Job, judged: &Result<Scorecard, NotScored>) -> Result<(), PracticeError> {
        let live = self.0.live.get(&job.interview);
        let take = job.take;
        match judged {
            Ok(card) => {
                let id = Uuid::now_v7().to_string();
                let event = Event::Scored { take, scorecard: id.clone() };
                let outcome = JobOutcome::Scored { id: &id, card };
                if !self.apply(&live, event, Write::Job { job, outcome }).await?.is_empty() {
                    tracing::info!(interview = %job.interview, take, engine = card.engine().name.as_str(), "take scored");
                }
            }
            Err(NotScored { code, message, raw }) => {
                let event = Event::ScoreFailed { take, code: (*code).to_owned(), message: message.clone() };
                let outcome = JobOutcome::Failed { code, message, raw: raw.as_deref() };
                if !self.apply(&live, event, Write::Job { job, outcome }).await?.is_empty() {
                    tracing::warn!(interview = %job.interview, take, code, "take not scored");
                }
            }
        }
        Ok(())
    }

    /// Judges while renewing the lease, so that no other worker takes the job over during a long call. Nothing
    /// where the job is no longer this worker's: taken over while the computer slept, or deleted with its interview.
    async fn judge_under_lease(&self, job: &Job) -> Result<Option<Result<Scorecard, NotScored>>, PracticeError> {
        let live = self.0.live.get(&job.interview);
        // Another process may have heard the last answers; what is in memory here would lack them.
        self.catch_up(&live).await?;
        let found = self
            .look(&live, |machine| {
                let take = machine.takes().get(job.take)?;
                let question = machine.question_of(take);
                Some((Arc::clone(question), take.exchange_to_judge(question)))
            })
            .await?;
        let Some((question, exchange)) = found else {
            return Ok(Some(Err(NotScored::new("no-answer", "there is no such take"))));
        };
        let exchange: Exchange = match exchange {
            Ok(exchange) => exchange,
            Err(unfit) => return Ok(Some(Err(NotScored::new("no-answer", unfit.to_string())))),
        };
        let errand = Errand { purpose: Purpose::Judging, interview: Some(job.interview.clone()), take: Some(job.take) };
        let judging = self.0.judge.judge(&question, &exchange, &errand);
        tokio::pin!(judging);
        let mut renewal = interval(RENEWAL);
        renewal.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                judged = &mut judging => {
                    return Ok(Some(judged.map_err(NotScored::from)));
                }
                _ = renewal.tick() => {
                    match self.0.store.renew_lease(job, self.0.worker, now() + millis(LEASE)).await {
                        Ok(true) => {}
                        Ok(false) => return Ok(None),
                        // While nobody can write nobody can take the job over either.
                        Err(error) => tracing::warn!(interview = %job.interview, %error, "lease not renewed"),
                    }
                }
            }
        }
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
