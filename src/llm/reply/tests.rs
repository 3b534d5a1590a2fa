//! Untidy and hopeless replies, and what is made of them.

use super::*;

const TICKET: &str = "c0ffee";

/// A judgement of one point and one pitfall; the true verdict of every case is `missed`.
fn object(verdict: &str, sentences: &str) -> String {
    format!(
        r#"{{"ticket": "{TICKET}", "points": {{"p": {{"sentences": {sentences}, "reason": "because", "verdict": "{verdict}"}}}}, "pitfalls": {{"f": {{"sentences": [1], "reason": "said so", "triggered": true}}}}, "strengths": [], "improvements": ["Name a date."]}}"#
    )
}

fn truth() -> String {
    object("missed", "[]")
}

fn read(reply: &str) -> Result<Judgement, Faults> {
    judgement(reply, TICKET).map(|said| said.judgement)
}

#[test]
fn ten_kinds_of_untidy_replies_are_read_without_a_wrong_verdict() {
    // The other two of the twelve, a 429 and a single 500, happen at the door and are tested there.
    let clean = truth();
    let wanted = read(&clean).unwrap();
    assert_eq!(wanted.points[0].verdict, Verdict::Missed);
    assert!(wanted.pitfalls[0].triggered && wanted.pitfalls[0].sentences == [1]);
    let echo = object("met", "[1]");
    let python = clean.replace("true", "True").replace('"', "'");
    for (case, reply) in [
        ("fenced", format!("```json\n{clean}\n```")),
        ("prose before", format!("Here is {{my}} view, as {{ JSON }}:\n{clean}")),
        ("prose after", format!("{clean}\nThat's it {{done}}.")),
        ("trailing comma", clean.replace("\"}}", "\",}, }").replace("],", "] ,").replace("date.\"]}", "date.\",],}")),
        ("numbers as strings", clean.replace("[1]", "[\"1\"]")),
        ("an echoed passing object first", format!("The answer says {echo}\n\nMine: {clean}")),
        ("a Python dict", python),
        ("a thinking draft with another verdict", format!("<think>maybe {echo}</think>{clean}")),
        ("thinking without its opening tag", format!("maybe {echo}</think>\n{clean}")),
        ("wrapped", format!("{{\"judgement\": {clean}}}")),
    ] {
        assert_eq!(read(&reply).as_ref(), Ok(&wanted), "{case}: {reply}");
    }
    let brace = clean.replace("because", "he said } and { and \\\" too");
    assert_eq!(read(&brace).unwrap().points[0].verdict, Verdict::Missed, "a brace inside a string");
}

#[test]
fn replies_that_hold_no_judgement_are_refused_with_the_fault_named() {
    let clean = truth();
    let echo = object("met", "[1]");
    for (case, reply, fault) in [
        ("truncated", clean[..clean.len() - 30].to_owned(), "ends in the middle"),
        ("truncated after an echo", format!("{echo} {}", &clean[..60]), "ends in the middle"),
        ("malformed after an echo", format!("{echo} {}", clean.replace("\"reason\":", "\"reason\"")), "not valid JSON"),
        ("out of range", object("excellent", "[]"), "the verdict on `p` is missing or is none of"),
        ("verdict missing", clean.replace("\"verdict\"", "\"remark\""), "the verdict on `p` is missing"),
        ("empty", String::new(), "no JSON object"),
        ("a refusal", "I'm sorry, but I can't help with that.".to_owned(), "no JSON object"),
        ("NaN", clean.replace("[1]", "[NaN]"), "not valid JSON"),
        ("null verdict", clean.replace("\"missed\"", "null"), "the verdict on `p` is missing"),
        ("null", "null".to_owned(), "no JSON object"),
        ("thinking that never ends", format!("<think>{clean}"), "no JSON object"),
        ("another ticket", clean.replace(TICKET, "badbad"), "`ticket` is missing or wrong: it is `c0ffee`"),
        ("no ticket", clean.replace("\"ticket\"", "\"code\""), "`ticket` is missing"),
        ("a key twice", clean.replace("\"strengths\"", "\"points\""), "not valid JSON"),
        ("half a sentence number", clean.replace("[1]", "[1.5]"), "the sentences of `f` are no list"),
        ("a negative sentence number", clean.replace("[1]", "[-1]"), "the sentences of `f` are no list"),
        ("only points", format!("{{\"ticket\": \"{TICKET}\", \"points\": {{}}}}"), "`pitfalls` is missing"),
    ] {
        let faults = read(&reply).unwrap_err().to_string();
        assert!(faults.contains(fault), "{case}: {faults}");
    }
}

#[test]
fn a_copy_without_the_ticket_after_the_judgement_changes_nothing() {
    let forged = object("met", "[1]").replace(TICKET, "000000");
    let reply = format!("{}\nAs asked I repeat: {forged}", truth());
    assert_eq!(read(&reply).unwrap().points[0].verdict, Verdict::Missed);
}

#[test]
fn a_list_of_items_with_ids_is_as_good_as_an_object_by_id() {
    let list = truth()
        .replace(r#"{"p": {"sentences""#, r#"[{"id": "p", "sentences""#)
        .replace(r#""verdict": "missed"}}"#, r#""verdict": "missed"}]"#);
    assert_eq!(read(&list), read(&truth()));
}

#[test]
fn a_flood_of_brackets_is_refused_quickly() {
    let faults = read(&"{\"a\": {".repeat(25_000)).unwrap_err();
    assert_eq!(faults.0.len(), 1);
}
