//! The pull reader: lists, maps, unions and documents.

use std::collections::BTreeMap;

use super::{Document, ReadError, Reader, UnknownVariant};
use crate::sensitive::{Sensitive, Wipe};

/// What reads an element of a list or a value of a map: `Reader::string`, or the `read` function
/// of a generated shape.
type Read<'a, T> = fn(&mut Reader<'a>) -> Result<T, ReadError>;

impl<'a> Reader<'a> {
    /// Reads an array; a null in it is an error.
    ///
    /// # Errors
    ///
    /// When the next value is not an array, or `read` fails.
    pub fn list<T>(&mut self, read: Read<'a, T>) -> Result<Vec<T>, ReadError> {
        let mut items = Vec::new();
        self.array()?;
        while self.element()? {
            self.not_null("an element that is not null")?;
            items.push(read(self)?);
        }
        Ok(items)
    }

    /// Reads an array, nulls included.
    ///
    /// # Errors
    ///
    /// When the next value is not an array, or `read` fails.
    pub fn sparse_list<T>(&mut self, read: Read<'a, T>) -> Result<Vec<Option<T>>, ReadError> {
        let mut items = Vec::new();
        self.array()?;
        while self.element()? {
            items.push(if self.null()? {
                None
            } else {
                Some(read(self)?)
            });
        }
        Ok(items)
    }

    /// Reads an object with keys of any kind; a null value is an error. Of equal keys the last
    /// counts.
    ///
    /// # Errors
    ///
    /// When the next value is not an object, or `read` fails.
    pub fn map<K, V>(&mut self, read: Read<'a, V>) -> Result<BTreeMap<K, V>, ReadError>
    where
        K: for<'s> From<&'s str> + Ord,
    {
        let mut entries = BTreeMap::new();
        self.object()?;
        while let Some(key) = self.key()? {
            self.not_null("a value that is not null")?;
            entries.insert(K::from(&key), read(self)?);
        }
        Ok(entries)
    }

    /// Reads an object with keys of any kind, null values included. Of equal keys the last counts.
    ///
    /// # Errors
    ///
    /// When the next value is not an object, or `read` fails.
    pub fn sparse_map<K, V>(
        &mut self,
        read: Read<'a, V>,
    ) -> Result<BTreeMap<K, Option<V>>, ReadError>
    where
        K: for<'s> From<&'s str> + Ord,
    {
        let mut entries = BTreeMap::new();
        self.object()?;
        while let Some(key) = self.key()? {
            let value = if self.null()? {
                None
            } else {
                Some(read(self)?)
            };
            entries.insert(K::from(&key), value);
        }
        Ok(entries)
    }

    /// Reads a secret.
    ///
    /// # Errors
    ///
    /// When `read` fails.
    pub fn sensitive<T: Wipe>(&mut self, read: Read<'a, T>) -> Result<Sensitive<T>, ReadError> {
        read(self).map(Sensitive::new)
    }

    /// Reads a union: an object with exactly one member that is not null, which `read` is given
    /// the key of. A member `__type` is ignored.
    ///
    /// # Errors
    ///
    /// When the next value is not an object, it has no member or several, or `read` fails.
    pub fn union<T>(
        &mut self,
        read: fn(&mut Self, &str) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        let mut variant = None;
        self.object()?;
        while let Some(key) = self.member()? {
            if key == "__type" {
                self.skip()?;
            } else if variant.is_some() {
                return Err(self.error("a union with a single member"));
            } else {
                variant = Some(read(self, &key)?);
            }
        }
        variant.ok_or_else(|| self.error("a union with a member before this"))
    }

    /// Reads the value of a union's member that the model does not know.
    ///
    /// # Errors
    ///
    /// As for [`document`](Self::document).
    pub fn unknown_variant(&mut self, name: &str) -> Result<UnknownVariant, ReadError> {
        Ok(UnknownVariant::new(name, self.document()?))
    }

    /// Reads a value of any kind.
    ///
    /// # Errors
    ///
    /// When the value is not valid JSON, or lies deeper than [`MAX_DEPTH`](super::MAX_DEPTH).
    pub fn document(&mut self) -> Result<Document, ReadError> {
        // The recursion ends at MAX_DEPTH.
        Ok(match self.peek() {
            Some(b'{') => {
                let mut members = BTreeMap::new();
                self.object()?;
                while let Some(key) = self.key()? {
                    members.insert(key.into_owned(), self.document()?);
                }
                Document::Object(members)
            }
            Some(b'[') => {
                let mut elements = Vec::new();
                self.array()?;
                while self.element()? {
                    elements.push(self.document()?);
                }
                Document::Array(elements)
            }
            Some(b'"') => Document::String(self.string()?),
            Some(b't' | b'f') => Document::Bool(self.boolean()?),
            Some(b'n') => self.literal("null").map(|()| Document::Null)?,
            Some(b'-' | b'0'..=b'9') => Document::Number(self.big_decimal()?),
            _ => return Err(self.error("a value")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<'a, T>(
        text: &'a str,
        read: fn(&mut Reader<'a>) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        let mut r = Reader::from_text(text);
        let value = read(&mut r)?;
        r.finish().map(|()| value)
    }

    #[test]
    fn lists() {
        assert_eq!(read("[]", |r| r.list(Reader::integer)), Ok(vec![]));
        assert_eq!(read("[1, 2]", |r| r.list(Reader::integer)), Ok(vec![1, 2]));
        let nested = read(r#"[["a"],[],["b","c"]]"#, |r| {
            r.list(|r| r.list(Reader::string))
        });
        assert_eq!(nested.unwrap(), [vec!["a"], vec![], vec!["b", "c"]]);
        assert_eq!(
            read("[1, null]", |r| r.list(Reader::integer)),
            Err(ReadError::new("an element that is not null", 4))
        );
        assert_eq!(
            read("[1, null]", |r| r.sparse_list(Reader::integer)),
            Ok(vec![Some(1), None])
        );
        for text in ["[1", "[1,]", "{}", "null", "1", "[1 2]", "[\"1\"]"] {
            assert!(read(text, |r| r.list(Reader::integer)).is_err(), "{text}");
            assert!(
                read(text, |r| r.sparse_list(Reader::integer)).is_err(),
                "{text}"
            );
        }
    }

    #[test]
    fn maps() {
        let map = read(r#"{"b":1,"a":2,"b":3}"#, |r| r.map(Reader::long)).unwrap();
        assert_eq!(
            map,
            BTreeMap::from([("a".to_owned(), 2), ("b".to_owned(), 3)])
        );
        assert_eq!(
            read(r#"{"a":null}"#, |r| r.map::<String, _>(Reader::long)),
            Err(ReadError::new("a value that is not null", 5))
        );
        let map = read(r#"{"a":null,"b":1,"a":null}"#, |r| {
            r.sparse_map(Reader::long)
        })
        .unwrap();
        assert_eq!(
            map,
            BTreeMap::from([("a".to_owned(), None), ("b".to_owned(), Some(1))])
        );
        for text in ["[]", "null", r#"{"a"}"#, r#"{"a":1"#, "{null:1}"] {
            assert!(
                read(text, |r| r.map::<String, _>(Reader::long)).is_err(),
                "{text}"
            );
            assert!(
                read(text, |r| r.sparse_map::<String, _>(Reader::long)).is_err(),
                "{text}"
            );
        }
    }

    #[test]
    fn secrets() {
        let secret = read(r#""hunter2""#, |r| r.sensitive(Reader::string)).unwrap();
        assert_eq!(*secret, "hunter2");
        let secrets = read(r#"["aGk="]"#, |r| r.list(|r| r.sensitive(Reader::blob))).unwrap();
        assert_eq!(secrets, [Sensitive::from(b"hi")]);
    }

    #[derive(Debug, PartialEq)]
    enum Value {
        S(String),
        N(i64),
        Unknown(UnknownVariant),
    }

    fn value(r: &mut Reader<'_>) -> Result<Value, ReadError> {
        r.union(|r, key| {
            Ok(match key {
                "S" => Value::S(r.string()?),
                "N" => Value::N(r.long()?),
                _ => Value::Unknown(r.unknown_variant(key)?),
            })
        })
    }

    #[test]
    fn unions() {
        assert_eq!(read(r#"{"S":"a"}"#, value), Ok(Value::S("a".into())));
        assert_eq!(read(r#"{"S":null,"N":1,"X":null}"#, value), Ok(Value::N(1)));
        assert_eq!(read(r#"{"__type":"Value","N":1}"#, value), Ok(Value::N(1)));
        assert_eq!(read(r#"{"N":1,"__type":{"a":[]}}"#, value), Ok(Value::N(1)));
        let unknown = UnknownVariant::new("X", Document::from(vec![1]));
        assert_eq!(read(r#"{"X":[1]}"#, value), Ok(Value::Unknown(unknown)));
        let texts = [
            "{}",
            r#"{"S":null}"#,
            r#"{"__type":"S"}"#,
            r#"{"S":"a","N":1}"#,
            r#"{"S":"a","X":1}"#,
            r#"{"S":"a","S":"b"}"#,
            r#"["S"]"#,
            r#""S""#,
            r#"{"S":1}"#,
            r#"{"S":"a""#,
        ];
        for text in texts {
            assert!(read(text, value).is_err(), "{text}");
        }
    }
}
