//! The entries of `NO_PROXY`: hosts to connect to without a proxy.

use std::net::IpAddr;

/// An entry of `NO_PROXY`.
#[derive(Clone, Debug)]
pub(super) struct Exception {
    hosts: Hosts,
    /// `None` for every port.
    port: Option<u16>,
}

#[derive(Clone, Debug)]
enum Hosts {
    All,
    /// A name in lower case, and its subdomains.
    Domain(String),
    /// The addresses that share the first bits with this address.
    Block(IpAddr, u32),
}

impl Exception {
    /// Parses an entry. Returns `None` if it is empty or invalid.
    pub(super) fn parse(entry: &str) -> Option<Self> {
        if entry == "*" {
            return Some(Self {
                hosts: Hosts::All,
                port: None,
            });
        }
        if let Some((address, bits)) = entry.split_once('/') {
            let address = without_brackets(address).parse().ok()?;
            let bits = bits.parse().ok().filter(|bits| *bits <= width(address))?;
            return Some(Self {
                hosts: Hosts::Block(address, bits),
                port: None,
            });
        }
        // An IPv6 address without brackets has colons but no port.
        let (host, port) = match entry.rsplit_once(':') {
            Some((host, port)) if entry.parse::<IpAddr>().is_err() && !entry.ends_with(']') => {
                (host, Some(port.parse().ok()?))
            }
            _ => (entry, None),
        };
        let hosts = match without_brackets(host).parse::<IpAddr>() {
            Ok(address) => {
                let address = address.to_canonical();
                Hosts::Block(address, width(address))
            }
            Err(_) => {
                let name = host.strip_prefix('*').unwrap_or(host);
                let name = name.trim_matches('.').to_ascii_lowercase();
                if name.is_empty() {
                    return None;
                }
                Hosts::Domain(name)
            }
        };
        Some(Self { hosts, port })
    }

    /// Returns whether the entry matches a host, which may be an address.
    pub(super) fn covers(&self, host: &str, address: Option<IpAddr>, port: u16) -> bool {
        if self.port.is_some_and(|only| only != port) {
            return false;
        }
        match (&self.hosts, address) {
            (Hosts::All, _) => true,
            (Hosts::Domain(name), None) => is_below(host, name),
            (Hosts::Block(block, bits), Some(address)) => shares_bits(*block, address, *bits),
            _ => false,
        }
    }
}

/// Removes the brackets of an IPv6 address in a URL.
fn without_brackets(address: &str) -> &str {
    address.trim_start_matches('[').trim_end_matches(']')
}

/// Returns whether `host` is `name` or ends with `.name`.
fn is_below(host: &str, name: &str) -> bool {
    let Some(start) = host.len().checked_sub(name.len()) else {
        return false;
    };
    host.get(start..)
        .is_some_and(|end| end.eq_ignore_ascii_case(name))
        && (start == 0 || host.as_bytes().get(start - 1) == Some(&b'.'))
}

/// Returns the number of bits of an address.
fn width(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// Returns whether two addresses of the same family have the same first `bits` bits.
fn shares_bits(one: IpAddr, other: IpAddr, bits: u32) -> bool {
    let differing = match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros(),
        (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros(),
        _ => return false,
    };
    differing >= bits
}
