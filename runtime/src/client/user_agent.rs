//! What the client says of itself in `user-agent` and `x-amz-user-agent`.

use http::HeaderValue;

use crate::operation::ServiceInfo;

/// `tinsmith/VERSION ua/2.1 api/kms#VERSION os/linux lang/rust`, then `app/ID` when there is one
/// ("User agent" of the AWS SDKs' specification).
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
    // Tokens always are a header's value.
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("tinsmith"))
}

/// Whether an application id is one: at most 50 characters that may stand in a header's token.
pub(super) fn is_app_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= 50 && token(text) == text
}

/// Characters that may not stand in a token become `-` (RFC 9110, section 5.6.2).
fn token(text: &str) -> String {
    let keep = |c: char| c.is_ascii_alphanumeric() || "!$%&'*+-.^_`|~".contains(c);
    text.chars()
        .map(|c| if keep(c) { c } else { '-' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_it_is_and_nothing_else() {
        let service = ServiceInfo::aws_json_1_1("Secrets Manager", "2017-10-17", "secretsmanager")
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
    fn application_ids() {
        assert!(is_app_id("billing-1.0"));
        for wrong in ["", "a b", "a\r\nb", &"x".repeat(51)] {
            assert!(!is_app_id(wrong), "{wrong:?}");
        }
    }
}
