//! Items to formatted text: header, documentation, imports, then the items with a blank line
//! between.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::ToTokens as _;
use syn::parse::Parser as _;
use syn::visit::Visit;

use crate::ir::Service;

/// A file of Rust before it is text.
#[derive(Clone, Debug)]
pub struct RustFile {
    /// Relative to the crate, with `/`.
    pub path: String,
    /// The lines of `//!`.
    pub docs: Vec<String>,
    /// In order.
    pub items: Vec<TokenStream>,
}

/// Names that emitted code uses from the runtime and the standard library.
#[rustfmt::skip]
const KNOWN: &[(&str, &[&str])] = &[
    ("std::collections", &["BTreeMap"]),
    ("tinsmith_runtime", &["BigDecimal", "BigInteger", "Builder", "Document", "IntoOption"]),
    ("tinsmith_runtime", &["event_stream"]),
    ("tinsmith_runtime", &["Response", "Sensitive", "Timestamp", "UnknownVariant", "Wipe"]),
    ("tinsmith_runtime::client", &["BuildError"]),
    ("tinsmith_runtime::endpoint", &["EndpointInput"]),
    ("tinsmith_runtime::error", &["ConstructionError", "Error", "ErrorInfo", "ErrorShape"]),
    ("tinsmith_runtime::error", &["OperationError", "Retryable", "Unhandled", "variant"]),
    ("tinsmith_runtime::json", &["ReadError", "Reader", "Writer"]),
    ("tinsmith_runtime::operation", &["Operation", "OperationInfo", "ServiceInfo", "host_label"]),
    ("tinsmith_runtime::paginate", &["Pages", "Paginated", "PaginatedItems"]),
    ("crate", &["error"]),
    ("crate::client", &["Client", "SERVICE"]),
];

/// Those of the names that are modules.
const MODULES: &[&str] = &["error", "event_stream"];

/// Where each name that a file may use is imported from.
#[derive(Clone, Debug, Default)]
pub struct Imports {
    modules: BTreeMap<String, String>,
}

impl Imports {
    /// The names of the runtime and of the crate's own shapes.
    pub fn of(service: &Service) -> Self {
        let mut modules = BTreeMap::new();
        for def in &service.types {
            modules.insert(def.name().to_owned(), "crate::types".to_owned());
        }
        for error in &service.errors {
            modules.insert(error.structure.name.clone(), "crate::error".to_owned());
        }
        for (module, names) in KNOWN {
            for name in *names {
                modules.insert((*name).to_owned(), (*module).to_owned());
            }
        }
        Self { modules }
    }

    /// The `use` lines for what `items` mention and do not define, sorted.
    fn lines(&self, items: &[syn::Item]) -> Vec<String> {
        let mut used = Used::default();
        for item in items {
            used.visit_item(item);
        }
        let mut groups: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for name in used.mentioned.difference(&used.defined) {
            if let Some(module) = self.modules.get(name) {
                groups.entry(module).or_default().insert(name);
            }
        }
        // std first, then other crates, then this one.
        let rank = |module: &str| match module.split("::").next() {
            Some("std") => 0,
            Some("crate") => 2,
            _ => 1,
        };
        let mut modules: Vec<_> = groups.into_iter().collect();
        // As rustfmt has it: the names of a module come after its submodules.
        modules.sort_by_key(|(module, _)| (rank(module), format!("{module}::{{")));
        modules
            .into_iter()
            .map(|(module, names)| {
                let names: Vec<&str> = names.into_iter().collect();
                match names.as_slice() {
                    [one] => format!("use {module}::{one};"),
                    many => format!("use {module}::{{{}}};", many.join(", ")),
                }
            })
            .collect()
    }
}

/// The first segments of all paths, and the types that the file defines.
#[derive(Default)]
struct Used {
    mentioned: BTreeSet<String>,
    defined: BTreeSet<String>,
}

impl Visit<'_> for Used {
    fn visit_path(&mut self, path: &syn::Path) {
        if let (None, Some(first)) = (&path.leading_colon, path.segments.first()) {
            // A lone `error` is a variable, not the module.
            let is_module = MODULES.iter().any(|module| first.ident == module);
            if !is_module || path.segments.len() > 1 {
                self.mentioned.insert(first.ident.to_string());
            }
        }
        syn::visit::visit_path(self, path);
    }

    fn visit_item_macro(&mut self, item: &syn::ItemMacro) {
        if let Some(inner) = defined_by(&item.mac) {
            self.visit_item(&inner);
        }
        syn::visit::visit_item_macro(self, item);
    }

    fn visit_item_struct(&mut self, item: &syn::ItemStruct) {
        self.defined.insert(item.ident.to_string());
        syn::visit::visit_item_struct(self, item);
    }

    fn visit_item_enum(&mut self, item: &syn::ItemEnum) {
        self.defined.insert(item.ident.to_string());
        syn::visit::visit_item_enum(self, item);
    }

    fn visit_item_static(&mut self, item: &syn::ItemStatic) {
        self.defined.insert(item.ident.to_string());
        syn::visit::visit_item_static(self, item);
    }
}

/// The first line of every file that the generator owns.
pub fn header(comment: &str, source: &str) -> String {
    format!("{comment} {GENERATED} from {source}. Do not edit.\n")
}

/// How a file of the generator's is told from others.
pub const GENERATED: &str = "@generated by cargo xtask codegen";

/// Makes the text of a file. `source` is the model's place, for the header.
///
/// # Errors
///
/// When the tokens are no Rust: a fault of an emitter.
pub fn render(file: RustFile, source: &str, imports: &Imports) -> Result<String, String> {
    let mut items = Vec::with_capacity(file.items.len());
    // The tokens are given away: parsing shared ones would copy them first.
    for (index, tokens) in file.items.into_iter().enumerate() {
        let item = syn::parse2::<syn::Item>(tokens)
            .map_err(|e| format!("{}, item {}: {e}", file.path, index + 1))?;
        items.push(item);
    }
    let mut sections = vec![header("//", source)];
    if !file.docs.is_empty() {
        sections.push(file.docs.iter().map(|line| inner_doc(line)).collect());
    }
    let lines = imports.lines(&items);
    if !lines.is_empty() {
        sections.push(uses(&lines.join("\n"))?);
    }
    let mut previous = None;
    for item in items {
        let kind = std::mem::discriminant(&item);
        // `mod` and `pub use` lines stand together.
        let joined =
            matches!(item, syn::Item::Mod(_) | syn::Item::Use(_)) && previous == Some(kind);
        let text = separate(&unparse(item));
        match sections.last_mut() {
            Some(last) if joined => last.push_str(&text),
            _ => sections.push(text),
        }
        previous = Some(kind);
    }
    Ok(sections.join("\n"))
}

fn inner_doc(line: &str) -> String {
    if line.is_empty() {
        "//!\n".to_owned()
    } else {
        format!("//! {line}\n")
    }
}

fn uses(text: &str) -> Result<String, String> {
    let file = syn::parse_str::<syn::File>(text).map_err(|e| format!("imports: {e}"))?;
    Ok(prettyplease::unparse(&file))
}

/// The item that a macro with braces defines, if it is one of Rust.
fn defined_by(mac: &syn::Macro) -> Option<syn::Item> {
    match mac.delimiter {
        syn::MacroDelimiter::Brace(_) => syn::parse2(mac.tokens.clone()).ok(),
        syn::MacroDelimiter::Paren(_) | syn::MacroDelimiter::Bracket(_) => None,
    }
}

fn unparse(item: syn::Item) -> String {
    if let syn::Item::Macro(syn::ItemMacro { mac, .. }) = &item {
        if matches!(mac.delimiter, syn::MacroDelimiter::Brace(_)) {
            return definition(mac);
        }
    }
    prettyplease::unparse(&syn::File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items: vec![item],
    })
}

/// A macro that defines something: prettyplease leaves its inside as it is.
fn definition(mac: &syn::Macro) -> String {
    let path = mac.path.to_token_stream().to_string().replace(' ', "");
    let text = defined_by(mac).map_or_else(|| almost_item(&mac.tokens), unparse);
    let lines = text.lines().map(|line| format!("    {line}\n"));
    format!("{path}! {{\n{}}}\n", lines.collect::<String>())
}

/// The longest line in a macro, in characters.
const LINE: usize = 96;

/// What is no item of Rust but begins like one: attributes, and the rest on a line.
fn almost_item(tokens: &TokenStream) -> String {
    let parse = |input: syn::parse::ParseStream<'_>| {
        let attributes = syn::Attribute::parse_outer(input)?;
        Ok((attributes, input.parse::<TokenStream>()?))
    };
    let Ok((attributes, rest)) = parse.parse2(tokens.clone()) else {
        return tokens.to_string();
    };
    let rest = rest.to_string();
    let mut rest = rest
        .replace(" ,", ",")
        .replace(" ;", ";")
        .replace(" (", "(");
    if rest.len() > LINE {
        rest = rest.replacen(" = ", " =\n    ", 1);
    }
    let text = unparse(syn::parse_quote!(#(#attributes)* struct X;));
    text.replace("struct X;", &rest)
}

/// Stands for the end of a line within a `#[doc]`, where a line feed would make a block comment.
pub(crate) const DOC_LINE_END: char = '\u{1f}';

/// A blank line between the functions of an `impl`, which prettyplease leaves out, and the lines of
/// documentation each on its own.
fn separate(text: &str) -> String {
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
