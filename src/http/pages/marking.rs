//! Lays the evidence over an answer: which words are marked, and by what, wherever the spans overlap.

/// What a stretch of an answer stands for; a later one outweighs an earlier one where they overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    Partial,
    Met,
    Pitfall,
    Flag,
}

impl Tone {
    /// The class on the page.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Partial => "partial",
            Self::Met => "met",
            Self::Pitfall => "pitfall",
            Self::Flag => "flag",
        }
    }
}

/// A stretch of one answer to mark, in code points; `end` is one past the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub start: usize,
    pub end: usize,
    pub tone: Tone,
    /// The sign of the row of the scorecard that cites it, like `1` or `a`.
    pub sign: String,
}

/// A piece of an answer in which the same marks hold throughout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    /// Nothing where no mark covers it.
    pub tone: Option<Tone>,
    /// The signs of all marks that cover it, joined by spaces.
    pub signs: String,
    /// The signs of the marks that end here.
    pub ends: Vec<End>,
}

/// The sign at the end of a mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    pub sign: String,
    /// Whether a row of the scorecard has this sign.
    pub is_row: bool,
    /// Whether no earlier mark of the take has this sign.
    pub is_first: bool,
}

/// Tells which sign of a take stands for the first time, from its first answer to its last.
pub fn tell_first<'a>(pieces: impl Iterator<Item = &'a mut Piece>) {
    let mut seen: Vec<String> = Vec::new();
    for end in pieces.flat_map(|piece| &mut piece.ends) {
        end.is_first = !seen.contains(&end.sign);
        if end.is_first {
            seen.push(end.sign.clone());
        }
    }
}

/// Cuts `text` at every border of a mark. The pieces, put together again, are exactly `text`.
///
/// Marks that reach past the text are cut at its end, and empty ones leave no trace.
pub fn pieces(text: &str, marks: &[Mark]) -> Vec<Piece> {
    let length = text.chars().count();
    let mut borders = vec![0, length];
    for mark in marks.iter().filter(|mark| mark.start < mark.end) {
        borders.extend([mark.start.min(length), mark.end.min(length)]);
    }
    borders.sort_unstable();
    borders.dedup();

    let mut rest = text.chars();
    borders
        .windows(2)
        .map(|pair| {
            let (start, end) = (pair[0], pair[1]);
            let covering = marks.iter().filter(|mark| mark.start <= start && end <= mark.end.min(length));
            let mut signs: Vec<&str> = Vec::new();
            let mut ends: Vec<&str> = Vec::new();
            let mut tone = None;
            for mark in covering {
                tone = tone.max(Some(mark.tone));
                push_once(&mut signs, &mark.sign);
                if mark.end.min(length) == end {
                    push_once(&mut ends, &mark.sign);
                }
            }
            Piece {
                text: rest.by_ref().take(end - start).collect(),
                tone,
                signs: signs.join(" "),
                ends: ends
                    .into_iter()
                    .map(|sign| End { sign: sign.to_owned(), is_row: sign != "!", is_first: false })
                    .collect(),
            }
        })
        .collect()
}

fn push_once<'a>(signs: &mut Vec<&'a str>, sign: &'a str) {
    if !signs.contains(&sign) {
        signs.push(sign);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mark(start: usize, end: usize, tone: Tone, sign: &str) -> Mark {
        Mark { start, end, tone, sign: sign.into() }
    }

    fn shown(text: &str, marks: &[Mark]) -> Vec<(String, &'static str, String, String)> {
        pieces(text, marks)
            .into_iter()
            .map(|piece| {
                let ends: Vec<String> = piece.ends.into_iter().map(|end| end.sign).collect();
                (piece.text, piece.tone.map_or("", Tone::class), piece.signs, ends.join(" "))
            })
            .collect()
    }

    fn row(text: &str, class: &'static str, signs: &str, ends: &str) -> (String, &'static str, String, String) {
        (text.into(), class, signs.into(), ends.into())
    }

    #[test]
    fn an_answer_without_marks_is_one_piece_and_an_empty_one_is_none() {
        assert_eq!(shown("as said", &[]), [row("as said", "", "", "")]);
        assert_eq!(pieces("", &[]), []);
    }

    #[test]
    fn marks_are_counted_in_code_points() {
        let marks = [mark(3, 9, Tone::Met, "1")];
        assert_eq!(
            shown("né 🚀 then I", &marks),
            [row("né ", "", "", ""), row("🚀 then", "met", "1", "1"), row(" I", "", "", "")]
        );
    }

    #[test]
    fn where_marks_overlap_the_graver_one_shows_and_all_are_named() {
        let marks = [mark(0, 4, Tone::Met, "1"), mark(2, 6, Tone::Pitfall, "a")];
        assert_eq!(
            shown("abcdefg", &marks),
            [
                row("ab", "met", "1", ""),
                row("cd", "pitfall", "1 a", "1"),
                row("ef", "pitfall", "a", "a"),
                row("g", "", "", "")
            ]
        );
    }

    #[test]
    fn the_same_row_citing_the_same_words_twice_is_named_once() {
        let marks = [mark(0, 2, Tone::Partial, "2"), mark(0, 2, Tone::Partial, "2")];
        assert_eq!(shown("ab", &marks), [row("ab", "partial", "2", "2")]);
    }

    #[test]
    fn a_sign_stands_for_the_first_time_once_in_a_take_and_a_flag_has_no_row() {
        let marks = [mark(0, 2, Tone::Met, "1"), mark(3, 5, Tone::Met, "1"), mark(3, 5, Tone::Flag, "!")];
        let mut cut = pieces("ab cd", &marks);
        tell_first(cut.iter_mut());
        let ends: Vec<_> = cut.iter().flat_map(|piece| &piece.ends).map(|end| (end.is_first, end.is_row)).collect();
        assert_eq!(ends, [(true, true), (false, true), (true, false)]);
    }

    proptest! {
        #[test]
        fn the_pieces_put_together_are_the_answer(
            text in "\\PC{0,60}",
            spans in prop::collection::vec((0_usize..70, 0_usize..70), 0..8),
        ) {
            let marks: Vec<Mark> = spans.iter().map(|&(start, end)| mark(start, end, Tone::Met, "1")).collect();
            let whole: String = pieces(&text, &marks).into_iter().map(|piece| piece.text).collect();
            prop_assert_eq!(whole, text);
        }
    }
}
