//! What an interview took of models: each call, and the sums.

use std::fmt::Write as _;

use serde::Serialize;
use utoipa::ToSchema;

use super::{Practice, PracticeError, wire::rfc3339};
use crate::{
    interview::InterviewId,
    llm::Purpose,
    store::{CallRow, ReplyRow},
};

/// What an interview took of models.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Usage)]
pub struct UsageJson {
    pub sum: UsageSum,
    /// Oldest first.
    pub calls: Vec<CallJson>,
}

/// The calls of an interview added up.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct UsageSum {
    pub calls: usize,
    pub input_tokens: u64,
    pub output_tokens: u64,
    /// Whether some of it was estimated from the texts because an endpoint did not tell.
    pub is_estimated: bool,
    /// In the currency of the configured prices; null where a model had none.
    #[schema(required)]
    pub money: Option<f64>,
    /// The longest that somebody waited for the interviewer's first word.
    #[schema(required)]
    pub slowest_first_word_ms: Option<u64>,
}

/// One call of a model.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ModelCall)]
pub struct CallJson {
    /// RFC 3339, UTC.
    pub at: String,
    pub purpose: Purpose,
    #[schema(required)]
    pub take: Option<usize>,
    pub host: String,
    pub model: String,
    /// How often it was tried.
    pub tries: u32,
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub is_estimated: bool,
    #[schema(required)]
    pub money: Option<f64>,
    /// Null where no word came.
    #[schema(required)]
    pub first_word_ms: Option<u64>,
    pub total_ms: u64,
    /// `ok`, `given-up`, or the code of what went wrong.
    pub outcome: String,
}

impl UsageSum {
    /// Nothing where no model was asked.
    pub fn of(calls: &[CallRow]) -> Option<Self> {
        if calls.is_empty() {
            return None;
        }
        let is_priced = calls.iter().all(|call| call.money.is_some() || call.tokens.sum() == 0);
        let spoken = calls.iter().filter(|call| call.purpose == Purpose::Speaking);
        Some(Self {
            calls: calls.len(),
            input_tokens: calls.iter().map(|call| call.tokens.input).sum(),
            output_tokens: calls.iter().map(|call| call.tokens.output).sum(),
            is_estimated: calls.iter().any(|call| call.is_estimated && call.tokens.sum() > 0),
            money: is_priced.then(|| calls.iter().filter_map(|call| call.money).sum()),
            slowest_first_word_ms: spoken.filter_map(|call| call.first_word_ms).max(),
        })
    }

    /// The sums as people read them, on one line.
    pub fn line(&self) -> String {
        let calls = if self.calls == 1 { "1 call".to_owned() } else { format!("{} calls", self.calls) };
        let about = if self.is_estimated { "about " } else { "" };
        let mut line = format!(
            "Language model: {calls}, {about}{} tokens in and {} out",
            grouped(self.input_tokens),
            grouped(self.output_tokens)
        );
        if let Some(money) = self.money {
            let _ = write!(line, ", cost {money:.4}");
        }
        if let Some(millis) = self.slowest_first_word_ms {
            let _ = write!(line, "; slowest first word {}.{:02} s", millis / 1000, millis % 1000 / 10);
        }
        line.push('.');
        line
    }
}

/// Thousands set off by commas.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

impl From<&CallRow> for CallJson {
    fn from(call: &CallRow) -> Self {
        Self {
            at: rfc3339(call.at),
            purpose: call.purpose,
            take: call.take,
            host: call.host.clone(),
            model: call.model.clone(),
            tries: call.tries,
            input_tokens: call.tokens.input,
            output_tokens: call.tokens.output,
            is_estimated: call.is_estimated,
            money: call.money,
            first_word_ms: call.first_word_ms,
            total_ms: call.total_ms,
            outcome: call.outcome.clone(),
        }
    }
}

impl Practice {
    /// What the interview took of models so far.
    pub async fn usage(&self, id: &InterviewId) -> Result<UsageJson, PracticeError> {
        self.ensure_exists(id).await?;
        let calls = self.0.store.calls(id).await?;
        let none = UsageSum {
            calls: 0,
            input_tokens: 0,
            output_tokens: 0,
            is_estimated: false,
            money: None,
            slowest_first_word_ms: None,
        };
        let sum = UsageSum::of(&calls).unwrap_or(none);
        Ok(UsageJson { sum, calls: calls.iter().map(CallJson::from).collect() })
    }

    /// Replies of a model that could not be used, as they came.
    pub async fn unusable_replies(&self, id: &InterviewId) -> Result<Vec<ReplyRow>, PracticeError> {
        self.ensure_exists(id).await?;
        Ok(self.0.store.unusable_replies(id).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::Tokens;

    fn call(purpose: Purpose, input: u64, money: Option<f64>) -> CallRow {
        CallRow {
            purpose,
            take: Some(0),
            at: 0,
            host: "h".into(),
            model: "m".into(),
            tries: 1,
            tokens: Tokens { input, output: 20 },
            is_estimated: false,
            money,
            first_word_ms: Some(640),
            total_ms: 900,
            outcome: "ok".into(),
        }
    }

    #[test]
    fn sums_are_read_on_one_line_and_money_only_where_all_of_it_is_known() {
        let calls = [call(Purpose::Judging, 1_234_000, Some(0.5)), call(Purpose::Speaking, 100, Some(0.0123))];
        let sum = UsageSum::of(&calls).unwrap();
        assert_eq!(
            sum.line(),
            "Language model: 2 calls, 1,234,100 tokens in and 40 out, cost 0.5123; slowest first word 0.64 s."
        );
        let unpriced = [calls[0].clone(), call(Purpose::Judging, 5, None)];
        assert_eq!(UsageSum::of(&unpriced).unwrap().money, None);
        assert_eq!(UsageSum::of(&[]), None);
    }
}
