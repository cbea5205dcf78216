//! The writer.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::document::non_finite;
use super::strings::split_plain;
use super::{Document, UnknownVariant};
use crate::number::{BigDecimal, BigInteger, write_float};
use crate::sensitive::Sensitive;
use crate::timestamp::Timestamp;

/// Writes JSON (RFC 8259) without white space.
///
/// The caller sees to the structure: a value in each place for one, [`end_object`](Self::end_object)
/// for each [`object`](Self::object). Commas come by themselves. What is written may be secret, so
/// that no copy of it stays in memory when the buffer grows, when the writer is dropped, or when
/// the last clone of the finished body is.
///
/// ```
/// use tinsmith_runtime::json::Writer;
///
/// let key_id = "alias/app";
/// let dry_run = Some(true);
/// let mut w = Writer::new();
/// w.object();
/// w.key("KeyId").string(key_id);
/// w.optional("DryRun", &dry_run, |w, v| w.boolean(*v));
/// w.end_object();
/// assert_eq!(w.finish(), r#"{"KeyId":"alias/app","DryRun":true}"#);
/// ```
#[derive(Default)]
pub struct Writer {
    buffer: Buffer,
    /// Whether a comma is due before the next key or element.
    comma: bool,
}

impl Writer {
    /// Starts with no memory.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts with memory for `capacity` bytes.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            buffer: Buffer(Sensitive::new(Vec::with_capacity(capacity))),
            comma: false,
        }
    }

    /// The body. Its memory is wiped when the last clone of it is dropped.
    #[must_use]
    pub fn finish(self) -> Bytes {
        Bytes::from_owner(self.buffer.0)
    }

    /// Begins an object.
    pub fn object(&mut self) {
        self.open(b'{');
    }

    /// Ends the object begun last.
    pub fn end_object(&mut self) {
        self.close(b'}');
    }

    /// Writes the key of a member; the value must follow.
    pub fn key(&mut self, key: &str) -> &mut Self {
        self.separate();
        self.buffer.quoted(key);
        self.buffer.put(b":");
        self.comma = false;
        self
    }

    /// Writes a member, unless `value` is None.
    pub fn optional<T>(&mut self, key: &str, value: &Option<T>, write: fn(&mut Self, &T)) {
        if let Some(value) = value {
            write(self.key(key), value);
        }
    }

    /// Writes an array of what `write` writes for each of `items`.
    pub fn list<T>(&mut self, items: &[T], write: fn(&mut Self, &T)) {
        self.open(b'[');
        for item in items {
            write(self, item);
        }
        self.close(b']');
    }

    /// Writes an array as [`list`](Self::list) does, with null for each None.
    pub fn sparse_list<T>(&mut self, items: &[Option<T>], write: fn(&mut Self, &T)) {
        self.open(b'[');
        for item in items {
            self.or_null(item, write);
        }
        self.close(b']');
    }

    /// Writes an object of what `write` writes for each value.
    pub fn map<K: AsRef<str>, V>(&mut self, entries: &BTreeMap<K, V>, write: fn(&mut Self, &V)) {
        self.object();
        for (key, value) in entries {
            write(self.key(key.as_ref()), value);
        }
        self.end_object();
    }

    /// Writes an object as [`map`](Self::map) does, with null for each None.
    pub fn sparse_map<K: AsRef<str>, V>(
        &mut self,
        entries: &BTreeMap<K, Option<V>>,
        write: fn(&mut Self, &V),
    ) {
        self.object();
        for (key, value) in entries {
            self.key(key.as_ref()).or_null(value, write);
        }
        self.end_object();
    }

    /// Writes the member of a union that the model does not know: its key and its value. Like any
    /// other member, it stands between [`object`](Self::object) and
    /// [`end_object`](Self::end_object).
    pub fn unknown_variant(&mut self, variant: &UnknownVariant) {
        self.key(variant.name()).document(variant.value());
    }

    /// Writes null.
    pub fn null(&mut self) {
        self.raw("null");
    }

    /// Writes a string or the value of a string enum.
    pub fn string<T: AsRef<str> + ?Sized>(&mut self, text: &T) {
        self.separate();
        self.buffer.quoted(text.as_ref());
    }

    /// Writes `{}`.
    pub fn empty_object(&mut self) {
        self.object();
        self.end_object();
    }

    /// Writes bytes as a string of base64.
    pub fn blob(&mut self, bytes: &[u8]) {
        self.separate();
        self.buffer.base64(bytes);
    }

    /// Writes true or false.
    pub fn boolean(&mut self, value: bool) {
        self.raw(if value { "true" } else { "false" });
    }

    /// Writes a whole number.
    pub fn byte(&mut self, value: i8) {
        self.long(value.into());
    }

    /// Writes a whole number.
    pub fn short(&mut self, value: i16) {
        self.long(value.into());
    }

    /// Writes a whole number.
    pub fn integer(&mut self, value: i32) {
        self.long(value.into());
    }

    /// Writes a whole number.
    pub fn long(&mut self, value: i64) {
        self.display(value);
    }

    /// Writes the shortest number that reads back as the same float, or one of the strings `NaN`,
    /// `Infinity` and `-Infinity`.
    pub fn float(&mut self, value: f32) {
        self.floating(value, value.into());
    }

    /// Writes the shortest number that reads back as the same double, or one of the strings `NaN`,
    /// `Infinity` and `-Infinity`.
    pub fn double(&mut self, value: f64) {
        self.floating(value, value);
    }

    /// Writes a whole number of any size.
    pub fn big_integer(&mut self, value: &BigInteger) {
        self.raw(value.as_str());
    }

    /// Writes a number of any size and precision.
    pub fn big_decimal(&mut self, value: &BigDecimal) {
        self.raw(value.as_str());
    }

    /// Writes a timestamp as a number of seconds since the epoch.
    pub fn timestamp(&mut self, time: &Timestamp) {
        self.display(time.epoch_seconds());
    }

    /// Writes a timestamp as an RFC 3339 date-time.
    pub fn timestamp_date_time(&mut self, time: &Timestamp) {
        self.display(format_args!("\"{}\"", time.date_time()));
    }

    /// Writes a timestamp as an HTTP date, in whole seconds.
    pub fn timestamp_http_date(&mut self, time: &Timestamp) {
        self.display(format_args!("\"{}\"", time.http_date()));
    }

    /// Writes a value of any kind.
    pub fn document(&mut self, document: &Document) {
        match document {
            Document::Null => self.null(),
            Document::Bool(value) => self.boolean(*value),
            Document::Number(number) => self.big_decimal(number),
            Document::String(text) => self.string(text),
            Document::Array(elements) => self.list(elements, Self::document),
            Document::Object(members) => self.map(members, Self::document),
        }
    }

    fn or_null<T>(&mut self, value: &Option<T>, write: fn(&mut Self, &T)) {
        match value {
            Some(value) => write(self, value),
            None => self.null(),
        }
    }

    fn floating<T: fmt::Display + fmt::LowerExp>(&mut self, value: T, double: f64) {
        if double.is_finite() {
            self.separate();
            // The buffer takes everything.
            let _ = write_float(&mut self.buffer, value, double.abs());
        } else {
            self.string(non_finite(double));
        }
    }

    /// Writes a value that prints itself as JSON.
    fn display(&mut self, value: impl fmt::Display) {
        self.separate();
        // The buffer takes everything.
        let _ = write!(self.buffer, "{value}");
    }

    /// Writes a value whose text is JSON.
    fn raw(&mut self, json: &str) {
        self.separate();
        self.buffer.put(json.as_bytes());
    }

    fn open(&mut self, bracket: u8) {
        self.separate();
        self.buffer.put(&[bracket]);
        self.comma = false;
    }

    fn close(&mut self, bracket: u8) {
        self.buffer.put(&[bracket]);
        self.comma = true;
    }

    /// Before each key, and each value that no key precedes.
    #[inline]
    fn separate(&mut self) {
        if self.comma {
            self.buffer.put(b",");
        }
        self.comma = true;
    }
}

/// Shows the size, not the text, which may hold secrets.
impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer")
            .field("length", &self.buffer.0.len())
            .finish_non_exhaustive()
    }
}

/// Bytes that are wiped wherever they have been. The vector itself never grows: it would leave a
/// copy behind.
#[derive(Default)]
struct Buffer(Sensitive<Vec<u8>>);

/// What follows the backslash for each control character: a letter of its own, or `u` and digits.
const ESCAPES: [u8; 32] = *b"uuuuuuuubtnufruuuuuuuuuuuuuuuuuu";

impl Buffer {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self.reserve(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    #[inline]
    fn reserve(&mut self, additional: usize) {
        if self.0.capacity() - self.0.len() < additional {
            self.grow(additional);
        }
    }

    #[cold]
    fn grow(&mut self, additional: usize) {
        let needed = self.0.len().saturating_add(additional);
        let mut grown = Sensitive::new(Vec::with_capacity(
            needed.max(self.0.capacity() * 2).max(256),
        ));
        grown.extend_from_slice(&self.0);
        self.0 = grown;
    }

    /// A string with its quotation marks.
    fn quoted(&mut self, text: &str) {
        self.reserve(text.len() + 2);
        self.put(b"\"");
        let mut rest = text.as_bytes();
        loop {
            let (plain, special) = split_plain(rest);
            self.put(plain);
            let Some((&byte, tail)) = special.split_first() else {
                break;
            };
            self.escape(byte);
            rest = tail;
        }
        self.put(b"\"");
    }

    fn escape(&mut self, byte: u8) {
        // Beyond the table are the quotation mark and the backslash, which stand for themselves.
        let letter = ESCAPES.get(usize::from(byte)).copied().unwrap_or(byte);
        self.put(&[b'\\', letter]);
        if letter == b'u' {
            let digit = |value: u8| {
                if value < 10 {
                    b'0' + value
                } else {
                    b'a' + value - 10
                }
            };
            self.put(&[b'0', b'0', digit(byte >> 4), digit(byte & 0xf)]);
        }
    }

    /// A string of base64 with its quotation marks.
    fn base64(&mut self, bytes: &[u8]) {
        let length = bytes.len().div_ceil(3) * 4;
        self.reserve(length + 2);
        self.put(b"\"");
        let start = self.0.len();
        self.0.resize(start + length, 0);
        let space = self.0.get_mut(start..).unwrap_or_default();
        // Neither can fail: four characters for each three bytes, the last of them padded.
        let written = STANDARD.encode_slice(bytes, space).unwrap_or_default();
        self.0.truncate(start + written);
        self.put(b"\"");
    }
}

impl fmt::Write for Buffer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.put(text.as_bytes());
        Ok(())
    }
}
