//! A limit on the connections to each host.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Origin;

/// Lets so many calls at a time have a connection to an origin; others wait in order. What passes
/// from one call to the next is the permit and not the connection, which may be of no use on the
/// other's runtime.
#[derive(Debug)]
pub(super) struct Limit {
    connections: usize,
    /// The origins that have calls now.
    origins: Mutex<Vec<(Origin, Weak<Semaphore>)>>,
}

/// The right to have a connection.
#[derive(Debug)]
pub(super) struct Permit(OwnedSemaphorePermit);

impl Limit {
    pub(super) fn new(connections: NonZeroUsize) -> Self {
        Self {
            connections: connections.get().min(Semaphore::MAX_PERMITS),
            origins: Mutex::default(),
        }
    }

    /// Waits for the right to a connection to `origin`. None if there is no such right, which never
    /// happens.
    pub(super) async fn permit(&self, origin: &Origin) -> Option<Permit> {
        let permits = self.permits(origin);
        permits.acquire_owned().await.ok().map(Permit)
    }

    fn permits(&self, origin: &Origin) -> Arc<Semaphore> {
        let mut origins = self.origins.lock().unwrap_or_else(PoisonError::into_inner);
        // Where nobody has or awaits a permit, all of them are free, as in a new semaphore.
        origins.retain(|(_, permits)| permits.strong_count() > 0);
        let known = origins.iter().find(|(known, _)| known == origin);
        if let Some(permits) = known.and_then(|(_, permits)| permits.upgrade()) {
            return permits;
        }
        let permits = Arc::new(Semaphore::new(self.connections));
        origins.push((origin.clone(), Arc::downgrade(&permits)));
        permits
    }
}

impl Permit {
    /// How many connections there may be besides those that have a permit.
    pub(super) fn idle_allowed(&self) -> usize {
        self.0.semaphore().available_permits()
    }
}
