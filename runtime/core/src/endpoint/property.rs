use std::collections::BTreeMap;

/// A value that the rules attach to an endpoint (Smithy specification, "Endpoint object").
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Property {
    /// A boolean.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A string.
    String(String),
    /// A list.
    List(Vec<Property>),
    /// A map.
    Map(BTreeMap<String, Property>),
}

impl Property {
    /// A map with these entries.
    pub fn map<const N: usize>(entries: [(&str, Property); N]) -> Self {
        let entries = entries.into_iter();
        Self::Map(
            entries
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    }
}

impl From<bool> for Property {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i64> for Property {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<&str> for Property {
    fn from(value: &str) -> Self {
        Self::String(value.to_owned())
    }
}

impl From<String> for Property {
    fn from(value: String) -> Self {
        Self::String(value)
    }
}

impl<T: Into<Property>, const N: usize> From<[T; N]> for Property {
    fn from(values: [T; N]) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

/// What an endpoint's rules say about one way of signing.
///
/// The members are those of the `authSchemes` property (Smithy specification, "AWS rules engine
/// authentication scheme validators"); what a rule leaves out stays as the client has it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuthScheme {
    /// The scheme: `sigv4`, `sigv4a`, or another.
    pub name: String,
    /// The service name to sign for.
    pub signing_name: Option<String>,
    /// The region to sign for.
    pub signing_region: Option<String>,
    /// The regions to sign for, of `sigv4a`; `*` is every region.
    pub signing_region_set: Vec<String>,
    /// Other members, by the model's name, such as `disableDoubleEncoding`.
    pub properties: BTreeMap<String, Property>,
}

impl AuthScheme {
    /// The scheme `name`, changing nothing yet.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            signing_name: None,
            signing_region: None,
            signing_region_set: Vec::new(),
            properties: BTreeMap::new(),
        }
    }

    /// Sets the service name to sign for.
    #[must_use]
    pub fn signing_name(mut self, name: impl Into<String>) -> Self {
        self.signing_name = Some(name.into());
        self
    }

    /// Sets the region to sign for.
    #[must_use]
    pub fn signing_region(mut self, region: impl Into<String>) -> Self {
        self.signing_region = Some(region.into());
        self
    }

    /// Sets the regions to sign for.
    #[must_use]
    pub fn signing_region_set<T: Into<String>>(
        mut self,
        regions: impl IntoIterator<Item = T>,
    ) -> Self {
        self.signing_region_set = regions.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the member `name`.
    #[must_use]
    pub fn property(mut self, name: &str, value: impl Into<Property>) -> Self {
        self.properties.insert(name.to_owned(), value.into());
        self
    }
}
