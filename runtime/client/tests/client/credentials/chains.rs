//! The corpora of provider chains: environment, files and HTTP traffic in, credentials or an
//! error out.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::{Value, json};
use tinsmith_client::credentials::CredentialsErrorKind::{
    self, InvalidConfiguration, InvalidResponse, NotConfigured, Refused, Unavailable,
    UnreadableConfiguration,
};
use tinsmith_client::credentials::{
    Credentials, CredentialsError, DefaultChain, ProfileProvider, ProvideCredentials,
    ProviderContext,
};
use tinsmith_client::environment::Environment;

use super::corpus;
use super::replay::Replay;
use crate::world::{FakeClock, block_on};

/// What the errors mean that the corpora expect. The corpora were recorded from another SDK and
/// quote its sentences; ours differ, so each case names the kind and the heart of our own text.
const ERRORS: [(&str, CredentialsErrorKind, &str); 16] = [
    (
        "credential_process_failure",
        Refused,
        "the program failed (exit status: 1)",
    ),
    (
        "credential_process_invalid",
        InvalidResponse,
        "output is not JSON",
    ),
    (
        "eks_pod_identity_no_token_file",
        InvalidConfiguration,
        "No such file or directory (os error 2)",
    ),
    ("empty_config", NotConfigured, "No profiles were defined"),
    (
        "imds_default_chain_error",
        NotConfigured,
        "the instance has no IAM role",
    ),
    (
        "imds_disabled",
        NotConfigured,
        "switched off by AWS_EC2_METADATA_DISABLED",
    ),
    (
        "imds_no_iam_role",
        InvalidConfiguration,
        "the instance has no IAM role",
    ),
    ("imds_token_fail", Refused, "IMDS is disabled"),
    (
        "invalid_config",
        UnreadableConfiguration,
        "could not parse profile file ~/.aws/config, line 2",
    ),
    (
        "invalid_sso_credentials_config",
        InvalidConfiguration,
        "will resolve an access token",
    ),
    (
        "profile_overrides_web_identity",
        InvalidConfiguration,
        "AWS_ACCESS_KEY_ID is not set",
    ),
    (
        "sso_no_token_file",
        InvalidConfiguration,
        "failed to read `~/.aws/sso/cache/dace00cba5f8355ec9d274ceb2bcebdfbeed0e12.json`: No such file or directory (os error 2)",
    ),
    (
        "sso_server_error",
        Unavailable,
        "getting credentials of the role MySsoRole",
    ),
    (
        "sso_token",
        InvalidConfiguration,
        "will resolve an access token",
    ),
    (
        "web_identity_source_profile_no_env",
        InvalidConfiguration,
        "`web_identity_token_file` was specified but `role_arn` was missing",
    ),
    (
        "web_identity_token_invalid_jwt",
        Refused,
        "InvalidIdentityToken: No OpenIDConnect provider found in your account",
    ),
];

#[test]
fn default_chain_passes_official_cases() {
    run("default-credential-provider-chain", 29, |context| {
        Box::new(DefaultChain::new(context))
    });
}

#[test]
fn profile_provider_passes_official_cases() {
    run("profile-provider", 18, |context| {
        Box::new(ProfileProvider::new(context))
    });
}

fn run(
    suite: &str,
    count: usize,
    provider: impl Fn(ProviderContext) -> Box<dyn ProvideCredentials>,
) {
    let Some(directory) = corpus::path(suite) else {
        return;
    };
    let mut cases: Vec<_> = std::fs::read_dir(&directory)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .collect();
    cases.sort();
    corpus::run(suite, count, cases, |name, path| {
        let read = |file| -> Value {
            serde_json::from_slice(&std::fs::read(path.join(file)).unwrap()).unwrap()
        };
        let replay = Replay::new(&read("http-traffic.json"));
        let variables = corpus::strings(&read("env.json"));
        let environment = Environment::fake(variables.clone(), files(&path)).allow_programs();
        let clock = FakeClock::at(1_234_567_890 - 3600);
        let context = ProviderContext::new(environment, Arc::clone(&replay) as _, clock);
        let result = block_on(provider(context).provide());
        let expected = &read("test-case.json")["result"];
        match expected.get("Ok") {
            Some(expected) => assert_eq!(&plain(&result.unwrap()), expected),
            None => {
                let theirs = expected["ErrorContains"].as_str().unwrap();
                let home = variables.get("HOME").map(String::as_str);
                check_error(name, theirs, home, &result);
            }
        }
        replay.check();
    });
}

/// `~` in the expected text stands for the home directory of the case.
fn check_error(
    name: &str,
    theirs: &str,
    home: Option<&str>,
    result: &Result<Credentials, CredentialsError>,
) {
    let error = result.as_ref().expect_err(theirs);
    let (_, kind, ours) = ERRORS
        .iter()
        .find(|(case, ..)| *case == name)
        .unwrap_or_else(|| panic!("{name} wants {theirs:?}, and ERRORS does not say what it is"));
    assert_eq!(error.kind(), *kind, "{error}");
    let ours = ours.replace('~', home.unwrap_or("~"));
    assert!(error.to_string().contains(&ours), "{error} lacks {ours:?}");
}

/// Credentials as the corpora write them.
fn plain(credentials: &Credentials) -> Value {
    let mut value = json!({
        "access_key_id": credentials.access_key_id(),
        "secret_access_key": credentials.secret_access_key(),
        "session_token": credentials.session_token(),
        "account_id": credentials.account_id(),
        "expiry": credentials.expiry().map(|expiry| {
            expiry.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs()
        }),
    });
    value
        .as_object_mut()
        .unwrap()
        .retain(|_, value| !value.is_null());
    value
}

/// All files below `fs`, which stands for the root directory.
fn files(case: &Path) -> BTreeMap<String, Vec<u8>> {
    let root = case.join("fs");
    let (mut files, mut directories) = (BTreeMap::new(), vec![root.clone()]);
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(&directory).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
                continue;
            }
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap();
            files.insert(format!("/{name}"), std::fs::read(&path).unwrap());
        }
    }
    files
}
