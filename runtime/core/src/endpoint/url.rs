use std::net::{Ipv4Addr, Ipv6Addr};

use http::Uri;

use super::EndpointError;

/// The parts of a URL (rules engine, "URL structure").
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Url {
    /// `http` or `https`.
    pub scheme: String,
    /// The host and, where the URL has one, the port.
    pub authority: String,
    /// The path as written, `/` when the URL has none.
    pub path: String,
    /// The path with a `/` at both ends.
    pub normalized_path: String,
    /// Whether the host is an IPv4 or IPv6 address.
    pub is_ip: bool,
}

/// Cuts a URL into its parts (rules engine, `parseURL`).
///
/// `None` when the text is not an `http` or `https` URL, or has a user name, a query or a fragment.
pub fn parse_url(text: &str) -> Option<Url> {
    let parts = cut(text).ok()?;
    let path = if parts.path.is_empty() {
        "/"
    } else {
        parts.path
    };
    let slash = if path.ends_with('/') { "" } else { "/" };
    Some(Url {
        scheme: parts.scheme.to_owned(),
        authority: parts.authority.to_owned(),
        path: path.to_owned(),
        normalized_path: format!("{path}{slash}"),
        is_ip: parts.host.starts_with('[') || parts.host.parse::<Ipv4Addr>().is_ok(),
    })
}

/// Lets a value into the host part of a URL that is put together.
///
/// # Errors
/// [`EndpointError::InvalidHost`] unless the value is of letters, digits, `-`, `_` and `.`: others
/// could end the host and send the request elsewhere.
pub fn host(value: &str) -> Result<&str, EndpointError> {
    if value.bytes().all(is_host_byte) {
        Ok(value)
    } else {
        Err(EndpointError::InvalidHost(value.chars().take(64).collect()))
    }
}

/// The URI of an endpoint; see [`super::Endpoint::new`] for what is refused.
pub(super) fn checked(url: &str) -> Result<Uri, EndpointError> {
    cut(url).map_err(EndpointError::InvalidUrl)?;
    url.parse()
        .map_err(|_| EndpointError::InvalidUrl("it has characters that no URL has"))
}

struct Parts<'a> {
    scheme: &'a str,
    authority: &'a str,
    host: &'a str,
    path: &'a str,
}

/// Cuts and checks a URL; an error says what is wrong with it.
fn cut(url: &str) -> Result<Parts<'_>, &'static str> {
    if !url.bytes().all(|b| b.is_ascii_graphic()) {
        return Err("it has spaces, control or non-ASCII characters");
    }
    if url.contains(['?', '#']) {
        return Err("it has a query or a fragment");
    }
    if url.contains(['\\', '"', '<', '>', '^', '`', '{', '|', '}']) {
        return Err("it has characters that no URL has");
    }
    let (scheme, rest) = url.split_once("://").ok_or("it has no scheme")?;
    if scheme != "http" && scheme != "https" {
        return Err("its scheme is neither http nor https");
    }
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    if authority.contains('@') {
        return Err("it has a user name");
    }
    let host_end = match authority.rfind(']') {
        Some(bracket) => bracket + 1,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at(host_end);
    if !is_host(host) {
        return Err("its host is not valid");
    }
    let is_number =
        |port: &str| port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok();
    if !port.is_empty() && !port.strip_prefix(':').is_some_and(is_number) {
        return Err("its port is not valid");
    }
    Ok(Parts {
        scheme,
        authority,
        host,
        path,
    })
}

/// An IPv6 address in brackets, or labels joined by dots, with a dot at the end allowed. What a
/// label may look like is not checked further: private networks have names with underscores.
fn is_host(host: &str) -> bool {
    if let Some(address) = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    let labels = host.strip_suffix('.').unwrap_or(host);
    labels.bytes().all(is_host_byte) && labels.split('.').all(|label| !label.is_empty())
}

fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::Endpoint;

    /// The examples of the rules engine's page.
    #[test]
    fn parses_documented_examples() {
        let parsed = |text| {
            let url = parse_url(text)?;
            Some((url.authority, url.path, url.normalized_path, url.is_ip))
        };
        let expect = |authority: &str, path: &str, normalized: &str, is_ip| {
            Some((
                authority.to_owned(),
                path.to_owned(),
                normalized.to_owned(),
                is_ip,
            ))
        };
        assert_eq!(
            parsed("https://example.com"),
            expect("example.com", "/", "/", false)
        );
        assert_eq!(parsed("https://example.com:8443?foo=bar&faz=baz"), None);
        assert_eq!(
            parsed("http://example.com:80/foo/bar"),
            expect("example.com:80", "/foo/bar", "/foo/bar/", false)
        );
        assert_eq!(
            parsed("https://127.0.0.1"),
            expect("127.0.0.1", "/", "/", true)
        );
        assert_eq!(
            parsed("https://[fe80::1]"),
            expect("[fe80::1]", "/", "/", true)
        );
    }

    #[test]
    fn accepts_usable_urls() {
        for url in [
            "https://example.com",
            "http://localhost:8000/",
            "https://a_b-.example.com./x/y",
            "https://[::1]:65535/a@b/%20",
        ] {
            assert!(Endpoint::new(url).is_ok(), "{url}");
        }
    }

    #[test]
    fn rejects_unusable_urls() {
        for url in [
            "",
            "example.com",
            "/path",
            "https://",
            "https:///path",
            "ftp://example.com",
            "https://a b",
            "https://a\r\nHost: b",
            "https://a/\u{0}",
            "https://a/é",
            "https://é",
            "https://user@a",
            "https://user:secret@a/",
            "https://a?q",
            "https://a/#f",
            "https://a..b",
            "https://.a",
            "https://.",
            "https://a:",
            "https://a:x",
            "https://a:+1",
            "https://a:65536",
            "https://[::1",
            "https://::1",
            "https://[x]",
            "https://a]b",
            "https://a\\b",
            "https://a/{b}",
            "https://a%2fb",
            "https://[::1]x",
            "HTTPS//a",
        ] {
            let result = Endpoint::new(url);
            assert!(
                matches!(result, Err(EndpointError::InvalidUrl(_))),
                "{url}: {result:?}"
            );
            assert_eq!(parse_url(url), None, "{url}");
        }
    }

    #[test]
    fn rejects_values_that_change_the_host() {
        for value in ["us-east-1", "", "a.b_c"] {
            assert_eq!(host(value), Ok(value));
        }
        for value in [
            "a/b",
            "evil.com/",
            "a?b",
            "a#b",
            "a@b",
            "a:1",
            "a b",
            "a\r\n",
            "a%00",
            "é",
        ] {
            assert_eq!(
                host(value),
                Err(EndpointError::InvalidHost(value.to_owned()))
            );
        }
    }
}
