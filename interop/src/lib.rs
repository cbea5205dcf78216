//! Peers for the generated KMS client: the moto server, boto3, and a recorder of HTTP requests.
//!
//! The tests of this crate drive the client against them. `cargo xtask interop` makes the Python
//! environment that they need and runs them.

pub mod boto3;
pub mod moto;
pub mod python;
pub mod recorder;
