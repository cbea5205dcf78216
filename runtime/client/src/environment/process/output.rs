//! The output of a program.

use std::io::{self, Read};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::lock;
use crate::sensitive::Sensitive;

/// The maximum length of the output in bytes, more than any credentials need.
const MAX_OUTPUT: usize = 64 << 10;

/// The output of a program so far.
#[derive(Default)]
struct Printed {
    bytes: Sensitive<Vec<u8>>,
    /// The result of reading; `None` while reading.
    end: Option<io::Result<()>>,
}

/// The output of a program. One thread reads it and another waits for it.
#[derive(Default)]
pub(super) struct Output {
    printed: Mutex<Printed>,
    ended: Condvar,
}

impl Output {
    /// Reads the output up to the limit.
    pub(super) fn read(&self, mut stdout: impl Read) {
        // A growing buffer would leave copies behind that are not wiped.
        lock(&self.printed).bytes = Sensitive::new(Vec::with_capacity(MAX_OUTPUT));
        let mut chunk = Sensitive::new(vec![0; 4096]);
        let end = loop {
            let read = match stdout.read(&mut chunk) {
                Ok(read) => chunk.get(..read).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => break Err(error),
            };
            let mut printed = lock(&self.printed);
            // The output was taken, or this is its end.
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

    /// Returns whether reading failed.
    pub(super) fn has_failed(&self) -> bool {
        matches!(lock(&self.printed).end, Some(Err(_)))
    }

    /// Waits up to `limit` and returns whether all output was read.
    pub(super) fn has_ended(&self, limit: Duration) -> bool {
        self.wait(limit).end.is_some()
    }

    /// Takes the output once all of it was read, or the part that was read after `limit`.
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
