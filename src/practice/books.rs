//! The books on models in the database: every call, and what each endpoint takes.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::{Timestamp, Zoned};

use super::now;
use crate::{
    config::{BudgetSettings, Settings},
    interview::InterviewId,
    llm::{Books, Call, LooseLeaf, Purse, Spending},
    scoring::EngineName,
    store::{Store, StoreError},
};

/// After this long, what was learned of an endpoint is found out anew.
const BELIEVED: i64 = 7 * 24 * 60 * 60 * 1000;

/// The purse of the settings, with its books in the database.
pub fn purse(settings: &Settings, store: &Store) -> Purse {
    Purse::new(settings.budget, settings.llm.prices.clone(), Arc::new(Kept(store.clone())))
}

/// The purse of a command that keeps no interviews: its calls count for the day only where a day is limited, because
/// only then they need the database.
pub async fn purse_of_a_run(settings: &Settings) -> Result<Purse, StoreError> {
    let BudgetSettings { day_tokens, day_money, .. } = settings.budget;
    if settings.engine_name() == EngineName::Llm && (day_tokens.is_some() || day_money.is_some()) {
        return Ok(purse(settings, &Store::open(&settings.database_url).await?));
    }
    Ok(Purse::new(settings.budget, settings.llm.prices.clone(), Arc::new(LooseLeaf::default())))
}

struct Kept(Store);

impl Books for Kept {
    fn spent<'a>(&'a self, interview: Option<&'a InterviewId>) -> BoxFuture<'a, Result<Spending, String>> {
        Box::pin(async move { self.0.spent(interview, midnight()).await.map_err(|error| error.to_string()) })
    }

    fn keep(&self, call: Call) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            // What is not in the books is in the log at least; the answer itself is safe either way.
            if let Err(error) = self.0.insert_call(&call).await {
                let (input, output) = (call.tokens.input, call.tokens.output);
                tracing::error!(%error, model = call.model, input, output, "a call could not be written down");
            }
        })
    }

    fn recall<'a>(&'a self, endpoint: &'a str, model: &'a str) -> BoxFuture<'a, Option<String>> {
        Box::pin(async move {
            let learned = self.0.learned(endpoint, model, now() - BELIEVED).await;
            learned.inspect_err(|error| tracing::warn!(%error, "what was learned of the endpoint is not read")).ok()?
        })
    }

    fn remember<'a>(&'a self, endpoint: &'a str, model: &'a str, learned: String) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            if let Err(error) = self.0.learn(endpoint, model, &learned, now()).await {
                tracing::warn!(%error, "what was learned of the endpoint is not kept");
            }
        })
    }
}

/// The beginning of the day on this computer's clock, in Unix milliseconds.
fn midnight() -> i64 {
    let today = Zoned::now();
    today.start_of_day().map_or_else(|_| Timestamp::now().as_millisecond(), |start| start.timestamp().as_millisecond())
}
