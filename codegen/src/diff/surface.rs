//! The public API of a generated crate, read back from its code.
//!
//! The verdict rests on this and not on what the model says, so that a change that nobody thought of
//! still counts.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Attribute, Fields, FnArg, ImplItem, Item, ReturnType, Token, UseTree, Visibility};

use super::macros;
use crate::output::tree::FileTree;

/// What callers can name, by the type or the free item that it belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surface {
    /// By name; modules do not count, since a crate exports everything at its root.
    pub owners: BTreeMap<String, Parts>,
}

/// The parts of one item and how each is declared.
pub type Parts = BTreeMap<Part, String>;

/// A part of an item that a caller can use.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The item itself: `struct`, `enum`, or the whole of anything else.
    Item,
    /// It is `#[non_exhaustive]`.
    Open,
    /// A public field and its type.
    Field(String),
    /// A variant and what it holds.
    Variant(String),
    /// A function; for one without `self` the arguments are parts of their own.
    Method(String),
    /// An argument of a function without `self`: function, argument.
    Argument(String, String),
    /// The names of the arguments of a function without `self`, in order.
    Order(String),
    /// A trait and its associated types.
    Impl(String),
    /// `#[deprecated]`, on the item when the name is empty, else on a part of that name.
    Deprecated(String),
}

impl Part {
    /// The name of the member of the item that the part belongs to; empty for the item's own.
    pub fn member(&self) -> &str {
        match self {
            Self::Field(name)
            | Self::Variant(name)
            | Self::Method(name)
            | Self::Argument(_, name)
            | Self::Deprecated(name) => name,
            Self::Item | Self::Open | Self::Order(_) | Self::Impl(_) => "",
        }
    }
}

/// Where a crate says what it exports.
const ROOT: &str = "src/lib.rs";

fn parse(path: &str, text: &str) -> Result<syn::File, String> {
    syn::parse_file(text).map_err(|error| format!("{path}: {error}"))
}

impl Surface {
    /// Reads the public items of the modules that a crate exports.
    ///
    /// # Errors
    ///
    /// The path of a file that is no Rust, or calls a macro that is not known here: a fault of the
    /// generator.
    pub fn of(tree: &FileTree) -> Result<Self, String> {
        let mut surface = Self::default();
        let mut modules = BTreeSet::new();
        let root = tree.files().filter(|(path, _)| *path == ROOT);
        for (path, text) in root {
            for item in parse(path, text)?.items {
                match item {
                    Item::Use(item) if is_public(&item.vis) => {
                        if let UseTree::Path(path) = &item.tree {
                            modules.insert(path.ident.to_string());
                        }
                        surface.exported(&item.tree);
                    }
                    item => surface.item(path, &item)?,
                }
            }
        }
        for (path, text) in tree.files().filter(|(path, _)| *path != ROOT) {
            // The module at the root that the file is, or is a part of.
            let module = path
                .strip_prefix("src/")
                .and_then(|rest| rest.split(['/', '.']).next());
            if module.is_some_and(|module| modules.contains(module)) {
                for item in parse(path, text)?.items {
                    surface.item(path, &item)?;
                }
            }
        }
        Ok(surface)
    }

    fn owner(&mut self, name: impl ToString) -> &mut Parts {
        self.owners.entry(name.to_string()).or_default()
    }

    /// What stands in `pub use` by its own name.
    fn exported(&mut self, tree: &UseTree) {
        match tree {
            UseTree::Path(path) => self.exported(&path.tree),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.exported(tree)),
            UseTree::Name(name) => {
                self.owner(&name.ident).entry(Part::Item).or_default();
            }
            UseTree::Rename(rename) => {
                self.owner(&rename.rename).entry(Part::Item).or_default();
            }
            // Whose names are those of items of this crate.
            UseTree::Glob(_) => {}
        }
    }

    /// An item without parts.
    fn free(&mut self, name: &syn::Ident, whole: &impl ToTokens) {
        self.owner(name).insert(Part::Item, text(whole));
    }

    fn item(&mut self, path: &str, item: &Item) -> Result<(), String> {
        match item {
            Item::Struct(item) if is_public(&item.vis) => {
                let parts = self.owner(&item.ident);
                definition(parts, "struct", &item.generics, &item.attrs);
                fields(parts, &item.fields);
            }
            Item::Enum(item) if is_public(&item.vis) => {
                let parts = self.owner(&item.ident);
                definition(parts, "enum", &item.generics, &item.attrs);
                variants(parts, &item.variants);
            }
            Item::Impl(item) => {
                let name = text(&item.self_ty);
                self.implementation(&name, item);
            }
            Item::Macro(item) => {
                let called = macros::parts(&item.mac);
                let (name, parts) = called.map_err(|error| format!("{path}: {error}"))?;
                self.owner(name).extend(parts);
            }
            Item::Fn(item) if is_public(&item.vis) => self.free(&item.sig.ident, &item.sig),
            Item::Const(item) if is_public(&item.vis) => self.free(&item.ident, &item.ty),
            Item::Static(item) if is_public(&item.vis) => self.free(&item.ident, &item.ty),
            Item::Type(item) if is_public(&item.vis) => self.free(&item.ident, item),
            Item::Trait(item) if is_public(&item.vis) => self.free(&item.ident, item),
            Item::Mod(item) if is_public(&item.vis) => self.free(&item.ident, item),
            // Private, or nothing that a crate of ours has.
            _ => {}
        }
        Ok(())
    }

    fn implementation(&mut self, name: &str, item: &syn::ItemImpl) {
        let parts = self.owner(name);
        if let Some((path, _)) = &item.trait_ {
            let types = item.items.iter().filter_map(|item| match item {
                ImplItem::Type(ty) => Some(format!("{} = {}", ty.ident, text(&ty.ty))),
                _ => None,
            });
            let types: Vec<String> = types.collect();
            parts.insert(Part::Impl(text(path)), types.join(", "));
            return;
        }
        for item in &item.items {
            match item {
                ImplItem::Fn(method) if is_public(&method.vis) => function(parts, method),
                ImplItem::Const(constant) if is_public(&constant.vis) => {
                    let name = constant.ident.to_string();
                    parts.insert(Part::Method(name), text(&constant.ty));
                }
                _ => {}
            }
        }
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The item, its `#[non_exhaustive]`, its deprecation and what it derives.
pub(super) fn definition(
    parts: &mut Parts,
    keyword: &str,
    generics: &syn::Generics,
    attributes: &[Attribute],
) {
    parts.insert(Part::Item, format!("{keyword}{}", text(generics)));
    deprecated(parts, "", attributes);
    for attribute in attributes {
        if attribute.path().is_ident("non_exhaustive") {
            parts.insert(Part::Open, String::new());
        }
        if attribute.path().is_ident("derive") {
            // Every derive that is emitted is a list of plain names.
            let _ = attribute.parse_nested_meta(|meta| {
                parts.insert(Part::Impl(text(&meta.path)), String::new());
                Ok(())
            });
        }
    }
}

pub(super) fn variants(parts: &mut Parts, variants: &Punctuated<syn::Variant, Token![,]>) {
    for variant in variants {
        let name = variant.ident.to_string();
        deprecated(parts, &name, &variant.attrs);
        parts.insert(Part::Variant(name), text(&variant.fields));
    }
}

fn fields(parts: &mut Parts, fields: &Fields) {
    for (index, field) in fields.iter().enumerate() {
        if is_public(&field.vis) {
            let name = field
                .ident
                .as_ref()
                .map_or_else(|| index.to_string(), ToString::to_string);
            deprecated(parts, &name, &field.attrs);
            parts.insert(Part::Field(name), text(&field.ty));
        }
    }
}

fn deprecated(parts: &mut Parts, name: &str, attributes: &[Attribute]) {
    let is_deprecated = |attribute: &&Attribute| attribute.path().is_ident("deprecated");
    if let Some(attribute) = attributes.iter().find(is_deprecated) {
        parts.insert(Part::Deprecated(name.to_owned()), text(&attribute.meta));
    }
}

fn function(parts: &mut Parts, method: &syn::ImplItemFn) {
    let signature = &method.sig;
    let name = signature.ident.to_string();
    let mut arguments = Vec::new();
    let mut receiver = None;
    for input in &signature.inputs {
        match input {
            FnArg::Receiver(own) => receiver = Some(own),
            FnArg::Typed(argument) => arguments.push((text(&argument.pat), text(&argument.ty))),
        }
    }
    let output = match &signature.output {
        ReturnType::Default => String::new(),
        ReturnType::Type(_, ty) => format!(" -> {}", text(ty)),
    };
    let asynchronous = signature.asyncness.as_ref().map_or("", |_| "async ");
    let generics = text(&signature.generics);
    let list = match receiver {
        Some(receiver) => {
            // `mut self` is the body's own affair.
            let own = text(receiver).trim_start_matches("mut ").to_owned();
            let types = arguments.into_iter().map(|(_, ty)| ty);
            let list: Vec<String> = std::iter::once(own).chain(types).collect();
            list.join(", ")
        }
        None => {
            let names: Vec<&str> = arguments.iter().map(|(name, _)| name.as_str()).collect();
            parts.insert(Part::Order(name.clone()), names.join(", "));
            for (argument, ty) in arguments {
                parts.insert(Part::Argument(name.clone(), argument), ty);
            }
            String::new()
        }
    };
    deprecated(parts, &name, &method.attrs);
    let whole = format!("{asynchronous}{generics}({list}){output}");
    parts.insert(Part::Method(name), whole);
}

/// Tokens as a person writes them, near enough.
pub(super) fn text(tokens: &impl ToTokens) -> String {
    let spaced = tokens.to_token_stream().to_string();
    [
        (" :: ", "::"),
        (" < ", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        ("& ", "&"),
        (" (", "("),
        (" :", ":"),
    ]
    .iter()
    .fold(spaced, |text, (from, to)| text.replace(from, to))
}

/// The type that an argument declared as `impl Into<T>` or `impl IntoOption<T>` takes at its
/// plainest; the type itself for any other.
pub fn plain(declared: &str) -> &str {
    let inner = ["impl Into<", "impl IntoOption<"]
        .iter()
        .find_map(|prefix| declared.strip_prefix(prefix)?.strip_suffix('>'));
    inner.unwrap_or(declared)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = r#"
        /// A key.
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct Key {
            pub(crate) hidden: u8,
            #[deprecated(note = "old")]
            pub r#type: Option<Vec<u8>>,
        }
        impl Key {
            pub fn new(id: impl Into<String>, r#type: Kind) -> Self { todo() }
            pub fn id(mut self, value: impl IntoOption<String>) -> Self { self }
            pub(crate) fn write(&self) {}
        }
        pub enum Fault { Lost(error::Lost), Plain }
        impl Paginated for Key {
            type Token = String;
            fn set_token(&mut self, token: String) {}
        }
        tinsmith_runtime::error_shape!(Fault);
        struct Private;
    "#;

    #[test]
    fn what_callers_can_name_is_read() {
        let mut tree = FileTree::default();
        tree.insert("src/types/a.rs", CODE);
        tree.insert("src/inner.rs", "pub struct Inner;");
        tree.insert(
            "src/lib.rs",
            "pub use types::*; pub use runtime_crate as runtime;",
        );
        let surface = Surface::of(&tree).unwrap();
        let lines: Vec<String> = surface
            .owners
            .iter()
            .flat_map(|(owner, parts)| {
                parts
                    .iter()
                    .map(move |(part, text)| format!("{owner} {part:?} {text}"))
            })
            .collect();
        let expected = [
            "Fault Item enum",
            "Fault Variant(\"Lost\") (error::Lost)",
            "Fault Variant(\"Plain\") ",
            "Fault Impl(\"Display\") ",
            "Fault Impl(\"Error\") ",
            "Key Item struct",
            "Key Open ",
            "Key Field(\"r#type\") Option<Vec<u8>>",
            "Key Method(\"id\") (self, impl IntoOption<String>) -> Self",
            "Key Method(\"new\") () -> Self",
            "Key Argument(\"new\", \"id\") impl Into<String>",
            "Key Argument(\"new\", \"r#type\") Kind",
            "Key Order(\"new\") id, r#type",
            "Key Impl(\"Clone\") ",
            "Key Impl(\"Debug\") ",
            "Key Impl(\"Paginated\") Token = String",
            "Key Deprecated(\"r#type\") deprecated(note = \"old\")",
            "runtime Item ",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn arguments_are_plain() {
        assert_eq!(plain("impl IntoOption<Vec<u8>>"), "Vec<u8>");
        assert_eq!(plain("impl Into<String>"), "String");
        assert_eq!(plain("Kind"), "Kind");
    }
}
