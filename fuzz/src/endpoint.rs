//! The functions of endpoint rules, and the rules of a service.

use tinsmith_client::endpoint::{
    Endpoint, EndpointQuery, get, host, is_valid_host_label, is_virtual_hostable_s3_bucket,
    parse_arn, parse_url, partition, split, substring, uri_encode,
};
use tinsmith_client::operation::Operation as _;
use tinsmith_kms::EncryptRequest;

/// Gives `data` to each function as the value that a user or a model chose.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    url(text);
    labels(text);
    pieces(text);
    if let Some(arn) = parse_arn(text) {
        let head = format!(
            "arn:{}:{}:{}:{}:",
            arn.partition, arn.service, arn.region, arn.account_id
        );
        let resource = text.strip_prefix(&head).expect("an ARN is its parts");
        let parts: Vec<_> = resource.split([':', '/']).collect();
        assert_eq!(arn.resource_id, parts);
    }
    rules(text);
}

fn url(text: &str) {
    let endpoint = Endpoint::new(text);
    let Some(url) = parse_url(text) else {
        assert!(endpoint.is_err(), "{endpoint:?}");
        return;
    };
    assert!(url.normalized_path.starts_with('/') && url.normalized_path.ends_with('/'));
    let Ok(endpoint) = endpoint else { return };
    assert_eq!(endpoint.uri.scheme_str(), Some(&*url.scheme));
    assert_eq!(endpoint.uri.authority().unwrap().as_str(), url.authority);
    assert_eq!(endpoint.uri.path(), url.path);
    assert_eq!(endpoint.uri.query(), None);
    assert!(!url.authority.contains('@'));
}

/// What is let into a host stays in the host.
fn labels(text: &str) {
    if let Ok(Ok(endpoint)) =
        host(text).map(|value| Endpoint::new(&format!("https://{value}.example.com/")))
    {
        let host = endpoint.uri.host().expect("the address has a host");
        assert_eq!(host, format!("{text}.example.com"));
    }
    let label = is_valid_host_label(text, false);
    assert!(!label || is_valid_host_label(text, true));
    assert!(!label || host(text).is_ok());
    let bucket = is_virtual_hostable_s3_bucket(text, false);
    assert!(!bucket || label);
}

fn pieces(text: &str) {
    let (delimiter, rest) = text.split_once('\n').unwrap_or(("-", text));
    let parts = split(rest, delimiter, 0);
    assert_eq!(parts.join(delimiter), rest);
    assert!(split(rest, delimiter, 2).len() <= 2);
    assert_eq!(get(&parts, -1), parts.last().map(String::as_str));
    assert_eq!(get(&parts, isize::MIN), None);
    for (start, stop) in [(0, 1), (1, 4), (3, 3), (4, 2), (0, usize::MAX)] {
        for reverse in [false, true] {
            let part = substring(text, start, stop, reverse);
            assert!(part.is_none_or(|part| part.len() == stop - start && text.contains(&part)));
        }
    }
    let encoded = uri_encode(text);
    assert!(
        encoded
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.~%".contains(&b))
    );
}

/// A region never makes an endpoint outside its partition's domain.
fn rules(region: &str) {
    let Some(rules) = EncryptRequest::INFO.service.endpoint_rules else {
        return;
    };
    let domains = partition(region);
    for (use_fips, use_dual_stack) in [(false, false), (true, false), (false, true), (true, true)] {
        let mut query = EndpointQuery::default();
        query.region = Some(region);
        query.use_fips = use_fips;
        query.use_dual_stack = use_dual_stack;
        let Ok(endpoint) = rules(&query) else {
            continue;
        };
        let host = endpoint.uri.host().expect("an endpoint has a host");
        let domain = match use_dual_stack {
            true => domains.dual_stack_dns_suffix,
            false => domains.dns_suffix,
        };
        assert!(host.ends_with(domain), "{host}");
    }
}
