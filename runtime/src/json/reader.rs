//! The pull reader: structure.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use super::{Document, ReadError, UnknownVariant};
use crate::sensitive::{Sensitive, Wipe};

/// How deep objects and arrays may lie within each other.
pub const MAX_DEPTH: usize = 128;

/// What reads an element of a list or a value of a map: `Reader::string`, or the `read` function
/// of a generated shape.
type Read<'a, T> = fn(&mut Reader<'a>) -> Result<T, ReadError>;

/// Reads JSON (RFC 8259) from a body, value by value, in the order of the body.
///
/// The caller asks for what it expects; what stands there instead is an error. After an error the
/// reader is of no more use. An object is read member by member:
///
/// ```
/// use tinsmith_runtime::json::{ReadError, Reader};
///
/// fn key_id(body: &[u8]) -> Result<Option<String>, ReadError> {
///     let mut key_id = None;
///     let mut r = Reader::new(body)?;
///     r.object()?;
///     while let Some(key) = r.member()? {
///         match &*key {
///             "KeyId" => key_id = Some(r.string()?),
///             _ => r.skip()?,
///         }
///     }
///     r.finish()?;
///     Ok(key_id)
/// }
///
/// let body = br#"{"Tags": [{"a": 1}], "KeyId": "alias/app"}"#;
/// assert_eq!(key_id(body)?.as_deref(), Some("alias/app"));
/// # Ok::<(), ReadError>(())
/// ```
pub struct Reader<'a> {
    text: &'a str,
    /// How many bytes are consumed.
    pub(super) at: usize,
    /// How many objects and arrays are open.
    depth: usize,
    /// Whether the innermost object or array was just opened, so that no comma is due.
    first: bool,
}

impl<'a> Reader<'a> {
    /// Starts at the beginning of `body`.
    ///
    /// # Errors
    ///
    /// When `body` is not UTF-8. An empty body is found out by the first value that is read; see
    /// [`is_blank`](super::is_blank).
    pub fn new(body: &'a [u8]) -> Result<Self, ReadError> {
        match std::str::from_utf8(body) {
            Ok(text) => Ok(Self::from_text(text)),
            Err(error) => Err(ReadError::new("UTF-8", error.valid_up_to())),
        }
    }

    /// Starts at the beginning of `text`.
    #[must_use]
    pub const fn from_text(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
            first: false,
        }
    }

    /// Ends the reading.
    ///
    /// # Errors
    ///
    /// When anything but white space follows.
    pub fn finish(mut self) -> Result<(), ReadError> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.error("the end of the text")),
        }
    }

    /// Enters an object. [`member`](Self::member) leads through it and leaves it.
    ///
    /// # Errors
    ///
    /// When the next value is not an object, or lies deeper than [`MAX_DEPTH`].
    pub fn object(&mut self) -> Result<(), ReadError> {
        self.open(b'{', "an object")
    }

    /// Goes to the next member of the object whose value is not null, and gives its key; the
    /// caller then reads or skips the value. None at the end of the object, which it leaves.
    ///
    /// Of members with the same key, all are given; whoever stores them keeps the last.
    ///
    /// # Errors
    ///
    /// When neither a member nor the end of the object follows.
    #[inline]
    pub fn member(&mut self) -> Result<Option<Cow<'a, str>>, ReadError> {
        while let Some(key) = self.key()? {
            if !self.null()? {
                return Ok(Some(key));
            }
        }
        Ok(None)
    }

    /// Skips a value of any kind.
    ///
    /// # Errors
    ///
    /// When the value is not valid JSON, or lies deeper than [`MAX_DEPTH`].
    pub fn skip(&mut self) -> Result<(), ReadError> {
        let outside = self.depth;
        // A bit for each open object (1) or array (0), the innermost lowest: MAX_DEPTH fit.
        let mut open: u128 = 0;
        loop {
            match self.peek() {
                Some(b'{') => {
                    self.object()?;
                    open = open << 1 | 1;
                }
                Some(b'[') => {
                    self.array()?;
                    open <<= 1;
                }
                _ => self.skip_scalar()?,
            }
            loop {
                if self.depth == outside {
                    return Ok(());
                }
                let another = if open & 1 == 1 {
                    self.key()?.is_some()
                } else {
                    self.element()?
                };
                if another {
                    break;
                }
                open >>= 1;
            }
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
        variant.ok_or(self.error("a union with a member before this"))
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
    /// When the value is not valid JSON, or lies deeper than [`MAX_DEPTH`].
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

    /// An error at the place that is reached; `expected` completes the sentence "expected ...".
    #[cold]
    #[must_use]
    pub fn error(&self, expected: &'static str) -> ReadError {
        ReadError::new(expected, self.at)
    }

    /// Skips white space and gives the byte after it, which is not consumed.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.byte_at(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                other => return other,
            }
        }
    }

    #[inline]
    pub(super) fn byte_at(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// The bytes after the first `start`; none when there are fewer.
    #[inline]
    pub(super) fn bytes_from(&self, start: usize) -> &'a [u8] {
        self.text.as_bytes().get(start..).unwrap_or_default()
    }

    #[inline]
    pub(super) fn slice(&self, start: usize, end: usize) -> Result<&'a str, ReadError> {
        self.text
            .get(start..end)
            .ok_or(ReadError::new("a whole character", start))
    }

    /// Consumes `true`, `false` or `null`.
    pub(super) fn literal(&mut self, word: &'static str) -> Result<(), ReadError> {
        if !self.bytes_from(self.at).starts_with(word.as_bytes()) {
            return Err(self.error(word));
        }
        self.at += word.len();
        Ok(())
    }

    /// Consumes a null, if that is what follows.
    #[inline]
    fn null(&mut self) -> Result<bool, ReadError> {
        if self.peek() != Some(b'n') {
            return Ok(false);
        }
        self.literal("null").map(|()| true)
    }

    fn not_null(&mut self, expected: &'static str) -> Result<(), ReadError> {
        if self.peek() == Some(b'n') {
            Err(self.error(expected))
        } else {
            Ok(())
        }
    }

    fn skip_scalar(&mut self) -> Result<(), ReadError> {
        match self.peek() {
            Some(b'"') => self.str().map(drop),
            Some(b't' | b'f') => self.boolean().map(drop),
            Some(b'n') => self.literal("null"),
            Some(b'-' | b'0'..=b'9') => self.number("a number").map(drop),
            _ => Err(self.error("a value")),
        }
    }

    fn array(&mut self) -> Result<(), ReadError> {
        self.open(b'[', "an array")
    }

    fn open(&mut self, bracket: u8, expected: &'static str) -> Result<(), ReadError> {
        if self.peek() != Some(bracket) {
            return Err(self.error(expected));
        }
        if self.depth == MAX_DEPTH {
            return Err(self.error("at most 128 levels of objects and arrays"));
        }
        self.depth += 1;
        self.at += 1;
        self.first = true;
        Ok(())
    }

    /// Whether the array has another element; otherwise leaves it.
    fn element(&mut self) -> Result<bool, ReadError> {
        self.another(b']', "`,` or `]`")
    }

    /// The key of the next member, its value null or not; None at the end of the object, which it
    /// leaves.
    #[inline]
    fn key(&mut self) -> Result<Option<Cow<'a, str>>, ReadError> {
        if !self.another(b'}', "`,` or `}`")? {
            return Ok(None);
        }
        let key = self.str()?;
        if self.peek() != Some(b':') {
            return Err(self.error("`:`"));
        }
        self.at += 1;
        Ok(Some(key))
    }

    /// Consumes the comma before the next item or the bracket after the last. Behind a comma an
    /// item must follow; whoever reads it finds out.
    #[inline]
    fn another(&mut self, bracket: u8, expected: &'static str) -> Result<bool, ReadError> {
        let byte = self.peek();
        let first = std::mem::replace(&mut self.first, false);
        if byte == Some(bracket) {
            self.at += 1;
            self.depth = self.depth.saturating_sub(1);
            Ok(false)
        } else if first {
            Ok(true)
        } else if byte == Some(b',') {
            self.at += 1;
            Ok(true)
        } else {
            Err(self.error(expected))
        }
    }
}

/// Shows the place, not the text, which may hold secrets.
impl fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("at", &self.at)
            .field("depth", &self.depth)
            .finish_non_exhaustive()
    }
}
