//! Peers for generated clients: the moto server, boto3, and a recorder of HTTP requests.
//!
//! The tests of this crate drive the KMS client against them. `cargo xtask interop` makes the
//! Python environment that they need and runs them, and then those in `services`, whose clients it
//! generates.

pub mod boto3;
pub mod moto;
pub mod python;
pub mod recorder;
pub mod wire;
