//! The drill from standard input, offline: what is said, kept, scored and taken up again.

use serde_json::Value;

use crate::terminal::{Ran, Terminal};

const QUESTION: &[&str] = &["drill", "--question", "execution/late-dependency"];

const ANSWER: &str = "On the payments launch I called the lead of the late team the same day and asked why it \
slipped and how long it would take.\n\nThe same evening I wrote to support and to training, and told them that I \
did not know more before Friday.";

const FOLLOW_UP: &str = "I had the critical path in a sheet, and two milestones hung on their interface.";

fn events(ran: &Ran) -> Vec<Value> {
    ran.stdout.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

fn names(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["event"].as_str().unwrap()).collect()
}

fn json(terminal: &Terminal, args: &[&str], input: &str) -> Ran {
    terminal.type_in(&[args, &["--json"]].concat(), input.as_bytes())
}

#[test]
fn an_answer_on_standard_input_is_scored_on_a_page_for_people() {
    let terminal = Terminal::new();
    let ran = terminal.type_in(QUESTION, format!("{ANSWER}\n---\n{FOLLOW_UP}\n").as_bytes());
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    let said = |words: &str| ran.stdout.find(words).unwrap_or_else(|| panic!("no {words:?} in\n{}", ran.stdout));
    let order = [
        said("Answers are judged by rules on this computer; nothing leaves it."),
        said("Halfway through your program"),
        said("Follow-up"),
        said("Do this next"),
        said("Point by point"),
        said("How the number came about"),
        said("scored by rules on this computer"),
        said("greenroom interviews show"),
    ];
    assert!(order.is_sorted(), "{}", ran.stdout);
    assert!(!ran.stdout.contains('\u{1b}'), "no colour where nobody looks");
}

#[test]
fn every_step_is_one_json_object_and_nothing_else_is_printed() {
    let terminal = Terminal::new();
    let ran = json(&terminal, QUESTION, &format!("{ANSWER}\n---\n{FOLLOW_UP}\n"));
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    let events = events(&ran);
    assert_eq!(
        names(&events)[..5],
        ["started", "asked", "answered", "asked", "answered"],
        "the first part answers the question and the second the follow-up"
    );
    assert_eq!(names(&events)[names(&events).len() - 3..], ["closed", "scored", "ended"]);
    assert_eq!(events[0]["engine"], "offline");
    assert_eq!(events[0]["host"], Value::Null);
    assert_eq!(events[2]["text"], ANSWER);
    assert_eq!(events[3]["follow_up"].as_str().map(str::is_empty), Some(false));
    let card = &events[events.len() - 2]["scorecard"];
    let cited = card["points"].as_array().unwrap().iter().flat_map(|point| point["evidence"].as_array().unwrap());
    for piece in cited {
        let answer = [ANSWER, FOLLOW_UP][usize::try_from(piece["turn"].as_u64().unwrap()).unwrap()];
        let place = |name: &str| usize::try_from(piece[name].as_u64().unwrap()).unwrap();
        let words: String = answer.chars().skip(place("start")).take(place("end") - place("start")).collect();
        assert_eq!(piece["text"], words);
    }
}

#[test]
fn with_no_part_left_the_follow_ups_are_skipped_and_the_answer_is_scored() {
    let terminal = Terminal::new();
    let events = events(&json(&terminal, QUESTION, ANSWER));
    assert_eq!(names(&events), ["started", "asked", "answered", "asked", "closed", "scored", "ended"]);
    assert_eq!(events[4]["outcome"], "answered");
}

#[test]
fn parts_for_which_no_follow_up_came_are_told() {
    let terminal = Terminal::new();
    let input = [ANSWER, "One.", "Two.", "Three.", "Four.", "Five."].join("\n---\n");
    let events = events(&json(&terminal, QUESTION, &input));
    let answered = names(&events).iter().filter(|name| **name == "answered").count();
    let unused = events.iter().find(|event| event["event"] == "unused").unwrap();
    assert_eq!(unused["parts"], 6 - answered);
}

#[test]
fn the_same_seed_asks_the_same_question() {
    let asked = || events(&json(&Terminal::new(), &["drill", "--seed", "7"], ANSWER))[1]["question"].clone();
    assert_eq!(asked(), asked());
}

#[test]
fn what_cannot_be_an_answer_is_refused_and_leaves_no_interview() {
    let terminal = Terminal::new();
    let long = "word ".repeat(5_000);
    let cases: [(&[u8], &str); 5] = [
        (b"", "no answer"),
        (b" \n---\n\n", "no answer"),
        (b"I shipped\xff\xfe it", "byte 9 is not UTF-8"),
        (b"I shipped\0 it", "NUL"),
        (long.as_bytes(), "at most 20000 are read: shorten it by 5000"),
    ];
    for (input, words) in cases {
        let ran = terminal.type_in(QUESTION, input);
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{words}");
        assert!(ran.stderr.starts_with("error: ") && ran.stderr.contains(words), "{}", ran.stderr);
        let events = events(&terminal.type_in(&[QUESTION, &["--json"]].concat(), input));
        assert_eq!((names(&events), &events[0]["status"]), (vec!["error"], &Value::from(2)));
    }
    assert_eq!(terminal.run(&["interviews", "list", "--json"]).stdout, "");
}

#[test]
fn an_unknown_question_is_refused_with_the_nearest_one() {
    let ran = Terminal::new().type_in(&["drill", "--question", "execution/late-dependancy"], ANSWER.as_bytes());
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("did you mean `execution/late-dependency`"), "{}", ran.stderr);
}

#[test]
fn a_question_back_is_answered_and_the_interview_waits_to_be_resumed() {
    let terminal = Terminal::new();
    let ran = json(&terminal, QUESTION, "Which team is it?");
    let first = events(&ran);
    assert_eq!(ran.status, 2);
    assert_eq!(names(&first), ["started", "asked", "asked-back", "clarified", "left", "error"]);

    let ran = json(&terminal, &["drill", "--resume"], ANSWER);
    let second = events(&ran);
    assert_eq!(ran.status, 0, "{}", ran.stdout);
    assert_eq!(second[0]["interview"], first[0]["interview"]);
    assert_eq!(names(&second)[names(&second).len() - 2..], ["scored", "ended"]);

    let none = terminal.type_in(&["drill", "--resume"], ANSWER.as_bytes());
    assert_eq!(none.status, 2);
    assert!(none.stderr.contains("no interview is unfinished"), "{}", none.stderr);
}

#[test]
fn a_finished_interview_is_listed_shown_and_exported() {
    let terminal = Terminal::new();
    let id = events(&json(&terminal, QUESTION, ANSWER))[0]["interview"].as_str().unwrap().to_owned();
    let short = &id[..13];

    let list = terminal.run(&["interviews", "list"]).stdout;
    assert!(list.contains(short) && list.contains("execution/late-dependency"), "{list}");
    let row: Value = serde_json::from_str(&terminal.run(&["interviews", "list", "--json"]).stdout).unwrap();
    assert_eq!((&row["id"], &row["takes_scored"]), (&Value::from(id.as_str()), &Value::from(1)));

    let shown = terminal.run(&["interviews", "show", short]);
    assert_eq!(shown.status, 0);
    assert!(shown.stdout.contains("Do this next"), "{}", shown.stdout);

    let markdown = terminal.run(&["interviews", "export", short]).stdout;
    assert!(markdown.starts_with("# Mock interview") && markdown.contains("before Friday"), "{markdown}");
    let file = ["interviews", "export", short, "--format", "json", "--out", "out.json"];
    assert_eq!(terminal.run(&file).status, 0);
    let text = std::fs::read_to_string(terminal.path().join("out.json")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["takes"][0]["turns"][1]["text"], ANSWER);
    let again = terminal.run(&file);
    assert_eq!(again.status, 2, "an existing file is not overwritten");

    let scored = terminal.run(&["interviews", "score", short]);
    assert_eq!((scored.status, scored.stdout.as_str()), (0, "Every answer of this interview has its score.\n"));
}

#[test]
fn an_answer_cannot_steer_the_terminal_of_its_reader() {
    let terminal = Terminal::new();
    let ran = terminal.type_in(QUESTION, "I called them.\u{1b}[2J\u{1b}]0;owned\u{7} It moved two weeks.".as_bytes());
    assert_eq!(ran.status, 0);
    let shown = terminal.run(&["interviews", "list", "--json"]).stdout;
    let id: Value = serde_json::from_str(&shown).unwrap();
    let shown = terminal.run(&["interviews", "show", id["id"].as_str().unwrap()]).stdout;
    assert!(shown.contains("It moved two weeks."), "{shown}");
    assert!(!(ran.stdout + &shown).contains(['\u{1b}', '\u{7}']));
}

#[test]
fn a_dead_endpoint_leaves_no_number_and_the_answer_to_be_scored_later() {
    let terminal = Terminal::new();
    // Nobody listens on this port: it was free a moment ago, and is again.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}/v1");
    let model = ["--engine", "llm", "--base-url", &url, "--model", "small"];
    let ran = json(&terminal, &[QUESTION, &model].concat(), ANSWER);
    let told = events(&ran);
    assert_eq!(ran.status, 1, "{}", ran.stdout);
    assert_eq!((&told[0]["engine"], &told[0]["model"]), (&Value::from("llm"), &Value::from("small")));
    assert!(told[0]["host"].as_str().unwrap().starts_with("127.0.0.1"), "{}", told[0]);
    let failed = told.iter().find(|event| event["event"] == "not-scored").unwrap();
    assert_eq!(failed["code"], "engine-unreachable");
    assert!(!names(&told).contains(&"scored"));

    let id = &told[0]["interview"].as_str().unwrap()[..13];
    let shown = terminal.run(&["interviews", "show", id]);
    assert!(shown.stdout.contains("Not scored yet") && shown.stdout.contains("The same evening I wrote to support"));
    assert!(!shown.stdout.contains(" of 5"), "{}", shown.stdout);
    let again = terminal.run(&[&["interviews", "score", id][..], &model].concat());
    assert_eq!(again.status, 1, "{}{}", again.stdout, again.stderr);
    let offline = terminal.run(&["interviews", "score", id, "--engine", "offline"]);
    assert_eq!(offline.status, 0, "{}{}", offline.stdout, offline.stderr);
    let list: Value = serde_json::from_str(&terminal.run(&["interviews", "list", "--json"]).stdout).unwrap();
    assert_eq!(list["takes_scored"], 1);
}
