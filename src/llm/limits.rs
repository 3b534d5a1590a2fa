//! How long we wait for a model and how often we try: faults, time-outs, and pauses between tries.

use std::time::Duration;

use jiff::{Timestamp, Zoned, fmt::rfc2822};

use crate::config::LlmSettings;

/// The longest that all pauses between tries of one request may take together.
pub(super) const LONGEST_PAUSES: Duration = Duration::from_secs(20);

/// The first pause is at most this long, each further one twice the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// The longest reply that is read, in characters; a judgement has a few thousand.
pub(super) const LONGEST_REPLY: usize = 200_000;

/// What can go wrong on the way to a whole reply, before it is worded for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub(crate) enum Fault {
    /// The client could not be built, for instance because the machine has no CA certificates.
    Unbuildable(String),
    /// No connection: the name does not resolve, nobody listens, TLS fails.
    Unconnected(String),
    /// The connection broke before a reply was there.
    Broken(String),
    /// Any status but a 2xx.
    Status { status: u16, retry_after: Option<Duration>, body: String, location: Option<String> },
    /// A 2xx that is neither JSON nor an event stream.
    NoEndpoint { body: String },
    /// No first part of the reply in time.
    Silent { seconds: u64 },
    /// A pause inside the reply was too long.
    Stalled { seconds: u64 },
    /// The reply as a whole took too long.
    Overdue { seconds: u64 },
    /// The stream ended, cleanly or not, without a finish reason.
    Cut,
    /// An error came as a part of the stream.
    ErrorEvent { status: Option<u16>, message: String },
    /// A part of the stream was not JSON.
    Unreadable,
    /// The endpoint's content filter ended the reply.
    Filtered,
    /// More than anybody would read.
    Endless { chars: usize },
    /// The model thought, and its reply was empty.
    OnlyThought { thoughts: String },
}

impl Fault {
    /// Whether the endpoint itself is in trouble, rather than the request.
    pub(super) fn is_trouble(&self) -> bool {
        match self {
            Self::Status { status, body, .. } => worth_another_try(*status) && !super::error::is_spent(body),
            Self::ErrorEvent { status, .. } => status.is_none_or(worth_another_try),
            Self::Unconnected(_)
            | Self::Broken(_)
            | Self::Silent { .. }
            | Self::Stalled { .. }
            | Self::Overdue { .. }
            | Self::Cut
            | Self::Unreadable => true,
            Self::Unbuildable(_)
            | Self::NoEndpoint { .. }
            | Self::Filtered
            | Self::Endless { .. }
            | Self::OnlyThought { .. } => false,
        }
    }

    /// How long the endpoint asked to be left alone.
    pub(super) fn asks_to_wait(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Whether another try may help. Time-outs are not tried again: somebody has waited long enough, and a
    /// model that is slow gets slower when asked twice.
    pub(crate) fn is_worth_another_try(&self) -> bool {
        match self {
            Self::Status { status, body, .. } => worth_another_try(*status) && !super::error::is_spent(body),
            Self::ErrorEvent { status, .. } => status.is_none_or(worth_another_try),
            Self::Unconnected(_) | Self::Broken(_) | Self::Cut => true,
            Self::Unbuildable(_)
            | Self::NoEndpoint { .. }
            | Self::Silent { .. }
            | Self::Stalled { .. }
            | Self::Overdue { .. }
            | Self::Unreadable
            | Self::Filtered
            | Self::Endless { .. }
            | Self::OnlyThought { .. } => false,
        }
    }
}

const fn worth_another_try(status: u16) -> bool {
    matches!(status, 408 | 409 | 425 | 429) || status >= 500
}

/// Time-outs and tries of one model.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) first_byte: Duration,
    pub(super) between_tokens: Duration,
    pub(super) total: Duration,
    pub(super) attempts: u32,
}

impl Limits {
    pub(super) fn of(settings: &LlmSettings) -> Self {
        Self {
            first_byte: Duration::from_secs(settings.first_byte_seconds.max(1)),
            between_tokens: Duration::from_secs(settings.between_tokens_seconds.max(1)),
            total: Duration::from_secs(settings.total_seconds.max(1)),
            attempts: settings.attempts.max(1),
        }
    }
}

/// Counts the tries of one request and says how long to pause before the next, or that there is none.
#[derive(Debug)]
pub(crate) struct Tries {
    attempts: u32,
    tried: u32,
    paused: Duration,
    /// One try that costs nothing, for a kept connection that the server had closed in the meantime.
    spare: bool,
}

impl Tries {
    pub(crate) fn new(attempts: u32) -> Self {
        Self { attempts, tried: 0, paused: Duration::ZERO, spare: true }
    }

    /// The pause before the next try after `fault`; none where trying is over. `random` spreads clients that
    /// failed together over the whole pause.
    pub(crate) fn next(&mut self, fault: &Fault, random: u64) -> Option<Duration> {
        if matches!(fault, Fault::Broken(_)) && std::mem::take(&mut self.spare) {
            return Some(Duration::ZERO);
        }
        self.tried += 1;
        if self.tried >= self.attempts || !fault.is_worth_another_try() {
            return None;
        }
        let longest = FIRST_PAUSE.saturating_mul(1 << (self.tried - 1).min(5));
        #[expect(clippy::cast_precision_loss, reason = "a share needs no more than 53 bits")]
        let share = (random >> 11) as f64 / (1_u64 << 53) as f64;
        let pause = match fault {
            // What the server asks for is a least, so the spread comes on top of it.
            Fault::Status { retry_after: Some(wait), .. } => *wait + FIRST_PAUSE.mul_f64(share),
            _ => longest.mul_f64(share),
        };
        self.paused += pause;
        (self.paused <= LONGEST_PAUSES).then_some(pause)
    }
}

/// Reads a `Retry-After` header: seconds, whole or not, or a date.
pub(super) fn retry_after(header: &str, now: Timestamp) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse::<f64>() {
        // `NaN` reads as a number too.
        return seconds.is_finite().then(|| Duration::try_from_secs_f64(seconds.max(0.0)).ok()).flatten();
    }
    let until: Zoned = rfc2822::DateTimeParser::new().parse_zoned(header).ok()?;
    Some(Duration::try_from(until.timestamp().duration_since(now)).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn busy(retry_after: Option<u64>) -> Fault {
        Fault::Status {
            status: 503,
            retry_after: retry_after.map(Duration::from_secs),
            body: String::new(),
            location: None,
        }
    }

    #[test]
    fn retry_after_is_read_as_seconds_or_as_a_date() {
        let now: Timestamp = "2026-11-20T14:00:00Z".parse().unwrap();
        let seconds = |text: &str| retry_after(text, now).map(|wait| wait.as_secs_f64());
        assert_eq!(seconds("7"), Some(7.0));
        assert_eq!(seconds(" 1.5 "), Some(1.5));
        assert_eq!(seconds("Fri, 20 Nov 2026 14:00:09 GMT"), Some(9.0));
        assert_eq!(seconds("Fri, 20 Nov 2026 13:00:00 GMT"), Some(0.0), "a date gone by means now");
        assert_eq!(seconds("-3"), Some(0.0));
        for odd in ["soon", "NaN", "inf", "1e300", ""] {
            assert_eq!(seconds(odd), None, "{odd}");
        }
    }

    #[test]
    fn pauses_grow_are_spread_and_end_with_the_attempts() {
        let mut tries = Tries::new(4);
        assert_eq!(tries.next(&busy(None), 0), Some(Duration::ZERO));
        assert!(tries.next(&busy(None), u64::MAX).unwrap() > Duration::from_millis(990));
        assert!(tries.next(&busy(None), u64::MAX / 2).unwrap() < Duration::from_millis(1001));
        assert_eq!(tries.next(&busy(None), 0), None);
    }

    #[test]
    fn a_wait_that_is_asked_for_is_kept_but_never_beyond_twenty_seconds_in_all() {
        let mut tries = Tries::new(9);
        assert_eq!(tries.next(&busy(Some(12)), 0), Some(Duration::from_secs(12)));
        assert_eq!(tries.next(&busy(Some(12)), 0), None);
        assert_eq!(Tries::new(9).next(&busy(Some(3600)), 0), None);
    }

    #[test]
    fn a_kept_connection_that_broke_is_tried_once_more_for_free() {
        let mut tries = Tries::new(1);
        assert_eq!(tries.next(&Fault::Broken("reset".to_owned()), u64::MAX), Some(Duration::ZERO));
        assert_eq!(tries.next(&Fault::Broken("reset".to_owned()), 0), None);
    }

    #[test]
    fn a_refusal_is_not_tried_again() {
        let refused = Fault::Status { status: 401, retry_after: None, body: String::new(), location: None };
        assert_eq!(Tries::new(5).next(&refused, 0), None);
        assert_eq!(Tries::new(5).next(&Fault::Silent { seconds: 1 }, 0), None);
    }
}
