//! The corpus of profile chains, and cases of our own.

use serde_json::{Value, json};

use super::*;
use crate::credentials::CredentialsErrorKind;
use crate::profile::{FileKind, parse};

fn plan_of(config: &str, selected: Option<&str>) -> Result<Plan, CredentialsError> {
    let sections = parse(config, FileKind::Config).unwrap();
    plan(&ProfileSet::new(sections, selected))
}

#[test]
fn plans_match_official_cases() {
    let path = "conformance/credentials/assume-role-tests.json";
    let Some(path) = tinsmith_testing::shared(path) else {
        return;
    };
    let text = std::fs::read(path).unwrap();
    let cases: Vec<Value> = serde_json::from_slice(&text).unwrap();
    assert_eq!(cases.len(), 28);
    for case in cases {
        let docs = &case["docs"];
        let input = &case["input"];
        let result = plan_of(&config(input), input["selected_profile"].as_str());
        match &case["output"]["Error"] {
            Value::String(message) => {
                let error = result.expect_err(message).to_string();
                assert!(error.contains(message), "{docs}: {error} lacks {message}");
            }
            _ => {
                let expected = case["output"]["ProfileChain"].as_array().unwrap();
                assert_eq!(&chain(&result.unwrap()), expected, "{docs}");
            }
        }
    }
}

/// A config file with the sections of a case.
fn config(input: &Value) -> String {
    let mut text = String::new();
    for (kind, sections) in [
        ("profile", &input["profiles"]),
        ("sso-session", &input["sso_sessions"]),
    ] {
        for (name, section) in sections.as_object().into_iter().flatten() {
            text += &format!("[{kind} {name}]\n");
            for (name, value) in section.as_object().unwrap() {
                text += &format!("{name} = {}\n", value.as_str().unwrap());
            }
        }
    }
    text
}

/// A plan as the corpus writes one.
fn chain(plan: &Plan) -> Vec<Value> {
    let base = match &plan.base {
        Base::Keys(keys) => json!({"AccessKey": {
            "access_key_id": keys.access_key_id(),
            "secret_access_key": keys.secret_access_key(),
            "account_id": keys.account_id(),
        }}),
        Base::Named(source) => json!({"NamedSource": format!("{source:?}")}),
        Base::Process(process) => panic!("{process:?} is not in the corpus"),
        Base::Sso(sso) => json!({"Sso": {
            "sso_session": sso.session,
            "sso_region": sso.region,
            "sso_start_url": sso.start_url,
            "sso_account_id": sso.role.as_ref().map(|(account, _)| account),
            "sso_role_name": sso.role.as_ref().map(|(_, role)| role),
        }}),
        Base::WebIdentity(identity) => json!({"WebIdentityToken": {
            "role_arn": identity.role_arn,
            "web_identity_token_file": identity.token_file,
            "role_session_name": identity.session_name,
        }}),
    };
    let roles = plan.roles.iter().map(|role| {
        json!({"AssumeRole": {
            "role_arn": role.role_arn,
            "external_id": role.external_id,
            "role_session_name": role.session_name,
        }})
    });
    std::iter::once(base)
        .chain(roles)
        .map(without_nulls)
        .collect()
}

fn without_nulls(mut step: Value) -> Value {
    for members in step.as_object_mut().unwrap().values_mut() {
        if let Value::Object(members) = members {
            members.retain(|_, value| !value.is_null());
        }
    }
    step
}

#[test]
fn a_missing_profile_is_a_mistake_only_when_named() {
    let kind = |selected| plan_of("[profile other]", selected).unwrap_err().kind();
    assert_eq!(kind(None), CredentialsErrorKind::NotConfigured);
    assert_eq!(
        kind(Some("default")),
        CredentialsErrorKind::InvalidConfiguration
    );
    // It exists and asks for nothing.
    assert_eq!(kind(Some("other")), CredentialsErrorKind::NotConfigured);
}

#[test]
fn ignored_sections_explain_what_is_missing() {
    let sso = "[profile p]\nsso_session = a b\nsso_account_id = 1\nsso_role_name = r\n\
               [sso-session a b]";
    for (config, expected) in [
        ("[p]", "section `[p]` at line 1"),
        ("[Profile p]\n[default]", "section `[Profile p]` at line 1"),
        (sso, "section `[sso-session a b]` at line 5"),
    ] {
        let error = plan_of(config, Some("p")).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn keys_come_before_a_program_and_that_before_sso() {
    let sso = "sso_start_url=u\nsso_region=r\nsso_account_id=1\nsso_role_name=n\n";
    let process = "credential_process = p\n";
    let keys = "aws_access_key_id=a\naws_secret_access_key=b\n";
    let base = |config: String| plan_of(&format!("[default]\n{config}"), None).unwrap().base;
    assert!(matches!(
        base(format!("{sso}{process}{keys}")),
        Base::Keys(_)
    ));
    assert!(matches!(base(format!("{sso}{process}")), Base::Process(_)));
    assert!(matches!(base(sso.to_owned()), Base::Sso(_)));
}

#[test]
fn profile_with_misconfigured_credentials_is_an_error() {
    for (settings, property) in [
        ("login_session = arn:aws:iam::1:user/me", "login_session"),
        (
            "aws_acces_key_id = a\naws_secret_acess_key = b",
            "aws_acces_key_id",
        ),
        ("AccessKeyId = a", "accesskeyid"),
        ("aws_access_key = a", "aws_access_key"),
        ("aws access key id = a", "aws"),
        ("aws_access_key_id: a =", "aws_access_key_id"),
        ("aws_secret_access_key:hidden/x =", "aws_secret_access_key"),
        ("source_profile = other", "source_profile"),
        ("rol_arn = r\nsource_profile = other", "rol_arn"),
        ("role_anr = r\nweb_idenity_token_file = t", "role_anr"),
        ("credential_source = Environment", "credential_source"),
        ("credental_process = p", "credental_process"),
        ("sso_region = r", "sso_region"),
        ("soo_start_url = u", "soo_start_url"),
        ("mfa_serial = m", "mfa_serial"),
        ("aws_session_token = t", "aws_session_token"),
        ("export AWS_ACCESS_KEY_ID = a", "aws_access_key_id"),
        ("\"aws_access_key_id\" = a", "aws_access_key_id"),
        ("$Env:AWS_ACCESS_KEY_ID = a", "aws_access_key_id"),
        ("aws_access_key_id\u{200b} = a", "aws_access_key_id"),
        ("\u{201c}key\u{201d}hidden = a", "key"),
        (
            "output = json\n  AWS_Access_Key_Id = a",
            "aws_access_key_id",
        ),
        ("output = json\n\tx = y\n\trole_arn=r", "role_arn"),
    ] {
        for (section, selected) in [("default", None), ("profile p", Some("p"))] {
            let config = format!("[{section}]\nregion = r\n{settings}");
            let error = plan_of(&config, selected).unwrap_err();
            assert_eq!(
                error.kind(),
                CredentialsErrorKind::InvalidConfiguration,
                "{settings}"
            );
            let error = error.to_string();
            let profile = format!("profile `{}`", selected.unwrap_or("default"));
            assert!(error.contains(&profile), "{error}");
            assert!(error.contains(&format!("`{property}`")), "{error}");
            assert!(!error.contains("hidden"), "{error}");
        }
    }
}

#[test]
fn profile_with_other_settings_only_is_not_configured() {
    let settings = "region = r\noutput = json\ncli_pager =\nretry_mode = standard\n\
        s3 =\n  aws_access_key_id = nested\ns3_disable_express_session_auth = true\n\
        ca_bundle = b\nendpoint_url = http://h\nservices = s\nsdk_ua_app_id = a\n\
        glue_iam_role = r\napi_versions =\n  secretsmanager = v\n  role_arn = nested\n\
        sts_regional_endpoints = regional\ndefaults_mode = auto\nec2_metadata_v1_disabled = true\n\
        aws_access_key_id =\naccount_id_endpoint_mode = preferred\nmetadata_service_timeout = 1\n";
    for (section, selected) in [("default", None), ("profile p", Some("p"))] {
        let error = plan_of(&format!("[{section}]\n{settings}"), selected).unwrap_err();
        assert_eq!(error.kind(), CredentialsErrorKind::NotConfigured, "{error}");
    }
}

#[test]
fn settings_that_cannot_work_are_named() {
    for (settings, expected) in [
        ("mfa_serial = m\nsource_profile = default", "mfa_serial"),
        (
            "duration_seconds = 1h\nsource_profile = default",
            "duration_seconds",
        ),
        ("credential_source = Ec2", "credential_source"),
        ("source_profile = default", "its `source_profile` is itself"),
        (
            "source_profile = a b\n[profile a b]",
            "section `[profile a b]` at line 4 is ignored",
        ),
    ] {
        let config = format!("[default]\nrole_arn = arn\n{settings}");
        let error = plan_of(&config, None).unwrap_err();
        assert_eq!(error.kind(), CredentialsErrorKind::InvalidConfiguration);
        assert!(error.to_string().contains(expected), "{error}");
    }
}
