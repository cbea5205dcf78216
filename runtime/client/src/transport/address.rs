//! Hosts that are IP addresses, in every form that the system's name lookup accepts.

use std::net::{IpAddr, Ipv4Addr};

/// Returns the IP address of a host, without brackets and zone, with IPv4-mapped IPv6 addresses as
/// IPv4. Returns `None` for a name.
pub(super) fn address(host: &str) -> Option<IpAddr> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let (address, _zone) = host.split_once('%').unwrap_or((host, ""));
    let address = address.trim_end_matches('.');
    match address.parse::<IpAddr>() {
        Ok(address) => Some(address.to_canonical()),
        Err(_) => inet_aton(address).map(IpAddr::V4),
    }
}

/// Returns whether the host is specific to this machine or its network, so that a proxy would reach
/// a different one. AWS serves metadata and credentials at such hosts without TLS.
#[cfg(any(feature = "hyper", feature = "default-chain"))]
pub(crate) fn is_link_local(host: &str) -> bool {
    match address(host) {
        Some(IpAddr::V4(v4)) => v4.is_link_local(),
        // The addresses of AWS's services on an instance are `fd00:ec2::/32`.
        Some(IpAddr::V6(v6)) => {
            v6.is_unicast_link_local() || v6.segments().starts_with(&[0xfd00, 0xec2])
        }
        None => is_metadata_name(host),
    }
}

/// Returns whether the host is a name of the instance metadata service in the DNS of Amazon VPC,
/// whose domain depends on the region.
#[cfg(any(feature = "hyper", feature = "default-chain"))]
fn is_metadata_name(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    host.strip_prefix("instance-data").is_some_and(|domain| {
        matches!(domain, "" | ".ec2.internal") || domain.ends_with(".compute.internal")
    })
}

/// Parses an IPv4 address in the forms of the C function `inet_aton`: one to four numbers in
/// decimal, octal (`0251`) or hexadecimal (`0xa9`), of which the last fills all remaining bytes.
fn inet_aton(text: &str) -> Option<Ipv4Addr> {
    let (mut value, mut bits, mut rest) = (0, 32, text);
    while let Some((part, after)) = rest.split_once('.') {
        let byte = number(part).filter(|byte| *byte < 256 && bits > 8)?;
        (value, bits, rest) = ((value << 8) | byte, bits - 8, after);
    }
    let last = number(rest).filter(|last| *last < 1 << bits)?;
    let value = u32::try_from((value << bits) | last);
    value.ok().map(Ipv4Addr::from_bits)
}

fn number(text: &str) -> Option<u64> {
    let hexadecimal = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let (digits, radix) = match (hexadecimal, text.strip_prefix('0')) {
        (Some(digits), _) => (digits, 16),
        (None, Some(digits)) if !digits.is_empty() => (digits, 8),
        _ => (text, 10),
    };
    // `from_str_radix` accepts a sign.
    let valid = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u64::from_str_radix(digits, radix).ok().filter(|_| valid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_spelling() {
        let metadata = Ipv4Addr::new(169, 254, 169, 254);
        for host in [
            "169.254.169.254",
            "169.254.169.254.",
            "2852039166",
            "0xa9fea9fe",
            "0XA9.0xfe.0xA9.0xfe",
            "0251.0376.0251.0376",
            "025177524776",
            "169.254.43518",
            "169.16689662",
            "[::ffff:169.254.169.254]",
            "::ffff:a9fe:a9fe",
        ] {
            assert_eq!(address(host), Some(IpAddr::V4(metadata)), "{host}");
        }
        assert_eq!(address("0"), Some(IpAddr::V4(Ipv4Addr::UNSPECIFIED)));
        assert_eq!(address("127.1"), Some(IpAddr::V4(Ipv4Addr::LOCALHOST)));
        assert_eq!(address("[fe80::1%25eth0]"), "fe80::1".parse().ok());
    }

    #[test]
    fn names_are_no_addresses() {
        for host in [
            "",
            ".",
            "a",
            "0x",
            "08",
            "+1",
            "-1",
            "1..2",
            ".1",
            "256.1",
            "1.2.3.256",
            "1.2.3.4.5",
            "4294967296",
            "1.16777216",
            "dead.beef",
            "example.1",
            "18446744073709551616",
        ] {
            assert_eq!(address(host), None, "{host}");
        }
    }
}
