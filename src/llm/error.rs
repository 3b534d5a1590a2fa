//! Why a model gave no usable reply, in the three ways that callers treat differently.

use super::limits::Fault;

/// What went wrong between us and the model's endpoint. Every message names the host and the way out, and none
/// holds a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LlmError {
    /// No whole reply came: no connection, a time-out, a broken stream, an overloaded or failing server.
    #[error("{host} is out of reach: {what}; {way_out}")]
    Unreachable { host: String, what: String, way_out: String },
    /// The endpoint answered and said no; trying the same again would not help.
    #[error("{host} refused the request{}: {excerpt}; {way_out}", status.map(|code| format!(" with status {code}")).unwrap_or_default())]
    Refused {
        host: String,
        /// The HTTP status; none where the endpoint refused inside a reply.
        status: Option<u16>,
        /// The endpoint's own words, shortened to one line.
        excerpt: String,
        way_out: String,
    },
    /// The reply could not be used, and neither could the one after the faults were named.
    #[error("{model} at {host} gave no usable reply: {faults}; try again or choose another model")]
    Unusable {
        host: String,
        model: String,
        /// What was wrong with the last reply.
        faults: String,
        /// The last reply as it came, for inspection; never part of the message.
        raw: String,
    },
    /// The call would overdraw a budget and was not made.
    #[error(
        "the budget of {limit} for {whose} is used up: {spent} spent, and this call takes about {takes}; raise `{setting}` to go on"
    )]
    BudgetSpent { whose: &'static str, limit: String, spent: String, takes: String, setting: &'static str },
    /// The settings cannot name an endpoint.
    #[error("{setting} cannot be used: {problem}")]
    Misconfigured { setting: &'static str, problem: String },
}

impl LlmError {
    /// The stable code of contract 2.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "engine-unreachable",
            Self::Refused { .. } | Self::Misconfigured { .. } => "engine-refused",
            Self::Unusable { .. } => "engine-unusable-reply",
            Self::BudgetSpent { .. } => "budget-spent",
        }
    }

    /// Whether the endpoint does not take the key.
    pub const fn is_refused_key(&self) -> bool {
        matches!(self, Self::Refused { status: Some(401 | 403), .. })
    }

    /// Whether the same request may succeed later without anybody changing a setting.
    pub const fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Unusable { .. } => true,
            Self::Refused { .. } | Self::Misconfigured { .. } | Self::BudgetSpent { .. } => false,
        }
    }

    /// Words a fault for people. `key` is struck out of whatever the endpoint said.
    pub(super) fn of(fault: Fault, host: &str, model: &str, key: &str) -> Self {
        let refused = |status: Option<u16>, words: &str, way_out: String| Self::Refused {
            host: host.to_owned(),
            status,
            excerpt: excerpt(words, key),
            way_out,
        };
        let unreachable = |what: String, way_out: &str| Self::Unreachable {
            host: host.to_owned(),
            what: excerpt(&what, key),
            way_out: way_out.to_owned(),
        };
        let later = "try again later";
        match fault {
            Fault::Status { status: status @ (401 | 403), body, .. } => {
                refused(Some(status), &body, format!("check the API key and that it may use the model `{model}`"))
            }
            Fault::Status { status: 404, body, .. } => refused(
                Some(404),
                &body,
                format!("check the base URL (it usually ends in /v1) and the model's name `{model}`"),
            ),
            Fault::Status { status: 429, body, .. } if is_spent(&body) => {
                refused(Some(429), &body, "top up the account or use another key".to_owned())
            }
            Fault::Status { status: 429, retry_after, body, .. } => unreachable(
                format!("it limits the rate (status 429): {}", excerpt(&body, key)),
                &retry_after.map_or_else(
                    || format!("{later} or ask for less at once"),
                    |wait| format!("it asks to wait {} s", wait.as_secs_f64().ceil()),
                ),
            ),
            Fault::Status { status, body, .. } if status >= 500 || matches!(status, 408 | 409 | 425) => {
                unreachable(format!("it failed with status {status}: {}", excerpt(&body, key)), later)
            }
            Fault::Status { status, location: Some(location), .. } if (300..400).contains(&status) => refused(
                Some(status),
                &format!("it points to {location}"),
                "redirects are not followed: set the base URL to the new address".to_owned(),
            ),
            Fault::Status { status, body, .. } => refused(
                Some(status),
                &body,
                format!("check the base URL and that the model `{model}` serves /chat/completions"),
            ),
            Fault::NoEndpoint { body } => refused(
                Some(200),
                &body,
                "it does not speak the OpenAI interface: check the base URL (it usually ends in /v1)".to_owned(),
            ),
            Fault::ErrorEvent { status, message }
                if status.is_some_and(|code| (400..500).contains(&code) && code != 429) =>
            {
                refused(status, &message, format!("check the key and the model's name `{model}`"))
            }
            Fault::ErrorEvent { message, .. } => {
                unreachable(format!("it reported an error inside its reply: {message}"), later)
            }
            Fault::Filtered => {
                refused(None, "its content filter stopped the reply", "use another model or endpoint".to_owned())
            }
            Fault::Unconnected(why) => unreachable(
                format!("no connection ({why})"),
                "check the base URL, that the server runs, and the network",
            ),
            Fault::Broken(why) => unreachable(format!("the connection broke ({why})"), later),
            Fault::Silent { seconds } => unreachable(
                format!("no first word within {seconds} s"),
                "try again, or allow more time for the first byte",
            ),
            Fault::Stalled { seconds } => unreachable(
                format!("the reply stopped for {seconds} s"),
                "try again, or allow more time between tokens",
            ),
            Fault::Overdue { seconds } => unreachable(
                format!("the reply was not complete after {seconds} s"),
                "try again, or allow more time in all",
            ),
            Fault::Cut => unreachable("the reply ended before it was finished".to_owned(), later),
            Fault::Unreadable => unreachable("a part of the reply was not readable JSON".to_owned(), later),
            Fault::Endless { chars } => unreachable(format!("the reply ran past {chars} characters"), later),
            Fault::OnlyThought { thoughts } => Self::Unusable {
                host: host.to_owned(),
                model: model.to_owned(),
                faults: "it only thought and never replied, or its tokens ran out before".to_owned(),
                raw: thoughts,
            },
            Fault::Unbuildable(why) => {
                Self::Misconfigured { setting: "the connection to the model", problem: excerpt(&why, key) }
            }
        }
    }
}

/// Whether a 429 says that the money is gone rather than that we were too fast.
pub(crate) fn is_spent(body: &str) -> bool {
    ["insufficient_quota", "billing_hard_limit", "credit balance", "exceeded your current quota"]
        .iter()
        .any(|sign| body.contains(sign))
}

/// The most of an endpoint's own words that a message repeats, in code points.
const LONGEST_EXCERPT: usize = 200;

/// One short line of what an endpoint said: its message where the body is JSON, the title of a web page.
pub(crate) fn excerpt(body: &str, key: &str) -> String {
    let said = super::wire::message_in(body).unwrap_or_else(|| body.to_owned());
    let said = if said.trim_start().starts_with('<') { web_page(&said) } else { said };
    let said = if key.is_empty() { said } else { said.replace(key, "[key]") };
    let visible: String = said.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    match (line.is_empty(), line.chars().count() > LONGEST_EXCERPT) {
        (true, _) => "no reason given".to_owned(),
        (false, true) => line.chars().take(LONGEST_EXCERPT - 1).chain(['…']).collect(),
        (false, false) => line,
    }
}

fn web_page(html: &str) -> String {
    let lower = html.to_ascii_lowercase();
    let title = lower.find("<title>").and_then(|at| {
        let from = at + "<title>".len();
        let to = from + lower[from..].find("</title>")?;
        Some(html[from..to].trim().to_owned())
    });
    title.map_or_else(|| "a web page".to_owned(), |title| format!("a web page titled “{title}”"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16, body: &str) -> Fault {
        Fault::Status { status, retry_after: None, body: body.to_owned(), location: None }
    }

    #[test]
    fn a_message_names_host_status_and_the_way_out_but_never_the_key() {
        let said = LlmError::of(status(401, "Incorrect API key provided: sk-secret-1"), "llm.test", "m", "sk-secret-1");
        let text = said.to_string();
        assert_eq!(
            text,
            "llm.test refused the request with status 401: Incorrect API key provided: [key]; check the API key and that it may use the model `m`"
        );
    }

    #[test]
    fn the_reason_is_found_in_every_shape_of_body() {
        for (body, reason) in [
            (r#"{"error":{"message":"no such key","type":"x","param":null,"code":401}}"#, "no such key"),
            (r#"{"error":"Unauthorized"}"#, "Unauthorized"),
            (r#"{"detail":"Not authenticated"}"#, "Not authenticated"),
            (
                r#"{"detail":[{"loc":["body","model"],"msg":"field required","input":{"messages":"secret"}}]}"#,
                "body model: field required",
            ),
            (r#"{"message":"denied"}"#, "denied"),
            ("<html><head><TITLE> 502 Bad Gateway </TITLE></head></html>", "a web page titled “502 Bad Gateway”"),
            ("<!doctype html><p>hi", "a web page"),
            ("nope\r\n\u{0}now", "nope now"),
            ("", "no reason given"),
        ] {
            assert_eq!(excerpt(body, ""), reason, "{body}");
        }
        assert_eq!(excerpt(&"é".repeat(900), "").chars().count(), LONGEST_EXCERPT);
    }

    #[test]
    fn a_spent_account_is_refused_and_a_rate_limit_may_pass() {
        let spent = LlmError::of(status(429, r#"{"error":{"message":"x","code":"insufficient_quota"}}"#), "h", "m", "");
        let limited = LlmError::of(status(429, "slow down"), "h", "m", "");
        assert_eq!((spent.code(), spent.may_pass()), ("engine-refused", false));
        assert_eq!((limited.code(), limited.may_pass()), ("engine-unreachable", true));
    }
}
