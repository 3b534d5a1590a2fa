//! What the voice says and what of it is let through.

use super::*;
use crate::{interview::EndReason, llm::interviewer::Place, scoring::Turn};

fn follow_up() -> Task {
    Task::FollowUp {
        ask: "Which of the delivery dates moved because of the audit?".into(),
        transcript: vec![Turn {
            ask: "Tell me about a programme that slipped badly, and what you did.".into(),
            answer: "We lost 9 days.".into(),
        }],
        told: vec![],
    }
}

fn say(task: &Task, text: &str, piece: usize) -> Result<String, Breach> {
    let mut manners = Manners::of(task);
    let mut said = String::new();
    for piece in text.chars().collect::<Vec<_>>().chunks(piece) {
        said.push_str(&manners.hear(&piece.iter().collect::<String>())?);
    }
    said.push_str(&manners.end()?);
    Ok(said)
}

#[test]
fn praise_at_the_beginning_is_left_out_and_the_question_stays() {
    let asks = "Which delivery dates moved because of the audit?";
    for piece in [1, 5, 900] {
        for (praise, left) in [
            ("Great answer! ", ""),
            ("Excellent. That was clear. ", "That was clear. "),
            ("Thanks. ", "Thanks. "),
            ("Nice, ", ""),
            ("I see, 9 days. Good. ", "I see, 9 days. "),
        ] {
            let said = say(&follow_up(), &format!("{praise}{asks}"), piece).unwrap();
            assert_eq!(said.trim(), format!("{left}{asks}"), "{praise} in pieces of {piece}");
        }
    }
}

#[test]
fn a_greeting_is_no_praise() {
    let ask = Task::Ask { prompt: "Tell me about a launch that failed.".into(), place: Place::First };
    let said = "Good morning, and welcome. Tell me about a launch that failed.";
    assert_eq!(say(&ask, said, 3).unwrap(), said);
}

#[test]
fn a_turn_that_grades_strays_repeats_or_makes_things_up_is_not_taken() {
    for (text, breach) in [
        ("That is a 4 out of 5. Which delivery dates moved because of the audit?", "it graded the answer"),
        ("It was, frankly, an impressive audit. Which delivery dates moved?", "it praised the answer"),
        ("The rubric asks which delivery dates moved because of the audit.", "it spoke of the rubric"),
        ("Sure, here is a joke about penguins instead.", "it did not ask what was decided"),
        (
            "Tell me about a programme that slipped badly and what you did; which delivery dates moved?",
            "it asked again what was asked before",
        ),
        ("Which delivery dates moved by 14 weeks because of the audit?", "it made up a figure"),
        ("  \n ", "nothing was said"),
    ] {
        assert_eq!(say(&follow_up(), text, 4), Err(breach), "{text}");
    }
}

#[test]
fn a_question_keeps_its_figures_in_digits_or_words() {
    let prompt = "Your launch is in 6 weeks and 1,200 customers wait. What do you do first?";
    let ask = Task::Ask { prompt: prompt.into(), place: Place::Next };
    let kept = "Thank you. Let us go on: your launch is six weeks away, 1200 customers wait. What do you do first?";
    assert_eq!(say(&ask, kept, 7).unwrap(), kept);
    let lost = "Your launch is near and many customers wait. What do you do first?";
    assert_eq!(say(&ask, lost, 7), Err("it left out a figure"));
}

#[test]
fn words_of_the_question_itself_are_no_breach() {
    let prompt = "An engineer says your rubric for a launch is excellent but useless. What do you reply?";
    let ask = Task::Ask { prompt: prompt.into(), place: Place::First };
    assert_eq!(say(&ask, prompt, 11).unwrap(), prompt);
}

#[test]
fn who_closes_asks_nothing_more() {
    let close = Task::Close { reason: EndReason::Finished };
    assert!(say(&close, "That was the last question. Thank you for your time.", 9).is_ok());
    assert_eq!(say(&close, "Thank you. Do you have questions?", 9), Err("it asked something more"));
}
