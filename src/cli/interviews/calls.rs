//! What an interview took of models, and the replies that could not be used, in the terminal.

use std::io::Write as _;

use super::{UsageArgs, find, local_time};
use crate::{
    cli::{Status, paper},
    practice::{Practice, usage::CallJson},
};

/// Every call with its tokens and times.
pub async fn usage(practice: &Practice, args: &UsageArgs) -> anyhow::Result<Status> {
    let view = find(practice, &args.id).await?;
    let usage = practice.usage(&view.id).await?;
    let mut out = anstream::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string(&usage)?)?;
        return Ok(Status::Done);
    }
    if usage.calls.is_empty() {
        writeln!(out, "No model was asked in this interview.")?;
        return Ok(Status::Done);
    }
    let rows: Vec<[String; 7]> = usage.calls.iter().map(row).collect();
    let heads = ["FOR", "TAKE", "MODEL", "TOKENS IN", "OUT", "FIRST WORD", "ENDED"];
    for line in paper::table(heads, &rows) {
        writeln!(out, "{line}")?;
    }
    writeln!(out, "\n{}", usage.sum.line())?;
    Ok(Status::Done)
}

fn row(call: &CallJson) -> [String; 7] {
    let about = if call.is_estimated { "~" } else { "" };
    let seconds = |millis: u64| format!("{}.{:02} s", millis / 1000, millis % 1000 / 10);
    let tries = if call.tries > 1 { format!(", {} tries", call.tries) } else { String::new() };
    [
        call.purpose.to_string(),
        call.take.map_or_else(|| "-".to_owned(), |take| take.to_string()),
        paper::harmless(&call.model),
        format!("{about}{}", call.input_tokens),
        format!("{about}{}", call.output_tokens),
        call.first_word_ms.map_or_else(|| "-".to_owned(), seconds),
        format!("{} after {}{tries}", call.outcome, seconds(call.total_ms)),
    ]
}

/// The replies of a model that could not be used, as they came.
pub async fn replies(practice: &Practice, args: &UsageArgs) -> anyhow::Result<Status> {
    let view = find(practice, &args.id).await?;
    let replies = practice.unusable_replies(&view.id).await?;
    let mut out = anstream::stdout().lock();
    if args.json {
        for reply in &replies {
            let line = serde_json::json!({
                "take": reply.take, "at": crate::practice::wire::rfc3339(reply.at), "code": reply.code,
                "message": reply.message, "reply": reply.raw,
            });
            writeln!(out, "{line}")?;
        }
        return Ok(Status::Done);
    }
    if replies.is_empty() {
        writeln!(out, "Every reply of this interview could be used, or none was asked for.")?;
        return Ok(Status::Done);
    }
    for reply in &replies {
        writeln!(out, "{}", paper::strong(format!("Take {}, {}", reply.take, local_time(reply.at))))?;
        writeln!(out, "{}", paper::harmless(&reply.message))?;
        for line in reply.raw.lines() {
            writeln!(out, "  {}", paper::harmless(line))?;
        }
        writeln!(out)?;
    }
    Ok(Status::Done)
}
