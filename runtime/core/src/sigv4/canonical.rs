//! The canonical request: what is signed, in the one form that client and service agree on.
//!
//! "Create a canonical request" of the Signature Version 4 documentation. Which headers are
//! signed is the client's choice; this is the one of botocore: all but those that a proxy or an
//! HTTP library may add, change or drop.

use std::fmt;
use std::ops::Range;

use super::SigningOptions;
use crate::sensitive::Sensitive;

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
    text: Sensitive<Vec<u8>>,
    /// Where the names of the signed headers stand in it.
    signed_headers: Range<usize>,
}

impl CanonicalRequest {
    /// Brings a request's parts into the form that the options ask for.
    pub fn new(mut parts: RequestParts<'_>, options: SigningOptions) -> Self {
        parts.headers.retain(|(name, _)| !is_unsigned(name));
        parts.headers.sort_by_key(|&(name, _)| name);

        // Room for all of it in most cases: what grows leaves a copy behind that is not wiped.
        let headers = parts.headers.iter();
        let lengths = headers.map(|(name, value)| 2 * name.len() + value.len() + 3);
        let length = parts.path.len() + parts.query.len() + lengths.sum::<usize>() + 80;
        let mut text = Sensitive::new(Vec::with_capacity(length));
        text.extend_from_slice(parts.method.as_bytes());
        text.push(b'\n');
        write_path(&mut text, parts.path, options);
        text.push(b'\n');
        write_query(&mut text, parts.query);
        text.push(b'\n');
        let same_name = |(a, _): &(&str, &[u8]), (b, _): &(&str, &[u8])| a == b;
        for values in parts.headers.chunk_by(same_name) {
            write_header(&mut text, values);
        }
        text.push(b'\n');
        let names_start = text.len();
        for (name, _) in parts.headers.chunk_by(same_name).flat_map(<[_]>::first) {
            if text.len() > names_start {
                text.push(b';');
            }
            text.extend_from_slice(name.as_bytes());
        }
        let signed_headers = names_start..text.len();
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
        let names = self.text.get(self.signed_headers.clone());
        // They were written as text.
        std::str::from_utf8(names.unwrap_or_default()).unwrap_or_default()
    }
}

impl fmt::Debug for CanonicalRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CanonicalRequest")
            .field("signed_headers", &self.signed_headers())
            .finish_non_exhaustive()
    }
}

/// Writes the values of one header as `name:value,value`, each without white space at its ends
/// and with single spaces for the white space within.
fn write_header(text: &mut Vec<u8>, values: &[(&str, &[u8])]) {
    let mut separator = b':';
    for (index, (name, value)) in values.iter().enumerate() {
        if index == 0 {
            text.extend_from_slice(name.as_bytes());
        }
        text.push(separator);
        separator = b',';
        write_words(text, value);
    }
    text.push(b'\n');
}

fn write_words(text: &mut Vec<u8>, value: &[u8]) {
    // Most values are one word, as a test of all bytes at once tells.
    if value.iter().fold(true, |word, byte| word & (*byte > b' ')) {
        return text.extend_from_slice(value);
    }
    let words = value.split(u8::is_ascii_whitespace);
    for (index, word) in words.filter(|word| !word.is_empty()).enumerate() {
        if index > 0 {
            text.push(b' ');
        }
        text.extend_from_slice(word);
    }
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
    pairs.sort_unstable();
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

/// A SHA-256 in lower-case hexadecimal.
pub(super) struct Hex([u8; 64]);

impl Hex {
    pub(super) fn new(digest: &[u8; 32]) -> Self {
        let mut text = [0; 64];
        for (pair, &byte) in text.chunks_exact_mut(2).zip(digest) {
            pair.copy_from_slice(&hex_digits(byte));
        }
        Self(text)
    }

    pub(super) fn as_str(&self) -> &str {
        // Digits are UTF-8.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
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
