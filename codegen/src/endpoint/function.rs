use super::expression::{Expr, Node, Type};

/// The functions of the rules engine, but for `getAttr`, which becomes [`Node::Field`] and
/// [`Node::Item`] (Smithy specification, "Rules engine standard library" and "AWS rules engine
/// library functions").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names are the specification's.
pub enum Function {
    BooleanEquals,
    StringEquals,
    Not,
    IsSet,
    Coalesce,
    Ite,
    Substring,
    Split,
    UriEncode,
    ParseUrl,
    IsValidHostLabel,
    Partition,
    ParseArn,
    IsVirtualHostableS3Bucket,
}

use Function as F;
use Type as T;

impl Function {
    /// The function that rules call `name`.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "booleanEquals" => F::BooleanEquals,
            "stringEquals" => F::StringEquals,
            "not" => F::Not,
            "isSet" => F::IsSet,
            "coalesce" => F::Coalesce,
            "ite" => F::Ite,
            "substring" => F::Substring,
            "split" => F::Split,
            "uriEncode" => F::UriEncode,
            "parseURL" => F::ParseUrl,
            "isValidHostLabel" => F::IsValidHostLabel,
            "aws.partition" => F::Partition,
            "aws.parseArn" => F::ParseArn,
            "aws.isVirtualHostableS3Bucket" => F::IsVirtualHostableS3Bucket,
            _ => return None,
        })
    }

    /// Whether the argument at `place` may be missing.
    pub fn takes_missing(self, place: usize) -> bool {
        match self {
            F::IsSet | F::Coalesce => true,
            F::Ite => place > 0,
            F::BooleanEquals
            | F::StringEquals
            | F::Not
            | F::Substring
            | F::Split
            | F::UriEncode
            | F::ParseUrl
            | F::IsValidHostLabel
            | F::Partition
            | F::ParseArn
            | F::IsVirtualHostableS3Bucket => false,
        }
    }

    /// Whether the function itself gives no value for some arguments.
    pub fn can_fail(self) -> bool {
        matches!(self, F::Substring | F::ParseUrl | F::ParseArn)
    }

    /// The type of the result, or what is wrong with the arguments.
    pub(super) fn check(self, arguments: &[Expr]) -> Result<Type, String> {
        let (expected, result): (&[Type], Type) = match self {
            F::BooleanEquals => (&[T::Boolean, T::Boolean], T::Boolean),
            F::StringEquals => (&[T::String, T::String], T::Boolean),
            F::Not => (&[T::Boolean], T::Boolean),
            F::Substring => (&[T::String, T::Integer, T::Integer, T::Boolean], T::String),
            F::Split => (&[T::String, T::String, T::Integer], T::Strings),
            F::UriEncode => (&[T::String], T::String),
            F::ParseUrl => (&[T::String], T::Url),
            F::IsValidHostLabel => (&[T::String, T::Boolean], T::Boolean),
            F::Partition => (&[T::String], T::Partition),
            F::ParseArn => (&[T::String], T::Arn),
            F::IsVirtualHostableS3Bucket => (&[T::String, T::Boolean], T::Boolean),
            F::IsSet => {
                count(arguments, 1..=1)?;
                return Ok(T::Boolean);
            }
            F::Coalesce => {
                count(arguments, 2..=usize::MAX)?;
                return same(arguments, 0);
            }
            F::Ite => {
                count(arguments, 3..=3)?;
                typed(arguments, 0, T::Boolean)?;
                return same(arguments, 1);
            }
        };
        count(arguments, expected.len()..=expected.len())?;
        for (place, &ty) in expected.iter().enumerate() {
            typed(arguments, place, ty)?;
        }
        self.check_numbers(arguments)?;
        Ok(result)
    }

    /// Numbers are literals, so what the runtime could not do anything with is refused here.
    fn check_numbers(self, arguments: &[Expr]) -> Result<(), String> {
        for argument in arguments {
            if let Node::Integer(number) = argument.node {
                if u32::try_from(number).is_err() {
                    return Err(format!("the number {number} is out of range"));
                }
            }
        }
        match arguments {
            [_, delimiter, _]
                if self == F::Split && delimiter.node == Node::Text(String::new()) =>
            {
                Err("the delimiter is empty".to_owned())
            }
            _ => Ok(()),
        }
    }
}

fn count(arguments: &[Expr], range: std::ops::RangeInclusive<usize>) -> Result<(), String> {
    if range.contains(&arguments.len()) {
        return Ok(());
    }
    let or_more = if range.start() == range.end() {
        ""
    } else {
        " or more"
    };
    Err(format!(
        "takes {}{or_more} arguments, not {}",
        range.start(),
        arguments.len()
    ))
}

fn typed(arguments: &[Expr], place: usize, expected: Type) -> Result<(), String> {
    match arguments.get(place) {
        Some(argument) if argument.ty != expected => Err(format!(
            "argument {} is {}, not {}",
            place + 1,
            argument.ty.spoken(),
            expected.spoken()
        )),
        _ => Ok(()),
    }
}

/// The common type of the arguments from `start` on.
fn same(arguments: &[Expr], start: usize) -> Result<Type, String> {
    let first = arguments
        .get(start)
        .map_or(T::String, |argument| argument.ty);
    if first == T::Integer {
        return Err(format!("argument {} is an integer", start + 1));
    }
    for place in start..arguments.len() {
        typed(arguments, place, first)?;
    }
    Ok(first)
}
