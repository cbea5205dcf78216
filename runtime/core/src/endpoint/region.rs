//! Regions as users configure them.

use super::{is_valid_host_label, partition};

/// A configured region.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Region {
    /// The name without what asks for FIPS.
    pub name: String,
    /// Whether the name asked for FIPS endpoints, as the pseudo region `fips-us-gov-west-1` does.
    pub fips: bool,
}

impl Region {
    /// Reads a region, which becomes part of host names and of signatures.
    ///
    /// Names that cannot be a region of AWS are rejected unless the user configured an endpoint
    /// (`own_endpoint`): other systems have regions like `RegionOne`.
    ///
    /// # Errors
    ///
    /// A description of the text that is expected.
    pub fn parse(text: &str, own_endpoint: bool) -> Result<Self, &'static str> {
        if !is_valid_host_label(text, false) {
            return Err("a region of letters, digits and hyphens, such as eu-central-1");
        }
        let (name, fips) = without_fips(text);
        let own_region = !own_endpoint || fips;
        if own_region && text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err("a region in lower case, such as eu-central-1");
        }
        if own_region && is_zone(name) {
            return Err("a region and not an availability zone, such as eu-central-1");
        }
        if own_region && name.contains("fips") {
            return Err("a region such as us-gov-west-1, with FIPS turned on by its own setting");
        }
        // Endpoints with FIPS belong to a region.
        let name = match fips && is_global(name) {
            true => partition(name).implicit_global_region,
            false => name,
        };
        Ok(Self {
            name: name.to_owned(),
            fips,
        })
    }
}

/// Whether the name stands for a partition as a whole, such as `aws-global`.
pub fn is_global(region: &str) -> bool {
    partition(region).global == Some(region)
}

/// The region that a pseudo region is about, and whether it is one. The forms are those of the
/// endpoints that SDKs had before endpoints with FIPS got a setting.
fn without_fips(text: &str) -> (&str, bool) {
    if text == "aws-fips" {
        return ("aws-global", true);
    }
    let rest = text.strip_prefix("fips-").map(|rest| {
        let rest = rest.strip_prefix("dkr-").unwrap_or(rest);
        rest.strip_prefix("prod-").unwrap_or(rest)
    });
    match rest.or_else(|| text.strip_suffix("-fips")) {
        Some(rest) if !rest.is_empty() => (rest, true),
        _ => (text, false),
    }
}

/// Whether the name is that of a region with one more letter, such as `us-east-1a`, or with more
/// words, as those of Local Zones and Wavelength Zones: `us-west-2-lax-1a`.
fn is_zone(name: &str) -> bool {
    let is_region = |name: &str| partition(name).owns(name);
    name.strip_suffix(|c: char| c.is_ascii_lowercase())
        .is_some_and(is_region)
        || name
            .match_indices('-')
            .any(|(end, _)| is_region(&name[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, bool)> {
        let region = Region::parse(text, false).ok()?;
        Some((region.name, region.fips))
    }

    #[test]
    fn pseudo_regions_ask_for_fips() {
        for (text, name, fips) in [
            ("us-east-1", "us-east-1", false),
            ("fips-us-gov-west-1", "us-gov-west-1", true),
            ("us-gov-west-1-fips", "us-gov-west-1", true),
            ("fips-dkr-us-east-2", "us-east-2", true),
            ("fips-prod-us-east-2", "us-east-2", true),
            ("fips-aws-global", "us-east-1", true),
            ("aws-global-fips", "us-east-1", true),
            ("aws-fips", "us-east-1", true),
            ("fips-aws-us-gov-global", "us-gov-west-1", true),
            ("aws-global", "aws-global", false),
            ("eusc-de-east-1", "eusc-de-east-1", false),
            ("local", "local", false),
        ] {
            assert_eq!(read(text), Some((name.to_owned(), fips)), "{text}");
        }
    }

    #[test]
    fn names_that_are_no_region_are_refused() {
        for text in [
            "",
            "us east",
            "us-east-1/../x",
            "us-east-1.evil.example",
            "us_east_1",
            "-us-east-1",
            "us-east-1-",
            "US-EAST-1",
            "us-east-1a",
            "us-gov-west-1b",
            "us-west-2-lax-1",
            "us-west-2-lax-1a",
            "us-east-1-wl1-bos-wlz-1",
            "fips-",
            "-fips",
            "fips-us-east-1a",
            "fips-US-EAST-1",
            "bedrock-fips-us-east-1",
            "us-\u{e9}ast-1",
            &"x".repeat(64),
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert!(Region::parse("RegionOne", true).is_ok());
        assert!(Region::parse("zone-1a", true).is_ok());
        assert!(Region::parse("Region/One", true).is_err());
    }
}
