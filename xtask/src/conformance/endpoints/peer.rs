//! Rule sets from botocore, with what botocore itself answers.

use std::process::Command;

use serde_json::Value;
use tinsmith_codegen::endpoint::parse_rule_set;
use tinsmith_codegen::endpoint_tests::Suite;

/// Prints the rule sets of some services with tests of random parameters, the same on every run.
const PEER: &str = include_str!("peer.py");

/// Services whose rules differ most from each other, those with ARNs and buckets among them.
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

/// The suites; none, with a line for the user, where Python or botocore is not installed.
pub(super) fn suites() -> Result<Vec<Suite>, String> {
    let python = std::env::var("TINSMITH_PYTHON").unwrap_or_else(|_| "python3".into());
    let output = Command::new(python)
        .args(["-c", PEER])
        .args(SERVICES)
        .output();
    let Some(output) = output.ok().filter(|output| output.status.success()) else {
        errln!(
            "notice: botocore's answers to endpoint rules are not compared; set TINSMITH_PYTHON to \
             a Python that has botocore"
        );
        return Ok(Vec::new());
    };
    let services: Value =
        serde_json::from_slice(&output.stdout).map_err(|e| format!("botocore's answers: {e}"))?;
    let services = services.as_object().into_iter().flatten();
    let suites = services.map(|(name, service)| {
        let rules = parse_rule_set(&service["rules"]);
        let rules = rules.map_err(|faults| format!("{name}: {}", faults.join("; ")))?;
        Suite::new(&format!("botocore {name}"), rules, &service["tests"])
    });
    suites.collect()
}
