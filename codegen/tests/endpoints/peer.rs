//! Rule sets from botocore, with what botocore itself answers.

use std::process::Command;

use serde_json::Value;
use tinsmith_codegen::endpoint::parse_rule_set;

use crate::suite::Suite;

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

pub(crate) fn suites() -> Vec<Suite> {
    let python = std::env::var("TINSMITH_PYTHON").unwrap_or_else(|_| "python3".into());
    let output = Command::new(python)
        .args(["-c", PEER])
        .args(SERVICES)
        .output();
    let Some(output) = output.ok().filter(|output| output.status.success()) else {
        eprintln!("skipped: set TINSMITH_PYTHON to a Python that has botocore");
        return Vec::new();
    };
    let services: Value = serde_json::from_slice(&output.stdout).unwrap();
    let suites = services.as_object().unwrap().iter().map(|(name, service)| {
        let rules = parse_rule_set(&service["rules"]);
        let rules = rules.unwrap_or_else(|faults| panic!("{name}: {}", faults.join("\n")));
        Suite::new(&format!("peer {name}"), rules, &service["tests"])
    });
    suites.collect()
}
