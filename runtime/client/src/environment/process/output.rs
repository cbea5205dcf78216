//! The output of a program.

use std::io::{self, Read};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::lock;
use crate::sensitive::Sensitive;

/// More output than any set of credentials, in bytes.
const MAX_OUTPUT: usize = 64 << 10;

/// What a program has printed so far.
#[derive(Default)]
struct Printed {
    bytes: Sensitive<Vec<u8>>,
    /// How reading ended; `None` while more may come.
    end: Option<io::Result<()>>,
}

/// The output of a program, which one thread reads and another waits for.
#[derive(Default)]
pub(super) struct Output {
    printed: Mutex<Printed>,
    ended: Condvar,
}

impl Output {
    /// Reads all of it, unless there is too much.
    pub(super) fn read(&self, mut stdout: impl Read) {
        // One allocation for all: a buffer that grows leaves unwiped copies behind.
        lock(&self.printed).bytes = Sensitive::new(Vec::with_capacity(MAX_OUTPUT));
        let mut chunk = Sensitive::new(vec![0; 4096]);
        let end = loop {
            let read = match stdout.read(&mut chunk) {
                Ok(read) => chunk.get(..read).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => break Err(error),
            };
            let mut printed = lock(&self.printed);
            // Somebody has taken what there was, or this is the end.
            if read.is_empty() || printed.end.is_some() {
                break Ok(());
            }
            if printed.bytes.len() + read.len() > MAX_OUTPUT {
                break Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "the program printed more than 64 KiB",
                ));
            }
            printed.bytes.extend_from_slice(read);
        };
        lock(&self.printed).end.get_or_insert(end);
        self.ended.notify_all();
    }

    /// Whether it could not be read.
    pub(super) fn has_failed(&self) -> bool {
        matches!(lock(&self.printed).end, Some(Err(_)))
    }

    /// Whether it has been read to its end within `limit`.
    pub(super) fn has_ended(&self, limit: Duration) -> bool {
        self.wait(limit).end.is_some()
    }

    /// Takes it once it has been read to its end, or what there is after `limit`.
    pub(super) fn take(&self, limit: Duration) -> io::Result<Sensitive<Vec<u8>>> {
        let mut printed = self.wait(limit);
        printed.end.replace(Ok(())).transpose()?;
        Ok(std::mem::take(&mut printed.bytes))
    }

    fn wait(&self, limit: Duration) -> MutexGuard<'_, Printed> {
        let is_open = |printed: &mut Printed| printed.end.is_none();
        let waited = self
            .ended
            .wait_timeout_while(lock(&self.printed), limit, is_open);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }
}
