//! Work on all of the machine's cores.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{Builder, available_parallelism, scope};

/// The stack of each thread: code for deeply nested types is emitted, parsed and printed by
/// recursion, which takes more than the usual 2 MB in a build that is not optimized.
const STACK: usize = 16 << 20;

/// `work` on each of `items`, the results in the order of the items.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else {
                return done;
            };
            done.push((index, work(item)));
        }
    };
    let threads = available_parallelism().map_or(1, NonZero::get);
    let mut results = scope(|scope| {
        let start = |_| Builder::new().stack_size(STACK).spawn_scoped(scope, worker);
        let started: Vec<_> = (0..threads).flat_map(start).collect();
        let mut results = Vec::new();
        for thread in started {
            results.extend(thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        // All that there is to do where no thread could be started.
        results.extend(worker());
        results
    });
    results.sort_by_key(|&(index, _)| index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::map;

    #[test]
    fn results_keep_the_order_of_the_items() {
        let items: Vec<u64> = (0..1000).collect();
        let slow_first = |&item: &u64| {
            if item == 0 {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            item * 2
        };
        let expected: Vec<u64> = items.iter().map(|item| item * 2).collect();
        assert_eq!(map(&items, slow_first), expected);
        assert!(map(&[], slow_first).is_empty());
    }
}
