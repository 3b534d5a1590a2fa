//! What a recogniser heard: its words, and their times where they can be believed.

use serde::Deserialize;
use serde_json::Value;

use crate::scoring::{LEAST_PAUSE, Seconds};

/// The longest text that is taken from one recording, in code points; an answer has 20,000 at most.
const LONGEST_TEXT: usize = 100_000;

/// What was said, to be read and mended by the candidate before anything is submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// At least one visible character.
    pub text: String,
    /// Every word with its times; nothing where the endpoint gave none or none that hang together.
    pub words: Option<Vec<HeardWord>>,
    /// How long the recording lasts, where anybody knows.
    pub seconds: Option<Seconds>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeardWord {
    pub word: String,
    pub start: Seconds,
    pub end: Seconds,
}

/// Why a reply is no transcript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoTranscript {
    /// The recogniser did its work and found no words.
    Silence,
    Unreadable(&'static str),
}

/// A transcript as endpoints send it; all but the text may be missing or odd.
#[derive(Deserialize)]
struct Reply {
    text: Option<String>,
    #[serde(default)]
    words: Value,
    #[serde(default)]
    segments: Value,
    #[serde(default)]
    duration: Value,
    #[serde(default)]
    usage: Value,
}

#[derive(Deserialize)]
struct Timed {
    #[serde(alias = "text")]
    word: String,
    start: f64,
    end: f64,
}

impl Heard {
    /// Reads the body of a reply. `known` is the length of the recording where its header told it.
    pub(super) fn read(body: &[u8], known: Option<Seconds>) -> Result<Self, NoTranscript> {
        let reply: Reply = serde_json::from_slice(body)
            .map_err(|_| NoTranscript::Unreadable("it is no JSON object of a transcript"))?;
        let text = reply.text.ok_or(NoTranscript::Unreadable("it has no `text`"))?;
        let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        let text = text.trim().to_owned();
        if text.is_empty() {
            return Err(NoTranscript::Silence);
        }
        if text.chars().count() > LONGEST_TEXT {
            return Err(NoTranscript::Unreadable("its text has more than 100000 characters"));
        }
        let told = [&reply.duration, &reply.usage["seconds"]].into_iter().find_map(number);
        let seconds = known.or_else(|| told.and_then(|seconds| Seconds::try_from(seconds).ok()));
        let words = words(reply.words).or_else(|| words_of_segments(reply.segments));
        Ok(Self { text, words: words.filter(|words| hang_together(words, seconds)), seconds })
    }

    /// The silences between words that count as pauses, in order; nothing where the times of words are not known.
    pub fn pauses(&self) -> Option<Vec<Seconds>> {
        let words = self.words.as_deref()?;
        let gaps = words.windows(2).map(|pair| pair[1].start.since(pair[0].end));
        Some(gaps.filter(|gap| *gap >= LEAST_PAUSE).collect())
    }
}

/// A number that may come as a text.
fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
}

fn words(list: Value) -> Option<Vec<HeardWord>> {
    let timed: Vec<Timed> = serde_json::from_value(list).ok()?;
    timed
        .into_iter()
        .map(|one| {
            let word = one.word.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned();
            Some(HeardWord { word, start: one.start.try_into().ok()?, end: one.end.try_into().ok()? })
        })
        .collect()
}

/// Some servers hang the words on the segments of the text.
fn words_of_segments(segments: Value) -> Option<Vec<HeardWord>> {
    #[derive(Deserialize)]
    struct Segment {
        words: Value,
    }
    let segments: Vec<Segment> = serde_json::from_value(segments).ok()?;
    let lists: Option<Vec<Vec<HeardWord>>> = segments.into_iter().map(|segment| words(segment.words)).collect();
    Some(lists?.concat())
}

/// Whether the times go forward, span some time and stay inside the recording; else they measure nothing.
fn hang_together(words: &[HeardWord], seconds: Option<Seconds>) -> bool {
    let Some(last) = words.last() else { return false };
    let forward =
        words.iter().all(|word| word.start <= word.end) && words.windows(2).all(|pair| pair[0].start <= pair[1].start);
    // Recognisers round, and some count the last word past the end.
    let inside = seconds.is_none_or(|seconds| last.end.since(seconds) <= LEAST_PAUSE);
    forward && inside && last.end > Seconds::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Heard, NoTranscript> {
        Heard::read(body.as_bytes(), None)
    }

    fn pauses(body: &str) -> Option<Vec<f64>> {
        read(body).unwrap().pauses().map(|pauses| pauses.into_iter().map(f64::from).collect())
    }

    #[test]
    fn a_pause_is_a_second_between_two_words_and_unknown_without_their_times() {
        let timed = r#"{"text":"So we slipped.","duration":"6.0","words":[{"word":" So","start":0.1,"end":0.4},
            {"word":"we","start":1.9,"end":2.0},{"word":"slipped.","start":2.9,"end":3.5}]}"#;
        assert_eq!(pauses(timed), Some(vec![1.5]));
        let heard = read(timed).unwrap();
        assert_eq!((heard.seconds.map(f64::from), heard.words.unwrap()[0].word.as_str()), (Some(6.0), "So"));
        let in_segments = r#"{"text":"So we","segments":[{"words":[{"word":"So","start":0,"end":0.4}]},
            {"words":[{"word":"we","start":2.4,"end":2.6}]}]}"#;
        assert_eq!(pauses(in_segments), Some(vec![2.0]));
        assert_eq!(pauses(r#"{"text":"So we slipped."}"#), None);
    }

    #[test]
    fn times_that_cannot_be_true_are_no_times() {
        for words in [
            r#"[{"word":"a","start":2,"end":1}]"#,
            r#"[{"word":"a","start":3,"end":4},{"word":"b","start":1,"end":5}]"#,
            r#"[{"word":"a","start":0,"end":0},{"word":"b","start":0,"end":0}]"#,
            r#"[{"word":"a","start":1,"end":90}]"#,
            r#"[{"word":"a","start":-1,"end":2}]"#,
            r#"[{"word":"a"}]"#,
            r"[]",
            r#""none""#,
        ] {
            let heard = read(&format!(r#"{{"text":"a b","duration":10,"words":{words}}}"#)).unwrap();
            assert_eq!((heard.words, heard.text.as_str()), (None, "a b"), "{words}");
        }
    }

    #[test]
    fn silence_is_told_apart_from_a_reply_that_is_no_transcript() {
        assert_eq!(read(r#"{"text":" \n\u0000 "}"#), Err(NoTranscript::Silence));
        for body in [r#"{"error":"busy"}"#, "<html>", "plain words", "[]", r#"{"text":null}"#, ""] {
            assert!(matches!(read(body), Err(NoTranscript::Unreadable(_))), "{body}");
        }
        let told =
            Heard::read(br#"{"text":"x","usage":{"seconds":3}}"#, Some(Seconds::try_from(2.5).unwrap())).unwrap();
        assert_eq!(told.seconds.map(f64::from), Some(2.5), "the recording itself knows best");
    }
}
