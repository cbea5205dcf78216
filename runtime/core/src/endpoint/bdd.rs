/// References from here on name a result; this one itself is "no rule matches".
const RESULTS: i32 = 100_000_000;

/// Walks a binary decision diagram of endpoint rules (Smithy specification, `endpointBdd`).
///
/// A node is a condition, the reference to follow when it holds, and the one to follow when it does
/// not. A reference 2, 3, ... names the node at that place, counted from 1; a negative one the same
/// node with its branches swapped; 1 and -1 mean that no rule matches; from 100,000,000 on it is a
/// result. `holds` tells whether a condition holds. Returns the place of the result, from 0, or
/// `None` when no rule matches. A table with a loop or with a reference to nowhere ends in `None`.
pub fn decide(nodes: &[[i32; 3]], root: i32, mut holds: impl FnMut(i32) -> bool) -> Option<usize> {
    let mut reference = root;
    // A walk without a loop passes a node at most once.
    for _ in 0..=nodes.len() {
        if reference >= RESULTS {
            return usize::try_from(reference - RESULTS).ok()?.checked_sub(1);
        }
        if reference.unsigned_abs() <= 1 {
            return None;
        }
        let place = usize::try_from(reference.unsigned_abs()).ok()?;
        let &[condition, high, low] = nodes.get(place - 1)?;
        let swapped = reference < 0;
        reference = if holds(condition) != swapped {
            high
        } else {
            low
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const NODES: [[i32; 3]; 3] = [
        [-1, 1, -1],
        [0, -3, RESULTS + 1],
        [1, RESULTS + 2, RESULTS + 3],
    ];

    fn walk(root: i32, holds: [bool; 2]) -> Option<usize> {
        decide(&NODES, root, |condition| holds[condition as usize])
    }

    #[test]
    fn branches_and_swapped_branches() {
        assert_eq!(walk(2, [false, false]), Some(0));
        assert_eq!(walk(2, [true, true]), Some(2));
        assert_eq!(walk(2, [true, false]), Some(1));
        assert_eq!(walk(3, [true, true]), Some(1));
    }

    #[test]
    fn walk_ends_for_any_root() {
        for root in [1, -1, 0, RESULTS, 4, -4, i32::MIN, i32::MAX - 1] {
            let result = walk(root, [true, true]);
            assert!(result.is_none_or(|place| place > 3), "{root}: {result:?}");
        }
        assert_eq!(decide(&[[-1, 1, -1], [0, 2, 2]], 2, |_| true), None);
    }
}
