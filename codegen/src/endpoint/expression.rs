use super::function::Function;

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text.
    String,
    /// True or false.
    Boolean,
    /// A whole number; only literals have this type.
    Integer,
    /// A list of texts.
    Strings,
    /// The result of `aws.partition`.
    Partition,
    /// The result of `aws.parseArn`.
    Arn,
    /// The result of `parseURL`.
    Url,
}

/// A typed expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub node: Node,
    /// The type of its value.
    pub ty: Type,
    /// Whether the value can be missing.
    pub optional: bool,
}

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A literal text.
    Text(String),
    /// A literal boolean.
    Boolean(bool),
    /// A literal number.
    Integer(i64),
    /// Text with values in it; at least one value, and more than that alone.
    Template(Vec<Piece>),
    /// The parameter of this number.
    Parameter(usize),
    /// The variable of this number.
    Variable(usize),
    /// A member of a record.
    Field(Box<Expr>, &'static FieldOf),
    /// An item of a list, from the end when negative; always optional.
    Item(Box<Expr>, i64),
    /// A call with arguments that fit the function.
    Call(Function, Vec<Expr>),
}

/// A piece of a [`Node::Template`].
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Text that stands as it is.
    Text(String),
    /// A value, of type string.
    Value(Expr),
}

/// A member of one of the records that functions return.
#[derive(Debug, PartialEq, Eq)]
pub struct FieldOf {
    /// The record.
    pub record: Type,
    /// The model's name.
    pub name: &'static str,
    /// The field of the runtime's structure.
    pub rust: &'static str,
    /// The type of the value.
    pub ty: Type,
}

const fn field(record: Type, name: &'static str, rust: &'static str, ty: Type) -> FieldOf {
    FieldOf {
        record,
        name,
        rust,
        ty,
    }
}

/// Every member of every record.
pub(super) static FIELDS: [FieldOf; 16] = [
    field(Type::Partition, "name", "name", Type::String),
    field(Type::Partition, "dnsSuffix", "dns_suffix", Type::String),
    field(
        Type::Partition,
        "dualStackDnsSuffix",
        "dual_stack_dns_suffix",
        Type::String,
    ),
    field(
        Type::Partition,
        "supportsFIPS",
        "supports_fips",
        Type::Boolean,
    ),
    field(
        Type::Partition,
        "supportsDualStack",
        "supports_dual_stack",
        Type::Boolean,
    ),
    field(
        Type::Partition,
        "implicitGlobalRegion",
        "implicit_global_region",
        Type::String,
    ),
    field(Type::Arn, "partition", "partition", Type::String),
    field(Type::Arn, "service", "service", Type::String),
    field(Type::Arn, "region", "region", Type::String),
    field(Type::Arn, "accountId", "account_id", Type::String),
    field(Type::Arn, "resourceId", "resource_id", Type::Strings),
    field(Type::Url, "scheme", "scheme", Type::String),
    field(Type::Url, "authority", "authority", Type::String),
    field(Type::Url, "path", "path", Type::String),
    field(Type::Url, "normalizedPath", "normalized_path", Type::String),
    field(Type::Url, "isIp", "is_ip", Type::Boolean),
];

impl Type {
    /// The type's name for people.
    pub(super) fn spoken(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Boolean => "a boolean",
            Self::Integer => "an integer",
            Self::Strings => "a string array",
            Self::Partition => "a partition",
            Self::Arn => "an ARN",
            Self::Url => "a URL",
        }
    }
}

impl Expr {
    pub(super) fn new(node: Node, ty: Type, optional: bool) -> Self {
        Self { node, ty, optional }
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::new(Node::Text(text.into()), Type::String, false)
    }

    pub(super) fn boolean(value: bool) -> Self {
        Self::new(Node::Boolean(value), Type::Boolean, false)
    }

    /// The expression's parts, in the order of evaluation.
    pub fn children(&self) -> Vec<&Expr> {
        match &self.node {
            Node::Text(_)
            | Node::Boolean(_)
            | Node::Integer(_)
            | Node::Parameter(_)
            | Node::Variable(_) => Vec::new(),
            Node::Template(pieces) => pieces.iter().filter_map(Piece::value).collect(),
            Node::Field(base, _) | Node::Item(base, _) => vec![&**base],
            Node::Call(_, arguments) => arguments.iter().collect(),
        }
    }

    /// How often the variable of this number is used.
    pub fn uses(&self, variable: usize) -> usize {
        let here = usize::from(self.node == Node::Variable(variable));
        here + self
            .children()
            .iter()
            .map(|part| part.uses(variable))
            .sum::<usize>()
    }
}

impl Piece {
    /// The value, unless the piece is text.
    pub fn value(&self) -> Option<&Expr> {
        match self {
            Self::Text(_) => None,
            Self::Value(value) => Some(value),
        }
    }
}
