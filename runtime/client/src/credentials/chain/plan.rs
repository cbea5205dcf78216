//! Determines the steps to get the credentials of the selected profile. Performs no I/O.
//!
//! Source: "Assume role credential provider", "IAM Identity Center credential provider" and
//! "Process credential provider" in the AWS SDKs and Tools Reference Guide.

mod leftover;

use std::collections::BTreeSet;

use self::leftover::nothing_in;
use super::Credentials;
use super::error::{CredentialsError, Errors};
use crate::profile::{ProfileSet, Section};

pub(super) const NAME: &str = "Profile";
const ERRORS: Errors = Errors(NAME);

/// The source of the first credentials, and the roles to assume with them one after another.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) base: Base,
    pub(super) roles: Vec<Role>,
}

/// The source of the first credentials.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Base {
    Keys(Credentials),
    Named(Source),
    Process(Process),
    Sso(Sso),
    WebIdentity(WebIdentity),
}

/// The values of `credential_source`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Environment,
    Ec2InstanceMetadata,
    EcsContainer,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Process {
    pub(super) command: String,
    /// Used if the program does not return the account.
    pub(super) account_id: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sso {
    /// The name of the `[sso-session]`; `None` for a profile of the older form.
    pub(super) session: Option<String>,
    pub(super) region: String,
    pub(super) start_url: String,
    /// Account ID and role name; `None` for a profile for bearer tokens.
    pub(super) role: Option<(String, String)>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct WebIdentity {
    pub(super) role_arn: String,
    pub(super) token_file: String,
    pub(super) session_name: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Role {
    pub(super) role_arn: String,
    pub(super) external_id: Option<String>,
    pub(super) session_name: Option<String>,
    pub(super) duration_seconds: Option<u32>,
}

/// Returns the plan for the selected profile.
///
/// If another profile uses a profile as its source, static keys of the source profile win over its
/// role. In the selected profile, the role wins.
///
/// # Errors
///
/// Returns `NotConfigured` if the selected profile is the default one and missing, or has no
/// properties about credentials. Returns `InvalidConfiguration` for contradictions and incomplete
/// properties about credentials.
pub(super) fn plan(profiles: &ProfileSet) -> Result<Plan, CredentialsError> {
    let mut name = profiles.selected_name();
    let mut profile = selected(profiles)?;
    let mut path = vec![name];
    let mut visited = BTreeSet::from([name]);
    let mut roles = Vec::new();
    let base = loop {
        if path.len() > 1 {
            if let Some(keys) = static_keys(name, profile)? {
                break Base::Keys(keys);
            }
        }
        let (role, source) = match step(name, profile, profiles)? {
            Step::Base(base) => break base,
            Step::Role(role, source) => (role, source),
        };
        roles.push(role);
        let source = match source {
            RoleSource::Named(source) => break Base::Named(source),
            RoleSource::Profile(source) => source,
        };
        let next = profiles.profile(source).ok_or_else(|| {
            let why = profiles.why_missing(source);
            let message =
                format!("could not find source profile {source} referenced from {name}{why}");
            ERRORS.configuration(message)
        })?;
        if source == name {
            let base = base(name, profile, profiles)?;
            let missing = || {
                ERRORS.configuration(format!(
                    "profile `{name}` did not contain credential information: its `source_profile` \
                     is itself, so it needs some besides `role_arn`"
                ))
            };
            break base.ok_or_else(missing)?;
        }
        path.push(source);
        if !visited.insert(source) {
            let path = path.join(" -> ");
            return Err(ERRORS.configuration(format!(
                "profile formed an infinite loop by source_profile: {path}"
            )));
        }
        (name, profile) = (source, next);
    };
    roles.reverse();
    Ok(Plan { base, roles })
}

fn selected(profiles: &ProfileSet) -> Result<&Section, CredentialsError> {
    let name = profiles.selected_name();
    profiles.selected().ok_or_else(|| {
        let why = profiles.why_missing(name);
        let message = if profiles.profiles().is_empty() {
            format!("No profiles were defined, so there is no profile `{name}`{why}")
        } else {
            format!("there is no profile `{name}` in the shared config and credentials files{why}")
        };
        if profiles.selected_explicitly() {
            ERRORS.configuration(message)
        } else {
            ERRORS.not_configured(message)
        }
    })
}

enum Step<'a> {
    Base(Base),
    Role(Role, RoleSource<'a>),
}

enum RoleSource<'a> {
    Profile(&'a str),
    Named(Source),
}

fn step<'a>(
    name: &str,
    profile: &'a Section,
    profiles: &ProfileSet,
) -> Result<Step<'a>, CredentialsError> {
    let role_arn = value(profile, "role_arn");
    let (Some(role_arn), None) = (role_arn, value(profile, "web_identity_token_file")) else {
        let base = base(name, profile, profiles)?;
        if let Some(base) = base {
            return Ok(Step::Base(base));
        }
        let (message, misconfigured) = nothing_in(name, profile);
        let required = misconfigured || name != profiles.selected_name();
        return Err(match required {
            true => ERRORS.configuration(message),
            false => ERRORS.not_configured(message),
        });
    };
    let source = match (
        value(profile, "source_profile"),
        value(profile, "credential_source"),
    ) {
        (Some(source), None) => RoleSource::Profile(source),
        (None, Some(source)) => RoleSource::Named(named_source(name, source)?),
        (Some(_), Some(_)) => {
            return Err(ERRORS.configuration(format!(
                "profile contained both source_profile and credential_source: `{name}` may have one"
            )));
        }
        (None, None) => {
            return Err(ERRORS.configuration(format!(
                "`{name}` has a role_arn; such a profile must contain `source_profile`, \
                 `credential_source` or `web_identity_token_file`"
            )));
        }
    };
    Ok(Step::Role(role(name, role_arn, profile)?, source))
}

fn role(name: &str, role_arn: &str, profile: &Section) -> Result<Role, CredentialsError> {
    if value(profile, "mfa_serial").is_some() {
        return Err(ERRORS.configuration(format!(
            "profile `{name}` has an mfa_serial, and nobody can be asked for a code here; \
             use credential_process or IAM Identity Center instead"
        )));
    }
    let duration_seconds = match value(profile, "duration_seconds") {
        None => None,
        Some(text) => Some(text.parse().map_err(|_| {
            let message = format!("duration_seconds of profile `{name}` is not a number");
            ERRORS.configuration(message)
        })?),
    };
    Ok(Role {
        role_arn: role_arn.to_owned(),
        external_id: owned(profile, "external_id"),
        session_name: owned(profile, "role_session_name"),
        duration_seconds,
    })
}

fn named_source(name: &str, source: &str) -> Result<Source, CredentialsError> {
    match source {
        "Environment" => Ok(Source::Environment),
        "Ec2InstanceMetadata" => Ok(Source::Ec2InstanceMetadata),
        "EcsContainer" => Ok(Source::EcsContainer),
        _ => Err(ERRORS.configuration(format!(
            "credential_source of profile `{name}` must be Environment, Ec2InstanceMetadata or \
             EcsContainer"
        ))),
    }
}

/// Returns the source in a profile itself, or `None` for a profile without credentials.
fn base(
    name: &str,
    profile: &Section,
    profiles: &ProfileSet,
) -> Result<Option<Base>, CredentialsError> {
    if let Some(web_identity) = web_identity(name, profile)? {
        return Ok(Some(Base::WebIdentity(web_identity)));
    }
    if let Some(keys) = static_keys(name, profile)? {
        return Ok(Some(Base::Keys(keys)));
    }
    if let Some(command) = value(profile, "credential_process") {
        return Ok(Some(Base::Process(Process {
            command: command.to_owned(),
            account_id: owned(profile, "aws_account_id"),
        })));
    }
    Ok(sso(name, profile, profiles)?.map(Base::Sso))
}

fn static_keys(name: &str, profile: &Section) -> Result<Option<Credentials>, CredentialsError> {
    let key = value(profile, "aws_access_key_id");
    let secret = value(profile, "aws_secret_access_key");
    let missing = |property| {
        let message = format!("profile missing {property}: `{name}` has only half of the pair");
        Err(ERRORS.configuration(message))
    };
    match (key, secret) {
        (Some(key), Some(secret)) => Ok(Some(
            Credentials::new(key, secret, NAME)
                .with_session_token(owned(profile, "aws_session_token"))
                .with_account_id(owned(profile, "aws_account_id")),
        )),
        (Some(_), None) => missing("aws_secret_access_key"),
        (None, Some(_)) => missing("aws_access_key_id"),
        (None, None) => Ok(None),
    }
}

fn web_identity(name: &str, profile: &Section) -> Result<Option<WebIdentity>, CredentialsError> {
    let Some(token_file) = value(profile, "web_identity_token_file") else {
        return Ok(None);
    };
    let role_arn = value(profile, "role_arn").ok_or_else(|| {
        ERRORS.configuration(format!(
            "`web_identity_token_file` was specified but `role_arn` was missing in profile `{name}`"
        ))
    })?;
    Ok(Some(WebIdentity {
        role_arn: role_arn.to_owned(),
        token_file: token_file.to_owned(),
        session_name: owned(profile, "role_session_name"),
    }))
}

fn sso(
    name: &str,
    profile: &Section,
    profiles: &ProfileSet,
) -> Result<Option<Sso>, CredentialsError> {
    let session = value(profile, "sso_session");
    let account = value(profile, "sso_account_id");
    let role_name = value(profile, "sso_role_name");
    let start_url = value(profile, "sso_start_url");
    if session.or(account).or(role_name).or(start_url).is_none() {
        return Ok(None);
    }
    let error = |message: String| ERRORS.configuration(message);
    let role = match (account, role_name) {
        (Some(account), Some(role_name)) => Some((account.to_owned(), role_name.to_owned())),
        (None, None) => None,
        (None, Some(_)) => {
            return Err(error(format!(
                "if `sso_role_name` is set, then `sso_account_id` must also be set in profile `{name}`"
            )));
        }
        (Some(_), None) => {
            return Err(error(format!(
                "if `sso_account_id` is set, then `sso_role_name` must also be set in profile `{name}`"
            )));
        }
    };
    // Region and start URL are in the session if there is one, else in the profile.
    let holder = match session {
        None => profile,
        Some(session) => profiles.sso_session(session).ok_or_else(|| {
            error(format!(
                "sso-session named `{session}` (referenced by profile `{name}`) was not found{}",
                profiles.why_missing(session)
            ))
        })?,
    };
    let get = |property| match (value(holder, property), value(profile, property)) {
        (found, Some(own)) if found != Some(own) => Err(error(format!(
            "`{property}` can only be specified in the [sso-session] config when a session name \
             is given, as in profile `{name}`"
        ))),
        (Some(found), _) => Ok(found.to_owned()),
        (None, _) => Err(error(format!(
            "`{property}` is missing for IAM Identity Center in profile `{name}`"
        ))),
    };
    Ok(Some(Sso {
        session: session.map(str::to_owned),
        region: get("sso_region")?,
        start_url: get("sso_start_url")?,
        role,
    }))
}

/// Returns a property unless it is empty.
fn value<'a>(profile: &'a Section, property: &str) -> Option<&'a str> {
    profile.get(property).filter(|value| !value.is_empty())
}

fn owned(profile: &Section, property: &str) -> Option<String> {
    value(profile, property).map(str::to_owned)
}

#[cfg(test)]
mod tests;
