//! Strings of JSON (RFC 8259, section 7): their ends and escape sequences.

use std::borrow::Cow;

use super::{ReadError, Reader};
use crate::sensitive::Sensitive;

/// Splits `bytes` before the first byte that cannot stand for itself in a JSON string: a quotation
/// mark, a backslash or a control character.
pub(super) fn split_plain(bytes: &[u8]) -> (&[u8], &[u8]) {
    let length = plain_length(bytes);
    bytes.split_at_checked(length).unwrap_or((bytes, &[]))
}

/// How many bytes at the start of `bytes` stand for themselves.
#[inline]
pub(super) fn plain_length(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    // Without an early exit, the compiler tests the bytes of a chunk all at once.
    while let Some((chunk, tail)) = rest.split_first_chunk::<16>() {
        if chunk
            .iter()
            .fold(false, |special, &byte| special | is_special(byte))
        {
            break;
        }
        rest = tail;
    }
    while let Some((word, tail)) = rest.split_first_chunk() {
        let plain = plain_in_word(*word);
        if plain < 8 {
            return bytes.len() - rest.len() + plain;
        }
        rest = tail;
    }
    match bytes.last_chunk() {
        // Fewer than eight bytes are left; together with some that are known to be plain they make
        // a word again.
        Some(word) => bytes.len() - 8 + plain_in_word(*word),
        None => plain_length_of_few(bytes),
    }
}

/// The same for fewer than eight bytes: most keys, and the names of a union's members.
#[inline]
fn plain_length_of_few(bytes: &[u8]) -> usize {
    let plain = match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        // Two halves of a word, which may overlap.
        (Some(&[a, b, c, d]), Some(&[e, f, g, h])) => plain_in_word([a, b, c, d, e, f, g, h]) == 8,
        _ => !bytes.iter().any(|&byte| is_special(byte)),
    };
    if plain {
        return bytes.len();
    }
    let special = bytes.iter().position(|&byte| is_special(byte));
    special.unwrap_or(bytes.len())
}

const fn is_special(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

/// How many bytes at the start of eight stand for themselves.
const fn plain_in_word(word: [u8; 8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGH_BITS: u64 = u64::from_ne_bytes([0x80; 8]);
    const QUOTES: u64 = u64::from_ne_bytes([b'"'; 8]);
    const BACKSLASHES: u64 = u64::from_ne_bytes([b'\\'; 8]);
    let word = u64::from_le_bytes(word);
    // Below 0x80, subtracting n from a byte sets its high bit exactly when the byte is less than
    // n. That borrows from the bytes above, so that only the lowest high bit counts.
    let control = word.wrapping_sub(ONES * 0x20);
    let quote = (word ^ QUOTES).wrapping_sub(ONES);
    let backslash = (word ^ BACKSLASHES).wrapping_sub(ONES);
    let special = (control | quote | backslash) & !word & HIGH_BITS;
    special.trailing_zeros() as usize / 8
}

impl<'a> Reader<'a> {
    /// Reads a string, borrowed from the body unless it holds escapes.
    ///
    /// # Errors
    ///
    /// When the next value is not a string, or the string holds a raw control character, an escape
    /// that JSON does not have or half of a surrogate pair.
    #[inline]
    pub fn str(&mut self) -> Result<Cow<'a, str>, ReadError> {
        if self.peek() != Some(b'"') {
            return Err(self.error("a string"));
        }
        let start = self.at + 1;
        let end = start + plain_length(self.bytes_from(start));
        if self.byte_at(end) == Some(b'"') {
            self.at = end + 1;
            Ok(Cow::Borrowed(self.slice(start, end)?))
        } else {
            self.at = start;
            self.unescape().map(Cow::Owned)
        }
    }

    /// Reads a string.
    ///
    /// # Errors
    ///
    /// As for [`str`](Self::str).
    pub fn string(&mut self) -> Result<String, ReadError> {
        self.str().map(Cow::into_owned)
    }

    /// Whether the next value is a string.
    pub(super) fn at_string(&mut self) -> bool {
        self.peek() == Some(b'"')
    }

    /// Reads the rest of a string, the first quotation mark of which is consumed.
    ///
    /// The text may be a secret: it is wiped on failure, and never grows, because no escape is
    /// shorter than what it stands for.
    #[cold]
    fn unescape(&mut self) -> Result<String, ReadError> {
        let mut text = Sensitive::new(String::with_capacity(self.raw_length()));
        loop {
            let start = self.at;
            self.at += plain_length(self.bytes_from(start));
            text.push_str(self.slice(start, self.at)?);
            match self.byte_at(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text.into_inner());
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => return Err(self.error("a control character to be escaped")),
                None => return Err(self.error("the end of the string")),
            }
        }
    }

    /// How many bytes remain up to the end of the string, escapes counted as written.
    fn raw_length(&self) -> usize {
        let mut at = self.at;
        loop {
            at += plain_length(self.bytes_from(at));
            if self.byte_at(at) != Some(b'\\') {
                return at - self.at;
            }
            // What is escaped may be a quotation mark; its other digits, if any, are plain.
            at = (at + 2).min(self.at + self.bytes_from(self.at).len());
        }
    }

    fn escape(&mut self) -> Result<char, ReadError> {
        let character = match self.byte_at(self.at + 1) {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.error("an escape of JSON")),
        };
        self.at += 2;
        Ok(character)
    }

    /// Reads `\u` and four digits, and the second half of a surrogate pair if the first calls for
    /// it.
    fn unicode_escape(&mut self) -> Result<char, ReadError> {
        let first = self.code_unit()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first)
                .ok_or(self.error("the first half of a surrogate pair before this"));
        }
        let second = self.code_unit()?;
        if !(0xdc00..0xe000).contains(&second) {
            return Err(self.error("the second half of a surrogate pair before this"));
        }
        char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
            .ok_or(self.error("a character"))
    }

    fn code_unit(&mut self) -> Result<u32, ReadError> {
        let error = self.error("`\\u` and four hexadecimal digits");
        let [b'\\', b'u', digits @ ..] = self.bytes_from(self.at) else {
            return Err(error);
        };
        let digits: &[u8; 4] = digits.first_chunk().ok_or(error)?;
        let mut unit = 0;
        for &digit in digits {
            unit = unit << 4 | char::from(digit).to_digit(16).ok_or(error)?;
        }
        self.at += 6;
        Ok(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scan_finds_every_special_byte_at_every_place() {
        let special = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
        for length in 0..40 {
            for byte in 0..=255 {
                for at in 0..length {
                    let mut bytes = vec![b'\x7f'; length];
                    bytes[at] = byte;
                    let expected = if special(byte) { at } else { length };
                    assert_eq!(
                        plain_length(&bytes),
                        expected,
                        "{byte:#x} at {at} of {length}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_lowest_special_byte_wins() {
        for first in 0..=255_u8 {
            for second in 0..=255_u8 {
                let bytes = [b'a', first, second, b'"', 0, b'\\', b' ', b'!'];
                let expected = bytes
                    .iter()
                    .position(|&b| b < b' ' || b == b'"' || b == b'\\');
                assert_eq!(
                    Some(plain_length(&bytes)),
                    expected,
                    "{first:#x} {second:#x}"
                );
            }
        }
    }

    fn read(text: &str) -> Result<String, ReadError> {
        let mut r = Reader::new(text.as_bytes())?;
        let string = r.string()?;
        r.finish().map(|()| string)
    }

    #[test]
    fn reads_escapes() {
        assert_eq!(read(r#""""#).unwrap(), "");
        assert_eq!(read(r#""plain é 漢 😀""#).unwrap(), "plain é 漢 😀");
        assert_eq!(
            read(r#""\"\\\/\b\f\n\r\t""#).unwrap(),
            "\"\\/\u{8}\u{c}\n\r\t"
        );
        assert_eq!(
            read(r#""\u0041\u00e9\u6f22\ud83d\uDE00\u0000\uffff""#).unwrap(),
            "Aé漢😀\0\u{ffff}"
        );
        assert_eq!(read("\"\u{7f}\"").unwrap(), "\u{7f}");
    }

    #[test]
    fn an_unescaped_string_never_grew() {
        let mut r = Reader::new(br#""\ud83d\ude00 and \n some more \" text" "#).unwrap();
        let text = r.string().unwrap();
        assert_eq!(text, "😀 and \n some more \" text");
        assert_eq!(
            text.capacity(),
            r#"\ud83d\ude00 and \n some more \" text"#.len()
        );
    }

    #[test]
    fn what_is_no_string() {
        let texts = [
            "\"",
            "\"a",
            "\"\\",
            "\"\\\"",
            "\"\\u",
            "\"\\u12",
            "\"\\u123\"",
            "\"\\u12g4\"",
            "\"\\x41\"",
            "\"\\a\"",
            "\"\\U0041\"",
            "\"\\u+041\"",
            "\"a\nb\"",
            "\"\0\"",
            "\"\t\"",
            "\"long enough for words \u{1f}\"",
            r#""\ud800""#,
            r#""\udc00""#,
            r#""\ud800\ud800""#,
            r#""\ud800x""#,
            r#""\ud800\n""#,
            r#""\ude00\ud83d""#,
            r#""\ud83d\u""#,
            "'a'",
            "a",
            "1",
            "",
        ];
        for text in texts {
            assert!(read(text).is_err(), "{text:?}");
        }
    }
}
