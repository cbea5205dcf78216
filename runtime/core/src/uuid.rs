//! Identifiers in the form of RFC 9562, version 4; the caller supplies the random bits.

use crate::sigv4::canonical::hex_digits;

/// Returns the identifier made of these random bits. Version and variant replace six of them.
pub fn from_bits(bits: u128) -> String {
    let bits = bits & !(0xf << 76) | 0x4 << 76;
    let bits = bits & !(0b11 << 62) | 0b10 << 62;
    let mut text = [b'-'; 36];
    let mut at = 0;
    for (index, byte) in bits.to_be_bytes().into_iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            at += 1;
        }
        if let Some(digits) = text.get_mut(at..at + 2) {
            digits.copy_from_slice(&hex_digits(byte));
        }
        at += 2;
    }
    // Digits are UTF-8.
    String::from_utf8(text.to_vec()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_and_variant_overwrite_the_bits_they_stand_in() {
        for (bits, expected) in [
            (0, "00000000-0000-4000-8000-000000000000"),
            (u128::MAX, "ffffffff-ffff-4fff-bfff-ffffffffffff"),
            (
                0x0123_4567_89ab_cdef_0123_4567_89ab_cdef,
                "01234567-89ab-4def-8123-456789abcdef",
            ),
        ] {
            assert_eq!(from_bits(bits), expected);
        }
    }
}
