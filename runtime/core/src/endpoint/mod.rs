//! Where a request goes: the endpoint that a service's rules choose, and what the rules compute with.
//!
//! A generated crate holds the rules of its model as code; this module holds what all rules share:
//! the functions of the rules engine (Smithy specification, "Rules engine standard library" and "AWS
//! rules engine library functions"), the table of AWS partitions, and [`Endpoint`], the answer.
//!
//! Nothing that the rules put together is trusted. A region is configuration, an ARN comes from the
//! caller: what they add to a URL passes [`host`] and [`Endpoint::new`], so that they can name a
//! host but never redirect a request, add a query, or break a header line.

mod arn;
mod bdd;
mod error;
mod functions;
mod partition;
mod property;
mod region;
mod url;

use std::collections::BTreeMap;

use http::{HeaderMap, HeaderName, HeaderValue, Uri};

pub use arn::{Arn, parse_arn};
pub use bdd::decide;
pub use error::EndpointError;
pub use functions::{
    get, is_valid_host_label, is_virtual_hostable_s3_bucket, known, split, substring, uri_encode,
};
pub use partition::{Partition, partition};
pub use property::{AuthScheme, Property};
pub use region::{Region, is_global};
pub use url::{Url, host, parse_url};

/// What the endpoint rules of a model are asked with.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct EndpointQuery<'a> {
    /// `AWS::Region`.
    pub region: Option<&'a str>,
    /// `AWS::UseFIPS`.
    pub use_fips: bool,
    /// `AWS::UseDualStack`.
    pub use_dual_stack: bool,
    /// `SDK::Endpoint`: the endpoint that the user gave.
    pub endpoint: Option<&'a str>,
    /// What the operation adds, by the parameter's name in the model.
    pub inputs: &'a [(&'static str, EndpointInput)],
}

/// A value that an operation adds to the parameters of the endpoint's rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndpointInput {
    /// Of a parameter of type string.
    String(String),
    /// Of a parameter of type boolean.
    Boolean(bool),
    /// Of a parameter of type string array.
    Strings(Vec<String>),
}

/// Where a request goes and how it is to be signed there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Endpoint {
    /// Scheme, host, optional port, and the path that precedes the operation's own; never a query.
    pub uri: Uri,
    /// Headers to add to every request.
    pub headers: HeaderMap,
    /// What the rules say about signing, in the order of preference. A scheme changes the properties
    /// of the scheme of the same name that the service already uses; it does not choose one.
    pub auth_schemes: Vec<AuthScheme>,
    /// The properties that have no place of their own, by name.
    pub properties: BTreeMap<String, Property>,
}

impl Endpoint {
    /// The endpoint at `url`.
    ///
    /// # Errors
    /// [`EndpointError::InvalidUrl`] unless `url` is an `http` or `https` URL of visible ASCII
    /// characters with a host, without user name, query and fragment.
    pub fn new(url: &str) -> Result<Self, EndpointError> {
        Ok(Self {
            uri: url::checked(url)?,
            headers: HeaderMap::new(),
            auth_schemes: Vec::new(),
            properties: BTreeMap::new(),
        })
    }

    /// Adds a header, one line for each value.
    ///
    /// # Errors
    /// [`EndpointError::InvalidHeader`] when the name or a value may not stand in an HTTP header.
    pub fn header(mut self, name: &str, values: &[&str]) -> Result<Self, EndpointError> {
        let invalid = || EndpointError::InvalidHeader(name.to_owned());
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| invalid())?;
        for value in values {
            let value = HeaderValue::from_str(value).map_err(|_| invalid())?;
            self.headers.append(key.clone(), value);
        }
        Ok(self)
    }

    /// Adds an authentication scheme after those already there.
    #[must_use]
    pub fn auth_scheme(mut self, scheme: AuthScheme) -> Self {
        self.auth_schemes.push(scheme);
        self
    }

    /// Sets the property `name`.
    #[must_use]
    pub fn property(mut self, name: &str, value: impl Into<Property>) -> Self {
        self.properties.insert(name.to_owned(), value.into());
        self
    }

    /// What the rules say about the scheme `name`, such as `sigv4`; `None` when they say nothing.
    pub fn signing(&self, name: &str) -> Option<&AuthScheme> {
        self.auth_schemes.iter().find(|scheme| scheme.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_refuse_line_breaks() {
        let endpoint = Endpoint::new("https://example.com").unwrap();
        let error = endpoint.clone().header("x-region", &["a\r\nb: c"]);
        assert_eq!(error, Err(EndpointError::InvalidHeader("x-region".into())));
        assert!(endpoint.clone().header("x region", &["a"]).is_err());
        let endpoint = endpoint.header("x-region", &["*", "a"]).unwrap();
        let values: Vec<_> = endpoint.headers.get_all("x-region").iter().collect();
        assert_eq!(values, ["*", "a"]);
    }

    #[test]
    fn a_scheme_is_found_by_name() {
        let endpoint = Endpoint::new("https://example.com")
            .unwrap()
            .auth_scheme(AuthScheme::new("sigv4a").signing_region_set(["*"]))
            .auth_scheme(AuthScheme::new("sigv4").signing_region("us-east-1"));
        let region = endpoint
            .signing("sigv4")
            .map(|s| s.signing_region.as_deref());
        assert_eq!(region, Some(Some("us-east-1")));
        assert_eq!(endpoint.signing("bearer"), None);
    }
}
