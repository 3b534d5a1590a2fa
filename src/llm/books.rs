//! What is kept about models from one run to the next, and the purse that no call may overdraw.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::future::BoxFuture;
use tokio_util::task::TaskTracker;

use super::{
    call::{Call, Errand, Tokens},
    error::LlmError,
};
use crate::{
    config::{BudgetSettings, Price},
    interview::InterviewId,
};

/// What is kept about models: every call, and what each endpoint turned out not to take.
pub trait Books: Send + Sync {
    /// What has been spent on the interview and, by everybody, today.
    fn spent<'a>(&'a self, interview: Option<&'a InterviewId>) -> BoxFuture<'a, Result<Spending, String>>;
    /// Keeps one call.
    fn keep(&self, call: Call) -> BoxFuture<'_, ()>;
    /// What was learned of the endpoint's model lately, as it was given to [`Self::remember`].
    fn recall<'a>(&'a self, endpoint: &'a str, model: &'a str) -> BoxFuture<'a, Option<String>>;
    fn remember<'a>(&'a self, endpoint: &'a str, model: &'a str, learned: String) -> BoxFuture<'a, ()>;
}

/// Sums of what was spent.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Spending {
    pub interview: Spent,
    pub today: Spent,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Spent {
    pub tokens: u64,
    pub money: f64,
}

impl Spent {
    fn and(self, other: Self) -> Self {
        Self { tokens: self.tokens + other.tokens, money: self.money + other.money }
    }
}

/// Books for a run that keeps nothing: sums in memory alone.
#[derive(Debug, Default)]
pub struct LooseLeaf(Mutex<Vec<Call>>);

impl LooseLeaf {
    /// The calls of this run so far.
    pub fn calls(&self) -> Vec<Call> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Books for LooseLeaf {
    fn spent<'a>(&'a self, interview: Option<&'a InterviewId>) -> BoxFuture<'a, Result<Spending, String>> {
        let mut sums = Spending::default();
        for call in self.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let spent = Spent { tokens: call.tokens.sum(), money: call.money.unwrap_or_default() };
            sums.today = sums.today.and(spent);
            if interview.is_some() && call.errand.interview.as_ref() == interview {
                sums.interview = sums.interview.and(spent);
            }
        }
        Box::pin(std::future::ready(Ok(sums)))
    }

    fn keep(&self, call: Call) -> BoxFuture<'_, ()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(call);
        Box::pin(std::future::ready(()))
    }

    fn recall<'a>(&'a self, _: &'a str, _: &'a str) -> BoxFuture<'a, Option<String>> {
        Box::pin(std::future::ready(None))
    }

    fn remember<'a>(&'a self, _: &'a str, _: &'a str, _: String) -> BoxFuture<'a, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// What may be spent, and the books in which it is written down. Cheap to clone; clones share it.
#[derive(Clone)]
pub struct Purse(Arc<Inner>);

struct Inner {
    limits: BudgetSettings,
    prices: Vec<Price>,
    books: Arc<dyn Books>,
    /// What calls under way will take, as estimated, until they are in the books.
    held: Mutex<Vec<(u64, Option<InterviewId>, Spent)>>,
    /// One look into the books at a time, so that two calls never share the same rest.
    looking: tokio::sync::Mutex<u64>,
    writing: TaskTracker,
}

impl fmt::Debug for Purse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Purse").field("limits", &self.0.limits).finish_non_exhaustive()
    }
}

impl Purse {
    pub fn new(limits: BudgetSettings, prices: Vec<Price>, books: Arc<dyn Books>) -> Self {
        Self(Arc::new(Inner {
            limits,
            prices,
            books,
            held: Mutex::default(),
            looking: tokio::sync::Mutex::default(),
            writing: TaskTracker::new(),
        }))
    }

    /// Without a limit, and without books.
    pub fn bottomless() -> Self {
        Self::new(BudgetSettings::default(), Vec::new(), Arc::new(LooseLeaf::default()))
    }

    pub(super) fn books(&self) -> &dyn Books {
        self.0.books.as_ref()
    }

    /// What these tokens of the model cost; none where it has no price.
    pub fn money(&self, model: &str, tokens: Tokens) -> Option<f64> {
        let price = self.0.prices.iter().find(|price| price.model == model)?;
        #[expect(clippy::cast_precision_loss, reason = "far more tokens than anybody pays for are exact")]
        let of = |tokens: u64, price: f64| tokens as f64 * price / 1e6;
        Some(of(tokens.input, price.input) + of(tokens.output, price.output))
    }

    /// Sets aside what a call will take, as estimated, or refuses it before it is made.
    pub(super) async fn take(&self, errand: &Errand, model: &str, estimate: Tokens) -> Result<Hold, LlmError> {
        let takes = Spent { tokens: estimate.sum(), money: self.money(model, estimate).unwrap_or_default() };
        let mut last = self.0.looking.lock().await;
        if !self.0.limits.is_unlimited() {
            // What is held is counted before the books are read: what moves over meanwhile counts twice, never not.
            let mut held = Spending::default();
            for (_, interview, spent) in self.held().iter() {
                held.today = held.today.and(*spent);
                if interview.is_some() && *interview == errand.interview {
                    held.interview = held.interview.and(*spent);
                }
            }
            let spent =
                self.0.books.spent(errand.interview.as_ref()).await.map_err(|problem| LlmError::Unreachable {
                    host: "the account of what was spent".to_owned(),
                    what: problem,
                    way_out: "a budget is set, so no model is asked until it can be read: try again".to_owned(),
                })?;
            self.within(spent.interview.and(held.interview), spent.today.and(held.today), takes, errand)?;
        }
        *last += 1;
        let id = *last;
        self.held().push((id, errand.interview.clone(), takes));
        Ok(Hold { purse: self.clone(), id })
    }

    fn within(&self, interview: Spent, today: Spent, takes: Spent, errand: &Errand) -> Result<(), LlmError> {
        let limits = &self.0.limits;
        let tokens = |limit: Option<u64>, spent: Spent, whose, setting| match limit {
            Some(limit) if spent.tokens + takes.tokens > limit => Err(LlmError::BudgetSpent {
                whose,
                limit: format!("{limit} tokens"),
                spent: spent.tokens.to_string(),
                takes: takes.tokens.to_string(),
                setting,
            }),
            _ => Ok(()),
        };
        let money = |limit: Option<f64>, spent: Spent, whose, setting| match limit {
            Some(limit) if spent.money + takes.money > limit => Err(LlmError::BudgetSpent {
                whose,
                limit: limit.to_string(),
                spent: format!("{:.4}", spent.money),
                takes: format!("{:.4}", takes.money),
                setting,
            }),
            _ => Ok(()),
        };
        if errand.interview.is_some() {
            tokens(limits.interview_tokens, interview, "this interview", "budget.interview_tokens")?;
            money(limits.interview_money, interview, "this interview", "budget.interview_money")?;
        }
        tokens(limits.day_tokens, today, "today", "budget.day_tokens")?;
        money(limits.day_money, today, "today", "budget.day_money")
    }

    /// Writes down what was learned of a model, in the background.
    pub(super) fn remember(&self, endpoint: String, model: String, learned: String) {
        let purse = self.clone();
        self.0.writing.spawn(async move { purse.0.books.remember(&endpoint, &model, learned).await });
    }

    /// Waits until every call that has ended is in the books.
    pub async fn settled(&self) {
        self.0.writing.close();
        self.0.writing.wait().await;
        self.0.writing.reopen();
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Vec<(u64, Option<InterviewId>, Spent)>> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is set aside for one call until it is in the books.
#[derive(Debug)]
pub(super) struct Hold {
    purse: Purse,
    id: u64,
}

impl Hold {
    pub(super) fn purse(&self) -> &Purse {
        &self.purse
    }

    /// Writes the call into the books in the background and gives back what was set aside once it is there.
    pub(super) fn settle(self, call: Call) {
        let spent = Spent { tokens: call.tokens.sum(), money: call.money.unwrap_or_default() };
        if let Some(held) = self.purse.held().iter_mut().find(|(id, ..)| *id == self.id) {
            held.2 = spent;
        }
        let purse = self.purse.clone();
        purse.0.writing.spawn({
            let purse = purse.clone();
            async move {
                purse.0.books.keep(call).await;
                drop(self);
            }
        });
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.purse.held().retain(|(id, ..)| *id != self.id);
    }
}
