//! Which members close a cycle of shapes that hold each other directly.

use std::collections::{BTreeMap, BTreeSet};

/// Edges by node, in order: the member that makes the edge, and the node that it leads to.
pub type Graph<Node, Member> = BTreeMap<Node, Vec<(Member, Node)>>;

/// The edges, as (node, member), that lead back to a node on the way to them.
///
/// Without these edges the graph has no cycle. Nodes are walked in their order and edges in
/// theirs, so the same graph always loses the same edges, one for each cycle of its own.
pub fn back_edges<Node: Copy + Ord, Member: Copy + Ord>(
    graph: &Graph<Node, Member>,
) -> BTreeSet<(Node, Member)> {
    let mut found = BTreeSet::new();
    let mut done = BTreeSet::new();
    for &root in graph.keys() {
        walk(graph, root, &mut done, &mut found);
    }
    found
}

/// Depth first, with a stack of its own: a chain of structures may be as long as a model likes.
fn walk<Node: Copy + Ord, Member: Copy + Ord>(
    graph: &Graph<Node, Member>,
    root: Node,
    done: &mut BTreeSet<Node>,
    found: &mut BTreeSet<(Node, Member)>,
) {
    let edges = |node: &Node| graph.get(node).map_or(&[][..], Vec::as_slice);
    if done.contains(&root) {
        return;
    }
    let mut open = BTreeSet::from([root]);
    let mut path = vec![(root, 0)];
    while let Some((node, next)) = path.last_mut() {
        let Some(&(member, target)) = edges(node).get(*next) else {
            open.remove(node);
            done.insert(*node);
            path.pop();
            continue;
        };
        *next += 1;
        if open.contains(&target) {
            found.insert((*node, member));
        } else if !done.contains(&target) {
            open.insert(target);
            path.push((target, 0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(
        edges: &[(&'static str, &'static str, &'static str)],
    ) -> Vec<(&'static str, &'static str)> {
        let mut graph = Graph::new();
        for &(from, member, to) in edges {
            graph.entry(from).or_default().push((member, to));
        }
        back_edges(&graph).into_iter().collect()
    }

    #[test]
    fn no_cycle_no_edge() {
        assert_eq!(
            cut(&[("A", "b", "B"), ("A", "c", "C"), ("B", "c", "C")]),
            []
        );
    }

    #[test]
    fn a_shape_that_holds_itself() {
        assert_eq!(
            cut(&[("A", "a", "A"), ("A", "again", "A")]),
            [("A", "a"), ("A", "again")]
        );
    }

    #[test]
    fn two_that_hold_each_other_lose_one_edge() {
        assert_eq!(cut(&[("B", "a", "A"), ("A", "b", "B")]), [("B", "a")]);
    }

    #[test]
    fn a_cycle_away_from_the_root() {
        assert_eq!(
            cut(&[("A", "b", "B"), ("B", "c", "C"), ("C", "b", "B")]),
            [("C", "b")]
        );
    }

    #[test]
    fn a_long_chain_does_not_overflow() {
        let names: Vec<String> = (0..100_000).map(|i| format!("{i:06}")).collect();
        let mut graph = Graph::new();
        for pair in names.windows(2) {
            graph.insert(&pair[0], vec![("next", &pair[1])]);
        }
        assert!(back_edges(&graph).is_empty());
    }
}
