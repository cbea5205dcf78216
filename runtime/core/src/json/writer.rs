//! The writer.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use bytes::Bytes;

use super::document::non_finite;
use super::{Document, UnknownVariant};
use crate::number::{BigDecimal, BigInteger, write_float};
use crate::sensitive::Buffer;
use crate::timestamp::Timestamp;

/// Writes JSON (RFC 8259) without white space.
///
/// The caller sees to the structure: a value in each place for one, [`end_object`](Self::end_object)
/// for each [`object`](Self::object). Commas come by themselves. What is written may be secret, so
/// that no copy of it stays in memory when the buffer grows, when the writer is dropped, or when
/// the last clone of the finished body is.
///
/// ```
/// use tinsmith_core::json::Writer;
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
            buffer: Buffer::with_capacity(capacity),
            comma: false,
        }
    }

    /// Starts with the object that a body consists of. [`end`](Self::end) ends it.
    #[must_use]
    pub fn begin() -> Self {
        let mut w = Self::new();
        w.object();
        w
    }

    /// Ends the object that [`begin`](Self::begin) began, and returns the body as
    /// [`finish`](Self::finish) does.
    #[must_use]
    pub fn end(mut self) -> Bytes {
        self.end_object();
        self.finish()
    }

    /// Returns the body. Its memory is wiped when the last clone of it is dropped.
    #[must_use]
    pub fn finish(self) -> Bytes {
        Bytes::from_owner(self.buffer)
    }

    /// Begins an object.
    pub fn object(&mut self) {
        self.open(b'{');
    }

    /// Ends the object begun last.
    pub fn end_object(&mut self) {
        self.close(b'}');
    }

    /// Writes the key of a member; the value must follow. It is written as it is, since Smithy
    /// names members with letters, digits and underscores.
    pub fn key(&mut self, name: &'static str) -> &mut Self {
        self.buffer.name(name, self.comma);
        self.comma = false;
        self
    }

    /// Writes a key that may be any text, such as one of a map; the value must follow.
    pub fn entry(&mut self, key: &str) -> &mut Self {
        self.buffer.key(key, self.comma);
        self.comma = false;
        self
    }

    /// Writes a member, unless `value` is None.
    pub fn optional<T>(&mut self, name: &'static str, value: &Option<T>, write: fn(&mut Self, &T)) {
        if let Some(value) = value {
            write(self.key(name), value);
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
            write(self.entry(key.as_ref()), value);
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
            self.entry(key.as_ref()).or_null(value, write);
        }
        self.end_object();
    }

    /// Writes the member of a union that the model does not know: its key and its value. Like any
    /// other member, it stands between [`object`](Self::object) and
    /// [`end_object`](Self::end_object).
    pub fn unknown_variant(&mut self, variant: &UnknownVariant) {
        self.entry(variant.name()).document(variant.value());
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

    /// Before each value that no key precedes.
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
            .field("length", &self.buffer.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sensitive::Sensitive;

    fn written(write: fn(&mut Writer)) -> String {
        let mut w = Writer::new();
        write(&mut w);
        String::from_utf8(w.finish().to_vec()).unwrap()
    }

    #[test]
    fn commas_stand_between_members_and_elements() {
        let text = written(|w| {
            w.object();
            w.key("a").list(&[vec![1], vec![], vec![2, 3]], |w, v| {
                w.list(v, |w, v| w.integer(*v))
            });
            w.optional("b", &None::<bool>, |w, v| w.boolean(*v));
            w.optional("c", &Some(false), |w, v| w.boolean(*v));
            w.key("d").object();
            w.end_object();
            w.key("e")
                .sparse_list(&[None, Some("x")], |w, v| w.string(v));
            w.key("f")
                .map(&BTreeMap::from([("k", 1), ("l", 2)]), |w, v| w.long(*v));
            w.key("g")
                .sparse_map(&BTreeMap::from([("k", None), ("l", Some(2))]), |w, v| {
                    w.long(*v)
                });
            w.end_object();
        });
        assert_eq!(
            text,
            r#"{"a":[[1],[],[2,3]],"c":false,"d":{},"e":[null,"x"],"f":{"k":1,"l":2},"g":{"k":null,"l":2}}"#
        );
    }

    #[test]
    fn strings_are_escaped_as_far_as_json_asks() {
        let text = written(|w| {
            w.string("\"\\/\u{8}\u{c}\n\r\t\0\u{1f}\u{7f}\u{2028}é漢😀 plain text of some length")
        });
        assert_eq!(
            text,
            "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u{7f}\u{2028}é漢😀 plain text of some length\""
        );
    }

    #[test]
    fn floats_are_short_and_json() {
        let double = |value: f64| {
            let mut w = Writer::new();
            w.double(value);
            String::from_utf8(w.finish().to_vec()).unwrap()
        };
        let table = [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (0.1, "0.1"),
            (-1.5, "-1.5"),
            (1e15, "1000000000000000"),
            (1e16, "1e16"),
            (1e-5, "0.00001"),
            (1e-6, "1e-6"),
            (f64::MAX, "1.7976931348623157e308"),
            (5e-324, "5e-324"),
            (f64::NAN, "\"NaN\""),
            (f64::INFINITY, "\"Infinity\""),
            (f64::NEG_INFINITY, "\"-Infinity\""),
        ];
        for (value, text) in table {
            assert_eq!(double(value), text);
        }
        assert_eq!(written(|w| w.float(0.1)), "0.1");
        assert_eq!(written(|w| w.float(f32::MAX)), "3.4028235e38");
    }

    #[test]
    fn writes_other_scalars() {
        let text = written(|w| {
            w.object();
            w.key("byte").byte(-128);
            w.key("long").long(i64::MIN);
            w.key("big")
                .big_integer(&"123456789012345678901234567890".parse().unwrap());
            w.key("decimal").big_decimal(&"1.10".parse().unwrap());
            w.key("epoch")
                .timestamp(&Timestamp::from_millis(1_398_796_238_250));
            w.key("date")
                .timestamp_date_time(&Timestamp::from_millis(1_398_796_238_250));
            w.key("http")
                .timestamp_http_date(&Timestamp::from_millis(1_398_796_238_250));
            w.unknown_variant(&UnknownVariant::new("un\"known", vec![1]));
            w.key("null").null();
            w.end_object();
        });
        assert_eq!(
            text,
            concat!(
                r#"{"byte":-128,"long":-9223372036854775808,"big":123456789012345678901234567890,"decimal":1.10,"#,
                r#""epoch":1398796238.25,"date":"2014-04-29T18:30:38.25Z","http":"Tue, 29 Apr 2014 18:30:38 GMT","#,
                r#""un\"known":[1],"null":null}"#
            )
        );
    }

    #[test]
    fn blobs_are_padded_base64() {
        assert_eq!(written(|w| w.blob(b"")), "\"\"");
        assert_eq!(written(|w| w.blob(b"f")), "\"Zg==\"");
        assert_eq!(written(|w| w.blob(b"fo")), "\"Zm8=\"");
        assert_eq!(written(|w| w.blob(b"\xfb\xff\xbf")), "\"+/+/\"");
    }

    #[test]
    fn secrets_are_written_as_what_they_hold() {
        let blob: Sensitive<Vec<u8>> = b"foo".into();
        let text = Some(Sensitive::<String>::from("bar"));
        let mut w = Writer::new();
        w.object();
        w.key("Blob").blob(&blob);
        w.optional("Text", &text, |w, v| w.string(v));
        w.end_object();
        assert_eq!(w.finish(), r#"{"Blob":"Zm9v","Text":"bar"}"#);
    }

    #[test]
    fn debug_shows_no_text() {
        let mut w = Writer::new();
        w.string("hunter2");
        assert_eq!(format!("{w:?}"), "Writer { length: 9, .. }");
    }
}
