//! The pull reader: structure.

use std::borrow::Cow;
use std::fmt;

use super::{ReadError, is_blank};

/// How deep objects and arrays may lie within each other.
pub const MAX_DEPTH: usize = 128;

/// What lists and maps may always take, in bytes: a page of a thousand large structures fits
/// several times.
const MIN_BUDGET: usize = 64 << 20;
/// How many times its own size a long text may become.
const MAX_GROWTH: usize = 16;

/// Reads JSON (RFC 8259) from a body, value by value, in the order of the body.
///
/// The caller asks for what it expects; what stands there instead is an error. After an error the
/// reader is of no more use. An object is read member by member:
///
/// ```
/// use tinsmith_core::json::{ReadError, Reader};
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
///
/// # Memory
///
/// `{}` may stand for a structure of hundreds of bytes, so a text of some megabytes could fill the
/// memory. The lists, maps and boxed structures that are read may therefore take 64 MiB, or 16
/// times the length of the text if that is more; beyond that, reading fails. What strings and
/// blobs hold comes on top: it is about as long as the text.
pub struct Reader<'a> {
    text: &'a str,
    /// How many bytes are consumed.
    pub(super) at: usize,
    /// How many objects and arrays are open.
    depth: usize,
    /// Whether the innermost object or array was just opened, so that no comma is due.
    first: bool,
    /// How many bytes lists and maps may still take.
    budget: usize,
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
        let budget = text.len().saturating_mul(MAX_GROWTH);
        Self {
            text,
            at: 0,
            depth: 0,
            first: false,
            budget: if budget < MIN_BUDGET {
                MIN_BUDGET
            } else {
                budget
            },
        }
    }

    /// Starts with the members of the object that `body` consists of. A blank body is `{}`, as
    /// services send it for an output without members. [`finish`](Self::finish) ends the reading.
    ///
    /// # Errors
    ///
    /// If `body` is not UTF-8, or does not begin with an object.
    pub fn begin(body: &'a [u8]) -> Result<Self, ReadError> {
        let mut r = Self::of_body(body)?;
        r.object()?;
        Ok(r)
    }

    /// Reads a body none of whose members is known.
    ///
    /// # Errors
    ///
    /// If `body` is neither blank nor JSON.
    pub fn ignore(body: &'a [u8]) -> Result<(), ReadError> {
        let mut r = Self::of_body(body)?;
        r.skip()?;
        r.finish()
    }

    fn of_body(body: &'a [u8]) -> Result<Self, ReadError> {
        Self::new(if is_blank(body) { b"{}" } else { body })
    }

    /// Ends the reading.
    ///
    /// # Errors
    ///
    /// If anything but white space follows.
    pub fn finish(&mut self) -> Result<(), ReadError> {
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
    pub(super) fn null(&mut self) -> Result<bool, ReadError> {
        if self.peek() != Some(b'n') {
            return Ok(false);
        }
        self.literal("null").map(|()| true)
    }

    pub(super) fn not_null(&mut self, expected: &'static str) -> Result<(), ReadError> {
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

    pub(super) fn array(&mut self) -> Result<(), ReadError> {
        self.open(b'[', "an array")
    }

    /// Accounts for memory that the caller is about to allocate.
    #[inline]
    pub(super) fn charge(&mut self, bytes: usize) -> Result<(), ReadError> {
        match self.budget.checked_sub(bytes) {
            Some(rest) => {
                self.budget = rest;
                Ok(())
            }
            None => Err(self.error("lists and maps of at most 64 MiB or 16 times the body")),
        }
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
    pub(super) fn element(&mut self) -> Result<bool, ReadError> {
        self.another(b']', "`,` or `]`")
    }

    /// The key of the next member, its value null or not; None at the end of the object, which it
    /// leaves.
    #[inline]
    pub(super) fn key(&mut self) -> Result<Option<Cow<'a, str>>, ReadError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn skip(text: &str) -> Result<(), ReadError> {
        let mut r = Reader::new(text.as_bytes())?;
        r.skip()?;
        r.finish()
    }

    #[test]
    fn skips_valid_texts() {
        let texts = [
            "null",
            "true",
            " false ",
            "0",
            "-1.5e+3",
            "\"\"",
            "[]",
            "{}",
            "[ ]",
            "{ }",
            "[[],[[]],{}]",
            "\t{\r\n\"a\" : [ 1 , 2 ] , \"b\" : { \"c\" : null } }\n",
            r#"{"":0,"":1}"#,
            r#"[{"a":{}},{"b":[]}]"#,
        ];
        for text in texts {
            assert_eq!(skip(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn invalid_texts_and_where_they_go_wrong() {
        let table = [
            ("", "a value", 0),
            ("  ", "a value", 2),
            ("[1,]", "a value", 3),
            ("[,1]", "a value", 1),
            ("[1 2]", "`,` or `]`", 3),
            ("[1", "`,` or `]`", 2),
            ("[1}", "`,` or `]`", 2),
            ("{,}", "a string", 1),
            (r#"{"a":1,}"#, "a string", 7),
            (r#"{"a":1"#, "`,` or `}`", 6),
            (r#"{"a":1]"#, "`,` or `}`", 6),
            (r#"{"a" 1}"#, "`:`", 5),
            (r#"{"a":}"#, "a value", 5),
            ("{1:2}", "a string", 1),
            ("{null:2}", "a string", 1),
            ("nul", "null", 0),
            ("nulll", "the end of the text", 4),
            ("True", "a value", 0),
            ("01", "the end of the text", 1),
            ("1.", "a digit", 2),
            ("-", "a digit", 1),
            ("+1", "a value", 0),
            (".5", "a value", 0),
            ("1 1", "the end of the text", 2),
            ("{}{}", "the end of the text", 2),
            ("[]]", "the end of the text", 2),
            ("\u{feff}{}", "a value", 0),
            ("[\u{a0}]", "a value", 1),
            ("/**/1", "a value", 0),
        ];
        for (text, expected, offset) in table {
            assert_eq!(skip(text), Err(ReadError::new(expected, offset)), "{text}");
        }
        assert_eq!(
            Reader::new(b"\"a\xff\"").unwrap_err(),
            ReadError::new("UTF-8", 2)
        );
    }

    #[test]
    fn members_that_are_null_are_passed_over() {
        let mut r = Reader::from_text(r#"{"a":null,"b":1,"c": null ,"d":{"e":null},"f":null}"#);
        r.object().unwrap();
        assert_eq!(r.member().unwrap().as_deref(), Some("b"));
        assert_eq!(r.integer(), Ok(1));
        assert_eq!(r.member().unwrap().as_deref(), Some("d"));
        r.object().unwrap();
        assert_eq!(r.member(), Ok(None));
        assert_eq!(r.member(), Ok(None));
        assert_eq!(r.finish(), Ok(()));
    }

    #[test]
    fn a_value_that_is_neither_read_nor_skipped_is_noticed() {
        let mut r = Reader::from_text(r#"{"a":1,"b":2}"#);
        r.object().unwrap();
        r.member().unwrap();
        assert!(r.member().is_err());
    }

    #[test]
    fn keys_with_escapes() {
        let mut r = Reader::from_text(r#"{"K\u0065y":true}"#);
        r.object().unwrap();
        assert_eq!(r.member().unwrap().as_deref(), Some("Key"));
    }

    #[test]
    fn depth_is_limited() {
        let nested =
            |depth: usize, open: &str, close: &str| open.repeat(depth) + "1" + &close.repeat(depth);
        for (open, close) in [("[", "]"), (r#"{"a":"#, "}"), (r#"[{"a":["#, "]}]")] {
            let levels = open.matches(['[', '{']).count();
            let fits = MAX_DEPTH / levels;
            let text = nested(fits, open, close);
            assert_eq!(skip(&text), Ok(()));
            assert_eq!(
                text.parse::<super::super::Document>().unwrap().to_string(),
                text
            );
            let text = nested(fits + 1, open, close);
            assert!(skip(&text).is_err());
            assert!(text.parse::<super::super::Document>().is_err());
        }
        // Far deeper than any stack, and without an end.
        for text in ["[".repeat(10_000_000), r#"{"a":"#.repeat(1_000_000)] {
            assert!(skip(&text).unwrap_err().expected().contains("128 levels"));
            assert!(text.parse::<super::super::Document>().is_err());
        }
        // Skipping counts from where it starts.
        let mut r = Reader::from_text("[[[[1]]]]");
        r.depth = MAX_DEPTH - 3;
        assert!(r.skip().is_err());
    }
}
