//! Builds expressions, computing what does not depend on a parameter.

use crate::ir::endpoint::{Expr, Function, Node, Piece, Type};

/// A call of `function`, whose arguments fit it and whose result has the type `ty`.
pub(super) fn call(function: Function, arguments: Vec<Expr>, ty: Type) -> Expr {
    if let Some(simple) = simplified(function, &arguments, ty) {
        return simple;
    }
    let optional = match function {
        Function::IsSet => false,
        Function::Coalesce => arguments.iter().all(|argument| argument.optional),
        _ => function.can_fail() || arguments.iter().any(|argument| argument.optional),
    };
    Expr::new(Node::Call(function, arguments), ty, optional)
}

fn simplified(function: Function, arguments: &[Expr], ty: Type) -> Option<Expr> {
    match (function, arguments) {
        (Function::Not, [argument]) => Some(not(argument.clone())),
        (Function::IsSet, [argument]) => (!argument.optional).then(|| Expr::boolean(true)),
        (Function::BooleanEquals, [a, b]) => match (&a.node, &b.node) {
            (_, Node::Boolean(true)) => Some(a.clone()),
            (Node::Boolean(true), _) => Some(b.clone()),
            (_, Node::Boolean(false)) => Some(not(a.clone())),
            (Node::Boolean(false), _) => Some(not(b.clone())),
            _ if a == b && !a.optional => Some(Expr::boolean(true)),
            // A negation of one side is one of the whole.
            (Node::Call(Function::Not, inner), _) => Some(unequal(inner, b)),
            (_, Node::Call(Function::Not, inner)) => Some(unequal(inner, a)),
            _ => None,
        },
        (Function::StringEquals, [a, b]) => match (&a.node, &b.node) {
            (Node::Text(a), Node::Text(b)) => Some(Expr::boolean(a == b)),
            _ => (a == b && !a.optional).then(|| Expr::boolean(true)),
        },
        (Function::Coalesce, arguments) => {
            let certain = arguments.iter().position(|argument| !argument.optional)?;
            match arguments.get(..=certain)? {
                [only] => Some(only.clone()),
                used if used.len() < arguments.len() => Some(call(function, used.to_vec(), ty)),
                _ => None,
            }
        }
        (Function::Ite, [condition, yes, no]) => match (&condition.node, &yes.node, &no.node) {
            (Node::Boolean(value), ..) => Some(if *value { yes } else { no }.clone()),
            _ if yes == no && !condition.optional => Some(yes.clone()),
            (_, Node::Boolean(true), Node::Boolean(false)) => Some(condition.clone()),
            (_, Node::Boolean(false), Node::Boolean(true)) => Some(not(condition.clone())),
            _ => None,
        },
        _ => None,
    }
}

/// Whether `other` differs from the boolean in `inner`.
fn unequal(inner: &[Expr], other: &Expr) -> Expr {
    let sides = inner.iter().chain([other]).cloned().collect();
    not(call(Function::BooleanEquals, sides, Type::Boolean))
}

/// The negation of a boolean.
pub(super) fn not(argument: Expr) -> Expr {
    match argument.node {
        Node::Boolean(value) => Expr::boolean(!value),
        Node::Call(Function::Not, mut inner) if inner.len() == 1 => inner.swap_remove(0),
        _ => {
            let optional = argument.optional;
            let node = Node::Call(Function::Not, vec![argument]);
            Expr::new(node, Type::Boolean, optional)
        }
    }
}

/// Whether the expression has a value.
pub(super) fn is_set(expr: Expr) -> Expr {
    call(Function::IsSet, vec![expr], Type::Boolean)
}

/// The text that the pieces make.
pub(super) fn template(mut pieces: Vec<Piece>) -> Expr {
    if pieces.len() <= 1 {
        return match pieces.pop() {
            Some(Piece::Value(value) | Piece::Host(value)) => value,
            Some(Piece::Text(text)) => Expr::text(text),
            None => Expr::text(""),
        };
    }
    let mut values = pieces.iter().filter_map(Piece::value);
    let optional = values.any(|value| value.optional);
    Expr::new(Node::Template(pieces), Type::String, optional)
}
