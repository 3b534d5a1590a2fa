//! Reads what a form sent: its fields in order, some of them more than once.

use axum::extract::rejection::FormRejection;

use super::failure::Failure;

/// The fields of a form as pairs, in the order in which they stand on the page.
pub type Sent = Result<axum::Form<Vec<(String, String)>>, FormRejection>;

/// The fields that were sent.
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// A body that is no form, or too large, is refused.
    pub fn read(sent: Sent) -> Result<Self, Failure> {
        sent.map(|axum::Form(pairs)| Self(pairs)).map_err(|rejection| Failure::Unreadable(rejection.status()))
    }

    /// The first value of this name as it was typed, or nothing.
    ///
    /// Forms send every line break as CR LF; the field held LF, so that is what comes back.
    pub fn text(&self, name: &str) -> String {
        self.first(name).replace("\r\n", "\n")
    }

    pub fn first<'a>(&'a self, name: &'a str) -> &'a str {
        self.all(name).next().unwrap_or_default()
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

/// One choice of a field.
pub struct Choice {
    pub value: String,
    pub label: String,
    pub note: String,
    pub checked: bool,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>, checked: bool) -> Self {
        Self { value: value.into(), label: label.into(), note: String::new(), checked }
    }

    pub fn noted(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_come_back_as_they_were_typed_and_repeated_fields_are_all_there() {
        let pairs = [("text", "one\r\ntwo"), ("category", "risk"), ("category", "execution")];
        let fields = Fields(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
        assert_eq!(fields.text("text"), "one\ntwo");
        assert_eq!(fields.all("category").collect::<Vec<_>>(), ["risk", "execution"]);
        assert_eq!(fields.first("level"), "");
    }
}
