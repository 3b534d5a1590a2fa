//! `greenroom serve`: practice in the browser.

use std::io::Write as _;

use clap::Args;

use super::{Status, misuse, tell};
use crate::{
    config::Settings,
    http::{self, ServeError},
    practice::Practice,
};

#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Address and port to listen on; port 0 picks a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Option<String>,
}

pub async fn run(settings: &Settings) -> anyhow::Result<Status> {
    // The port comes first: when it is taken, nothing else is touched.
    let listener = http::bind(settings.listen).await.map_err(|error| misuse(error.to_string()))?;
    let practice = Practice::open(settings).await?;
    let mut out = std::io::stdout();
    // Programs wait for this line; it must not stay in a buffer. A reader that went away is no error.
    let _ = writeln!(out, "http://{}", listener.local_addr()?).and_then(|()| out.flush());
    tell_where_words_go(&practice);
    match http::serve(listener, practice, interrupted()).await {
        Ok(()) => Ok(Status::Done),
        Err(error @ (ServeError::NotLoopback(_) | ServeError::PortInUse(_) | ServeError::Listen { .. })) => {
            Err(misuse(error.to_string()))
        }
        Err(error @ ServeError::Stopped(_)) => Err(error.into()),
    }
}

/// Who judges, and which hosts get to hear of what is said.
fn tell_where_words_go(practice: &Practice) {
    let judging = practice.judge().describe();
    let Some(speech) = practice.speech() else { return tell(judging) };
    match judging.host {
        Some(_) => tell(judging),
        None => tell("Scored by rules on this computer: what you type stays on it."),
    }
    let host = speech.host();
    tell(format!("When somebody uses speech, recordings and the interviewer's words are sent to {host}."));
}

/// Waits for Ctrl-C or, on Unix, the signal by which services are stopped.
async fn interrupted() {
    let ctrl_c = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminated) = signal(SignalKind::terminate()) else { return ctrl_c.await };
        tokio::select! {
            () = ctrl_c => {}
            _ = terminated.recv() => {}
        }
    }
    #[cfg(not(unix))]
    ctrl_c.await;
}
