//! The parser test suite that the AWS SDKs share, and its cases of file locations.

use std::collections::BTreeMap;

use serde_json::Value;
use tinsmith_client::environment::Environment;
use tinsmith_client::profile::{FileKind, FileLocations, ProfileSet, Section, Sections, parse};

use super::corpus;

#[test]
fn parser_passes_official_cases() {
    let Some(suite) = corpus::json("profile-parser-tests.json") else {
        return;
    };
    let cases = suite["tests"].as_array().unwrap().iter();
    let cases = cases.map(|case| (case["name"].as_str().unwrap().to_owned(), case));
    corpus::run("profile-parser", 65, cases, |_, case| {
        let text = |name: &str| case["input"][name].as_str().unwrap_or_default();
        let parsed = parse(text("configFile"), FileKind::Config).and_then(|mut sections| {
            sections.merge(parse(text("credentialsFile"), FileKind::Credentials)?);
            Ok(sections)
        });
        match case["output"]["errorContaining"].as_str() {
            Some(message) => {
                let error = parsed.expect_err(message);
                assert!(
                    error.to_string().contains(message),
                    "{error} lacks {message:?}"
                );
                assert!(error.line() >= 1);
            }
            None => check_sections(&case["output"]["config"], &parsed.unwrap()),
        }
    });
}

fn check_sections(expected: &Value, actual: &Sections) {
    assert_eq!(plain(&actual.profiles), sections(&expected["profiles"]));
    assert_eq!(
        plain(&actual.sso_sessions),
        sections(&expected["sso_sessions"])
    );
    assert!(actual.services.is_empty());
}

type Plain = BTreeMap<String, BTreeMap<String, String>>;

fn sections(value: &Value) -> Plain {
    let members = value.as_object().into_iter().flatten();
    members
        .map(|(name, section)| (name.clone(), corpus::strings(section)))
        .collect()
}

fn plain(sections: &BTreeMap<String, Section>) -> Plain {
    let properties = |section: &Section| {
        let names = section.names();
        names
            .map(|name| (name.to_owned(), section.get(name).unwrap().to_owned()))
            .collect()
    };
    sections
        .iter()
        .map(|(name, section)| (name.clone(), properties(section)))
        .collect()
}

#[test]
fn locations_pass_official_cases() {
    let Some(suite) = corpus::json("file-location-tests.json") else {
        return;
    };
    let cases = suite["tests"].as_array().unwrap().iter();
    let cases = cases.map(|case| (case["name"].as_str().unwrap().to_owned(), case));
    corpus::run("file-location", 9, cases, |_, case| {
        let none: [(&str, &str); 0] = [];
        let environment = Environment::fake(corpus::strings(&case["environment"]), none)
            .windows_paths(case["platform"] == "windows");
        let locations = FileLocations::new(&environment);
        assert_eq!(locations.config.as_deref(), case["configLocation"].as_str());
        assert_eq!(
            locations.credentials.as_deref(),
            case["credentialsLocation"].as_str()
        );
        if let Some(profile) = case["profile"].as_str() {
            let profiles = ProfileSet::load(&environment, None).unwrap();
            assert_eq!(profiles.selected_name(), profile);
        }
    });
}
