//! What the writer puts into its buffer.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::strings::split_plain;
use crate::sensitive::Buffer;

/// What follows the backslash for each control character: a letter of its own, or `u` and digits.
const ESCAPES: [u8; 32] = *b"uuuuuuuubtnufruuuuuuuuuuuuuuuuuu";

impl Buffer {
    /// A string with its quotation marks.
    pub(super) fn quoted(&mut self, text: &str) {
        self.reserve(text.len() + 2);
        self.quoted_in_room(text.as_bytes());
    }

    /// The name of a member with quotation marks and a colon, after a comma if one is due. Nothing
    /// in it needs to be escaped.
    pub(super) fn name(&mut self, name: &'static str, comma: bool) {
        debug_assert!(split_plain(name.as_bytes()).1.is_empty(), "{name:?}");
        self.reserve(name.len() + 4);
        if comma {
            self.0.push(b',');
        }
        self.0.push(b'"');
        self.0.extend_from_slice(name.as_bytes());
        self.0.extend_from_slice(b"\":");
    }

    /// A key with its quotation marks and its colon, after a comma if one is due.
    pub(super) fn key(&mut self, key: &str, comma: bool) {
        self.reserve(key.len() + 4);
        if comma {
            self.0.push(b',');
        }
        self.quoted_in_room(key.as_bytes());
        self.put(b":");
    }

    /// There is room for a string, unless something in it must be escaped.
    #[inline]
    fn quoted_in_room(&mut self, text: &[u8]) {
        self.0.push(b'"');
        let (plain, special) = split_plain(text);
        self.0.extend_from_slice(plain);
        if !special.is_empty() {
            self.escaped(special);
        }
        self.put(b"\"");
    }

    /// The rest of a string, from the first byte on that cannot stand for itself.
    fn escaped(&mut self, mut special: &[u8]) {
        while let Some((&byte, rest)) = special.split_first() {
            self.escape(byte);
            let (plain, next) = split_plain(rest);
            self.put(plain);
            special = next;
        }
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
    pub(super) fn base64(&mut self, bytes: &[u8]) {
        let length = bytes.len().div_ceil(3) * 4;
        self.reserve(length + 2);
        self.put(b"\"");
        let start = self.0.len();
        self.0.resize(start + length, 0);
        let space = self.0.get_mut(start..).unwrap_or_default();
        // There is room: four characters for each three bytes, the last of them padded.
        let written = STANDARD.encode_slice(bytes, space);
        debug_assert_eq!(written, Ok(length));
        self.put(b"\"");
    }
}

impl fmt::Write for Buffer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.put(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn only_grow_makes_room() {
        // Left to itself, a vector this small would take less than `grow` does.
        let check = |put: fn(&mut Buffer)| {
            let mut buffer = Buffer::with_capacity(1);
            put(&mut buffer);
            assert!(buffer.len() > 1);
            assert_eq!(buffer.0.capacity(), 512);
        };
        check(|buffer| buffer.put(b"text"));
        check(|buffer| buffer.quoted("text"));
        check(|buffer| buffer.quoted("\n\0"));
        check(|buffer| buffer.base64(b"bytes"));
        check(|buffer| write!(buffer, "{}", 1.5).unwrap());
    }
}
