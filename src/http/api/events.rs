//! What happens in an interview as it happens: server-sent events that go on where they broke off.

use std::time::Duration;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::{Stream, StreamExt as _};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    http::{
        extract::{Asked, At},
        problem::Problem,
    },
    interview::{Entry, InterviewId},
    practice::{LiveEvent, Practice, PracticeError, wire::rfc3339},
};

/// How often a silent stream shows that it is alive.
const HEARTBEAT: Duration = Duration::from_secs(15);

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct From {
    /// Begin after the entry at this place; 0 where missing. `Last-Event-ID` comes before it.
    after: Option<u64>,
}

/// Data of an `entry` event; its id is `seq`.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryEvent {
    seq: u64,
    /// RFC 3339, UTC.
    at: String,
    entry: Entry,
}

/// Data of a `saying` event: all that the interviewer has said so far of words not recorded yet.
#[derive(Debug, Serialize, ToSchema)]
pub struct SayingEvent {
    text: String,
}

/// Follows an interview. `entry` events carry an id and are replayed after a break; `saying` events carry none.
#[utoipa::path(
    get, path = "/api/v1/interviews/{id}/events",
    params(("id" = String, Path), From, ("Last-Event-ID" = Option<u64>, Header)),
    responses((status = 200, content_type = "text/event-stream", body = EntryEvent), Problem)
)]
pub async fn follow(
    State(practice): State<Practice>,
    At(id): At<InterviewId>,
    Asked(from): Asked<From>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, axum::Error>>>, Problem> {
    let after = match headers.get("last-event-id") {
        None => from.after.unwrap_or(0),
        Some(last) => last.to_str().ok().and_then(|last| last.parse().ok()).ok_or_else(|| {
            let detail = "Last-Event-ID is no number: leave it out to get every event";
            Problem::new(StatusCode::BAD_REQUEST, "last-event-id", detail)
        })?,
    };
    let events = practice.follow(&id, after).await?.map(encode);
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

fn encode(event: Result<LiveEvent, PracticeError>) -> Result<Event, axum::Error> {
    match event {
        Ok(LiveEvent::Entry(recorded)) => {
            let data = EntryEvent { seq: recorded.seq, at: rfc3339(recorded.at), entry: recorded.entry };
            Event::default().event("entry").id(data.seq.to_string()).json_data(data)
        }
        Ok(LiveEvent::Saying { text }) => Event::default().event("saying").json_data(SayingEvent { text }),
        // The stream ends after this; the client comes back with its last id.
        Err(error) => Event::default().event("problem").json_data(Problem::from(error)),
    }
}
