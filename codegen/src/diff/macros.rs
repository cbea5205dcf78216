//! What the runtime's macros, which generated code calls, add to a public API.

use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Ident, ItemEnum, Macro, Token};

use super::surface::{Part, Parts, definition, text, variants};

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
        Some("message_error") => call.parse_body().map(Message::parts),
        Some("operation_error") => call.parse_body().map(operation_error),
        _ => return Err(format!("`{}!` is not known", text(&call.path))),
    };
    match body {
        Ok((name, parts)) => Ok((name.to_string(), parts)),
        Err(error) => Err(format!("`{}!`: {error}", text(&call.path))),
    }
}

const DEFINED: &[&str] = &["Clone", "Debug", "PartialEq"];
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

/// `message_error! { pub struct Name = client("Code", 400); }`
struct Message {
    attributes: Vec<Attribute>,
    name: Ident,
}

impl Parse for Message {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<Token![pub]>()?;
        input.parse::<Token![struct]>()?;
        let name = input.parse()?;
        input.parse::<Token![=]>()?;
        // What stands on the wire.
        input.parse::<syn::ExprCall>()?;
        input.parse::<Token![;]>()?;
        Ok(Self { attributes, name })
    }
}

impl Message {
    fn parts(self) -> (Ident, Parts) {
        let mut parts = implemented(DEFINED);
        parts.extend(implemented(SHAPE));
        parts.extend(implemented(&["Default", "ErrorShape"]));
        parts.insert(Part::Open, String::new());
        let message = Part::Field("message".to_owned());
        parts.insert(message, "Option<String>".to_owned());
        definition(
            &mut parts,
            "struct",
            &syn::Generics::default(),
            &self.attributes,
        );
        (self.name, parts)
    }
}

/// `operation_error! { pub enum Name { Variant(Shape) = "Code", } }`
fn operation_error(body: ItemEnum) -> (Ident, Parts) {
    let mut parts = implemented(DEFINED);
    parts.extend(implemented(SHAPE));
    parts.extend(implemented(&["From<Unhandled>", "OperationError"]));
    definition(&mut parts, "enum", &body.generics, &body.attrs);
    variants(&mut parts, &body.variants);
    let unhandled = Part::Variant("Unhandled".to_owned());
    parts.insert(unhandled, "(Unhandled)".to_owned());
    (body.ident, parts)
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
            read("message_error! { #[doc = \"x\"] #[deprecated] pub struct Lost = client(\"L\", 400); }").unwrap(),
            "Lost: Item struct; Open ; Field(\"message\") Option<String>; Deprecated(\"\") deprecated"
        );
        assert_eq!(
            read(
                "operation_error! { pub enum E { #[retryable(TRANSIENT)] A(error::A) = \"a\", } }"
            )
            .unwrap(),
            "E: Item enum; Variant(\"A\") (error::A); Variant(\"Unhandled\") (Unhandled)"
        );
    }

    #[test]
    fn what_is_not_known_is_an_error() {
        assert_eq!(
            read("runtime::other!(Color)").unwrap_err(),
            "`runtime::other!` is not known"
        );
        assert!(
            read("message_error!(Lost, client)")
                .unwrap_err()
                .starts_with("`message_error!`: ")
        );
    }
}
