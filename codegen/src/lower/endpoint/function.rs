//! The types of functions and of the records that they return.

use crate::ir::endpoint::{Expr, FieldOf, Function, Node, Type};

use Function as F;
use Type as T;

/// The functions with a fixed number of arguments: name, types of the arguments, type of the result.
#[rustfmt::skip]
const FIXED: &[(F, &str, &[T], T)] = &[
    (F::BooleanEquals, "booleanEquals", &[T::Boolean, T::Boolean], T::Boolean),
    (F::StringEquals, "stringEquals", &[T::String, T::String], T::Boolean),
    (F::Not, "not", &[T::Boolean], T::Boolean),
    (F::Substring, "substring", &[T::String, T::Integer, T::Integer, T::Boolean], T::String),
    (F::Split, "split", &[T::String, T::String, T::Integer], T::Strings),
    (F::UriEncode, "uriEncode", &[T::String], T::String),
    (F::ParseUrl, "parseURL", &[T::String], T::Url),
    (F::IsValidHostLabel, "isValidHostLabel", &[T::String, T::Boolean], T::Boolean),
    (F::Partition, "aws.partition", &[T::String], T::Partition),
    (F::ParseArn, "aws.parseArn", &[T::String], T::Arn),
    (F::IsVirtualHostableS3Bucket, "aws.isVirtualHostableS3Bucket", &[T::String, T::Boolean], T::Boolean),
];

/// Every member of every record.
#[rustfmt::skip]
static FIELDS: [FieldOf; 16] = [
    field(T::Partition, "name", "name", T::String),
    field(T::Partition, "dnsSuffix", "dns_suffix", T::String),
    field(T::Partition, "dualStackDnsSuffix", "dual_stack_dns_suffix", T::String),
    field(T::Partition, "supportsFIPS", "supports_fips", T::Boolean),
    field(T::Partition, "supportsDualStack", "supports_dual_stack", T::Boolean),
    field(T::Partition, "implicitGlobalRegion", "implicit_global_region", T::String),
    field(T::Arn, "partition", "partition", T::String),
    field(T::Arn, "service", "service", T::String),
    field(T::Arn, "region", "region", T::String),
    field(T::Arn, "accountId", "account_id", T::String),
    field(T::Arn, "resourceId", "resource_id", T::Strings),
    field(T::Url, "scheme", "scheme", T::String),
    field(T::Url, "authority", "authority", T::String),
    field(T::Url, "path", "path", T::String),
    field(T::Url, "normalizedPath", "normalized_path", T::String),
    field(T::Url, "isIp", "is_ip", T::Boolean),
];

const fn field(record: T, name: &'static str, rust: &'static str, ty: T) -> FieldOf {
    FieldOf {
        record,
        name,
        rust,
        ty,
    }
}

/// The member of a record.
pub(super) fn member(record: Type, name: &str) -> Option<&'static FieldOf> {
    let mut fields = FIELDS.iter();
    fields.find(|field| field.record == record && field.name == name)
}

/// The type's name for people.
pub(super) fn in_words(ty: Type) -> &'static str {
    match ty {
        T::String => "a string",
        T::Boolean => "a boolean",
        T::Integer => "an integer",
        T::Strings => "a string array",
        T::Partition => "a partition",
        T::Arn => "an ARN",
        T::Url => "a URL",
    }
}

/// The function that rules call `name`.
pub(super) fn named(name: &str) -> Option<Function> {
    match name {
        "isSet" => Some(F::IsSet),
        "coalesce" => Some(F::Coalesce),
        "ite" => Some(F::Ite),
        _ => {
            let mut fixed = FIXED.iter();
            fixed.find(|entry| entry.1 == name).map(|entry| entry.0)
        }
    }
}

/// Whether the argument at `place` may be missing.
pub(super) fn takes_missing(function: Function, place: usize) -> bool {
    match function {
        F::IsSet | F::Coalesce => true,
        F::Ite => place > 0,
        _ => false,
    }
}

/// The type of the result, or what is wrong with the arguments.
pub(super) fn check(function: Function, arguments: &[Expr]) -> Result<Type, String> {
    match function {
        F::IsSet => {
            count(arguments, 1, 1)?;
            return Ok(T::Boolean);
        }
        F::Coalesce => {
            count(arguments, 2, usize::MAX)?;
            return same(arguments, 0);
        }
        F::Ite => {
            count(arguments, 3, 3)?;
            typed(arguments, 0, T::Boolean)?;
            return same(arguments, 1);
        }
        _ => {}
    }
    let fixed = FIXED.iter().find(|entry| entry.0 == function);
    let (_, _, expected, result) = fixed.ok_or("unknown function")?;
    count(arguments, expected.len(), expected.len())?;
    for (place, &ty) in expected.iter().enumerate() {
        typed(arguments, place, ty)?;
    }
    check_literals(function, arguments)?;
    Ok(*result)
}

/// Rejects literals that the runtime could do nothing with. Numbers are always literals.
fn check_literals(function: Function, arguments: &[Expr]) -> Result<(), String> {
    for argument in arguments {
        match &argument.node {
            Node::Integer(number) if u32::try_from(*number).is_err() => {
                return Err(format!("the number {number} is out of range"));
            }
            _ => {}
        }
    }
    match arguments {
        [_, delimiter, _]
            if function == F::Split && delimiter.node == Node::Text(String::new()) =>
        {
            Err("the delimiter is empty".to_owned())
        }
        _ => Ok(()),
    }
}

fn count(arguments: &[Expr], least: usize, most: usize) -> Result<(), String> {
    let found = arguments.len();
    if (least..=most).contains(&found) {
        return Ok(());
    }
    let or_more = if least == most { "" } else { " or more" };
    Err(format!("takes {least}{or_more} arguments, not {found}"))
}

fn typed(arguments: &[Expr], place: usize, expected: Type) -> Result<(), String> {
    match arguments.get(place) {
        Some(argument) if argument.ty != expected => Err(format!(
            "argument {} is {}, not {}",
            place + 1,
            in_words(argument.ty),
            in_words(expected)
        )),
        _ => Ok(()),
    }
}

/// The common type of the arguments from `start` on.
fn same(arguments: &[Expr], start: usize) -> Result<Type, String> {
    let first = arguments.get(start).map_or(T::String, |first| first.ty);
    if first == T::Integer {
        return Err(format!("argument {} is an integer", start + 1));
    }
    for place in start..arguments.len() {
        typed(arguments, place, first)?;
    }
    Ok(first)
}
