//! The files beside the pages (style, module, icon), built in and kept by browsers until their content changes.

use std::borrow::Cow;

use axum::{
    extract::{Path, RawQuery},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};

use super::words;
use crate::question::hex;

/// The module that is made from the words of the pages instead of lying in the folder.
const WORDS: &str = "words.js";

#[derive(RustEmbed)]
#[folder = "web/static"]
struct Files;

/// A file as it is sent.
struct Asset {
    kind: String,
    bytes: Cow<'static, [u8]>,
    /// The first digits of the SHA-256 of the content.
    mark: String,
}

fn asset(name: &str) -> Option<Asset> {
    if name == WORDS {
        let bytes = words::module().into_bytes();
        let mark = hex(&Sha256::digest(&bytes)[..8]);
        return Some(Asset { kind: "text/javascript".to_owned(), bytes: bytes.into(), mark });
    }
    let file = Files::get(name)?;
    let mark = hex(&file.metadata.sha256_hash()[..8]);
    Some(Asset { kind: file.metadata.mimetype().to_owned(), bytes: file.data, mark })
}

/// The address of a file with a mark of its content, so that it may be kept for ever.
pub fn url(name: &str) -> String {
    match asset(name) {
        Some(asset) => format!("/static/{name}?v={}", asset.mark),
        None => format!("/static/{name}"),
    }
}

/// `GET /static/{name}`
pub async fn serve(Path(name): Path<String>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let Some(asset) = asset(&name) else {
        return (StatusCode::NOT_FOUND, "there is no such file\n").into_response();
    };
    let etag = format!("\"{}\"", asset.mark);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|tags| tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag));
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, asset.kind)], asset.bytes).into_response()
    };
    let headers = response.headers_mut();
    // An address that names the content can only ever mean this content; any other is asked for again.
    let is_named = query.is_some_and(|query| query == format!("v={}", asset.mark));
    let keep = if is_named { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    response
}

/// `GET /favicon.ico`, which browsers ask for on their own.
pub async fn favicon(headers: HeaderMap) -> Response {
    serve(Path("favicon.svg".to_owned()), RawQuery(None), headers).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_that_is_known_is_not_sent_again() {
        let first = serve(Path("app.css".into()), RawQuery(None), HeaderMap::new()).await;
        assert_eq!(first.status(), StatusCode::OK);
        assert_eq!(first.headers()[header::CONTENT_TYPE], "text/css");
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, first.headers()[header::ETAG].clone());
        assert_eq!(serve(Path("app.css".into()), RawQuery(None), headers).await.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn what_is_not_there_is_not_found() {
        assert_eq!(
            serve(Path("../Cargo.toml".into()), RawQuery(None), HeaderMap::new()).await.status(),
            StatusCode::NOT_FOUND
        );
        assert_eq!(url("nothing.js"), "/static/nothing.js");
        assert!(url("room.js").starts_with("/static/room.js?v="));
    }
}
