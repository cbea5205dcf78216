//! Properties about credentials that have no effect.
//!
//! After a profile without credentials, the chain tries other providers, down to the role of the
//! instance. So with a misspelled or unsupported property, the program would use a different
//! identity.

use crate::profile::{Section, shown_name};

/// Words in the names of properties about credentials. Each name contains two of them, so that one
/// may be misspelled.
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

/// Properties that determine the source of credentials on their own.
const DECISIVE: [&str; 10] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "credential_process",
    "login_session",
    "role_arn",
    "sso_account_id",
    "sso_session",
    "sso_start_url",
    "source_profile",
    "web_identity_token_file",
];

/// Returns the message for the profile `name` without credentials, and whether it has a property
/// about credentials.
pub(super) fn nothing_in(name: &str, profile: &Section) -> (String, bool) {
    let mut message = format!("profile `{name}` did not contain credential information");
    let Some(property) = find(profile) else {
        let Some(property) = indented(profile) else {
            return (message, false);
        };
        message.push_str(&format!(
            ": `{property}` has no effect in an indented line, which continues the line before it"
        ));
        return (message, true);
    };
    let why = match property {
        _ if profile.get(property).is_none() => "is part of an invalid name",
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
    // In a line such as `aws_access_key_id: AKID =`, the parser treats all text before `=` as the
    // name, and the value is empty.
    let is_odd = |name: &&str| shown_name(name) != *name;
    let names = profile.names().filter(|name| is_set(name) || is_odd(name));
    let mut names = names.chain(profile.invalid_names());
    names.find(|name| is_about_credentials(name))
}

/// Returns a property in an indented line, which continues the value before it. Lines after an
/// empty value are nested properties.
fn indented(profile: &Section) -> Option<&'static str> {
    let values = profile.names().filter_map(|name| profile.get(name));
    let mut lines =
        values.filter_map(|value| value.split_once('\n').filter(|(own, _)| !own.is_empty()));
    lines.find_map(|(_, below)| {
        let mut names = below
            .lines()
            .filter_map(|line| Some(line.split_once('=')?.0.trim()));
        names.find_map(|name| {
            let mut known = DECISIVE.into_iter();
            known.find(|known| known.eq_ignore_ascii_case(name))
        })
    })
}

fn is_about_credentials(property: &str) -> bool {
    // Settings of the AWS CLI, of S3 (such as `s3_disable_express_session_auth`) and of AWS Glue.
    let others = ["cli_", "s3", "glue_"];
    let is_other = others.iter().any(|other| property.starts_with(other));
    !is_other && WORDS.iter().any(|word| property.contains(word))
}
