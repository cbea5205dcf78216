//! Values whose shape no model describes.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::{ReadError, Reader, Writer};
use crate::number::{BigDecimal, BigInteger};
use crate::sensitive::Wipe;

/// Smithy's `document`: any JSON value.
///
/// A number keeps its text, so that none loses precision, and two are equal when their texts are.
/// `Display` and [`FromStr`] are JSON; a document that is read is at most
/// [`MAX_DEPTH`](super::MAX_DEPTH) levels deep.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Document {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number of any size.
    Number(BigDecimal),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Document>),
    /// An object. Of equal keys in a text the last one counts.
    Object(BTreeMap<String, Document>),
}

impl Document {
    /// Whether this is `null`.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The value of a boolean.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self {
            Some(*value)
        } else {
            None
        }
    }

    /// The value of a number that is whole and in range.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        if let Self::Number(number) = self {
            number.as_i64()
        } else {
            None
        }
    }

    /// The value of a number that is whole and in range.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        if let Self::Number(number) = self {
            number.as_u64()
        } else {
            None
        }
    }

    /// The double nearest to a number, unless that is infinite.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        if let Self::Number(number) = self {
            number.as_f64()
        } else {
            None
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self {
            Some(text)
        } else {
            None
        }
    }

    /// The elements of an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(elements) = self {
            Some(elements)
        } else {
            None
        }
    }

    /// The members of an object.
    #[must_use]
    pub const fn as_object(&self) -> Option<&BTreeMap<String, Self>> {
        if let Self::Object(members) = self {
            Some(members)
        } else {
            None
        }
    }

    /// A member of an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_object()?.get(key)
    }
}

impl Wipe for Document {
    fn wipe(&mut self) {
        match self {
            Self::Null => {}
            Self::Bool(value) => value.wipe(),
            Self::Number(number) => number.wipe(),
            Self::String(text) => text.wipe(),
            Self::Array(elements) => elements.wipe(),
            Self::Object(members) => members.wipe(),
        }
        *self = Self::Null;
    }
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut w = Writer::new();
        w.document(self);
        f.write_str(std::str::from_utf8(&w.finish()).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Document {
    type Err = ReadError;

    fn from_str(text: &str) -> Result<Self, ReadError> {
        let mut r = Reader::from_text(text);
        let document = r.document()?;
        r.finish().map(|()| document)
    }
}

macro_rules! from_numbers {
    ($($number:ty)*) => {
        $(
            impl From<$number> for Document {
                fn from(value: $number) -> Self {
                    Self::Number(value.into())
                }
            }
        )*
    };
}

from_numbers!(i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 BigInteger BigDecimal);

impl From<f64> for Document {
    /// A value that is not finite becomes the string that awsJson writes for it, such as `NaN`.
    fn from(value: f64) -> Self {
        match BigDecimal::try_from(value) {
            Ok(number) => Self::Number(number),
            Err(_) => Self::String(non_finite(value).to_owned()),
        }
    }
}

/// What awsJson writes for a float that JSON has no number for.
pub(super) fn non_finite(value: f64) -> &'static str {
    if value.is_nan() {
        "NaN"
    } else if value > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}

impl From<bool> for Document {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Document {
    fn from(value: &str) -> Self {
        Self::String(value.to_owned())
    }
}

impl From<String> for Document {
    fn from(value: String) -> Self {
        Self::String(value)
    }
}

impl<T: Into<Document>> From<Vec<T>> for Document {
    fn from(elements: Vec<T>) -> Self {
        Self::Array(elements.into_iter().map(T::into).collect())
    }
}

impl<K: Into<String>, V: Into<Document>> From<BTreeMap<K, V>> for Document {
    fn from(members: BTreeMap<K, V>) -> Self {
        Self::Object(
            members
                .into_iter()
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
        )
    }
}

impl<T: Into<Document>> From<Option<T>> for Document {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, T::into)
    }
}

/// A variant of a union that the model, and so this version of the client, does not know.
///
/// `Debug` shows its name only, because its value may be a secret. The default, a variant without
/// a name, stands for a required union that a response left out.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct UnknownVariant {
    /// Boxed, so that it does not decide about the size of every union.
    member: Box<(String, Document)>,
}

impl UnknownVariant {
    /// The variant `name`, with `value` as it goes on the wire.
    #[must_use]
    pub fn new(name: impl Into<String>, value: impl Into<Document>) -> Self {
        Self {
            member: Box::new((name.into(), value.into())),
        }
    }

    /// The name of the member on the wire.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.member.0
    }

    /// The value of the member on the wire.
    #[must_use]
    pub fn value(&self) -> &Document {
        &self.member.1
    }
}

impl fmt::Debug for UnknownVariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnknownVariant")
            .field("name", &self.name())
            .finish_non_exhaustive()
    }
}

impl Wipe for UnknownVariant {
    fn wipe(&mut self) {
        let (name, value) = &mut *self.member;
        name.wipe();
        value.wipe();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_read_and_printed() {
        let text = r#"{"a":[1,-2.50,1e400,"x\n",true,false,null,{}],"b":{"c":[]}}"#;
        let document: Document = text.parse().unwrap();
        assert_eq!(
            document.to_string(),
            text,
            "numbers keep their text, keys are sorted"
        );
        let elements = document.get("a").and_then(Document::as_array).unwrap();
        assert_eq!(elements[0].as_u64(), Some(1));
        assert_eq!(elements[1].as_f64(), Some(-2.5));
        assert_eq!(elements[1].as_i64(), None);
        assert_eq!(elements[2].as_f64(), None);
        assert_eq!(elements[3].as_str(), Some("x\n"));
        assert_eq!(elements[4].as_bool(), Some(true));
        assert!(elements[6].is_null());
    }

    #[test]
    fn converts_values() {
        let document = Document::from(BTreeMap::from([
            ("list", Document::from(vec![1, 2])),
            ("none", None::<bool>.into()),
            ("number", 0.5.into()),
            ("nan", f64::NAN.into()),
            ("low", f64::NEG_INFINITY.into()),
        ]));
        assert_eq!(
            document.to_string(),
            r#"{"list":[1,2],"low":"-Infinity","nan":"NaN","none":null,"number":0.5}"#
        );
    }

    #[test]
    fn the_last_of_equal_keys_counts() {
        assert_eq!(
            r#"{"a":1,"\u0061":2}"#.parse::<Document>().unwrap().to_string(),
            r#"{"a":2}"#
        );
    }

    #[test]
    fn wiping_leaves_null() {
        let mut document: Document = r#"{"a":["secret"]}"#.parse().unwrap();
        document.wipe();
        assert_eq!(document, Document::Null);
    }

    #[test]
    fn an_unknown_variant_hides_its_value() {
        let mut variant = UnknownVariant::new("Token", "hunter2");
        assert_eq!(
            format!("{variant:?}"),
            r#"UnknownVariant { name: "Token", .. }"#
        );
        assert_eq!(
            (variant.name(), variant.value().as_str()),
            ("Token", Some("hunter2"))
        );
        variant.wipe();
        assert_eq!(variant, UnknownVariant::new("", Document::Null));
    }
}
