//! A turn being spoken: at most so many words, and with manners, or not at all.

use std::pin::Pin;

use futures_util::{Stream, StreamExt as _};

use super::{LlmError, manners::Manners, model::Model};

/// How far a turn may run over, so that it ends with a sentence.
const OVERRUN: usize = 40;

pub(super) struct Speech<S> {
    words: Pin<Box<S>>,
    model: Model,
    manners: Manners,
    count: Count,
    done: bool,
}

impl<S: Stream<Item = Result<String, LlmError>>> Speech<S> {
    pub(super) fn new(words: Pin<Box<S>>, model: Model, manners: Manners, most_words: usize) -> Self {
        let count = Count { enough: most_words + OVERRUN / 2, most: most_words + OVERRUN, ..Count::default() };
        Self { words, model, manners, count, done: false }
    }

    pub(super) async fn next(&mut self) -> Option<Result<String, LlmError>> {
        while !self.done {
            let said = match self.words.next().await {
                Some(Ok(text)) => {
                    let (said, more) = self.count.take(&text);
                    self.done = !more;
                    self.manners.hear(&said)
                }
                Some(Err(error)) => {
                    self.done = true;
                    return Some(Err(error));
                }
                None => {
                    self.done = true;
                    Ok(String::new())
                }
            };
            let said = said.and_then(|said| Ok(if self.done { said + &self.manners.end()? } else { said }));
            match said {
                Ok(said) if said.is_empty() => {}
                Ok(said) => return Some(Ok(said)),
                Err(breach) => {
                    self.done = true;
                    return Some(Err(self.model.unusable(breach.to_owned(), self.manners.heard().to_owned())));
                }
            }
        }
        None
    }
}

/// Counts words over pieces of any size.
#[derive(Debug, Default)]
struct Count {
    /// From here on the turn ends with the next sentence.
    enough: usize,
    /// Here it ends in any case.
    most: usize,
    words: usize,
    inside: bool,
    last: Option<char>,
}

impl Count {
    /// What of `text` still fits, and whether more may follow.
    fn take(&mut self, text: &str) -> (String, bool) {
        let mut said = String::with_capacity(text.len());
        for c in text.chars() {
            let c = if c == '\n' || !c.is_control() { c } else { ' ' };
            if c.is_whitespace() {
                self.inside = false;
                if self.words >= self.enough && self.last.is_some_and(|last| matches!(last, '.' | '?' | '!' | '…')) {
                    return (said, false);
                }
            } else if !self.inside {
                if self.words == self.most {
                    return (said, false);
                }
                self.inside = true;
                self.words += 1;
            }
            if self.words > 0 {
                said.push(c);
            }
            self.last = Some(c);
        }
        (said, true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, piece: usize) -> String {
        let mut count = Count { enough: 100, most: 120, ..Count::default() };
        let mut said = String::new();
        for piece in text.chars().collect::<Vec<_>>().chunks(piece) {
            let (text, more) = count.take(&piece.iter().collect::<String>());
            said.push_str(&text);
            if !more {
                break;
            }
        }
        said
    }

    #[test]
    fn a_long_turn_ends_with_a_sentence_or_with_its_last_word() {
        let sentences = "one two three four. ".repeat(60);
        let endless = "word ".repeat(400);
        for piece in [1, 7, 5000] {
            let said = cut(&sentences, piece);
            assert_eq!(said.split_whitespace().count(), 100);
            assert!(said.ends_with("four."));
            assert_eq!(cut(&endless, piece).split_whitespace().count(), 120);
            assert_eq!(cut("\n\n What happened\u{7} then?", piece), "What happened  then?");
        }
    }
}
