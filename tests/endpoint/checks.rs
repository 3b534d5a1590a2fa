//! What the scripted endpoint demands of every request.

use axum::http::{HeaderMap, Method, Uri, header};
use serde_json::Value;

use super::{MODEL, Played};

/// Everything that is wrong with a request.
pub(super) fn faults(method: &Method, uri: &Uri, headers: &HeaderMap, body: &Value, played: &Played) -> Vec<String> {
    let mut faults = Vec::new();
    let mut must = |holds: bool, what: String| {
        if !holds {
            faults.push(what);
        }
    };
    must(method == Method::POST && uri == "/v1/chat/completions", format!("{method} {uri}"));
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let bearer = played.key.as_ref().map(|key| format!("Bearer {key}"));
    must(header(header::AUTHORIZATION) == bearer, format!("authorization {:?}", header(header::AUTHORIZATION)));
    must(header(header::CONTENT_TYPE).as_deref() == Some("application/json"), "the content type".to_owned());
    let is_known = body["model"] == MODEL || played.also.as_ref().is_some_and(|also| body["model"] == **also);
    must(is_known, format!("model {}", body["model"]));
    must(body["stream"].is_boolean(), format!("stream {}", body["stream"]));
    let known = [
        "model",
        "messages",
        "stream",
        "temperature",
        "max_tokens",
        "max_completion_tokens",
        "response_format",
        "stream_options",
        "chat_template_kwargs",
    ];
    for key in body.as_object().into_iter().flat_map(|fields| fields.keys()) {
        must(known.contains(&key.as_str()), format!("an unknown field {key}"));
    }
    let messages = body["messages"].as_array().cloned().unwrap_or_default();
    let roles: Vec<&str> = messages.iter().filter_map(|message| message["role"].as_str()).collect();
    let wanted = ["system", "user", "assistant", "user"];
    must(matches!(roles.len(), 2 | 4) && wanted.starts_with(&roles), format!("roles {roles:?}"));
    for (at, message) in messages.iter().enumerate() {
        let content = message["content"].as_str().unwrap_or_default();
        must(!content.trim().is_empty(), format!("message {at} is empty"));
        for private in &played.private {
            must(at == 1 || !content.contains(private), format!("message {at} repeats the answer"));
            must(at != 1 || content.contains(private), "the answer is not in the user message".to_owned());
        }
    }
    if let Some(format) = body.get("response_format") {
        let kind = format["type"].as_str().unwrap_or_default();
        must(matches!(kind, "json_schema" | "json_object"), format!("response_format {kind}"));
        if kind == "json_schema" {
            let named = &format["json_schema"];
            let name = named["name"].as_str().unwrap_or_default();
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
            must((1..=64).contains(&name.len()) && name.chars().all(plain), format!("schema name {name:?}"));
            must(named["strict"] == true, "the schema is not strict".to_owned());
            must(jsonschema::meta::is_valid(&named["schema"]), "the schema is not well formed".to_owned());
            strict(&named["schema"], "#", &mut must);
        }
    }
    faults
}

/// What strict mode demands of every object: all properties required, none else allowed.
fn strict(schema: &Value, at: &str, must: &mut impl FnMut(bool, String)) {
    if let Some(properties) = schema["properties"].as_object() {
        let listed: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let all = listed.len() == properties.len() && listed.iter().all(|name| properties.contains_key(*name));
        must(all, format!("{at}: not every property is required"));
        must(schema["additionalProperties"] == false, format!("{at}: other properties are allowed"));
        for (name, inner) in properties {
            strict(inner, &format!("{at}/{name}"), must);
        }
    }
    if schema.get("items").is_some() {
        strict(&schema["items"], &format!("{at}/items"), must);
    }
}
