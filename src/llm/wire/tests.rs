//! Events and replies of every shape.

use super::*;

fn part(event: &str) -> Result<(String, bool), Fault> {
    let chunk: Chunk = serde_json::from_str(event).expect("every shape is taken");
    Part::try_from(chunk).map(|part| (part.text, part.finished))
}

#[test]
fn events_of_every_shape_are_read() {
    for (event, text, finished) in [
        (r#"{"choices":[{"delta":{"role":"assistant","content":null}}],"created":1.5,"service_tier":7}"#, "", false),
        (r#"{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":""}]}"#, "a", false),
        (r#"{"choices":[{"index":1,"delta":{"content":"b"}},{"index":0.0,"delta":{"content":"a"}}]}"#, "a", false),
        (r#"{"choices":[{"delta":{"content":"end"},"finish_reason":"new_reason"}],"usage":{}}"#, "end", true),
        (r#"{"choices":[{"delta":{"content":"","reasoning_content":"hm"}}]}"#, "", false),
        (r#"{"choices":[{"message":{"content":[{"type":"text","text":"a"},{"text":"b"},{"image":1}]}}]}"#, "ab", true),
        (
            r#"{"choices":[{"message":{"content":null,"refusal":"I will not."},"finish_reason":"stop"}]}"#,
            "I will not.",
            true,
        ),
        (r#"{"choices":[{"delta":{"content":7}}]}"#, "", false),
        (r#"{"choices":[],"usage":{"total_tokens":1}}"#, "", false),
        (r#"{"choices":null}"#, "", false),
        ("{}", "", false),
    ] {
        assert_eq!(part(event), Ok((text.to_owned(), finished)), "{event}");
    }
}

#[test]
fn tokens_and_thoughts_are_read_wherever_they_stand() {
    for (event, tokens) in [
        (r#"{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3.0,"x":{}}}"#, Some((7, 3))),
        (
            r#"{"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":0}}"#,
            Some((7, 0)),
        ),
        (r#"{"choices":[],"usage":{"prompt_tokens":7}}"#, None),
        (r#"{"choices":[],"usage":{"prompt_tokens":-7,"completion_tokens":"3"}}"#, None),
        (r#"{"choices":[],"usage":null}"#, None),
        (r#"{"choices":[],"usage":"much"}"#, None),
    ] {
        let chunk: Chunk = serde_json::from_str(event).unwrap();
        let read = Part::try_from(chunk).unwrap().tokens;
        assert_eq!(read, tokens.map(|(input, output)| Tokens { input, output }), "{event}");
    }
    for key in ["reasoning_content", "reasoning"] {
        let event = format!(r#"{{"choices":[{{"delta":{{"{key}":"hm","content":null}}}}]}}"#);
        let part = Part::try_from(serde_json::from_str::<Chunk>(&event).unwrap()).unwrap();
        assert_eq!((part.text.as_str(), part.thoughts.as_str()), ("", "hm"));
    }
}

#[test]
fn an_error_inside_a_stream_is_an_error_with_its_status_where_it_has_one() {
    for (event, status) in [
        (r#"{"error":{"message":"m","code":503}}"#, Some(503)),
        (r#"{"error":{"message":"m","code":"429"}}"#, Some(429)),
        (r#"{"error":{"message":"m","code":"server_error","status":500}}"#, Some(500)),
        (r#"{"error":{"message":"m","code":-1}}"#, None),
        (r#"{"error":"m"}"#, None),
        (r#"{"choices":[],"error":{"message":"m"}}"#, None),
        (
            r#"{"choices":[{"delta":{"content":""},"finish_reason":"error"}],"error":{"message":"m","code":502}}"#,
            Some(502),
        ),
    ] {
        assert_eq!(part(event), Err(Fault::ErrorEvent { status, message: "m".to_owned() }), "{event}");
    }
    assert_eq!(part(r#"{"choices":[{"delta":{},"finish_reason":"content_filter"}]}"#), Err(Fault::Filtered));
}
