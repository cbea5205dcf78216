//! HTTP proxies.
//!
//! The variables are read like in curl and Python, with ports in `NO_PROXY` like in Go and Python.
//! hyper-util has a similar matcher, but it does not support ports, ignores a proxy address that it
//! cannot parse, so that the request is sent without a proxy, and in a CGI program ignores all
//! proxies instead of the one that a remote user can set.

mod exception;

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, Uri};
use zeroize::Zeroizing;

use self::exception::Exception;
use super::TransportBuildError;
use super::address::{address, is_link_local};
use super::hyper::Origin;
use super::plain_http::is_loopback;
use crate::environment::{Environment, trimmed};

/// The HTTP proxies to use.
///
/// HTTPS requests use a tunnel (CONNECT), plain HTTP requests are forwarded. User name and password
/// in the proxy's address are sent with Basic authentication and never shown.
#[derive(Clone, Debug, Default)]
pub struct ProxySettings {
    http: Option<Proxy>,
    https: Option<Proxy>,
    exceptions: Vec<Exception>,
    spare_local: bool,
}

impl ProxySettings {
    /// Uses no proxy, and ignores the environment.
    pub fn none() -> Self {
        Self::default()
    }

    /// Uses one proxy, such as `http://user:password@proxy.example:3128`, for all requests,
    /// including those to loopback addresses. Requests to link-local addresses and to
    /// `instance-data.ec2.internal`, where AWS serves credentials over plain HTTP, never go through
    /// a proxy.
    ///
    /// # Errors
    ///
    /// Returns an error if `address` is not the address of an HTTP proxy.
    pub fn all(address: &str) -> Result<Self, TransportBuildError> {
        let proxy = Proxy::parse(address, "the proxy")?;
        Ok(Self {
            http: Some(proxy.clone()),
            https: Some(proxy),
            ..Self::default()
        })
    }

    /// Adds hosts to connect to without a proxy, in the format of `NO_PROXY`: host names (including
    /// their subdomains), IP addresses and CIDR blocks, separated by commas or white space. A name
    /// or address may end with `:port`, and `*` matches every host. Invalid entries are ignored.
    #[must_use]
    pub fn except(mut self, hosts: &str) -> Self {
        self.exceptions.extend(
            hosts
                .split(|separator: char| separator == ',' || separator.is_whitespace())
                .filter_map(Exception::parse),
        );
        self
    }

    /// Uses the proxies of the environment: `https_proxy`, `http_proxy`, `all_proxy` if these are
    /// not set, and `no_proxy`, each in lower case or else upper case. The scheme is optional.
    ///
    /// Requests to loopback and link-local addresses are never proxied. In a CGI program
    /// (`REQUEST_METHOD` is set), `HTTP_PROXY` is ignored, because the remote user can set it with
    /// the header `Proxy` (CVE-2016-5385).
    ///
    /// # Errors
    ///
    /// Returns an error if a variable is not the address of an HTTP proxy. SOCKS and TLS
    /// connections to proxies are not supported. The error contains the variable but not its value.
    pub fn from_env() -> Result<Self, TransportBuildError> {
        let environment = Environment::process();
        Self::from_vars(|name| environment.var(name))
    }

    /// Same as [`from_env`](Self::from_env), with a custom source of variables. Surrounding white
    /// space of a value is ignored, and an empty variable counts as unset.
    ///
    /// # Errors
    ///
    /// Same as [`from_env`](Self::from_env).
    pub fn from_vars(var: impl Fn(&str) -> Option<String>) -> Result<Self, TransportBuildError> {
        let var = |name| var(name).and_then(trimmed);
        let given = |name: &'static str| Some((name, var(name)?));
        let all = || given("all_proxy").or_else(|| given("ALL_PROXY"));
        let parse = |found: Option<(&str, String)>| {
            found
                .map(|(name, value)| Proxy::parse(&value, name))
                .transpose()
        };
        let http = given("http_proxy").or_else(|| match var("REQUEST_METHOD") {
            Some(_) => None,
            None => given("HTTP_PROXY"),
        });
        let https = given("https_proxy").or_else(|| given("HTTPS_PROXY"));
        let settings = Self {
            http: parse(http.or_else(all))?,
            https: parse(https.or_else(all))?,
            exceptions: Vec::new(),
            spare_local: true,
        };
        Ok(match given("no_proxy").or_else(|| given("NO_PROXY")) {
            Some((_, hosts)) => settings.except(&hosts),
            None => settings,
        })
    }

    /// Returns whether requests to `uri` go through a proxy.
    // Public only for the fuzz targets.
    #[doc(hidden)]
    pub fn is_proxied(&self, uri: &Uri) -> bool {
        let origin = Origin::of(uri.clone());
        origin.is_ok_and(|origin| self.proxy_for(&origin).is_some())
    }

    /// Returns the proxy for requests to `origin`, if any.
    pub(super) fn proxy_for(&self, origin: &Origin) -> Option<&Proxy> {
        let proxy = if origin.https {
            &self.https
        } else {
            &self.http
        };
        let proxy = proxy.as_ref()?;
        let host = origin.host().trim_end_matches('.');
        let address = address(host);
        let direct = is_link_local(host)
            || (self.spare_local && is_loopback(host))
            || self
                .exceptions
                .iter()
                .any(|exception| exception.covers(host, address, origin.port()));
        (!direct).then_some(proxy)
    }
}

/// An HTTP proxy.
#[derive(Clone)]
pub(super) struct Proxy {
    /// Its address, without user name and password.
    pub(super) uri: Uri,
    /// The value of `Proxy-Authorization`.
    authorization: Option<Zeroizing<String>>,
}

impl Proxy {
    /// Parses an address. `setting` is its name in errors.
    fn parse(address: &str, setting: &str) -> Result<Self, TransportBuildError> {
        let refused = |reason: &str| TransportBuildError::new(format!("{setting} {reason}"));
        let (scheme, rest) = address.split_once("://").unwrap_or(("http", address));
        if !scheme.eq_ignore_ascii_case("http") {
            return Err(refused(
                "is not the address of an HTTP proxy: it must begin with http://",
            ));
        }
        // A password may contain any character, including `/` and `@`, but a path never contains
        // `@`.
        let (user, server) = match rest.rsplit_once('@') {
            Some((user, server)) => (Some(user), server),
            None => (None, rest),
        };
        let server = server.split(['/', '?', '#']).next().unwrap_or_default();
        let uri: Uri = format!("http://{server}/")
            .parse()
            .map_err(|error| refused("is not an address").with_source(error))?;
        if uri.host().is_none_or(str::is_empty) || (server.contains(':') && bad_port(&uri)) {
            return Err(refused("is not an address"));
        }
        Ok(Self {
            uri,
            authorization: user.map(basic),
        })
    }

    /// The value of `Proxy-Authorization`, which is wiped on drop.
    pub(super) fn authorization(&self) -> Option<HeaderValue> {
        let value = self.authorization.as_ref()?;
        crate::sensitive::header_value(&[value.as_str()]).ok()
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy")
            .field("uri", &self.uri)
            .field(
                "authorization",
                &self.authorization.as_ref().map(|_| "[redacted]"),
            )
            .finish()
    }
}

/// Returns whether the text after the host is not a port.
fn bad_port(uri: &Uri) -> bool {
    let rest = uri.authority().map_or("", |authority| {
        authority
            .as_str()
            .get(authority.host().len()..)
            .unwrap_or_default()
    });
    !rest.is_empty() && uri.port_u16().is_none()
}

/// Returns the Basic authentication (RFC 7617) for a percent-encoded `user:password`.
fn basic(user: &str) -> Zeroizing<String> {
    let (name, password) = user.split_once(':').unwrap_or((user, ""));
    let mut plain = Zeroizing::new(Vec::with_capacity(user.len() + 1));
    percent_decode(name, &mut plain);
    plain.push(b':');
    percent_decode(password, &mut plain);
    let mut value = Zeroizing::new(String::with_capacity(6 + plain.len().div_ceil(3) * 4));
    value.push_str("Basic ");
    STANDARD.encode_string(&*plain, &mut value);
    value
}

/// Appends `text` to `out` with each `%XX` replaced by its byte; any other `%` stays.
fn percent_decode(text: &str, out: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let escape = match (byte, after) {
            (b'%', &[high, low, ..]) => hex_digit(high).zip(hex_digit(low)),
            _ => None,
        };
        match escape {
            Some((high, low)) => {
                out.push(high * 16 + low);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                out.push(byte);
                rest = after;
            }
        }
    }
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests;
