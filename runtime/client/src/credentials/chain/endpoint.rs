//! The endpoints of STS and IAM Identity Center.

use http::Uri;

use super::context::ProviderContext;
use super::error::{CredentialsError, Errors};
use crate::endpoint::{Region, is_global, partition};
use crate::profile::ProfileSet;

/// A service that provides credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Service {
    /// The suffix of `AWS_ENDPOINT_URL_`; in lower case, the name in a `[services]` section.
    id: &'static str,
    /// The first part of its host names.
    host: &'static str,
}

const STS: Service = Service {
    id: "STS",
    host: "sts",
};

pub(super) const SSO: Service = Service {
    id: "SSO",
    host: "portal.sso",
};

pub(super) const SSO_OIDC: Service = Service {
    id: "SSO_OIDC",
    host: "oidc",
};

/// Returns the URL of STS, without a slash at the end, and the region of signatures.
pub(super) fn sts(
    context: &ProviderContext,
    profiles: &ProfileSet,
    errors: Errors,
) -> Result<(String, String), CredentialsError> {
    let configured_region = region(context, profiles, errors)?;
    let own_endpoint = configured(context, profiles, STS).is_some();
    let region = parse(&configured_region, own_endpoint, errors)?.name;
    let url = url(context, profiles, STS, &configured_region, errors)?;
    let region = match is_global(&region) {
        true => partition(&region).implicit_global_region.to_owned(),
        false => region,
    };
    Ok((url, region))
}

/// Returns the region set by the caller, `AWS_REGION`, `AWS_DEFAULT_REGION` or the profile.
fn region(
    context: &ProviderContext,
    profiles: &ProfileSet,
    errors: Errors,
) -> Result<String, CredentialsError> {
    let explicit = context.region.clone();
    explicit
        .or_else(|| context.environment.var("AWS_REGION"))
        .or_else(|| context.setting(profiles, "AWS_DEFAULT_REGION", "region"))
        .ok_or_else(|| {
            errors.configuration(
                "no region to assume the role in; set AWS_REGION or `region` in the profile",
            )
        })
}

/// Returns the URL of a service in a region, without a slash at its end.
///
/// A configured URL wins, in the order of "Service-specific endpoints" in the AWS SDKs and Tools
/// Reference Guide.
pub(super) fn url(
    context: &ProviderContext,
    profiles: &ProfileSet,
    service: Service,
    region: &str,
    errors: Errors,
) -> Result<String, CredentialsError> {
    if let Some(url) = configured(context, profiles, service) {
        let uri = url.parse().ok().filter(is_http).ok_or_else(|| {
            errors.configuration(format!(
                "the endpoint URL configured for {} is not an http or https URL",
                service.id
            ))
        })?;
        context.plain_http.check(&uri);
        return Ok(url.trim_end_matches('/').to_owned());
    }
    let region = parse(region, false, errors)?;
    let fips = region.fips || context.flag(profiles, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint");
    let dual_stack = context.flag(
        profiles,
        "AWS_USE_DUALSTACK_ENDPOINT",
        "use_dualstack_endpoint",
    );
    Ok(host(service, &region.name, fips, dual_stack))
}

fn parse(region: &str, own_endpoint: bool, errors: Errors) -> Result<Region, CredentialsError> {
    Region::parse(region, own_endpoint).map_err(|what| {
        errors.configuration(format!("the region must be {what}, found {region:?}"))
    })
}

fn host(service: Service, region: &str, fips: bool, dual_stack: bool) -> String {
    if service == STS && region == "aws-global" && !fips && !dual_stack {
        return "https://sts.amazonaws.com".to_owned();
    }
    let partition = partition(region);
    let region = match is_global(region) {
        true => partition.implicit_global_region,
        false => region,
    };
    let suffix = match dual_stack {
        true => partition.dual_stack_dns_suffix,
        false => partition.dns_suffix,
    };
    // All endpoints of GovCloud support FIPS, under the standard name.
    let plain = partition.name == "aws-us-gov" && !dual_stack;
    let fips = if fips && !plain { "-fips" } else { "" };
    format!("https://{}{fips}.{region}.{suffix}", service.host)
}

fn configured(
    context: &ProviderContext,
    profiles: &ProfileSet,
    service: Service,
) -> Option<String> {
    let ignored = context.flag(
        profiles,
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
        "ignore_configured_endpoint_urls",
    );
    if ignored {
        return None;
    }
    let variable = |name: &str| context.environment.var(name);
    let not_empty = |url: &&str| !url.is_empty();
    variable(&format!("AWS_ENDPOINT_URL_{}", service.id))
        .or_else(|| variable("AWS_ENDPOINT_URL"))
        .or_else(|| {
            let section = service.id.to_ascii_lowercase();
            profiles
                .service_setting(&section, "endpoint_url")
                .filter(not_empty)
                .or_else(|| profiles.get("endpoint_url").filter(not_empty))
                .map(str::to_owned)
        })
}

fn is_http(uri: &Uri) -> bool {
    matches!(uri.scheme_str(), Some("http" | "https"))
        && uri.host().is_some_and(|host| !host.is_empty())
        && uri.query().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_follow_the_partition() {
        for (region, fips, dual_stack, expected) in [
            (
                "us-east-1",
                false,
                false,
                "https://sts.us-east-1.amazonaws.com",
            ),
            (
                "us-east-1",
                true,
                true,
                "https://sts-fips.us-east-1.api.aws",
            ),
            (
                "us-east-1",
                true,
                false,
                "https://sts-fips.us-east-1.amazonaws.com",
            ),
            (
                "us-gov-west-1",
                true,
                false,
                "https://sts.us-gov-west-1.amazonaws.com",
            ),
            (
                "cn-north-1",
                false,
                false,
                "https://sts.cn-north-1.amazonaws.com.cn",
            ),
            ("aws-global", false, false, "https://sts.amazonaws.com"),
            (
                "aws-global",
                true,
                false,
                "https://sts-fips.us-east-1.amazonaws.com",
            ),
            ("aws-global", false, true, "https://sts.us-east-1.api.aws"),
            (
                "aws-cn-global",
                false,
                false,
                "https://sts.cn-northwest-1.amazonaws.com.cn",
            ),
        ] {
            assert_eq!(host(STS, region, fips, dual_stack), expected);
        }
    }
}
