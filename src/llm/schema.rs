//! The shape that a reply must have, in the part of JSON Schema that every endpoint understands.

use serde::{Serialize, Serializer, ser::SerializeMap};

/// A JSON Schema of closed objects whose properties are all required, in the order in which they are listed.
///
/// The order matters: a model writes the properties in it, so what must be thought of first stands first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Schema {
    Object(Vec<(String, Schema)>),
    List(Box<Schema>),
    OneOf(Vec<String>),
    Text,
    Integer,
    Boolean,
}

impl Schema {
    pub fn object<'a>(properties: impl IntoIterator<Item = (&'a str, Self)>) -> Self {
        Self::Object(properties.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect())
    }

    pub fn list(of: Self) -> Self {
        Self::List(Box::new(of))
    }
}

impl Serialize for Schema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::Object(properties) => {
                map.serialize_entry("type", "object")?;
                map.serialize_entry("properties", &Properties(properties))?;
                map.serialize_entry("required", &properties.iter().map(|(name, _)| name).collect::<Vec<_>>())?;
                map.serialize_entry("additionalProperties", &false)?;
            }
            Self::List(items) => {
                map.serialize_entry("type", "array")?;
                map.serialize_entry("items", items)?;
            }
            Self::OneOf(values) => {
                map.serialize_entry("type", "string")?;
                map.serialize_entry("enum", values)?;
            }
            Self::Text => map.serialize_entry("type", "string")?,
            Self::Integer => map.serialize_entry("type", "integer")?,
            Self::Boolean => map.serialize_entry("type", "boolean")?,
        }
        map.end()
    }
}

struct Properties<'a>(&'a [(String, Schema)]);

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, schema)| (name, schema)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_closed_require_everything_and_keep_their_order() {
        let schema = Schema::object([
            ("sentences", Schema::list(Schema::Integer)),
            ("reason", Schema::Text),
            ("verdict", Schema::OneOf(vec!["met".to_owned(), "missed".to_owned()])),
        ]);
        assert_eq!(
            serde_json::to_string(&schema).unwrap(),
            r#"{"type":"object","properties":{"sentences":{"type":"array","items":{"type":"integer"}},"reason":{"type":"string"},"verdict":{"type":"string","enum":["met","missed"]}},"required":["sentences","reason","verdict"],"additionalProperties":false}"#
        );
    }
}
