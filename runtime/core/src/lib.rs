//! The part of the runtime that needs no I/O and no async runtime: types of members, wire formats,
//! event streams, signatures, endpoint rules, retry decisions, and operations as functions from
//! request to HTTP request and from HTTP response to response.
//!
//! `tinsmith-client` sends what this crate builds, and exports it again.

#[cfg(feature = "checksum")]
mod checksum;
#[cfg(feature = "compression")]
mod compression;
pub mod endpoint;
mod enumeration;
pub mod error;
pub mod event_stream;
pub mod json;
pub mod number;
pub mod operation;
pub mod optional;
pub mod protocol;
pub mod retry;
pub mod sensitive;
pub mod sigv4;
pub mod skew;
pub mod timestamp;
pub mod transport;
pub mod uuid;

use std::future::Future;
use std::pin::Pin;

pub use json::{Document, UnknownVariant};
pub use number::{BigDecimal, BigInteger};
pub use optional::IntoOption;
pub use sensitive::{Sensitive, Wipe};
pub use timestamp::Timestamp;

/// The crates whose types requests and responses are made of, in the versions that this crate uses.
pub use {bytes, http};

/// A boxed future, for traits that must be usable as `dyn`.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
