//! Properties that were meant to lead to credentials and do not.
//!
//! A profile without a way to credentials lets the search go on, down to the role of the instance.
//! So a misspelled or unsupported property would make the program act as somebody else.

use crate::profile::{Section, shown_name};

/// Words in the names of properties that have to do with credentials. Each name has two of them,
/// so that one may be misspelled.
const WORDS: [&str; 23] = [
    "access",
    "arn",
    "aws",
    "credential",
    "duration",
    "external",
    "identity",
    "key",
    "login",
    "mfa",
    "password",
    "process",
    "profile",
    "role",
    "saml",
    "secret",
    "serial",
    "session",
    "source",
    "sso",
    "start_url",
    "token",
    "web_",
];

/// The message for the profile `name` without credentials, and whether it has a property that was
/// meant to give some.
pub(super) fn nothing_in(name: &str, profile: &Section) -> (String, bool) {
    let mut message = format!("profile `{name}` did not contain credential information");
    let Some(property) = find(profile) else {
        return (message, false);
    };
    let why = match property {
        "source_profile" | "credential_source" | "external_id" | "role_session_name"
        | "duration_seconds" | "mfa_serial" => "has no effect without `role_arn`",
        "aws_session_token" | "aws_account_id" => {
            "has no effect without `aws_access_key_id` and `aws_secret_access_key`"
        }
        "sso_region" | "sso_registration_scopes" => {
            "has no effect without `sso_session` or `sso_start_url`"
        }
        _ => "is not supported",
    };
    message.push_str(&format!(
        ": `{}` {why}; fix or remove it",
        shown_name(property)
    ));
    (message, true)
}

fn find(profile: &Section) -> Option<&str> {
    let is_set = |name: &&str| profile.get(name).is_some_and(|value| !value.is_empty());
    // What follows the name of a property in a form other than `name = value` is a part of the
    // name to the parser, as in `aws_access_key_id: AKID =`; its value is then empty.
    let is_odd = |name: &&str| shown_name(name) != *name;
    let names = profile.names().filter(|name| is_set(name) || is_odd(name));
    let mut names = names.chain(profile.invalid_names());
    names.find(|name| is_about_credentials(name))
}

fn is_about_credentials(property: &str) -> bool {
    // Settings of the AWS CLI and of S3, such as `s3_disable_express_session_auth`.
    let is_other = property.starts_with("cli_") || property.starts_with("s3");
    !is_other && WORDS.iter().any(|word| property.contains(word))
}
