//! HTTP messages.

/// The HTTP messages of an operation, apart from what its members add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Http {
    /// The method of the request, such as `POST`.
    pub method: String,
    /// The path of the request.
    pub uri: Vec<UriPart>,
    /// The constant part of the query: names and values.
    pub query: Vec<(String, String)>,
    /// The status of a response that is no error.
    pub status: u16,
}

/// A piece of the path of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UriPart {
    /// Text as it is.
    Literal(String),
    /// The value of the member with this name, in one segment of the path.
    Label(String),
    /// The value of the member with this name, slashes included.
    GreedyLabel(String),
}
