//! Memory for secrets that are put together piece by piece.

use super::wipe_bytes;

/// The memory that the first byte takes.
const SMALLEST: usize = 512;

/// Bytes that are wiped wherever they have been. The vector itself never grows: it would leave a
/// copy behind; and it never shrinks, so that its length tells what must be wiped.
#[derive(Default)]
pub struct Buffer(pub(crate) Vec<u8>);

impl Drop for Buffer {
    fn drop(&mut self) {
        wipe_bytes(&mut self.0);
    }
}

impl Buffer {
    /// Returns an empty buffer with room for `capacity` bytes.
    pub fn with_capacity(capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity))
    }

    /// The number of bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Appends `bytes`.
    #[inline]
    pub fn put(&mut self, bytes: &[u8]) {
        self.reserve(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    /// Makes room for `additional` more bytes.
    #[inline]
    pub fn reserve(&mut self, additional: usize) {
        if self.0.capacity() - self.0.len() < additional {
            self.grow(additional);
        }
    }

    /// Each time fourfold: what lies beyond the length costs nothing, every move does.
    #[cold]
    fn grow(&mut self, additional: usize) {
        let needed = self.0.len().saturating_add(additional);
        let wanted = self.0.capacity().saturating_mul(4).max(SMALLEST);
        let mut grown = Self::with_capacity(needed.max(wanted));
        grown.0.extend_from_slice(&self.0);
        *self = grown;
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growing_keeps_the_text_and_makes_more_room_each_time() {
        let mut buffer = Buffer::default();
        for _ in 0..100 {
            buffer.put(b"0123456789");
        }
        assert_eq!(buffer.as_ref(), b"0123456789".repeat(100));
        assert_eq!(buffer.0.capacity(), 2048);
        buffer.put(&[0; 12_000]);
        assert_eq!(buffer.0.capacity(), 1_000 + 12_000);
    }

    #[test]
    fn a_finished_body_is_wiped_with_its_last_clone() {
        // The owner is this buffer, and dropping it wipes.
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
