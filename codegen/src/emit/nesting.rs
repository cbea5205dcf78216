//! How deep the types of a crate nest, which rustc bounds.
//!
//! To learn whether a type may go to another thread, rustc looks through all that it holds, and gives
//! up after 128 levels. A map has some ten of them, so rustdoc refuses a dozen maps within each other.

use std::collections::BTreeMap;

use crate::ir::{Service, Type, TypeDef};

/// rustc's limit, less what callers and rustdoc put around a type.
const USUAL: usize = 96;

/// The `recursion_limit` of the crate, where the usual one is too low.
pub(super) fn recursion_limit(service: &Service) -> Option<usize> {
    let depth = deepest(&steps(service));
    (depth > USUAL).then(|| (2 * depth).next_power_of_two())
}

/// What each structure and union holds: the levels to a type, and its name if it has members.
type Steps<'s> = BTreeMap<&'s str, Vec<(usize, &'s str)>>;

fn steps(service: &Service) -> Steps<'_> {
    let shared = service.types.iter().filter_map(|def| match def {
        TypeDef::Structure(structure) => Some(structure),
        TypeDef::Union(_) | TypeDef::EventStream(_) | TypeDef::Enum(_) => None,
    });
    let operations = service.operations.iter();
    let structures = operations
        .flat_map(|operation| [&operation.input, &operation.output])
        .chain(service.errors.iter().map(|error| &error.structure))
        .chain(shared);
    let mut steps: Steps<'_> = structures
        .map(|structure| {
            let types = structure.fields.iter().map(|field| step(&field.ty));
            (structure.name.as_str(), types.collect())
        })
        .collect();
    for def in &service.types {
        if let TypeDef::Union(union) = def {
            let types = union.variants.iter().map(|variant| step(&variant.ty));
            steps.insert(&union.name, types.collect());
        }
    }
    steps
}

/// The levels from a member to what it holds in the end.
fn step(ty: &Type) -> (usize, &str) {
    let (mut levels, mut ty) = (2, ty);
    loop {
        let (more, inner) = match ty {
            Type::List { item, .. } => (6, item),
            Type::Map { value, .. } => (10, value),
            Type::Boxed(inner) => (4, inner),
            Type::Sensitive(inner) => (1, inner),
            Type::Structure(name) | Type::Union(name) => return (levels, name),
            _ => return (levels, ""),
        };
        levels += more;
        ty = inner;
    }
}

/// The levels of the deepest type. A type within itself adds none: rustc knows it by then.
fn deepest(steps: &Steps<'_>) -> usize {
    let of = |node: &str| steps.get(node).map_or(&[][..], Vec::as_slice);
    // Zero until all that a type holds is known.
    let mut known = BTreeMap::new();
    for &root in steps.keys() {
        if known.contains_key(root) {
            continue;
        }
        known.insert(root, 0);
        let mut path = vec![(root, 0)];
        while let Some((node, next)) = path.last_mut() {
            let node = *node;
            if let Some(&(_, target)) = of(node).get(*next) {
                *next += 1;
                if !known.contains_key(target) {
                    known.insert(target, 0);
                    path.push((target, 0));
                }
                continue;
            }
            let levels = |&(levels, target)| levels + known.get(target).copied().unwrap_or(0);
            let deepest = of(node).iter().map(levels).max();
            known.insert(node, deepest.unwrap_or(0));
            path.pop();
        }
    }
    known.values().copied().max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_deepest_type() {
        let steps = Steps::from([
            ("A", vec![(2, ""), (8, "B")]),
            ("B", vec![(2, "A"), (12, "C"), (2, "B")]),
            ("C", vec![(6, "")]),
        ]);
        assert_eq!(deepest(&steps), 8 + 12 + 6);
        assert_eq!(deepest(&Steps::new()), 0);
    }

    #[test]
    fn follows_a_long_chain() {
        let names: Vec<String> = (0..100_000).map(|i| format!("{i:06}")).collect();
        let pairs = names.windows(2);
        let steps = pairs.map(|pair| (&*pair[0], vec![(2, &*pair[1])]));
        assert_eq!(deepest(&steps.collect()), 2 * 99_999);
    }

    #[test]
    fn containers_count_all_that_they_hold() {
        let list = |item| Type::List {
            item: Box::new(item),
            sparse: false,
        };
        assert_eq!(step(&Type::String), (2, ""));
        let lists = list(list(Type::Structure("Key".to_owned())));
        assert_eq!(step(&lists), (14, "Key"));
    }
}
