//! Items to formatted text: header, documentation, imports, then the items with a blank line
//! between.

mod item;
mod reread;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

use proc_macro2::TokenStream;
use syn::parse::Parser as _;
use syn::visit::Visit;

use reread::Comments;

use crate::ir::Service;
use crate::text;

/// A file of Rust before it is text.
#[derive(Clone, Debug)]
pub struct RustFile {
    /// Relative to the crate, with `/`.
    pub path: String,
    /// Of the file itself, such as `#![recursion_limit = "256"]`.
    pub attributes: Vec<TokenStream>,
    /// The lines of `//!`.
    pub docs: Vec<String>,
    /// In order.
    pub items: Vec<TokenStream>,
}

/// Names that emitted code uses from the runtime and the standard library.
#[rustfmt::skip]
pub(crate) const KNOWN: &[(&str, &[&str])] = &[
    ("std::collections", &["BTreeMap"]),
    ("tinsmith_client", &["Builder", "Response"]),
    ("tinsmith_client::client", &["BuildError"]),
    ("tinsmith_client::paginate", &["Pages", "Paginated", "PaginatedItems"]),
    ("tinsmith_core", &["BigDecimal", "BigInteger", "Document", "IntoOption"]),
    ("tinsmith_core", &["Sensitive", "Timestamp", "UnknownVariant", "Wipe"]),
    ("tinsmith_core", &["event_stream", "operation"]),
    ("tinsmith_core::endpoint", &["EndpointInput"]),
    ("tinsmith_core::error", &["ConstructionError", "Error", "ErrorInfo", "ModeledError"]),
    ("tinsmith_core::error", &["OperationError", "ReadError", "Retryable", "Unhandled"]),
    ("tinsmith_core::json", &["Reader", "Writer"]),
    ("tinsmith_core::operation", &["ErrorParts", "Operation", "OperationInfo", "RequestParts"]),
    ("tinsmith_core::operation", &["ResponseParts", "ServiceInfo"]),
    ("crate", &["error"]),
    ("crate::client", &["Client", "SERVICE"]),
];

/// Names that the file of endpoint rules uses, which has no shapes of the service.
const KNOWN_TO_ENDPOINT: &[(&str, &[&str])] = &[(
    "tinsmith_core::endpoint",
    &[
        "Arn",
        "AuthScheme",
        "Endpoint",
        "EndpointError",
        "Partition",
        "Property",
        "Url",
        "endpoint",
    ],
)];

/// Those of the names that are modules.
const MODULES: &[&str] = &["endpoint", "error", "event_stream", "operation"];

/// Where each name that a file may use is imported from: looked up for every path, never walked.
#[derive(Clone, Debug, Default)]
pub struct Imports {
    modules: HashMap<String, String>,
}

impl Imports {
    /// The names of the runtime and of the crate's own shapes.
    pub fn of(service: &Service) -> Self {
        let mut modules = HashMap::new();
        for def in &service.types {
            modules.insert(def.name().to_owned(), "crate::types".to_owned());
        }
        for error in &service.errors {
            modules.insert(error.structure.name.clone(), "crate::error".to_owned());
        }
        modules.extend(Self::known(KNOWN));
        Self { modules }
    }

    /// The names for the file of endpoint rules.
    pub fn of_endpoint() -> Self {
        let modules = Self::known(KNOWN_TO_ENDPOINT).collect();
        Self { modules }
    }

    fn known(known: &'static [(&str, &[&str])]) -> impl Iterator<Item = (String, String)> + use<> {
        known.iter().flat_map(|(module, names)| {
            let names = names.iter();
            names.map(|name| ((*name).to_owned(), (*module).to_owned()))
        })
    }

    /// The `use` lines for what is mentioned and not defined, sorted.
    fn lines(used: &Used<'_>) -> Vec<String> {
        let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, module) in &used.mentioned {
            if !used.defined.contains(*name) {
                let is_module = module.rsplit("::").next() == Some(name);
                let name = if is_module { "self" } else { name };
                groups.entry(module).or_default().push(name);
            }
        }
        let paths = groups.into_iter().map(|(module, mut names)| {
            names.sort_by_key(|name| *name != "self");
            match *names {
                ["self"] => module.to_owned(),
                [one] => format!("{module}::{one}"),
                _ => format!("{module}::{{{}}}", names.join(", ")),
            }
        });
        let mut paths: Vec<String> = paths.collect();
        // As rustfmt has it: segment by segment, a list last.
        paths.sort_by(|a, b| a.split("::").cmp(b.split("::")));
        paths.iter().map(|path| format!("use {path};")).collect()
    }
}

/// The importable names that paths begin with, and those that the file defines: types, statics and
/// type parameters.
struct Used<'i> {
    imports: &'i Imports,
    /// With their modules.
    mentioned: BTreeMap<&'i str, &'i str>,
    defined: BTreeSet<String>,
    /// The text of the identifier that is looked at.
    text: String,
    /// The documentation.
    comments: Comments,
}

impl<'i> Used<'i> {
    fn new(imports: &'i Imports) -> Self {
        Self {
            imports,
            mentioned: BTreeMap::new(),
            defined: BTreeSet::new(),
            text: String::new(),
            comments: Comments::default(),
        }
    }
}

impl Visit<'_> for Used<'_> {
    fn visit_path(&mut self, path: &syn::Path) {
        if let (None, Some(first)) = (&path.leading_colon, path.segments.first()) {
            self.text.clear();
            // Writing to a string does not fail.
            let _ = write!(self.text, "{}", first.ident);
            // A lone `error` is a variable, not the module.
            let is_lone_module = path.segments.len() == 1 && MODULES.contains(&&*self.text);
            if let Some((name, module)) = self.imports.modules.get_key_value(&self.text) {
                if !is_lone_module {
                    self.mentioned.insert(name, module);
                }
            }
        }
        syn::visit::visit_path(self, path);
    }

    fn visit_type_param(&mut self, parameter: &syn::TypeParam) {
        self.defined.insert(parameter.ident.to_string());
        syn::visit::visit_type_param(self, parameter);
    }

    fn visit_attribute(&mut self, attribute: &syn::Attribute) {
        // None names anything that is imported.
        self.comments.add_documentation(attribute);
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
    let source = text::line(source);
    format!("{comment} {GENERATED} from {source}. Do not edit.\n")
}

/// How a file of the generator's is told from others.
pub const GENERATED: &str = "@generated by cargo xtask codegen";

/// Makes the text of a file. `source` is the model's place, for the header.
///
/// # Errors
///
/// Fails if the tokens are not Rust, or the text does not hold them: a fault of an emitter.
pub fn render(file: RustFile, source: &str, imports: &Imports) -> Result<String, String> {
    let mut used = Used::new(imports);
    let mut texts: Vec<String> = Vec::with_capacity(file.items.len());
    let mut previous = None;
    // The tokens are given away: parsing shared ones would copy them first.
    for (index, tokens) in file.items.into_iter().enumerate() {
        let item = syn::parse2::<syn::Item>(tokens)
            .map_err(|e| format!("{}, item {}: {e}", file.path, index + 1))?;
        let kind = std::mem::discriminant(&item);
        // `mod` and `pub use` lines stand together.
        let joined =
            matches!(item, syn::Item::Mod(_) | syn::Item::Use(_)) && previous == Some(kind);
        used.visit_item(&item);
        let text = item::text(item);
        match texts.last_mut() {
            Some(last) if joined => last.push_str(&text),
            _ => texts.push(text),
        }
        previous = Some(kind);
    }
    let mut sections = vec![header("//", source)];
    if !file.docs.is_empty() {
        sections.push(file.docs.iter().map(|line| inner_doc(line)).collect());
    }
    let mut comments = Comments::default();
    sections.iter().for_each(|text| comments.add_lines(text));
    comments.append(&used.comments);
    if !file.attributes.is_empty() {
        let attributes = attributes(file.attributes);
        sections.push(attributes.map_err(|e| format!("{}: {e}", file.path))?);
    }
    let lines = Imports::lines(&used);
    if !lines.is_empty() {
        sections.push(uses(&lines)?);
    }
    sections.append(&mut texts);
    let text = sections.join("\n");
    let check = comments.check(&text);
    check.map_err(|fault| format!("{}: {fault}", file.path))?;
    Ok(text)
}

/// Inner attributes as text.
fn attributes(tokens: Vec<TokenStream>) -> syn::Result<String> {
    let attrs = syn::Attribute::parse_inner.parse2(tokens.into_iter().collect())?;
    let text = prettyplease::unparse(&syn::File {
        shebang: None,
        frontmatter: None,
        attrs,
        items: Vec::new(),
    });
    Ok(text.trim_end().to_owned() + "\n")
}

fn inner_doc(line: &str) -> String {
    match text::doc_line(line) {
        line if line.is_empty() => "//!\n".to_owned(),
        line => format!("//! {line}\n"),
    }
}

/// The widest line that prettyplease leaves alone.
const MARGIN: usize = 89;

/// The lines as text, formatted where they are too long.
fn uses(lines: &[String]) -> Result<String, String> {
    let text = lines.join("\n") + "\n";
    if lines.iter().all(|line| line.len() <= MARGIN) {
        return Ok(text);
    }
    let file = syn::parse_str::<syn::File>(&text).map_err(|e| format!("imports: {e}"))?;
    Ok(prettyplease::unparse(&file))
}

/// Stands for the end of a line within a `#[doc]`, where a line feed would make a block comment.
pub(crate) const DOC_LINE_END: char = '\u{1f}';
