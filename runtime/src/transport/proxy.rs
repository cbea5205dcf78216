//! Proxies: which requests go by one, and how it is asked.
//!
//! The variables are read as curl and Python read them, with Go's and Python's ports in
//! `NO_PROXY`. hyper-util has a matcher of the same kind; it knows no ports, passes over a proxy
//! address that it cannot parse, so that the request goes out directly, and in a CGI program
//! drops every proxy instead of the one that a remote user can set.

mod exception;

use std::fmt;
use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, Uri};
use zeroize::Zeroizing;

use self::exception::Exception;
use super::TransportBuildError;
use super::hyper::Origin;

/// Which HTTP proxies carry which requests.
///
/// HTTPS goes through a tunnel (CONNECT), plain HTTP is forwarded. A user name and password in the
/// proxy's address are sent to it by Basic authentication and never shown.
#[derive(Clone, Debug, Default)]
pub struct ProxySettings {
    http: Option<Proxy>,
    https: Option<Proxy>,
    exceptions: Vec<Exception>,
    spare_local: bool,
}

impl ProxySettings {
    /// No proxy, whatever the environment says.
    pub fn none() -> Self {
        Self::default()
    }

    /// One proxy, such as `http://user:password@proxy.example:3128`, for every request. Being
    /// explicit, it also takes those to loopback and instance metadata addresses.
    ///
    /// # Errors
    ///
    /// When `address` is not the address of an HTTP proxy.
    pub fn all(address: &str) -> Result<Self, TransportBuildError> {
        let proxy = Proxy::parse(address, "the proxy")?;
        Ok(Self {
            http: Some(proxy.clone()),
            https: Some(proxy),
            ..Self::default()
        })
    }

    /// Adds hosts that are reached directly, in the form of `NO_PROXY`: host names (each with all
    /// names below it), IP addresses and CIDR blocks, separated by commas or spaces; a name or
    /// address may end in `:port`, and `*` means every host. What cannot be read is passed over.
    #[must_use]
    pub fn except(mut self, hosts: &str) -> Self {
        self.exceptions.extend(
            hosts
                .split([',', ' ', '\t'])
                .filter_map(|entry| Exception::parse(entry.trim())),
        );
        self
    }

    /// The proxies of the environment: `https_proxy`, `http_proxy`, `all_proxy` for what those two
    /// leave open, and `no_proxy`, each in lower case or else upper case. A scheme may be missing.
    ///
    /// Requests to loopback and instance metadata addresses are never proxied. In a CGI program
    /// (`REQUEST_METHOD` is set) `HTTP_PROXY` is ignored, since the remote user can set it by the
    /// header `Proxy` (CVE-2016-5385).
    ///
    /// # Errors
    ///
    /// When a variable does not hold the address of an HTTP proxy; SOCKS and proxies spoken to in
    /// TLS are not supported. The error names the variable and not its value.
    pub fn from_env() -> Result<Self, TransportBuildError> {
        Self::from_vars(|name| std::env::var(name).ok())
    }

    /// As [`from_env`](Self::from_env), with another source of variables.
    ///
    /// # Errors
    ///
    /// As [`from_env`](Self::from_env).
    pub fn from_vars(var: impl Fn(&str) -> Option<String>) -> Result<Self, TransportBuildError> {
        let given = |name: &'static str| {
            let value = var(name).filter(|value| !value.trim().is_empty())?;
            Some((name, value))
        };
        let all = || given("all_proxy").or_else(|| given("ALL_PROXY"));
        let parse = |found: Option<(&str, String)>| {
            found
                .map(|(name, value)| Proxy::parse(value.trim(), name))
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

    /// Whether a proxy takes requests to `uri`.
    // Public for the fuzzers alone.
    #[doc(hidden)]
    pub fn is_proxied(&self, uri: &Uri) -> bool {
        let origin = Origin::of(uri.clone());
        origin.is_ok_and(|origin| self.proxy_for(&origin).is_some())
    }

    /// The proxy that takes requests to `origin`, if one does.
    pub(super) fn proxy_for(&self, origin: &Origin) -> Option<&Proxy> {
        let proxy = if origin.https {
            &self.https
        } else {
            &self.http
        };
        let proxy = proxy.as_ref()?;
        let host = origin.host().trim_end_matches('.');
        let address = host.parse::<IpAddr>().ok();
        let direct = (self.spare_local && is_local(host, address))
            || self
                .exceptions
                .iter()
                .any(|exception| exception.covers(host, address, origin.port()));
        (!direct).then_some(proxy)
    }
}

/// Whether a proxy could not reach the host: this machine, or the link-local addresses at which
/// AWS serves metadata and credentials.
fn is_local(host: &str, address: Option<IpAddr>) -> bool {
    /// The IPv6 addresses of the instance metadata and the EKS pod identity services.
    const METADATA: [&str; 2] = ["fd00:ec2::254", "fd00:ec2::23"];
    match address {
        Some(IpAddr::V4(v4)) => v4.is_loopback() || v4.is_link_local(),
        Some(IpAddr::V6(v6)) => {
            v6.is_loopback() || METADATA.iter().any(|metadata| metadata.parse() == Ok(v6))
        }
        None => host.eq_ignore_ascii_case("localhost"),
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
    /// Reads an address; `setting` names it in errors.
    fn parse(address: &str, setting: &str) -> Result<Self, TransportBuildError> {
        let refused = |reason: &str| TransportBuildError::new(format!("{setting} {reason}"));
        let (scheme, rest) = address.split_once("://").unwrap_or(("http", address));
        if !scheme.eq_ignore_ascii_case("http") {
            return Err(refused(
                "is not the address of an HTTP proxy: it has to begin with http://",
            ));
        }
        // A password may hold any character, `/` and `@` included, but a path never holds `@`.
        let (user, server) = match rest.rsplit_once('@') {
            Some((user, server)) => (Some(user), server),
            None => (None, rest),
        };
        let server = server.split(['/', '?', '#']).next().unwrap_or_default();
        let uri: Uri = format!("http://{server}/")
            .parse()
            .map_err(|error| refused("is not an address").because(error))?;
        if uri.host().is_none_or(str::is_empty) || (server.contains(':') && bad_port(&uri)) {
            return Err(refused("is not an address"));
        }
        Ok(Self {
            uri,
            authorization: user.map(basic),
        })
    }

    /// The value of `Proxy-Authorization`. Ours is wiped when the settings are dropped; the copies
    /// that go to the proxy cannot be.
    pub(super) fn authorization(&self) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_str(self.authorization.as_ref()?).ok()?;
        value.set_sensitive(true);
        Some(value)
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

/// Whether what follows the host is not a port.
fn bad_port(uri: &Uri) -> bool {
    let rest = uri.authority().map_or("", |authority| {
        authority
            .as_str()
            .get(authority.host().len()..)
            .unwrap_or_default()
    });
    !rest.is_empty() && uri.port_u16().is_none()
}

/// `Basic` and what RFC 7617 makes of `user:password`, both percent-encoded.
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
mod tests {
    use super::*;

    fn settings(vars: &[(&str, &str)]) -> Result<ProxySettings, TransportBuildError> {
        ProxySettings::from_vars(|name| {
            let (_, value) = vars.iter().find(|(given, _)| *given == name)?;
            Some((*value).to_owned())
        })
    }

    /// The proxy's address for a URI, without its scheme.
    fn proxy(settings: &ProxySettings, uri: &str) -> Option<String> {
        let origin = Origin::of(uri.parse().unwrap()).unwrap();
        let proxy = settings.proxy_for(&origin)?;
        Some(proxy.uri.authority().unwrap().to_string())
    }

    #[test]
    fn variables_and_their_order() {
        type Case<'a> = (&'a [(&'a str, &'a str)], Option<&'a str>, Option<&'a str>);
        let cases: &[Case] = &[
            (&[], None, None),
            (&[("HTTPS_PROXY", "http://p:1")], Some("p:1"), None),
            (&[("HTTP_PROXY", "http://p:1/")], None, Some("p:1")),
            (
                &[("http_proxy", "p:1"), ("https_proxy", "q")],
                Some("q"),
                Some("p:1"),
            ),
            (
                &[("https_proxy", "low"), ("HTTPS_PROXY", "up")],
                Some("low"),
                None,
            ),
            (&[("ALL_PROXY", "a:1")], Some("a:1"), Some("a:1")),
            (
                &[("all_proxy", "a:1"), ("HTTPS_PROXY", "s:2")],
                Some("s:2"),
                Some("a:1"),
            ),
            (
                &[("HTTPS_PROXY", " "), ("ALL_PROXY", "a:1")],
                Some("a:1"),
                Some("a:1"),
            ),
            (
                &[("HTTPS_PROXY", "http://[::1]:3128")],
                Some("[::1]:3128"),
                None,
            ),
            (
                &[("HTTP_PROXY", "p:1"), ("REQUEST_METHOD", "GET")],
                None,
                None,
            ),
            (
                &[
                    ("http_proxy", "p:1"),
                    ("HTTPS_PROXY", "q"),
                    ("REQUEST_METHOD", "GET"),
                ],
                Some("q"),
                Some("p:1"),
            ),
        ];
        for (vars, https, http) in cases {
            let settings = settings(vars).unwrap();
            assert_eq!(
                proxy(&settings, "https://x.test/").as_deref(),
                *https,
                "{vars:?}"
            );
            assert_eq!(
                proxy(&settings, "http://x.test/").as_deref(),
                *http,
                "{vars:?}"
            );
        }
    }

    #[test]
    fn what_is_no_proxy_address_is_an_error() {
        let bad = [
            "socks5://p:1",
            "https://p:1",
            "http://",
            "http://u:secret@",
            "http://p:port",
            "http://p:99999",
            "p:",
            "http://se cret/",
        ];
        for address in bad {
            let error = settings(&[("HTTPS_PROXY", address)]).unwrap_err();
            assert!(
                error.to_string().starts_with("HTTPS_PROXY is not "),
                "{address}: {error}"
            );
            assert!(!format!("{error:?}").contains("cret"), "{error:?}");
        }
        // One that is not used is not looked at.
        let unused = [
            ("ALL_PROXY", "socks5://p:1"),
            ("http_proxy", "p"),
            ("https_proxy", "q"),
        ];
        assert!(settings(&unused).is_ok());
    }

    #[test]
    fn exceptions() {
        let cases = [
            ("*", "https://x.test/", false),
            ("x.test", "https://x.test/", false),
            ("X.TEST", "https://a.x.Test/", false),
            ("x.test", "https://a.x.test/", false),
            (".x.test", "https://a.x.test/", false),
            (".x.test", "https://x.test/", false),
            ("*.x.test", "https://a.x.test/", false),
            ("x.test.", "https://x.test./", false),
            ("x.test", "https://ax.test/", true),
            ("a.x.test", "https://x.test/", true),
            ("test", "https://x.test/", false),
            ("y.test, x.test", "https://x.test/", false),
            ("y.test x.test", "https://x.test/", false),
            ("x.test:443", "https://x.test/", false),
            ("x.test:444", "https://x.test/", true),
            ("x.test:8443", "https://x.test:8443/", false),
            ("x.test:port", "https://x.test/", true),
            ("10.1.2.3", "https://10.1.2.3/", false),
            ("10.1.2.3", "https://10.1.2.4/", true),
            ("10.1.2.3:443", "https://10.1.2.3/", false),
            ("10.1.2.3:444", "https://10.1.2.3/", true),
            ("10.0.0.0/8", "https://10.200.2.3/", false),
            ("10.1.0.0/15", "https://10.2.0.0/", true),
            ("0.0.0.0/0", "https://10.2.0.0/", false),
            ("0.0.0.0/0", "https://x.test/", true),
            ("10.0.0.0/33", "https://10.0.0.0/", true),
            ("10.0.0.0/8", "https://[::a00:1]/", true),
            ("fd00::/8", "https://[fd12::1]/", false),
            ("fd00::/8", "https://[fe80::1]/", true),
            ("[fd12::1]", "https://[fd12::1]/", false),
            ("fd12::1", "https://[fd12::1]/", false),
            ("[fd12::1]:443", "https://[fd12::1]/", false),
            ("[fd12::1]:444", "https://[fd12::1]/", true),
            ("2.3", "https://10.1.2.3/", true),
            (", ,", "https://x.test/", true),
            (".", "https://x.test/", true),
        ];
        for (list, uri, proxied) in cases {
            let settings = ProxySettings::all("p:1").unwrap().except(list);
            assert_eq!(proxy(&settings, uri).is_some(), proxied, "{list} for {uri}");
            let settings = self::settings(&[("ALL_PROXY", "p:1"), ("NO_PROXY", list)]).unwrap();
            assert_eq!(proxy(&settings, uri).is_some(), proxied, "{list} for {uri}");
        }
    }

    #[test]
    fn local_addresses_are_proxied_only_by_an_explicit_proxy() {
        let from_env = settings(&[("ALL_PROXY", "p:1")]).unwrap();
        let explicit = ProxySettings::all("p:1").unwrap();
        for host in [
            "localhost",
            "LOCALHOST.",
            "127.0.0.1",
            "127.8.0.1",
            "[::1]",
            "169.254.169.254",
            "169.254.170.2",
            "[fd00:ec2::254]",
        ] {
            let uri = format!("http://{host}/");
            assert_eq!(proxy(&from_env, &uri), None, "{host}");
            assert_eq!(proxy(&explicit, &uri).as_deref(), Some("p:1"), "{host}");
        }
        assert!(proxy(&from_env, "http://169.255.0.1/").is_some());
        assert_eq!(proxy(&ProxySettings::none(), "http://x.test/"), None);
    }

    #[test]
    fn credentials_are_decoded_and_never_shown() {
        let cases = [
            (
                "http://Aladdin:opensesame@p:1",
                "Basic QWxhZGRpbjpvcGVuc2VzYW1l",
            ),
            ("Aladdin:open%73esame@p:1", "Basic QWxhZGRpbjpvcGVuc2VzYW1l"),
            ("http://user@p:1/", "Basic dXNlcjo="),
            ("http://u:a/b@c%zz%4@p:1", "Basic dTphL2JAYyV6eiU0"),
            ("http://u:%F0%9F%94%91@p:1", "Basic dTrwn5SR"),
        ];
        for (address, expected) in cases {
            let settings = ProxySettings::all(address).unwrap();
            assert_eq!(proxy(&settings, "http://x.test/").as_deref(), Some("p:1"));
            let proxy = settings.http.as_ref().unwrap();
            assert_eq!(proxy.authorization().unwrap(), expected, "{address}");
            assert!(proxy.authorization().unwrap().is_sensitive());
            let shown = format!("{settings:?}");
            assert!(
                shown.contains("[redacted]") && !shown.contains("opensesame"),
                "{shown}"
            );
            assert!(!shown.contains("Basic") && !shown.contains('@'), "{shown}");
        }
        assert!(Proxy::parse("p:1", "").unwrap().authorization().is_none());
    }
}
