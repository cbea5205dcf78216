//! The types of values.

pub use tinsmith_smithy::traits::TimestampFormat;

/// The Rust type of a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // Smithy's simple types.
pub enum Type {
    Boolean,
    Byte,
    Short,
    Integer,
    Long,
    Float,
    Double,
    BigInteger,
    BigDecimal,
    String,
    Blob,
    Timestamp(TimestampFormat),
    Document,
    /// No value: `smithy.api#Unit` as a member of a union.
    Unit,
    /// A string enum, by its Rust name.
    Enum(String),
    /// An integer enum, by its Rust name.
    IntEnum(String),
    /// A structure, by its Rust name.
    Structure(String),
    /// A union, by its Rust name.
    Union(String),
    /// A list; `sparse` ones may hold null.
    List {
        item: Box<Type>,
        sparse: bool,
    },
    /// A map from a string or a string enum; `sparse` ones may hold null.
    Map {
        key: Box<Type>,
        value: Box<Type>,
        sparse: bool,
    },
    /// Behind a `Box`, to break a cycle.
    Boxed(Box<Type>),
    /// Redacted in `Debug` and wiped on drop.
    Sensitive(Box<Type>),
}

impl Type {
    /// The type without `Box` and `Sensitive` around it.
    pub fn innermost(&self) -> &Self {
        match self {
            Self::Boxed(inner) | Self::Sensitive(inner) => inner.innermost(),
            other => other,
        }
    }
}
