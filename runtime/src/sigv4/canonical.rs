//! The canonical request: what is signed, in the one form that client and service agree on.
//!
//! "Create a canonical request" of the Signature Version 4 documentation. Which headers are
//! signed is the client's choice; this is the one of botocore: all but those that a proxy or an
//! HTTP library may add, change or drop.

use std::fmt;

use zeroize::Zeroize;

use super::SigningOptions;

/// Whether a header is never signed. `authorization` will hold the signature itself.
fn is_unsigned(name: &str) -> bool {
    matches!(
        name,
        "authorization"
            | "connection"
            | "expect"
            | "keep-alive"
            | "proxy-authenticate"
            | "proxy-authorization"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
            | "user-agent"
            | "x-amzn-trace-id"
    )
}

/// A request's parts as they will be sent.
pub struct RequestParts<'a> {
    /// The method in upper case.
    pub method: &'a str,
    /// The path, percent-encoded as it is sent.
    pub path: &'a str,
    /// The query without `?`, percent-encoded as it is sent; empty when there is none.
    pub query: &'a str,
    /// Names in lower case with their values. Values of one name keep their order.
    pub headers: Vec<(&'a str, &'a [u8])>,
    /// The payload's SHA-256 in lower-case hexadecimal.
    pub payload_sha256: &'a str,
}

/// What is signed of a request. It holds the session token if that is signed, so `Debug` shows
/// nothing of it.
pub struct CanonicalRequest {
    text: Vec<u8>,
    signed_headers: String,
}

impl CanonicalRequest {
    /// Brings a request's parts into the form that the options ask for.
    pub fn new(mut parts: RequestParts<'_>, options: SigningOptions) -> Self {
        parts.headers.retain(|(name, _)| !is_unsigned(name));
        parts.headers.sort_by_key(|&(name, _)| name);

        // Enough for most, and little more: all of it is wiped in the end.
        let headers = parts.headers.iter();
        let lengths = headers.map(|(name, value)| 2 * name.len() + value.len() + 3);
        let length = parts.path.len() + parts.query.len() + lengths.sum::<usize>() + 80;
        let mut text = Vec::with_capacity(length);
        text.extend_from_slice(parts.method.as_bytes());
        text.push(b'\n');
        write_path(&mut text, parts.path, options);
        text.push(b'\n');
        write_query(&mut text, parts.query);
        text.push(b'\n');
        let mut signed_headers = String::with_capacity(256);
        for values in parts.headers.chunk_by(|(a, _), (b, _)| a == b) {
            write_header(&mut text, &mut signed_headers, values);
        }
        text.push(b'\n');
        text.extend_from_slice(signed_headers.as_bytes());
        text.push(b'\n');
        text.extend_from_slice(parts.payload_sha256.as_bytes());
        Self {
            text,
            signed_headers,
        }
    }

    /// The text itself, to compare with the one in a service's `SignatureDoesNotMatch` message.
    /// Do not log it: the session token may be in it.
    pub fn as_bytes(&self) -> &[u8] {
        &self.text
    }

    /// The names of the signed headers, sorted, with `;` between them.
    pub fn signed_headers(&self) -> &str {
        &self.signed_headers
    }
}

impl fmt::Debug for CanonicalRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CanonicalRequest")
            .field("signed_headers", &self.signed_headers)
            .finish_non_exhaustive()
    }
}

impl Drop for CanonicalRequest {
    fn drop(&mut self) {
        self.text.zeroize();
    }
}

/// Writes the values of one header as `name:value,value`, each without white space at its ends
/// and with single spaces for the white space within.
fn write_header(text: &mut Vec<u8>, signed_headers: &mut String, values: &[(&str, &[u8])]) {
    let mut separator = b':';
    for (index, (name, value)) in values.iter().enumerate() {
        if index == 0 {
            if !signed_headers.is_empty() {
                signed_headers.push(';');
            }
            signed_headers.push_str(name);
            text.extend_from_slice(name.as_bytes());
        }
        text.push(separator);
        separator = b',';
        let words = value.split(u8::is_ascii_whitespace);
        for (index, word) in words.filter(|word| !word.is_empty()).enumerate() {
            if index > 0 {
                text.push(b' ');
            }
            text.extend_from_slice(word);
        }
    }
    text.push(b'\n');
}

/// Writes the path segment by segment, normalized and encoded as the options say.
fn write_path(text: &mut Vec<u8>, path: &str, options: SigningOptions) {
    // The path of nearly every request there is.
    if path.is_empty() || path == "/" {
        return text.push(b'/');
    }
    let segments = if options.normalize_path {
        remove_dot_segments(path)
    } else {
        path.strip_prefix('/').unwrap_or(path).split('/').collect()
    };
    for segment in segments {
        text.push(b'/');
        if options.encode_path_twice {
            percent_encode(text, segment.as_bytes());
        } else {
            percent_encode(text, &percent_decode(segment));
        }
    }
}

/// The path's segments without those that are empty or `.`, and without the one before a `..`.
/// An empty one at the end stands for the path's trailing slash.
fn remove_dot_segments(path: &str) -> Vec<&str> {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    if segments.is_empty() || path.ends_with('/') {
        segments.push("");
    }
    segments
}

/// Writes the query's pairs sorted by encoded name, then by encoded value.
fn write_query(text: &mut Vec<u8>, query: &str) {
    if query.is_empty() {
        return;
    }
    let mut pairs: Vec<_> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            [name, value].map(|part| {
                let mut encoded = Vec::with_capacity(part.len());
                percent_encode(&mut encoded, &percent_decode(part));
                encoded
            })
        })
        .collect();
    pairs.sort();
    for (index, [name, value]) in pairs.iter().enumerate() {
        if index > 0 {
            text.push(b'&');
        }
        text.extend_from_slice(name);
        text.push(b'=');
        text.extend_from_slice(value);
    }
}

/// Undoes percent-encoding; what is no escape stays as it is.
fn percent_decode(part: &str) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escape = match (first, after) {
            (b'%', [high, low, after @ ..]) => hex_value(*high)
                .zip(hex_value(*low))
                .map(|(high, low)| (high << 4 | low, after)),
            _ => None,
        };
        let (byte, after) = escape.unwrap_or((first, after));
        decoded.push(byte);
        rest = after;
    }
    decoded
}

/// Percent-encodes all bytes but RFC 3986's unreserved ones.
fn percent_encode(text: &mut Vec<u8>, bytes: &[u8]) {
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(byte);
        } else {
            text.push(b'%');
            text.extend(hex_digits(byte).map(|digit| digit.to_ascii_uppercase()));
        }
    }
}

/// A query string to which encoded pairs are added.
pub(super) struct Query(String);

impl Query {
    pub(super) fn new(query: Option<&str>) -> Self {
        Self(query.unwrap_or_default().to_owned())
    }

    pub(super) fn push(&mut self, name: &str, value: &str) {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.push_str(name);
        self.0.push('=');
        let mut encoded = Vec::with_capacity(value.len());
        percent_encode(&mut encoded, value.as_bytes());
        self.0.extend(encoded.into_iter().map(char::from));
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// `bytes` in lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = vec![0; 2 * bytes.len()];
    for (pair, &byte) in text.chunks_exact_mut(2).zip(bytes) {
        pair.copy_from_slice(&hex_digits(byte));
    }
    // Digits are UTF-8.
    String::from_utf8(text).unwrap_or_default()
}

pub(crate) fn hex_digits(byte: u8) -> [u8; 2] {
    [byte >> 4, byte & 0xf].map(|nibble| match nibble {
        0..=9 => b'0' + nibble,
        _ => b'a' + (nibble - 10),
    })
}

fn hex_value(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}
