//! The table of partitions against AWS's own data: the copy among the conformance files, and the one
//! inside botocore, whose regular expressions Python itself evaluates.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;
use tinsmith_core::endpoint::partition;

/// Reads `{partitions: [{id, regions, outputs}]}` and compares facts and every named region.
fn compare(data: &Value) {
    let partitions = data["partitions"].as_array().unwrap();
    let mut seen = BTreeSet::new();
    for expected in partitions {
        let outputs = &expected["outputs"];
        let regions = expected["regions"].as_object().unwrap().keys();
        let implicit = outputs["implicitGlobalRegion"].as_str().unwrap();
        for region in regions.map(String::as_str).chain([implicit]) {
            let found = partition(region);
            assert_eq!(found.name, expected["id"], "{region}");
            assert_eq!(found.name, outputs["name"], "{region}");
            assert_eq!(found.dns_suffix, outputs["dnsSuffix"], "{region}");
            assert_eq!(found.dual_stack_dns_suffix, outputs["dualStackDnsSuffix"]);
            assert_eq!(found.supports_fips, outputs["supportsFIPS"]);
            assert_eq!(found.supports_dual_stack, outputs["supportsDualStack"]);
            assert_eq!(found.implicit_global_region, implicit);
            seen.insert(found.name);
        }
    }
    assert_eq!(seen.len(), partitions.len());
}

#[test]
fn partitions_match_conformance_data() {
    let Some(file) = tinsmith_testing::shared("conformance/endpoints/partitions.json") else {
        return;
    };
    compare(&serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap());
}

#[test]
fn unknown_regions_belong_to_aws() {
    for region in [
        "",
        "nowhere",
        "us-",
        "us-east-",
        "us-east-1a",
        "us--1",
        "us-gov-west",
        "aws-eusc-global",
    ] {
        assert_eq!(partition(region).name, "aws", "{region}");
    }
    assert_eq!(partition("eu-isoe-new-42").name, "aws-iso-e");
}

/// Evaluates AWS's expressions for one region name a line; the last line is the data itself.
const PEER: &str = r#"
import botocore, json, os, re, sys
with open(os.path.join(os.path.dirname(botocore.__file__), "data", "partitions.json")) as file:
    data = json.load(file)
for region in sys.stdin.read().split("\n"):
    owners = [p["id"] for p in data["partitions"] if region in p["regions"]]
    owners += [p["id"] for p in data["partitions"] if re.search(p["regionRegex"], region, re.ASCII)]
    print((owners + ["aws"])[0])
print(json.dumps(data))
"#;

#[test]
fn botocore_agrees() {
    let regions = region_like_names();
    let Some(python) = tinsmith_testing::python() else {
        return;
    };
    let output = run(&python, &regions.join("\n"));
    let lines: Vec<&str> = output.lines().collect();
    assert_eq!(lines.len(), regions.len() + 1);
    for (region, expected) in regions.iter().zip(&lines) {
        assert_eq!(partition(region).name, *expected, "{region}");
    }
    compare(&serde_json::from_str(lines[regions.len()]).unwrap());
}

fn run(python: &OsStr, input: &str) -> String {
    let mut child = Command::new(python)
        .args(["-c", PEER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // The child reads all of its input before it writes, so neither side waits for the other.
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// Names made of the pieces of real ones in any order, the same on every run.
fn region_like_names() -> Vec<String> {
    const PIECES: [&str; 24] = [
        "us", "eu", "ap", "cn", "mx", "eusc", "de", "iso", "isob", "isoe", "isof", "gov", "aws",
        "global", "east", "west", "north_2", "1", "42", "", "US", "us-gov", "x", "-",
    ];
    let mut random = fastrand::Rng::with_seed(7);
    let mut name = || {
        let pieces: Vec<_> = (0..random.usize(1..6))
            .map(|_| PIECES[random.usize(..PIECES.len())])
            .collect();
        pieces.join("-")
    };
    (0..5000).map(|_| name()).collect()
}
