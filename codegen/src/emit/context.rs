//! Lookups of the emitters: shapes by name, and the targets of documentation links.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use proc_macro2::TokenStream;

use crate::ir::{self, Block, Constraints, ErrorShape, Named, Service, Structure, Type, TypeIndex};
use crate::output::rustdoc;

use super::{WIDTH, constraints};

/// A service, and its shapes by their Rust names.
pub(super) struct Context<'s> {
    pub(super) service: &'s Service,
    pub(super) types: TypeIndex<'s>,
    pub(super) errors: BTreeMap<&'s str, &'s ErrorShape>,
    /// The documentation of each error as a variant, which most operations share.
    pub(super) variant_docs: BTreeMap<&'s str, OnceLock<Vec<String>>>,
    structures: BTreeMap<&'s str, &'s Structure>,
}

impl<'s> Context<'s> {
    pub(super) fn new(service: &'s Service) -> Self {
        let errors = service.errors.iter();
        Self {
            service,
            types: ir::index(&service.types),
            errors: errors.map(|x| (x.structure.name.as_str(), x)).collect(),
            variant_docs: (service.errors.iter())
                .map(|error| (error.structure.name.as_str(), OnceLock::new()))
                .collect(),
            structures: service.structures().map(|x| (x.name.as_str(), x)).collect(),
        }
    }

    /// Documentation as `#[doc]`, or `fallback` where there is none.
    pub(super) fn docs_or(&self, docs: &[Block], fallback: String) -> TokenStream {
        match self.lines(docs) {
            lines if lines.is_empty() => super::docs(&[fallback]),
            lines => super::docs(&lines),
        }
    }

    /// Documentation of a member, with its constraints.
    pub(super) fn member_lines(
        &self,
        docs: &[Block],
        member: &str,
        constrained: (&Type, &Constraints),
    ) -> Vec<String> {
        let mut lines = self.lines(docs);
        if lines.is_empty() {
            lines.push(format!("The member `{member}`."));
        }
        constraints::add(&mut lines, constrained.0, constrained.1);
        lines
    }

    /// Documentation as lines of Markdown.
    pub(super) fn lines(&self, docs: &[Block]) -> Vec<String> {
        rustdoc::lines(docs, &|name| self.path(name), WIDTH)
    }

    /// The path that `name` means in documentation: an operation is a method of the client, a shape a
    /// type, `Shape$Member` a field.
    pub(super) fn path(&self, name: &str) -> Option<String> {
        if let Some(method) = name.strip_prefix("Client::") {
            let mut operations = self.service.operations.iter();
            let is_method = operations.any(|operation| linked(&operation.method) == method);
            return is_method.then(|| format!("crate::{name}"));
        }
        let (shape, member) = match name.split_once('$') {
            Some((shape, member)) => (shape, Some(member)),
            None => (name, None),
        };
        match (self.service.names.get(shape)?, member) {
            (Named::Operation(method), None) => Some(format!("crate::Client::{}", linked(method))),
            (Named::Type(name), None) => Some(format!("crate::{name}")),
            (Named::Operation(_), Some(_)) => None,
            (Named::Type(name), Some(member)) => {
                let mut fields = self.structures.get(name.as_str())?.fields.iter();
                let field = fields.find(|field| field.member == member)?;
                Some(format!("crate::{name}::{}", linked(&field.name)))
            }
        }
    }
}

/// An identifier as links have it: rustdoc takes keywords as they are, not `r#type`.
pub(super) fn linked(name: &str) -> &str {
    name.trim_start_matches("r#")
}
