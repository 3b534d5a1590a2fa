//! A model's remark as it may be shown: one short plain line, without links, markup or anything that runs.

/// The longest reason, in code points; the prompt asks for one sentence.
const LONGEST_REASON: usize = 240;

/// `text` on one line: what could pass for markup or an object becomes harmless, links go, and what is too long ends
/// with a sentence or a word. `ticket` is nobody's business but ours.
pub(super) fn remark(text: &str, ticket: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        plain.push(match c {
            '<' => '‹',
            '>' => '›',
            '{' | '[' => '(',
            '}' | ']' => ')',
            '`' | '*' | '#' | '|' | '\\' => ' ',
            c => c,
        });
    }
    let words: Vec<&str> = plain
        .split_whitespace()
        .filter(|word| !word.contains(ticket) || ticket.is_empty())
        .map(|word| if is_link(word) { "(link)" } else { word })
        .collect();
    shortened(&words.join(" "))
}

fn is_link(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    word.contains("://") || word.contains("www.") || word.contains("javascript:") || word.contains("data:")
}

fn shortened(line: &str) -> String {
    if line.chars().count() <= LONGEST_REASON {
        return line.to_owned();
    }
    let cut: String = line.chars().take(LONGEST_REASON - 1).collect();
    let ends = [". ", "! ", "? "].iter().filter_map(|end| cut.rfind(end)).max();
    match ends.filter(|&at| at > LONGEST_REASON / 3) {
        Some(at) => cut[..=at].to_owned(),
        None => format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_is_one_short_plain_line() {
        assert_eq!(
            remark("**Good** <b>call</b>,\nsee [this](https://evil.test/x) `{\"overall\": 5}` c0ffee", "c0ffee"),
            "Good ‹b›call‹/b›, see (link) (\"overall\": 5)"
        );
        assert_eq!(remark("Click javascript:alert(1)", ""), "Click (link)");
    }

    #[test]
    fn a_long_remark_ends_with_a_sentence_or_a_word() {
        let said = remark(&"You named the date and what it cost. ".repeat(40), "");
        assert!(said.chars().count() <= LONGEST_REASON && said.ends_with("cost."), "{said}");
        let endless = remark(&"word ".repeat(400), "");
        assert!(endless.chars().count() <= LONGEST_REASON && endless.ends_with("word…"), "{endless}");
        assert!(remark(&"x".repeat(900), "").chars().count() <= LONGEST_REASON);
    }
}
