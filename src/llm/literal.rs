//! Reads objects out of a model's text, as JSON or as the near misses that models write.

/// A value as a model wrote it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    Null,
    Flag(bool),
    Number(f64),
    Text(String),
    List(Vec<Literal>),
    Object(Vec<(String, Literal)>),
}

/// Why there is no object at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoObject {
    Malformed,
    /// The text ends inside it.
    Unfinished,
}

const DEEPEST: usize = 24;

/// The object that begins at byte `at` of `text`, and the byte after it.
///
/// Beyond JSON it takes single quotes, Python's `True`, `False` and `None`, a comma before a closing bracket and raw
/// control characters in strings. A key that comes twice, `NaN` and `Infinity` are malformed.
pub(super) fn object_at(text: &str, at: usize) -> Result<(Vec<(String, Literal)>, usize), NoObject> {
    let mut reader = Reader { text, at };
    match reader.value(0)? {
        Literal::Object(entries) => Ok((entries, reader.at)),
        _ => Err(NoObject::Malformed),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Result<char, NoObject> {
        self.text[self.at..].chars().next().ok_or(NoObject::Unfinished)
    }

    fn take(&mut self) -> Result<char, NoObject> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Ok(c)
    }

    /// Skips white space and returns what comes next without taking it.
    fn ahead(&mut self) -> Result<char, NoObject> {
        while self.peek()?.is_whitespace() {
            self.take()?;
        }
        self.peek()
    }

    fn value(&mut self, depth: usize) -> Result<Literal, NoObject> {
        if depth > DEEPEST {
            return Err(NoObject::Malformed);
        }
        match self.ahead()? {
            '{' => self.object(depth),
            '[' => self.list(depth),
            '"' | '\'' => self.string().map(Literal::Text),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Literal, NoObject> {
        self.take()?;
        let mut entries: Vec<(String, Literal)> = Vec::new();
        loop {
            match self.ahead()? {
                '}' => {
                    self.take()?;
                    return Ok(Literal::Object(entries));
                }
                '"' | '\'' => {
                    let key = self.string()?;
                    if self.ahead()? != ':' || entries.iter().any(|(known, _)| *known == key) {
                        return Err(NoObject::Malformed);
                    }
                    self.take()?;
                    entries.push((key, self.value(depth + 1)?));
                    self.comma_or('}')?;
                }
                _ => return Err(NoObject::Malformed),
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Literal, NoObject> {
        self.take()?;
        let mut items = Vec::new();
        while self.ahead()? != ']' {
            items.push(self.value(depth + 1)?);
            self.comma_or(']')?;
        }
        self.take()?;
        Ok(Literal::List(items))
    }

    /// Takes a comma, or leaves the closing bracket where it is.
    fn comma_or(&mut self, close: char) -> Result<(), NoObject> {
        match self.ahead()? {
            ',' => self.take().map(drop),
            c if c == close => Ok(()),
            _ => Err(NoObject::Malformed),
        }
    }

    fn string(&mut self) -> Result<String, NoObject> {
        let quote = self.take()?;
        let mut text = String::new();
        loop {
            match self.take()? {
                c if c == quote => return Ok(text),
                '\\' => match self.take()? {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'r' => text.push('\r'),
                    'b' | 'f' => text.push(' '),
                    'u' => text.push(self.unicode()?),
                    other => text.push(other),
                },
                c => text.push(c),
            }
        }
    }

    /// The character after `\u`; half of a pair whose other half is missing becomes a replacement character.
    fn unicode(&mut self) -> Result<char, NoObject> {
        let first = self.four_digits()?;
        if (0xd800..0xdc00).contains(&first) && self.text[self.at..].starts_with("\\u") {
            let back = self.at;
            self.at += 2;
            let second = self.four_digits()?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = back;
        }
        Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn four_digits(&mut self) -> Result<u32, NoObject> {
        (0..4).try_fold(0, |code, _| Ok(code * 16 + self.take()?.to_digit(16).ok_or(NoObject::Malformed)?))
    }

    fn word(&mut self) -> Result<Literal, NoObject> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')));
        let word = &rest[..end.ok_or(NoObject::Unfinished)?];
        self.at += word.len();
        match word {
            "true" | "True" => Ok(Literal::Flag(true)),
            "false" | "False" => Ok(Literal::Flag(false)),
            "null" | "None" => Ok(Literal::Null),
            number if number.starts_with(|c: char| c.is_ascii_digit() || c == '-') => number
                .parse()
                .ok()
                .filter(|value: &f64| value.is_finite())
                .map(Literal::Number)
                .ok_or(NoObject::Malformed),
            _ => Err(NoObject::Malformed),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Vec<(String, Literal)>, NoObject> {
        object_at(text, 0).map(|(entries, _)| entries)
    }

    #[test]
    fn near_misses_of_json_are_read() {
        let wanted = vec![
            ("a".to_owned(), Literal::List(vec![Literal::Number(1.0), Literal::Number(-2.5)])),
            ("b".to_owned(), Literal::Text("it's {fine}\n".to_owned())),
            ("c".to_owned(), Literal::Flag(true)),
            ("d".to_owned(), Literal::Null),
        ];
        for text in [
            r#"{"a": [1, -2.5], "b": "it's {fine}\n", "c": true, "d": null}"#,
            r#"{'a': [1, -2.5,], 'b': "it's {fine}\n", 'c': True, 'd': None,}"#,
            "{\"a\":[1,-2.5],\"b\":\"it\\u0027s {fine}\n\",\"c\":true,\"d\":null} and so on",
        ] {
            assert_eq!(read(text).as_ref(), Ok(&wanted), "{text}");
        }
        assert_eq!(read(r#"{"e":"\ud83d\ude80 \ud83d"}"#).unwrap()[0].1, Literal::Text("🚀 \u{fffd}".to_owned()));
    }

    #[test]
    fn half_an_object_is_unfinished_and_nonsense_is_malformed() {
        for text in ["{", "{\"a", "{\"a\":", "{\"a\": 1", "{\"a\": [1, 2", "{\"a\": {\"b\": true}"] {
            assert_eq!(read(text), Err(NoObject::Unfinished), "{text}");
        }
        let deep = "{\"a\":".repeat(100);
        for text in
            ["{a: 1}", "{\"a\" 1}", "{\"a\": NaN}", "{\"a\": 1 2}", "{\"a\": 1, \"a\": 2}", "{\"a\": maybe}", &deep]
        {
            assert_eq!(read(text), Err(NoObject::Malformed), "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_a_model_writes_is_read_or_refused_without_a_panic(text in "[{}\\[\\]\"':,\\\\u0-9a-f é🚀\n]{0,80}") {
            for (at, _) in text.match_indices('{') {
                if let Ok((_, end)) = object_at(&text, at) {
                    let closes = text[at..end].ends_with('}');
                    prop_assert!(closes);
                }
            }
        }
    }
}
