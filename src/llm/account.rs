//! The account of one call while it is under way: closed with its outcome, also where somebody walks away from it.

use std::sync::Arc;

use tokio::time::Instant;

use super::{
    books::Hold,
    call::{Call, Errand, Tokens, estimate},
    chat::Chat,
    limits::Fault,
    model::{Door, Model},
};

/// How a call ended that came to its end.
const OK: &str = "ok";
/// How a call ended that nobody waited for any more.
const GIVEN_UP: &str = "given-up";

pub(super) struct Account {
    door: Arc<Door>,
    /// Gone once the account is closed.
    hold: Option<Hold>,
    model: Model,
    errand: Errand,
    at: i64,
    begun: Instant,
    first_word: Option<Instant>,
    tries: u32,
    chars_in: usize,
    chars_out: usize,
    tokens: Option<Tokens>,
}

impl Account {
    pub(super) fn open(model: &Model, hold: Hold, chat: &Chat) -> Self {
        Self {
            door: Arc::clone(&model.door),
            hold: Some(hold),
            model: model.clone(),
            errand: chat.errand.clone(),
            at: jiff::Timestamp::now().as_millisecond(),
            begun: Instant::now(),
            first_word: None,
            tries: 0,
            chars_in: chat.chars(),
            chars_out: 0,
            tokens: None,
        }
    }

    /// Another request goes out.
    pub(super) fn tries(&mut self) {
        self.tries += 1;
    }

    /// The first words are there.
    pub(super) fn hears(&mut self) {
        self.first_word = Some(Instant::now());
    }

    /// So many more characters came in, and what the endpoint says of tokens, if it does.
    pub(super) fn receives(&mut self, chars: usize, tokens: Option<Tokens>) {
        self.chars_out += chars;
        self.tokens = tokens.or(self.tokens);
    }

    pub(super) fn ends(&mut self) {
        self.door.breaker.works();
        self.close(OK, true);
    }

    pub(super) fn fails(&mut self, fault: &Fault) {
        let is_trouble = fault.is_trouble();
        if is_trouble {
            self.door.breaker.fails(Instant::now(), fault.asks_to_wait());
        } else {
            self.door.breaker.works();
        }
        let code = self.model.error(fault.clone()).code();
        // What was refused at the door was not read. What ran out of time may have been.
        let was_read = self.first_word.is_some()
            || matches!(
                fault,
                Fault::Silent { .. } | Fault::Stalled { .. } | Fault::Overdue { .. } | Fault::OnlyThought { .. }
            );
        self.close(code, was_read);
    }

    fn close(&mut self, outcome: &'static str, was_read: bool) {
        let Some(hold) = self.hold.take() else { return };
        let estimated =
            Tokens { input: if was_read { estimate(self.chars_in) } else { 0 }, output: estimate(self.chars_out) };
        let tokens = self.tokens.unwrap_or(estimated);
        let millis = |from: Instant, to: Instant| u64::try_from((to - from).as_millis()).unwrap_or(u64::MAX);
        let call = Call {
            errand: self.errand.clone(),
            at: self.at,
            host: self.model.host().to_owned(),
            model: self.model.model_name().to_owned(),
            tries: self.tries,
            tokens,
            is_estimated: self.tokens.is_none(),
            money: hold.purse().money(self.model.model_name(), tokens),
            first_word_ms: self.first_word.map(|first| millis(self.begun, first)),
            total_ms: millis(self.begun, Instant::now()),
            outcome,
        };
        hold.settle(call);
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        if self.hold.is_some() {
            self.door.breaker.abandoned();
            self.close(GIVEN_UP, self.tries > 0);
        }
    }
}
