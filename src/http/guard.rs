//! Keeps other sites out: one person on loopback, so a request must be meant for this server and come from it.

use std::{net::SocketAddr, time::Instant};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use super::problem::Problem;

/// What a browser is told with every response.
const FENCES: [(HeaderName, HeaderValue); 3] = [
    // What a page may load and where it may send: this server alone, no script or style inside the page.
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
             media-src 'self' blob:; \
             connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // "no-referrer" would make browsers send `Origin: null` with forms.
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
];

/// Refuses a foreign Host (a name made to resolve to loopback) and a foreign Origin on anything that changes,
/// and tells browsers with every response what its page may do.
pub async fn same_site(State(listening): State<SocketAddr>, request: Request, next: Next) -> Response {
    let told = tracing::enabled!(tracing::Level::DEBUG)
        .then(|| (request.method().clone(), request.uri().path().to_owned(), Instant::now()));
    let mut response = match check(listening, request.method(), request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    for (name, value) in FENCES {
        response.headers_mut().entry(name).or_insert(value);
    }
    if let Some((method, path, began)) = told {
        let (status, took) = (response.status().as_u16(), began.elapsed());
        tracing::debug!(%method, path, status, ?took, "answered");
    }
    response
}

fn check(listening: SocketAddr, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Problem> {
    let host = uri.authority().map(http::uri::Authority::as_str).or_else(|| text(headers, header::HOST));
    let Some(host) = host.filter(|host| is_ours(listening, host)) else {
        let detail = format!("this server answers for {listening} alone: open http://{listening}/");
        return Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, "foreign-host", detail));
    };
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let from_elsewhere = match text(headers, header::ORIGIN) {
        Some(origin) => !origin.eq_ignore_ascii_case(&format!("http://{host}")),
        // Programs send no Origin; browsers that send none still tell where a request comes from.
        None => text(headers, "sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none"),
    };
    if from_elsewhere {
        let detail = "the request comes from another site and was refused: use the pages of this server";
        return Err(Problem::new(StatusCode::FORBIDDEN, "foreign-origin", detail));
    }
    Ok(())
}

fn text(headers: &HeaderMap, name: impl header::AsHeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// Whether the authority is this server by its address or as localhost, with its port.
fn is_ours(listening: SocketAddr, authority: &str) -> bool {
    let (name, port) = match authority.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, port.parse().ok()),
        Some(_) | None => (authority, Some(80)),
    };
    port == Some(listening.port())
        && ["localhost", "127.0.0.1", "[::1]"].iter().any(|ours| name.eq_ignore_ascii_case(ours))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn status(method: &Method, pairs: &[(&'static str, &'static str)]) -> Option<u16> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        let listening = "127.0.0.1:8080".parse().unwrap();
        check(listening, method, &Uri::from_static("/interviews"), &headers)
            .err()
            .map(|problem| problem.status().as_u16())
    }

    #[test]
    fn a_name_that_merely_resolves_to_loopback_is_refused() {
        for host in ["evil.example", "evil.example:8080", "127.0.0.1:9090", "localhost", "localhost.evil.example:8080"]
        {
            assert_eq!(status(&Method::GET, &[("host", host)]), Some(421), "{host}");
        }
        assert_eq!(status(&Method::GET, &[]), Some(421));
        for host in ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "LOCALHOST:8080"] {
            assert_eq!(status(&Method::GET, &[("host", host)]), None, "{host}");
        }
    }

    #[test]
    fn another_site_can_read_nothing_into_a_post() {
        let host = ("host", "localhost:8080");
        assert_eq!(status(&Method::POST, &[host, ("origin", "http://evil.example")]), Some(403));
        assert_eq!(status(&Method::POST, &[host, ("origin", "null")]), Some(403));
        assert_eq!(status(&Method::DELETE, &[host, ("sec-fetch-site", "cross-site")]), Some(403));
        assert_eq!(status(&Method::POST, &[host, ("origin", "http://127.0.0.1:8080")]), Some(403));
        assert_eq!(status(&Method::POST, &[host, ("origin", "http://localhost:8080")]), None);
        assert_eq!(status(&Method::POST, &[host]), None);
    }
}
