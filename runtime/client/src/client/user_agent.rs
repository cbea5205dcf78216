//! The headers `user-agent` and `x-amz-user-agent`.

use http::HeaderValue;

use crate::operation::ServiceInfo;

/// The recommended maximum length of an application ID in characters. Longer ones are sent
/// nevertheless.
pub(super) const MAX_APP_ID: usize = 50;

/// Returns `tinsmith/VERSION ua/2.1 api/kms#VERSION os/linux lang/rust`, then `app/ID` if there is
/// one ("User agent" of the AWS SDKs' specification).
pub(super) fn user_agent(service: &ServiceInfo, app_id: Option<&str>) -> HeaderValue {
    let version = env!("CARGO_PKG_VERSION");
    let api = token(&service.sdk_id.to_ascii_lowercase().replace(' ', "_"));
    let api_version = token(service.crate_version);
    let os = match std::env::consts::OS {
        "linux" => "linux",
        "macos" => "macos",
        "windows" => "windows",
        "android" => "android",
        "ios" => "ios",
        _ => "other",
    };
    let mut text = format!("tinsmith/{version} ua/2.1 api/{api}#{api_version} os/{os} lang/rust");
    if let Some(app_id) = app_id {
        text.push_str(" app/");
        text.push_str(&token(app_id));
    }
    // Tokens are always a valid header value.
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("tinsmith"))
}

/// Replaces characters that are not valid in a token by `-` (RFC 9110, section 5.6.2).
fn token(text: &str) -> String {
    let keep = |c: char| c.is_ascii_alphanumeric() || "!$%&'*+-.^_`|~".contains(c);
    text.chars()
        .map(|c| if keep(c) { c } else { '-' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Protocol;

    #[test]
    fn says_what_it_is_and_nothing_else() {
        let service = ServiceInfo::new(
            Protocol::aws_json_1_1(),
            "Secrets Manager",
            "2017-10-17",
            "secretsmanager",
        )
        .crate_version("1.2.3");
        let value = user_agent(&service, Some("my app\r\nx: y"));
        let text = value.to_str().unwrap();
        assert!(text.starts_with("tinsmith/"), "{text}");
        assert!(
            text.contains(" ua/2.1 api/secrets_manager#1.2.3 os/"),
            "{text}"
        );
        assert!(text.ends_with(" lang/rust app/my-app--x--y"), "{text}");
    }

    #[test]
    fn replaces_characters_of_application_ids() {
        let service = ServiceInfo::new(Protocol::aws_json_1_1(), "Test", "2017-10-17", "Test");
        for (id, expected) in [
            ("billing-1.0!$%&'*+^_`|~", "billing-1.0!$%&'*+^_`|~"),
            ("my app#2/(x)", "my-app-2--x-"),
            ("a\r\nb: c", "a--b--c"),
            ("caf\u{e9}\u{1f511}", "caf--"),
            (&"x".repeat(60), &"x".repeat(60)),
        ] {
            let value = user_agent(&service, Some(id));
            let text = value.to_str().unwrap();
            assert!(text.ends_with(&format!(" app/{expected}")), "{text}");
        }
    }
}
