//! A circuit breaker: an endpoint that fails again and again is left alone for a while instead of being waited for.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// So many calls in a row must fail, each after all its tries, before the endpoint is left alone.
const FAILURES: u32 = 5;
/// How long it is left alone the first time; each further time twice as long.
const FIRST_REST: Duration = Duration::from_secs(30);
const LONGEST_REST: Duration = Duration::from_mins(5);

#[derive(Debug, Default)]
pub(super) struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    rests: u32,
    until: Option<Instant>,
    /// One call tries whether the endpoint is back.
    is_tried: bool,
}

/// The endpoint is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Resting {
    pub(super) failures: u32,
    pub(super) seconds: u64,
}

impl Breaker {
    /// Whether a call may be made at `now`. After the rest a single one may, and decides for all.
    pub(super) fn admit(&self, now: Instant) -> Result<(), Resting> {
        let mut state = self.state();
        let Some(until) = state.until else { return Ok(()) };
        if now < until || state.is_tried {
            let left = until.saturating_duration_since(now).as_secs_f64().ceil();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most five minutes")]
            return Err(Resting { failures: state.failures, seconds: (left as u64).max(1) });
        }
        state.is_tried = true;
        Ok(())
    }

    /// A call came through, or was refused by an endpoint that is plainly there.
    pub(super) fn works(&self) {
        *self.state() = State::default();
    }

    /// A call failed. `wait` is how long the endpoint itself asked to be left alone.
    pub(super) fn fails(&self, now: Instant, wait: Option<Duration>) {
        let mut state = self.state();
        state.failures += 1;
        let was_tried = std::mem::take(&mut state.is_tried);
        if was_tried || state.failures >= FAILURES {
            let rest = FIRST_REST.saturating_mul(1 << state.rests.min(8)).min(LONGEST_REST);
            state.rests += 1;
            state.until = Some(now + rest);
        }
        if let Some(wait) = wait {
            let until = now + wait.min(LONGEST_REST);
            state.until = Some(state.until.map_or(until, |known| known.max(until)));
        }
    }

    /// A call was given up before anything was known.
    pub(super) fn abandoned(&self) {
        self.state().is_tried = false;
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn five_failures_in_a_row_give_the_endpoint_a_rest_and_one_call_tries_again() {
        let (breaker, begun) = (Breaker::default(), Instant::now());
        for _ in 0..4 {
            breaker.fails(begun, None);
        }
        breaker.works();
        for _ in 0..4 {
            breaker.fails(begun, None);
            assert_eq!(breaker.admit(begun), Ok(()));
        }
        breaker.fails(begun, None);
        assert_eq!(breaker.admit(begun), Err(Resting { failures: 5, seconds: 30 }));
        let later = begun + FIRST_REST;
        assert_eq!(breaker.admit(later), Ok(()));
        assert!(breaker.admit(later).is_err(), "only one call tries");
        breaker.fails(later, None);
        assert_eq!(breaker.admit(later), Err(Resting { failures: 6, seconds: 60 }));
        assert_eq!(breaker.admit(later + Duration::from_mins(1)), Ok(()));
        breaker.works();
        assert_eq!(breaker.admit(later), Ok(()));
    }

    #[tokio::test]
    async fn an_endpoint_that_asks_to_be_left_alone_is_left_alone_but_not_for_ever() {
        let (breaker, begun) = (Breaker::default(), Instant::now());
        breaker.fails(begun, Some(Duration::from_hours(2)));
        assert_eq!(breaker.admit(begun), Err(Resting { failures: 1, seconds: 300 }));
        assert_eq!(breaker.admit(begun + LONGEST_REST), Ok(()));
        breaker.abandoned();
        assert_eq!(breaker.admit(begun + LONGEST_REST), Ok(()));
    }
}
