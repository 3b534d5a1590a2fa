//! Waiting with a sign of life on the screen.

use std::{future::Future, io::IsTerminal as _, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};

/// Waits with a sign of life on the screen; nothing where Ctrl-C came first.
pub async fn waiting<T>(words: &'static str, work: impl Future<Output = T>) -> Option<T> {
    tokio::pin!(work);
    // What comes at once needs no sign.
    if let Ok(done) = tokio::time::timeout(Duration::from_millis(200), &mut work).await {
        return Some(done);
    }
    let sign = if std::io::stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{msg} {elapsed} {spinner}") {
        sign.set_style(style);
    }
    sign.set_message(words);
    sign.enable_steady_tick(Duration::from_millis(120));
    let done = tokio::select! {
        done = &mut work => Some(done),
        _ = tokio::signal::ctrl_c() => None,
    };
    sign.finish_and_clear();
    done
}
