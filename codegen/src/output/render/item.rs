//! An item on its way to text.

use proc_macro2::TokenStream;
use quote::ToTokens as _;
use syn::parse::Parser as _;
use syn::visit::Visit;

use super::DOC_LINE_END;

/// An item as it is formatted.
pub(super) enum Parsed {
    Item(syn::Item),
    /// A macro with braces, and what it defines: prettyplease leaves the inside of a macro as it is.
    Definition(syn::Macro, Defined),
}

/// What a macro defines.
pub(super) enum Defined {
    Item(Box<Parsed>),
    /// Not an item of Rust, but it begins like one: attributes, and the rest on a line.
    Almost(Vec<syn::Attribute>, TokenStream),
}

impl Parsed {
    pub(super) fn of(item: syn::Item) -> Self {
        match item {
            syn::Item::Macro(syn::ItemMacro { mac, .. })
                if matches!(mac.delimiter, syn::MacroDelimiter::Brace(_)) =>
            {
                let defined = match syn::parse2(mac.tokens.clone()) {
                    Ok(item) => Defined::Item(Box::new(Self::of(item))),
                    Err(_) => almost_item(&mac.tokens),
                };
                Self::Definition(mac, defined)
            }
            item => Self::Item(item),
        }
    }

    pub(super) fn visit<'a>(&'a self, visitor: &mut impl Visit<'a>) {
        match self {
            Self::Item(item) => visitor.visit_item(item),
            Self::Definition(mac, defined) => {
                visitor.visit_macro(mac);
                match defined {
                    Defined::Item(item) => item.visit(visitor),
                    Defined::Almost(attributes, _) => {
                        attributes.iter().for_each(|a| visitor.visit_attribute(a));
                    }
                }
            }
        }
    }

    pub(super) fn unparse(self) -> String {
        match self {
            Self::Item(item) => unparse(item),
            Self::Definition(mac, defined) => {
                let path = mac.path.to_token_stream().to_string().replace(' ', "");
                let text = match defined {
                    Defined::Item(item) => item.unparse(),
                    Defined::Almost(attributes, rest) => unparse_almost(&attributes, &rest),
                };
                let lines = text.lines().map(|line| format!("    {line}\n"));
                format!("{path}! {{\n{}}}\n", lines.collect::<String>())
            }
        }
    }
}

fn unparse(item: syn::Item) -> String {
    prettyplease::unparse(&syn::File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items: vec![item],
    })
}

fn almost_item(tokens: &TokenStream) -> Defined {
    let parse = |input: syn::parse::ParseStream<'_>| {
        let attributes = syn::Attribute::parse_outer(input)?;
        Ok(Defined::Almost(attributes, input.parse()?))
    };
    parse
        .parse2(tokens.clone())
        .unwrap_or_else(|_| Defined::Almost(Vec::new(), tokens.clone()))
}

/// The longest line in a macro, in characters.
const LINE: usize = 96;

fn unparse_almost(attributes: &[syn::Attribute], rest: &TokenStream) -> String {
    let rest = rest.to_string();
    let mut rest = rest
        .replace(" ,", ",")
        .replace(" ;", ";")
        .replace(" (", "(");
    if rest.len() > LINE {
        rest = rest.replacen(" = ", " =\n    ", 1);
    }
    let text = unparse(syn::parse_quote!(#(#attributes)* struct X;));
    let before = text.strip_suffix("struct X;\n").unwrap_or(&text);
    format!("{before}{rest}\n")
}

/// A blank line between the functions of an `impl`, which prettyplease leaves out, and the lines of
/// documentation each on its own.
pub(super) fn separate(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut after_function = false;
    for line in text.lines() {
        // `const` and `type` stand together, apart from the first function.
        let starts = ["    fn ", "    pub fn ", "    pub(crate) fn "];
        let after_constant = out.ends_with(";\n") && starts.iter().any(|s| line.starts_with(s));
        if (after_function && line.starts_with("    ")) || after_constant {
            out.push('\n');
        }
        after_function = line == "    }";
        push_line(&mut out, line);
    }
    out
}

/// Adds a line, or the lines of documentation that it stands for.
fn push_line(out: &mut String, line: &str) {
    let mut parts = line.split(DOC_LINE_END);
    out.push_str(parts.next().unwrap_or_default());
    out.push('\n');
    let indent = line.len() - line.trim_start().len();
    for part in parts {
        out.extend(std::iter::repeat_n(' ', indent));
        out.push_str("///");
        out.push_str(part);
        out.push('\n');
    }
}
