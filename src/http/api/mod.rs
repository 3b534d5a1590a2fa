//! The JSON interface under `/api/v1` and the document that describes it.

mod events;
pub(super) mod health;
mod interviews;
mod overall;
mod questions;
mod said;
mod speech;
mod usage;

use std::sync::LazyLock;

use axum::{Router, extract::DefaultBodyLimit, http::header, response::IntoResponse, routing::get};
use utoipa::OpenApi;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt as _},
    routes,
};

use crate::{practice::Practice, speech::MOST_BYTES};

#[derive(OpenApi)]
#[openapi(
    components(schemas(events::SayingEvent)),
    info(
        title = "Greenroom",
        description = "Mock interviews for technical program managers. Errors are problem details (RFC 9457) with a stable `code`."
    )
)]
struct Document;

/// The document as it is served; made once.
static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
    let (_, document) = described().split_for_parts();
    document.to_json().unwrap_or_default()
});

fn described() -> OpenApiRouter<Practice> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(interviews::list, interviews::start, overall::delete_all))
        .routes(routes!(interviews::show, interviews::delete))
        .routes(routes!(interviews::export))
        .routes(routes!(said::answer))
        .routes(routes!(said::skip))
        .routes(routes!(said::next))
        .routes(routes!(said::retry))
        .routes(routes!(said::end))
        .routes(routes!(said::draft))
        .routes(routes!(said::score))
        .routes(routes!(said::rate))
        .routes(routes!(said::pause))
        .routes(routes!(said::resume))
        .routes(routes!(overall::progress))
        .routes(routes!(overall::preferences, overall::keep_preferences))
        .routes(routes!(overall::export))
        .routes(routes!(overall::decks))
        .routes(routes!(usage::show))
        .routes(routes!(events::follow))
        .routes(routes!(speech::offer))
        .routes(routes!(speech::transcribe).layer(DefaultBodyLimit::max(MOST_BYTES)))
        .routes(routes!(speech::audio))
        .routes(routes!(questions::list))
        .routes(routes!(questions::show))
        .routes(routes!(health::engine))
}

pub fn router() -> Router<Practice> {
    let (router, _) = described().split_for_parts();
    router.route("/api/v1/openapi.json", get(document))
}

async fn document() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str())
}
