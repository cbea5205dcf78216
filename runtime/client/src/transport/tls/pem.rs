//! The certificates of a PEM file (RFC 7468).
//!
//! The reader of rustls stops at the first block that it cannot decode, skips blocks that are
//! almost certificates, and does not report their position in the file.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;

/// Reads the certificates that can be trust roots. Returns a message with position and reason for
/// each of the others.
///
/// # Errors
///
/// Returns these messages in one text if no certificate can be used.
pub(super) fn roots(content: &[u8]) -> Result<(RootCertStore, Vec<String>), String> {
    let mut roots = RootCertStore::empty();
    let mut faults = Vec::new();
    for block in Blocks::new(content) {
        let added = block
            .certificate()
            .and_then(|certificate| match certificate {
                Some(certificate) => roots
                    .add(certificate)
                    .map_err(|error| format!("not usable as a trusted certificate: {error}")),
                None => Ok(()),
            });
        if let Err(fault) = added {
            faults.push(format!("the block at line {}: {fault}", block.line));
        }
    }
    match (roots.is_empty(), faults.is_empty()) {
        (false, _) => Ok((roots, faults)),
        (true, false) => Err(format!("no usable certificate in it: {}", summary(&faults))),
        (true, true) => Err(format!("no certificate in it{}", guess(content))),
    }
}

/// Returns the first errors; a file can have thousands.
fn summary(faults: &[String]) -> String {
    const SHOWN: usize = 3;
    let mut text = faults.get(..SHOWN).unwrap_or(faults).join("; ");
    if let Some(more @ 1..) = faults.len().checked_sub(SHOWN) {
        text.push_str(&format!("; and {more} more"));
    }
    text
}

/// Returns a guess of the format of a file without blocks.
fn guess(content: &[u8]) -> &'static str {
    const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

    match content {
        [0x30, 0x81..=0x84, ..] => "; it looks like DER, but PEM is required",
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "; it is UTF-16, but ASCII or UTF-8 is required",
        _ if content.windows(BEGIN.len()).any(|text| text == BEGIN) => {
            "; `-----BEGIN CERTIFICATE-----` must be a separate line: the line breaks are missing"
        }
        _ => ": it has no line `-----BEGIN CERTIFICATE-----`",
    }
}

/// The text between a `BEGIN` line and the next one.
struct Block<'a> {
    label: &'a str,
    /// The number of the `BEGIN` line, counted from 1.
    line: usize,
    base64: Vec<u8>,
    /// Whether the block has an `END` line with the same label.
    ends: bool,
}

impl Block<'_> {
    /// Returns the certificate, or `None` for another kind of block, such as a private key.
    fn certificate(&self) -> Result<Option<CertificateDer<'static>>, String> {
        match self.label {
            "CERTIFICATE" | "X509 CERTIFICATE" => {}
            // It may say that the certificate must *not* be trusted.
            "TRUSTED CERTIFICATE" => {
                return Err(
                    "`TRUSTED CERTIFICATE` is a format of OpenSSL's own; convert it with \
                     `openssl x509`"
                        .to_owned(),
                );
            }
            _ => return Ok(None),
        }
        if !self.ends {
            return Err(format!("no line `-----END {}-----`", self.label));
        }
        match STANDARD.decode(&self.base64) {
            Ok(der) => Ok(Some(der.into())),
            Err(error) => Err(format!("not valid base64: {error}")),
        }
    }
}

struct Blocks<'a> {
    lines: Box<dyn Iterator<Item = (usize, &'a [u8])> + 'a>,
    /// The label and number of the last `BEGIN` line.
    begun: Option<(&'a str, usize)>,
}

impl<'a> Blocks<'a> {
    fn new(content: &'a [u8]) -> Self {
        let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
        // Old Macs end lines with CR.
        let end = if content.contains(&b'\n') {
            b'\n'
        } else {
            b'\r'
        };
        let lines = content.split(move |byte| *byte == end);
        let lines = lines.map(<[u8]>::trim_ascii).enumerate();
        Self {
            lines: Box::new(lines.map(|(index, line)| (index + 1, line))),
            begun: None,
        }
    }
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Block<'a>;

    fn next(&mut self) -> Option<Block<'a>> {
        while self.begun.is_none() {
            let (number, line) = self.lines.next()?;
            self.begun = label(line, b"-----BEGIN ").map(|label| (label, number));
        }
        let (begun, number) = self.begun.take()?;
        let mut block = Block {
            label: begun,
            line: number,
            base64: Vec::new(),
            ends: false,
        };
        for (number, line) in &mut self.lines {
            if let Some(ended) = label(line, b"-----END ") {
                block.ends = ended == begun;
                break;
            }
            if let Some(next) = label(line, b"-----BEGIN ") {
                self.begun = Some((next, number));
                break;
            }
            block
                .base64
                .extend(line.iter().filter(|byte| !byte.is_ascii_whitespace()));
        }
        Some(block)
    }
}

/// Returns the label of a line such as `-----BEGIN CERTIFICATE-----`.
fn label<'a>(line: &'a [u8], start: &[u8]) -> Option<&'a str> {
    let label = line.strip_prefix(start)?.strip_suffix(b"-----")?;
    std::str::from_utf8(label).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate() -> String {
        let key = rcgen::KeyPair::generate().unwrap();
        let parameters = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
        parameters.self_signed(&key).unwrap().pem()
    }

    /// How many certificates there are, and what is wrong with the others.
    fn read(content: impl AsRef<[u8]>) -> (usize, String) {
        match roots(content.as_ref()) {
            Ok((roots, faults)) => (roots.len(), faults.join("; ")),
            Err(fault) => (0, fault),
        }
    }

    #[test]
    fn reads_certificates_in_every_common_form() {
        let one = certificate();
        let mac = one.replace("\r\n", "\n").replace('\n', "\r");
        let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        for (text, count) in [
            (one.clone(), 1),
            (format!("\u{feff}{one}"), 1),
            (one.replace('\n', "\r\n"), 1),
            (mac, 1),
            (one.trim_end().to_owned(), 1),
            (
                format!(
                    "Bag Attributes\n  name: a\n{one}\n# comment\n{}",
                    certificate()
                ),
                2,
            ),
            (format!("{key}{one}"), 1),
            (one.replace(" CERTIFICATE", " X509 CERTIFICATE"), 1),
        ] {
            assert_eq!(read(&text), (count, String::new()), "{text:?}");
        }
    }

    #[test]
    fn a_bad_block_does_not_hide_the_good_ones() {
        let good = certificate();
        let lines = good.lines().count();
        for (bad, reason) in [
            (
                "-----BEGIN CERTIFICATE-----\n****\n-----END CERTIFICATE-----",
                "not valid base64",
            ),
            (
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
                "not usable",
            ),
            (
                "-----BEGIN CERTIFICATE-----\nAAAA",
                "no line `-----END CERTIFICATE-----`",
            ),
            (
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END X-----",
                "no line",
            ),
            (
                "-----BEGIN TRUSTED CERTIFICATE-----\nAAAA\n-----END TRUSTED CERTIFICATE-----",
                "openssl x509",
            ),
        ] {
            let (count, fault) = read(format!("{good}{bad}\n{good}"));
            assert_eq!(count, 2, "{bad}");
            let place = format!("the block at line {}: ", lines + 1);
            assert!(
                fault.starts_with(&place) && fault.contains(reason),
                "{fault}"
            );
            let (count, fault) = read(bad);
            assert_eq!(count, 0, "{bad}");
            assert!(
                fault.contains("the block at line 1: ") && fault.contains(reason),
                "{fault}"
            );
        }
        let (_, fault) = read("-----BEGIN CERTIFICATE-----\n*\n".repeat(9));
        assert!(fault.ends_with("; and 6 more"), "{fault}");
    }

    #[test]
    fn a_file_without_blocks_is_described() {
        let utf16: Vec<u8> = "\u{feff}-----BEGIN"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        for (content, reason) in [
            (Vec::new(), "no line `-----BEGIN CERTIFICATE-----`"),
            (b"text".to_vec(), "no line `-----BEGIN CERTIFICATE-----`"),
            (vec![0x30, 0x82, 1, 2], "looks like DER"),
            (utf16, "UTF-16"),
            (certificate().replace('\n', "\\n").into(), "line breaks"),
        ] {
            let (count, fault) = read(content);
            assert!(count == 0 && fault.contains(reason), "{fault}");
        }
    }
}
