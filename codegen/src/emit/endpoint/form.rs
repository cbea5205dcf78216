//! The forms in which a value can be had, and the way from one to another.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::endpoint::{Expr, Function, Node, Type};

/// How a value can be used.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Form {
    /// A boolean, number, or reference to a static partition.
    Copy,
    /// A reference: `&str`, `&[String]`, `&Arn`, `&Url`.
    Borrowed,
    /// A place that owns its value, to borrow from.
    Place,
    /// A new value.
    Owned,
}

/// Rust for a value, or for an `Option` of it.
pub(super) struct Code {
    pub(super) tokens: TokenStream,
    pub(super) form: Form,
}

/// A call of a function that needs all its arguments.
pub(super) fn call(function: Function, arguments: &[Expr], parts: Vec<Code>) -> Code {
    let form = match function {
        Function::StringEquals | Function::BooleanEquals => {
            return copy(equality(arguments, parts.into_iter(), true));
        }
        Function::Not => {
            let parts = parts.into_iter().map(|part| part.tokens);
            return copy(quote!(#(!#parts)*));
        }
        Function::IsValidHostLabel | Function::IsVirtualHostableS3Bucket | Function::Partition => {
            Form::Copy
        }
        _ => Form::Owned,
    };
    let path = runtime(function);
    let parts = parts.into_iter().map(reference);
    Code {
        tokens: quote!(#path(#(#parts),*)),
        form,
    }
}

/// Whether two values are equal, or are not.
pub(super) fn equality(
    sides: &[Expr],
    values: impl Iterator<Item = Code>,
    are_equal: bool,
) -> TokenStream {
    let values = sides.iter().zip(values);
    let values: Vec<TokenStream> = values
        .map(|(side, value)| operand(side, value.tokens))
        .collect();
    let is_empty = |side: &Expr| side.node == Node::Text(String::new());
    let other = match (sides, &values[..]) {
        ([side, _], [_, other]) | ([_, side], [other, _]) if is_empty(side) => Some(other),
        _ => None,
    };
    match (other, are_equal) {
        (Some(other), true) => quote!(#other.is_empty()),
        (Some(other), false) => quote!(!#other.is_empty()),
        (None, true) => quote!(#(#values)==*),
        (None, false) => quote!(#(#values)!=*),
    }
}

/// The runtime's function, for those that are one.
fn runtime(function: Function) -> TokenStream {
    match function {
        Function::Substring => quote!(endpoint::substring),
        Function::Split => quote!(endpoint::split),
        Function::UriEncode => quote!(endpoint::uri_encode),
        Function::ParseUrl => quote!(endpoint::parse_url),
        Function::IsValidHostLabel => quote!(endpoint::is_valid_host_label),
        Function::Partition => quote!(endpoint::partition),
        Function::ParseArn => quote!(endpoint::parse_arn),
        Function::IsVirtualHostableS3Bucket => quote!(endpoint::is_virtual_hostable_s3_bucket),
        Function::BooleanEquals
        | Function::StringEquals
        | Function::Not
        | Function::IsSet
        | Function::Coalesce
        | Function::Ite => TokenStream::new(),
    }
}

/// Whether the expression itself, all its parts being there, can have no value.
pub(super) fn fails(expr: &Expr) -> bool {
    match &expr.node {
        Node::Item(..) => true,
        Node::Call(function, _) => function.can_fail(),
        _ => false,
    }
}

/// Whether an optional expression can be missing although all its parts are there.
pub(super) fn is_source(expr: &Expr) -> bool {
    let is_choice = matches!(
        &expr.node,
        Node::Parameter(_) | Node::Variable(_) | Node::Call(Function::Coalesce | Function::Ite, _)
    );
    is_choice || fails(expr)
}

/// An expression where only a simple one can be.
pub(super) fn operand(expr: &Expr, tokens: TokenStream) -> TokenStream {
    let compound = match &expr.node {
        Node::Call(Function::Ite | Function::StringEquals | Function::BooleanEquals, _) => true,
        Node::Call(Function::Not, inner) => inner.iter().any(|inner| {
            let equals = [Function::StringEquals, Function::BooleanEquals];
            matches!(&inner.node, Node::Call(function, _) if equals.contains(function))
        }),
        _ => false,
    };
    if compound { quote!((#tokens)) } else { tokens }
}

pub(super) fn copy(tokens: TokenStream) -> Code {
    Code {
        tokens,
        form: Form::Copy,
    }
}

pub(super) fn borrowed(tokens: TokenStream) -> Code {
    Code {
        tokens,
        form: Form::Borrowed,
    }
}

/// An optional field as an `Option` of a reference or of a copy.
pub(super) fn as_ref(place: TokenStream, ty: Type) -> Code {
    match ty {
        Type::String | Type::Strings => borrowed(quote!(#place.as_deref())),
        Type::Arn | Type::Url => borrowed(quote!(#place.as_ref())),
        Type::Boolean | Type::Integer | Type::Partition => copy(place),
    }
}

/// The value as a reference argument.
pub(super) fn reference(value: Code) -> TokenStream {
    let tokens = value.tokens;
    match value.form {
        Form::Copy | Form::Borrowed => tokens,
        Form::Place | Form::Owned => quote!(&#tokens),
    }
}

/// A string as `&str`.
pub(super) fn as_str(value: Code) -> TokenStream {
    let tokens = value.tokens;
    match value.form {
        Form::Copy | Form::Borrowed => tokens,
        Form::Place | Form::Owned => quote!(#tokens.as_str()),
    }
}

/// A place, borrowed; anything else as it is.
pub(super) fn borrow(value: Code, ty: Type) -> Code {
    let Code { tokens, form } = value;
    match (form, ty) {
        (Form::Place, Type::String) => borrowed(quote!(#tokens.as_str())),
        (Form::Place, Type::Strings) => borrowed(quote!(#tokens.as_slice())),
        (Form::Place, _) => borrowed(quote!(&#tokens)),
        (Form::Copy | Form::Borrowed | Form::Owned, _) => Code { tokens, form },
    }
}

/// A value that owns itself.
pub(super) fn own(value: Code, ty: Type) -> Code {
    let Code { tokens, form } = value;
    match (form, ty) {
        (Form::Borrowed, Type::String) => new(quote!(#tokens.to_owned())),
        (Form::Borrowed, Type::Strings) => new(quote!(#tokens.to_vec())),
        (Form::Borrowed | Form::Place, _) => new(quote!(#tokens.clone())),
        (Form::Copy | Form::Owned, _) => Code { tokens, form },
    }
}

/// An `Option` of a value that owns itself.
pub(super) fn own_option(option: Code, ty: Type) -> Code {
    let Code { tokens, form } = option;
    match (form, ty) {
        (Form::Borrowed, Type::String) => new(quote!(#tokens.map(str::to_owned))),
        (Form::Borrowed, Type::Strings) => new(quote!(#tokens.map(<[String]>::to_vec))),
        (Form::Borrowed, _) => new(quote!(#tokens.cloned())),
        (Form::Copy | Form::Place | Form::Owned, _) => Code { tokens, form },
    }
}

fn new(tokens: TokenStream) -> Code {
    Code {
        tokens,
        form: Form::Owned,
    }
}
