//! Typed expressions.

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
    /// Its kind and parts.
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
    /// Text with at least one value, and more than that alone.
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
    /// Text as it is.
    Text(String),
    /// A value, of type string.
    Value(Expr),
    /// A value in the host of a URL, which must not end the host.
    Host(Expr),
}

impl Piece {
    /// The value, unless the piece is text.
    pub fn value(&self) -> Option<&Expr> {
        match self {
            Self::Text(_) => None,
            Self::Value(value) | Self::Host(value) => Some(value),
        }
    }
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

/// The functions of the rules engine, but for `getAttr`, which becomes [`Node::Field`] and
/// [`Node::Item`] (Smithy specification, "Rules engine standard library" and "AWS rules engine
/// library functions").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names are the specification's.
pub enum Function {
    BooleanEquals,
    StringEquals,
    Not,
    IsSet,
    Coalesce,
    Ite,
    Substring,
    Split,
    UriEncode,
    ParseUrl,
    IsValidHostLabel,
    Partition,
    ParseArn,
    IsVirtualHostableS3Bucket,
}

impl Function {
    /// Whether the function itself gives no value for some arguments.
    pub fn can_fail(self) -> bool {
        matches!(self, Self::Substring | Self::ParseUrl | Self::ParseArn)
    }
}

impl Expr {
    pub(crate) fn new(node: Node, ty: Type, optional: bool) -> Self {
        Self { node, ty, optional }
    }

    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::new(Node::Text(text.into()), Type::String, false)
    }

    pub(crate) fn boolean(value: bool) -> Self {
        Self::new(Node::Boolean(value), Type::Boolean, false)
    }

    /// The expression's parts, in the order of evaluation.
    pub fn parts(&self) -> Vec<&Expr> {
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
        let parts = self.parts();
        here + parts.iter().map(|part| part.uses(variable)).sum::<usize>()
    }
}
