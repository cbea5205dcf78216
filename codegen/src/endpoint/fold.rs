//! Builds expressions, computing what does not depend on a parameter.

use super::expression::{Expr, Node, Piece, Type};
use super::function::Function;

/// A call of `function`, whose arguments fit it and whose result has the type `ty`.
pub(super) fn call(function: Function, mut arguments: Vec<Expr>, ty: Type) -> Expr {
    match function {
        Function::Not => {
            if let Some(argument) = arguments.pop() {
                return not(argument);
            }
        }
        Function::BooleanEquals => {
            if let [a, b] = &arguments[..] {
                match (&a.node, &b.node) {
                    (_, Node::Boolean(true)) => return a.clone(),
                    (Node::Boolean(true), _) => return b.clone(),
                    (_, Node::Boolean(false)) => return not(a.clone()),
                    (Node::Boolean(false), _) => return not(b.clone()),
                    _ if a == b && !a.optional => return Expr::boolean(true),
                    // A negation of one side is one of the whole.
                    (Node::Call(Function::Not, inner), _)
                    | (_, Node::Call(Function::Not, inner)) => {
                        let other = if matches!(&a.node, Node::Call(Function::Not, _)) {
                            b
                        } else {
                            a
                        };
                        let sides = inner.iter().chain([other]).cloned().collect();
                        return not(call(function, sides, ty));
                    }
                    _ => {}
                }
            }
        }
        Function::StringEquals => {
            if let [a, b] = &arguments[..] {
                match (&a.node, &b.node) {
                    (Node::Text(a), Node::Text(b)) => return Expr::boolean(a == b),
                    _ if a == b && !a.optional => return Expr::boolean(true),
                    _ => {}
                }
            }
        }
        Function::IsSet => {
            if let [argument] = &arguments[..] {
                if !argument.optional {
                    return Expr::boolean(true);
                }
            }
        }
        Function::Coalesce => {
            if let Some(place) = arguments.iter().position(|argument| !argument.optional) {
                arguments.truncate(place + 1);
            }
            if arguments.len() == 1 {
                return arguments.swap_remove(0);
            }
        }
        Function::Ite => {
            if let [condition, yes, no] = &arguments[..] {
                match (&condition.node, &yes.node, &no.node) {
                    (Node::Boolean(value), ..) => {
                        return if *value { yes.clone() } else { no.clone() };
                    }
                    _ if yes == no && !condition.optional => return yes.clone(),
                    (_, Node::Boolean(true), Node::Boolean(false)) => return condition.clone(),
                    (_, Node::Boolean(false), Node::Boolean(true)) => {
                        return not(condition.clone());
                    }
                    _ => {}
                }
            }
        }
        Function::Substring
        | Function::Split
        | Function::UriEncode
        | Function::ParseUrl
        | Function::IsValidHostLabel
        | Function::Partition
        | Function::ParseArn
        | Function::IsVirtualHostableS3Bucket => {}
    }
    let optional = is_optional(function, &arguments);
    Expr::new(Node::Call(function, arguments), ty, optional)
}

fn is_optional(function: Function, arguments: &[Expr]) -> bool {
    match function {
        Function::IsSet => false,
        Function::Coalesce => arguments.iter().all(|argument| argument.optional),
        _ => function.can_fail() || arguments.iter().any(|argument| argument.optional),
    }
}

/// The negation of a boolean.
pub(crate) fn not(argument: Expr) -> Expr {
    match argument.node {
        Node::Boolean(value) => Expr::boolean(!value),
        Node::Call(Function::Not, mut inner) if inner.len() == 1 => inner.swap_remove(0),
        _ => {
            let optional = argument.optional;
            Expr::new(
                Node::Call(Function::Not, vec![argument]),
                Type::Boolean,
                optional,
            )
        }
    }
}

/// The text that the pieces make.
pub(super) fn template(mut pieces: Vec<Piece>) -> Expr {
    if pieces.len() <= 1 {
        return match pieces.pop() {
            Some(Piece::Value(value)) => value,
            Some(Piece::Text(text)) => Expr::text(text),
            None => Expr::text(""),
        };
    }
    let optional = pieces
        .iter()
        .filter_map(Piece::value)
        .any(|value| value.optional);
    Expr::new(Node::Template(pieces), Type::String, optional)
}
