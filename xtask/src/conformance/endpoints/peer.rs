//! Rule sets from botocore, with the results of botocore.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tinsmith_codegen::lower::endpoint::parse_rule_set;
use tinsmith_conformance::endpoint::Suite;

use crate::Failure;
use crate::suites::missing;

/// Prints the rule sets of some services with tests of random parameters, the same on every run.
const PEER: &str = include_str!("peer.py");

/// Services whose rules differ most from each other, including those with ARNs and buckets.
const SERVICES: [&str; 16] = [
    "cloudfront",
    "dynamodb",
    "ecr",
    "efs",
    "events",
    "health",
    "iam",
    "kinesis",
    "networkmanager",
    "organizations",
    "route53",
    "s3",
    "s3control",
    "sns",
    "sts",
    "timestream-query",
];

/// Returns the suites, created with this Python. Without botocore, prints a note and returns none.
///
/// # Errors
///
/// If the environment requires all suites and botocore is missing, or if its output is invalid.
pub(super) fn suites(python: &Path) -> Result<Vec<Suite>, Failure> {
    let output = Command::new(python)
        .args(["-c", PEER])
        .args(SERVICES)
        .output();
    let Some(output) = output.ok().filter(|output| output.status.success()) else {
        let reason = "botocore's endpoint rules: set TINSMITH_PYTHON to a Python that has botocore";
        missing(reason)?;
        errln!("not run: {reason}");
        return Ok(Vec::new());
    };
    read(&output.stdout).map_err(Failure::Work)
}

fn read(printed: &[u8]) -> Result<Vec<Suite>, String> {
    let services: Value =
        serde_json::from_slice(printed).map_err(|e| format!("botocore's endpoint rules: {e}"))?;
    let services = services.as_object().into_iter().flatten();
    let suites = services.map(|(name, service)| {
        let rules = parse_rule_set(&service["rules"]);
        let rules = rules.map_err(|faults| format!("{name}: {}", faults.join("; ")))?;
        Suite::new(
            &format!("botocore/{name}"),
            "tree",
            rules,
            &service["tests"],
        )
    });
    suites.collect()
}
