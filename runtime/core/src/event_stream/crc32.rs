//! CRC-32, the checksum of the framing: IEEE 802.3's polynomial, bits reflected.

/// The checksum of `bytes`.
pub(super) fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        TABLE[usize::from(crc as u8 ^ byte)] ^ (crc >> 8)
    })
}

/// What each value of a byte adds.
static TABLE: [u32; 256] = table();

const fn table() -> [u32; 256] {
    const POLYNOMIAL: u32 = 0xedb8_8320;
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < table.len() {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 {
                crc >> 1 ^ POLYNOMIAL
            } else {
                crc >> 1
            };
            bit += 1;
        }
        table[byte] = crc;
        byte += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::checksum;

    /// The check value of CRC-32/ISO-HDLC, and values of Python's `binascii.crc32`.
    #[test]
    fn computes_known_checksums() {
        assert_eq!(checksum(b""), 0);
        assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
        assert_eq!(checksum(&[0; 32]), 0x190a_55ad);
        assert_eq!(checksum(&[0xff; 32]), 0xff6c_ab0b);
    }
}
