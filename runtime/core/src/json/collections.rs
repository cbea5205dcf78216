//! The pull reader: lists, maps, unions and documents.

use std::collections::BTreeMap;

use super::{Document, ReadError, Reader, UnknownVariant};
use crate::sensitive::{Sensitive, Wipe};

/// What reads an element of a list or a value of a map: `Reader::string`, or the `read` function
/// of a generated shape.
type Read<'a, T> = fn(&mut Reader<'a>) -> Result<T, ReadError>;

/// Entries of a node of a [`BTreeMap`] that is full, and of one that was filled in order.
const FULL_NODE: usize = 11;
const HALF_NODE: usize = 6;

impl<'a> Reader<'a> {
    /// Accounts for the next element of a vector. It costs something where the vector grows only.
    #[inline]
    fn charge_element<T>(&mut self, items: &Vec<T>) -> Result<(), ReadError> {
        if items.len() < items.capacity() {
            return Ok(());
        }
        // It doubles, from four.
        let added = items.capacity().max(4);
        self.charge(added.saturating_mul(size_of::<T>()))
    }

    /// Accounts for the next entry of a map: the node that it may need.
    #[inline]
    fn charge_entry<K, V>(&mut self, entries: &BTreeMap<K, V>) -> Result<(), ReadError> {
        match entries.len() % HALF_NODE {
            0 => self.charge(FULL_NODE.saturating_mul(size_of::<(K, V)>())),
            _ => Ok(()),
        }
    }

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
            self.charge_element(&items)?;
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
            self.charge_element(&items)?;
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
            self.charge_entry(&entries)?;
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
            self.charge_entry(&entries)?;
            let value = if self.null()? {
                None
            } else {
                Some(read(self)?)
            };
            entries.insert(K::from(&key), value);
        }
        Ok(entries)
    }

    /// Reads a value that its shape holds in a box, because it may hold another of that shape.
    ///
    /// # Errors
    ///
    /// When `read` fails.
    pub fn boxed<T>(&mut self, read: Read<'a, T>) -> Result<Box<T>, ReadError> {
        self.charge(size_of::<T>())?;
        read(self).map(Box::new)
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
        self.charge(size_of::<(String, Document)>())?;
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
                    self.charge_entry(&members)?;
                    members.insert(key.into_owned(), self.document()?);
                }
                Document::Object(members)
            }
            Some(b'[') => {
                let mut elements = Vec::new();
                self.array()?;
                while self.element()? {
                    self.charge_element(&elements)?;
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
    fn reads_lists() {
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
    fn reads_maps() {
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

    /// A structure that most members of are absent in.
    #[derive(Debug)]
    struct Wide(#[allow(dead_code, reason = "its size counts")] [u64; 50]);

    impl Wide {
        fn read(r: &mut Reader<'_>) -> Result<Self, ReadError> {
            r.skip().map(|()| Self([0; 50]))
        }
    }

    #[test]
    fn bounds_what_a_text_becomes() {
        fn check<'a, T>(text: &'a str, read: fn(&mut Reader<'a>) -> Result<T, ReadError>) {
            let error = read(&mut Reader::from_text(text)).err().unwrap();
            assert!(error.expected().starts_with("lists and maps"), "{error}");
            assert!(error.offset() < text.len() - 1, "{error}");
        }
        let many =
            |count: usize, item: &str| format!("[{}{item}]", format!("{item},").repeat(count));
        check(&many(140_000, "{}"), |r| r.list(Wide::read));
        check(&many(140_000, "0"), |r| r.sparse_list(Wide::read));
        check(&many(50_000, "[0]"), |r| r.list(|r| r.list(Wide::read)));
        check(&many(20_000, r#"{"":{}}"#), |r| {
            r.list(|r| r.map::<String, _>(Wide::read))
        });
        check(&many(20_000, r#"{"":0}"#), |r| {
            r.list(|r| r.sparse_map::<String, _>(Wide::read))
        });
        check(&many(180_000, "{}"), |r| r.list(|r| r.boxed(Wide::read)));
        check(&many(120_000, r#"{"":0}"#), Reader::document);
        check(&many(400_000, "[0]"), Reader::document);
        let entries: String = (0..100_000).map(|n| format!(r#""{n:07}":0,"#)).collect();
        let entries = format!("{{{entries}\"\":0}}");
        check(&entries, |r| r.map::<String, _>(Wide::read));
    }

    #[test]
    fn bounds_unknown_variants() {
        let mut r = Reader::from_text(r#"{"X":0}"#);
        r.charge(64 << 20).unwrap();
        let error = value(&mut r).unwrap_err();
        assert!(error.expected().starts_with("lists and maps"), "{error}");
    }

    #[test]
    fn lets_a_large_text_become_large() {
        // Ten times as large as its text, and more than what a short one may become.
        let element = format!("\"{}\"", "x".repeat(40));
        let text = format!("[{}{element}]", format!("{element},").repeat(170_000));
        let items = read(&text, |r| r.list(Wide::read)).unwrap();
        assert_eq!(items.len(), 170_001);
        assert!(items.capacity() * size_of::<Wide>() > 64 << 20);
    }

    #[test]
    fn reads_secrets() {
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
    fn reads_unions() {
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
