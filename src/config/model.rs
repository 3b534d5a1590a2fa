//! What can be set about how a model judges and how much it may cost.

use super::{
    LlmSettings,
    resolve::{Key, Search, key},
    value::{self, Raw},
};

/// How often and by whom a judge is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScorerSettings {
    /// How many verdicts are taken and put to the vote.
    pub samples: u8,
    /// Another model that judges too; where it differs is marked.
    pub second_opinion: Option<String>,
}

impl Default for ScorerSettings {
    fn default() -> Self {
        Self { samples: 1, second_opinion: None }
    }
}

/// Which of the interviewer's turns a model puts into words; the others come in the bank's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Voice {
    /// All of them.
    #[default]
    Full,
    /// Follow-ups and replies to questions back: every candidate hears the questions alike.
    Replies,
    /// None.
    Bank,
}

/// The most that may be spent on models; what is missing is unlimited.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BudgetSettings {
    /// Tokens in and out, for one interview.
    pub interview_tokens: Option<u64>,
    /// Tokens in and out, for all calls of one day on this computer's clock.
    pub day_tokens: Option<u64>,
    /// In the currency of the prices, for one interview.
    pub interview_money: Option<f64>,
    /// In the currency of the prices, for one day.
    pub day_money: Option<f64>,
}

impl BudgetSettings {
    /// Whether anything is limited.
    pub fn is_unlimited(&self) -> bool {
        *self == Self::default()
    }
}

/// What a model costs for a million tokens, in whatever currency.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    pub model: String,
    pub input: f64,
    pub output: f64,
}

const PRICES: Key = key("llm.prices", None, &["GREENROOM_LLM_PRICES"]);
const SAMPLES: Key = key("scorer.samples", None, &["GREENROOM_SCORER_SAMPLES"]);
const SECOND_OPINION: Key = key("scorer.second_opinion", None, &["GREENROOM_SCORER_SECOND_OPINION"]);
const VOICE: Key = key("interviewer.voice", None, &["GREENROOM_INTERVIEWER_VOICE"]);
const INTERVIEW_TOKENS: Key = key("budget.interview_tokens", None, &["GREENROOM_BUDGET_INTERVIEW_TOKENS"]);
const DAY_TOKENS: Key = key("budget.day_tokens", None, &["GREENROOM_BUDGET_DAY_TOKENS"]);
const INTERVIEW_MONEY: Key = key("budget.interview_money", None, &["GREENROOM_BUDGET_INTERVIEW_MONEY"]);
const DAY_MONEY: Key = key("budget.day_money", None, &["GREENROOM_BUDGET_DAY_MONEY"]);

pub(super) const SCORER_AND_BUDGET: &[&Key] =
    &[&PRICES, &SAMPLES, &SECOND_OPINION, &VOICE, &INTERVIEW_TOKENS, &DAY_TOKENS, &INTERVIEW_MONEY, &DAY_MONEY];

/// How a setting that is not set is shown.
const UNSET: &str = "-";

pub(super) fn prices(search: &mut Search<'_>) -> Vec<Price> {
    search.take(
        &PRICES,
        Vec::new(),
        |raw, _| raw.list().iter().map(|text| price(text)).collect(),
        |prices| {
            let shown = prices.iter().map(|price| format!("{} {} {}", price.model, price.input, price.output));
            let shown = shown.collect::<Vec<_>>().join(", ");
            if shown.is_empty() { UNSET.to_owned() } else { shown }
        },
    )
}

/// `MODEL INPUT OUTPUT`, for a million tokens each.
fn price(text: &str) -> Result<Price, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let amount = |word: &str| word.parse().ok().filter(|amount: &f64| amount.is_finite() && *amount >= 0.0);
    if let [model, input, output] = words.as_slice()
        && let (Some(input), Some(output)) = (amount(input), amount(output))
    {
        return Ok(Price { model: (*model).to_owned(), input, output });
    }
    Err(format!("`{text}` is no price: write MODEL INPUT OUTPUT for a million tokens, like `gpt-4.1-mini 0.40 1.60`"))
}

pub(super) fn scorer(search: &mut Search<'_>) -> ScorerSettings {
    let usual = ScorerSettings::default();
    ScorerSettings {
        samples: search.number(&SAMPLES, usual.samples, 1..=9),
        second_opinion: search.take(
            &SECOND_OPINION,
            usual.second_opinion,
            |raw, _| value::word(raw).map(Some),
            |model| model.clone().unwrap_or_else(|| UNSET.to_owned()),
        ),
    }
}

pub(super) fn voice(search: &mut Search<'_>) -> Voice {
    let parse = |raw: Raw| match raw.text()?.trim() {
        "full" => Ok(Voice::Full),
        "replies" => Ok(Voice::Replies),
        "bank" => Ok(Voice::Bank),
        other => Err(format!("`{other}` is no voice: use full, replies or bank")),
    };
    search.take(
        &VOICE,
        Voice::default(),
        |raw, _| parse(raw),
        |voice| {
            match voice {
                Voice::Full => "full",
                Voice::Replies => "replies",
                Voice::Bank => "bank",
            }
            .to_owned()
        },
    )
}

/// Money can only be limited where every model that may be asked has its price.
pub(super) fn budget(search: &mut Search<'_>, llm: &LlmSettings, scorer: &ScorerSettings) -> BudgetSettings {
    let mut tokens = |key| {
        let shown = |limit: &Option<u64>| limit.map_or_else(|| UNSET.to_owned(), |tokens| tokens.to_string());
        search.take(key, None, |raw, _| value::number(raw, &(1..=1_000_000_000_000)).map(Some), shown)
    };
    let (interview_tokens, day_tokens) = (tokens(&INTERVIEW_TOKENS), tokens(&DAY_TOKENS));
    let mut money = |key| {
        let shown = |limit: &Option<f64>| limit.map_or_else(|| UNSET.to_owned(), |money| money.to_string());
        search.take(key, None, |raw, _| amount(raw).map(Some), shown)
    };
    let (interview_money, day_money) = (money(&INTERVIEW_MONEY), money(&DAY_MONEY));
    if interview_money.is_some() || day_money.is_some() {
        for model in std::iter::once(&llm.model).chain(&scorer.second_opinion) {
            if !llm.prices.iter().any(|price| price.model == *model) {
                search.complaints.push(format!(
                    "llm.prices: a budget in money needs the price of `{model}`: add `{model} INPUT OUTPUT`, or limit tokens instead"
                ));
            }
        }
    }
    BudgetSettings { interview_tokens, day_tokens, interview_money, day_money }
}

fn amount(raw: Raw) -> Result<f64, String> {
    let text = raw.text()?;
    text.trim()
        .parse()
        .ok()
        .filter(|amount: &f64| amount.is_finite() && *amount > 0.0)
        .ok_or_else(|| format!("`{text}` does not fit: give an amount above 0, like 0.50"))
}
