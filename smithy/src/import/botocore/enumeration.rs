//! Names for the values of an enum, which botocore does not have.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::json::Object;
use crate::ast::ShapeId;

/// The members of an enum, in the order of the values.
pub(super) fn members(values: &[&str]) -> Value {
    let mut members = Object::new();
    let mut taken = BTreeSet::new();
    for value in values {
        let name = unique(name(value), &mut taken);
        let member = json!({
            "target": "smithy.api#Unit",
            "traits": { "smithy.api#enumValue": value },
        });
        members.insert(name, member);
    }
    members.into()
}

/// A value that is an identifier is its own name, as in AWS's models; another is cut into words
/// and written in capitals: `docker-hub` is `DOCKER_HUB`, `AWS::EC2::Host` is `AWS_EC2_HOST`.
fn name(value: &str) -> String {
    if ShapeId::new(format!("a#{value}")).is_some() && !value.contains('$') {
        return value.to_owned();
    }
    let mut name = String::new();
    let mut previous = ' ';
    for c in value.chars() {
        let starts_word =
            c.is_ascii_uppercase() && (previous.is_ascii_lowercase() || previous.is_ascii_digit());
        if c.is_ascii_alphanumeric() {
            let after_gap = !previous.is_ascii_alphanumeric() && !name.is_empty();
            if starts_word || after_gap {
                name.push('_');
            }
            name.push(c.to_ascii_uppercase());
        }
        previous = c;
    }
    match name.chars().next() {
        None => "EMPTY".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("_{name}"),
        Some(_) => name,
    }
}

/// Names of members differ in more than case (Smithy specification, "Shape names and members");
/// a number sets a later one apart.
fn unique(name: String, taken: &mut BTreeSet<String>) -> String {
    let mut candidate = name.clone();
    let mut number = 2;
    while !taken.insert(candidate.to_ascii_lowercase()) {
        candidate = format!("{name}_{number}");
        number += 1;
    }
    candidate
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(values: &[&str]) -> Vec<String> {
        let members = members(values);
        members.as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn identifiers_are_their_own_names() {
        let values = ["AES_256", "SymmetricDefault", "json", "_8a", "x86"];
        assert_eq!(names(&values), values);
    }

    #[test]
    fn other_values_become_words_in_capitals() {
        let cases = [
            ("docker-hub", "DOCKER_HUB"),
            ("AWS::EC2::Host", "AWS_EC2_HOST"),
            ("Automation.ChangeTemplate", "AUTOMATION_CHANGE_TEMPLATE"),
            ("Bytes/Second", "BYTES_SECOND"),
            ("V1.1", "V1_1"),
            ("5.1", "_5_1"),
            ("a$b", "A_B"),
            ("*", "EMPTY"),
            ("(old)", "OLD"),
        ];
        for (value, name) in cases {
            assert_eq!(names(&[value]), [name]);
        }
    }

    #[test]
    fn names_are_unique_whatever_their_case() {
        assert_eq!(
            names(&["Windows", "WINDOWS", "a-b", "A_B"]),
            ["Windows", "WINDOWS_2", "A_B", "A_B_2"]
        );
        assert_eq!(names(&["<", "<="]), ["EMPTY", "EMPTY_2"]);
    }
}
