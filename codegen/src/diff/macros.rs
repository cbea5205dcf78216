//! What the runtime's macros, which generated code calls, add to a public API.

use syn::parse::{Parse, ParseStream};
use syn::{Ident, Macro};

use super::surface::{Part, Parts, text};

/// The name of the type that a call is about and what the macro gives it.
///
/// # Errors
///
/// What is wrong with a call of a macro that is not known here, or is not known in this form: its
/// part of the API would be missing.
pub(super) fn parts(call: &Macro) -> Result<(String, Parts), String> {
    let called = call
        .path
        .segments
        .last()
        .map(|segment| segment.ident.to_string());
    let body = match called.as_deref() {
        Some("error_shape") => call
            .parse_body()
            .map(|Name(name)| (name, implemented(SHAPE))),
        Some("string_enum") => call
            .parse_body()
            .map(|Name(name)| (name, implemented(STRING))),
        Some("message_error") => call.parse_body().map(message_error),
        Some("operation_error") => call.parse_body().map(operation_error),
        _ => return Err(format!("`{}!` is not known", text(&call.path))),
    };
    match body {
        Ok((name, parts)) => Ok((name.to_string(), parts)),
        Err(error) => Err(format!("`{}!`: {error}", text(&call.path))),
    }
}

const SHAPE: &[&str] = &["Display", "Error"];
const STRING: &[&str] = &["AsRef<str>", "Display", "From<String>"];

fn implemented(traits: &[&str]) -> Parts {
    let part = |name: &&str| (Part::Impl((*name).to_owned()), String::new());
    traits.iter().map(part).collect()
}

/// `error_shape!(Name);`
struct Name(Ident);

impl Parse for Name {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self(input.parse()?))
    }
}

/// A call that begins with the name of the type.
struct First(Ident);

impl Parse for First {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<proc_macro2::TokenStream>()?;
        Ok(Self(name))
    }
}

/// `message_error!(Name, client("Code", 400));`
fn message_error(First(name): First) -> (Ident, Parts) {
    let mut parts = implemented(SHAPE);
    parts.extend(implemented(&["ErrorShape"]));
    (name, parts)
}

/// `operation_error! { Name: Variant = "Code" }`
fn operation_error(First(name): First) -> (Ident, Parts) {
    let mut parts = implemented(SHAPE);
    parts.extend(implemented(&["Debug", "From<Unhandled>", "OperationError"]));
    (name, parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(call: &str) -> Result<String, String> {
        let (name, parts) = parts(&syn::parse_str(call).unwrap())?;
        let parts = parts
            .iter()
            .filter(|(part, _)| !matches!(part, Part::Impl(_)));
        let parts: Vec<String> = parts
            .map(|(part, text)| format!("{part:?} {text}"))
            .collect();
        Ok(format!("{name}: {}", parts.join("; ")))
    }

    #[test]
    fn what_macros_define_is_read() {
        assert_eq!(read("runtime::string_enum!(Color)").unwrap(), "Color: ");
        assert_eq!(
            read("message_error!(Lost, client(\"L\", 400))").unwrap(),
            "Lost: "
        );
        assert_eq!(read("operation_error! { E: A = \"a\" }").unwrap(), "E: ");
    }

    #[test]
    fn what_is_not_known_is_an_error() {
        assert_eq!(
            read("runtime::other!(Color)").unwrap_err(),
            "`runtime::other!` is not known"
        );
    }
}
