//! The server: every route on one page, for one person on this computer.

mod api;
mod extract;
mod guard;
mod pages;
mod problem;

use std::{net::SocketAddr, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, OriginalUri},
    http::StatusCode,
    middleware::from_fn_with_state,
    response::{IntoResponse as _, Response},
    routing::get,
};
use tokio::net::TcpListener;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;

use crate::practice::Practice;
use problem::Problem;

/// The largest body: the longest draft with every character escaped.
const LARGEST_BODY: usize = 2 * 1024 * 1024;

/// How long open connections may take to finish when the server stops.
const GRACE: Duration = Duration::from_secs(5);

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(
        "{0} is not on this computer: without accounts anybody who reaches the address could read the interviews; \
         listen on 127.0.0.1"
    )]
    NotLoopback(SocketAddr),
    #[error("port {} on {} is in use: stop the other program or choose another with --listen", .0.port(), .0.ip())]
    PortInUse(SocketAddr),
    #[error("cannot listen on {address}: {source}; choose another address with --listen")]
    Listen { address: SocketAddr, source: std::io::Error },
    #[error("the server stopped: {0}")]
    Stopped(#[from] std::io::Error),
}

/// Everything that the server answers.
pub fn routes(practice: Practice, listening: SocketAddr) -> Router {
    // One layer, the outermost first: each `Router::layer` costs every request a box and a clone.
    let around = ServiceBuilder::new()
        .layer(from_fn_with_state(listening, guard::same_site))
        .layer(CatchPanicLayer::custom(broken))
        .layer(DefaultBodyLimit::max(LARGEST_BODY));
    Router::new()
        .merge(api::router())
        .merge(pages::router())
        .route("/healthz", get(api::health::alive))
        .route("/readyz", get(api::health::ready))
        .fallback(nowhere)
        .method_not_allowed_fallback(wrong_method)
        .with_state(practice)
        .layer(around)
}

async fn nowhere(OriginalUri(uri): OriginalUri) -> Response {
    if uri.path().starts_with("/api/") {
        return Problem::no_such_address(uri.path()).into_response();
    }
    pages::no_such_page().await
}

async fn wrong_method(OriginalUri(uri): OriginalUri) -> Problem {
    let detail = format!("{} does not take this method: /api/v1/openapi.json lists those it takes", uri.path());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "wrong-method", detail)
}

fn broken(_: Box<dyn std::any::Any + Send>) -> Response {
    let detail = "something broke while answering; what you said before is kept: go back and try again";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "broken", detail).into_response()
}

/// Takes the address; port 0 takes a free one.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    if !address.ip().is_loopback() {
        return Err(ServeError::NotLoopback(address));
    }
    TcpListener::bind(address).await.map_err(|source| match source.kind() {
        std::io::ErrorKind::AddrInUse => ServeError::PortInUse(address),
        _ => ServeError::Listen { address, source },
    })
}

/// Serves until `stop` comes, then lets open requests finish and closes the database.
pub async fn serve(
    listener: TcpListener,
    practice: Practice,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let routes = routes(practice.clone(), listener.local_addr()?);
    let (stopping, mut stopped) = tokio::sync::watch::channel(false);
    let ending = practice.clone();
    let serving = axum::serve(listener, routes).with_graceful_shutdown(async move {
        stop.await;
        // Event streams end first; they would hold the server open.
        ending.stop();
        let _ = stopping.send(true);
    });
    let overdue = async {
        // An error means that the server ended by itself and nobody will say stop any more.
        if stopped.wait_for(|stopping| *stopping).await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(GRACE).await;
    };
    let outcome = tokio::select! {
        served = serving.into_future() => served.map_err(ServeError::from),
        () = overdue => Ok(()),
    };
    practice.close().await;
    outcome
}
