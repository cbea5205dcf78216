//! What of a request is the same in all SDKs.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde_json::Value;

use crate::recorder::Recorded;

/// A request without what differs between SDKs or from one call to the next.
#[derive(Debug, PartialEq)]
pub struct Wire {
    method: String,
    path: String,
    headers: BTreeMap<&'static str, Option<String>>,
    /// Without the headers that name the SDK and count its attempts. Empty when it is unsigned.
    signed_headers: BTreeSet<String>,
    /// Region, service and version; `None` when it is unsigned.
    scope: Option<String>,
    /// The body.
    pub body: Value,
}

impl Wire {
    /// A request of any SDK.
    ///
    /// # Errors
    ///
    /// When the `Authorization` is not of the form that Signature Version 4 gives it, and when the
    /// body is not JSON.
    pub fn of(request: &Recorded) -> io::Result<Self> {
        let names = [
            "content-encoding",
            "content-md5",
            "content-type",
            "host",
            "x-amz-security-token",
            "x-amz-target",
            "x-amzn-query-mode",
        ];
        let authorization = request.header("authorization");
        let (scope, signed_headers) = match authorization.as_deref().map(signature) {
            Some(Some((scope, signed_headers))) => (Some(scope), signed_headers),
            Some(None) => return Err(io::Error::other(format!("{authorization:?}"))),
            None => (None, BTreeSet::new()),
        };
        Ok(Self {
            method: request.method.clone(),
            path: request.path.clone(),
            headers: names.map(|name| (name, request.header(name))).into(),
            signed_headers,
            scope,
            body: request.json()?,
        })
    }

    /// Our request. It signs the body's length too, as AWS's SDKs for Go, Java and Rust do and
    /// boto3 does not; that difference is taken out.
    ///
    /// # Errors
    ///
    /// As [`Wire::of`], and when the body's length is not signed.
    pub fn of_ours(request: &Recorded) -> io::Result<Self> {
        let mut wire = Self::of(request)?;
        if wire.scope.is_some() && !wire.signed_headers.remove("content-length") {
            return Err(io::Error::other(format!("no signed length: {wire:?}")));
        }
        Ok(wire)
    }

    /// Whether the request carries a signature.
    pub fn is_signed(&self) -> bool {
        self.scope.is_some()
    }
}

/// Scope and signed headers.
fn signature(authorization: &str) -> Option<(String, BTreeSet<String>)> {
    let part = |name: &str| {
        let (_, rest) = authorization.split_once(name)?;
        rest.split([',', ' ']).next()
    };
    let names_the_sdk = |name: &str| name.starts_with("amz-sdk-") || name.ends_with("user-agent");
    // The key's id and the date come before the scope.
    let scope = part("Credential=")?.splitn(3, '/').nth(2)?;
    let signed = part("SignedHeaders=")?.split(';');
    let signed = signed.filter(|name| !names_the_sdk(name));
    Some((scope.to_owned(), signed.map(str::to_owned).collect()))
}
