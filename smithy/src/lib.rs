//! Smithy models as Rust values.
//!
//! [`load`](load::load) reads one or several files of Smithy's [JSON AST], version 1.0 or 2.0, and
//! merges, flattens, upgrades and validates them. It returns a [`Model`](ast::Model) or every fault
//! of the files, each with its place.
//!
//! ```
//! use tinsmith_smithy::ast::ShapeKind;
//! use tinsmith_smithy::load::{Source, load};
//!
//! let text = r#"{
//!     "smithy": "2.0",
//!     "shapes": {
//!         "example.weather#City": {
//!             "type": "structure",
//!             "members": {
//!                 "name": {"target": "smithy.api#String", "traits": {"smithy.api#required": {}}},
//!                 "population": {"target": "smithy.api#Long"}
//!             }
//!         }
//!     }
//! }"#;
//! let source = Source { name: "weather.json", text };
//! let model = load(&[source])?.model;
//!
//! let mut required = Vec::new();
//! for (id, shape) in &model.shapes {
//!     if let ShapeKind::Structure(members) = &shape.kind {
//!         let members = members.iter().filter(|(_, member)| member.traits.required());
//!         required.extend(members.map(|(name, _)| id.with_member(name).to_string()));
//!     }
//! }
//! assert_eq!(required, ["example.weather#City$name"]);
//! # Ok::<(), tinsmith_smithy::diagnostic::Diagnostics>(())
//! ```
//!
//! [`serialize`](serialize::serialize) writes a model as JSON again, and [`import`] makes a small
//! model out of AWS's files.
//!
//! [JSON AST]: https://smithy.io/2.0/spec/json-ast.html

pub mod ast;
mod decimal;
pub mod diagnostic;
pub mod import;
mod json;
pub mod load;
pub mod scalar;
pub mod serialize;
pub mod text;
mod timestamp;
pub mod traits;
