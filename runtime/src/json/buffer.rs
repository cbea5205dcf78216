//! The writer's memory.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::strings::split_plain;
use crate::sensitive::Sensitive;

/// What follows the backslash for each control character: a letter of its own, or `u` and digits.
const ESCAPES: [u8; 32] = *b"uuuuuuuubtnufruuuuuuuuuuuuuuuuuu";

/// Bytes that are wiped wherever they have been. The vector itself never grows: it would leave a
/// copy behind.
#[derive(Default)]
pub(super) struct Buffer(Sensitive<Vec<u8>>);

impl Buffer {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self(Sensitive::new(Vec::with_capacity(capacity)))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    #[inline]
    pub(super) fn put(&mut self, bytes: &[u8]) {
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
    pub(super) fn quoted(&mut self, text: &str) {
        let (plain, special) = split_plain(text.as_bytes());
        self.reserve(text.len() + 2);
        // There is room for all of it, unless something must be escaped.
        self.0.push(b'"');
        self.0.extend_from_slice(plain);
        self.escaped(special);
        self.put(b"\"");
    }

    /// The rest of a string, from the first byte on that cannot stand for itself.
    #[inline]
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

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn only_grow_makes_room() {
        // Left to itself, a vector this small would take less than the 256 bytes of `grow`.
        let check = |put: fn(&mut Buffer)| {
            let mut buffer = Buffer::with_capacity(1);
            put(&mut buffer);
            assert!(buffer.len() > 1);
            assert_eq!(buffer.0.capacity(), 256);
        };
        check(|buffer| buffer.put(b"text"));
        check(|buffer| buffer.quoted("text"));
        check(|buffer| buffer.quoted("\n\0"));
        check(|buffer| buffer.base64(b"bytes"));
        check(|buffer| write!(buffer, "{}", 1.5).unwrap());
    }

    #[test]
    fn growing_keeps_the_text_and_doubles_the_room() {
        let mut buffer = Buffer::default();
        for _ in 0..100 {
            buffer.put(b"0123456789");
        }
        assert_eq!(buffer.as_ref(), b"0123456789".repeat(100));
        assert_eq!(buffer.0.capacity(), 1024);
        buffer.base64(&[0; 3_000]);
        assert_eq!(buffer.0.capacity(), 1_000 + 4_000 + 2);
    }

    #[test]
    fn a_finished_body_is_wiped_with_its_last_clone() {
        // The owner is this buffer, and dropping it wipes: see `Sensitive`.
        let mut buffer = Buffer::with_capacity(8);
        buffer.put(b"secret");
        let address = buffer.as_ref().as_ptr();
        let body = bytes::Bytes::from_owner(buffer);
        let clone = body.slice(1..);
        assert_eq!(body.as_ptr(), address, "no copy is made");
        drop(body);
        assert_eq!(clone, "ecret");
    }
}
