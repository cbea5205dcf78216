//! Secrets that can be recognized, and a look for them in all of this process's memory.

use std::fs::File;
use std::io::{BufRead as _, Read as _, Write as _};
use std::ops::Range;
use std::os::unix::fs::FileExt as _;

use tinsmith_client::sensitive::Sensitive;

/// What stands in a secret again and again. The test's own copies of it must not be found, so that
/// it is kept with every bit turned, and turned back in memory that is wiped.
#[derive(Clone, Copy)]
pub(super) struct Mark([u8; 8]);

impl Mark {
    pub(super) fn new(letter: u8) -> Self {
        Self([letter, b'u', b'n', b't', b'e', b'r', b'2', b';'].map(|byte| !byte))
    }

    pub(super) fn repeated(self, count: usize) -> Sensitive<Vec<u8>> {
        let mut secret = Sensitive::new(Vec::with_capacity(count * 8));
        for _ in 0..count {
            secret.extend(self.0.iter().map(|byte| !byte));
        }
        secret
    }

    /// A response whose body has `length` bytes of secret.
    pub(super) fn response(self, head: &str, length: usize) -> Sensitive<Vec<u8>> {
        let mut response = Sensitive::new(Vec::with_capacity(head.len() + length + 100));
        write!(*response, "HTTP/1.1 200 OK\r\n{head}\r\n\r\n").unwrap();
        response.extend_from_slice(&self.repeated(length / 8));
        response
    }

    /// A body in chunks of `size` bytes.
    pub(super) fn chunks(self, size: usize, count: usize) -> Sensitive<Vec<u8>> {
        let mut response = Sensitive::new(Vec::with_capacity((size + 20) * count + 100));
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        response.extend_from_slice(head);
        for _ in 0..count {
            write!(*response, "{size:x}\r\n").unwrap();
            response.extend_from_slice(&self.repeated(size / 8));
            response.extend_from_slice(b"\r\n");
        }
        response.extend_from_slice(b"0\r\n\r\n");
        response
    }

    /// Whether all of `bytes` are the mark, again and again.
    pub(super) fn fills(self, bytes: &[u8]) -> bool {
        self.fills_from(0, bytes)
    }

    pub(super) fn fills_from(self, start: usize, bytes: &[u8]) -> bool {
        let expected = self.0.iter().cycle().skip(start % 8);
        bytes
            .iter()
            .zip(expected)
            .all(|(byte, mark)| *byte == !mark)
    }

    pub(super) fn count_in(self, bytes: &[u8]) -> usize {
        let mut rest = bytes;
        let mut found = 0;
        loop {
            let at = rest;
            let skipped = rest.skip_until(!self.0[0]).unwrap();
            if skipped == 0 {
                return found;
            }
            let mark = at.get(skipped - 1..skipped + 7);
            found += usize::from(mark.is_some_and(|mark| self.fills(mark)));
        }
    }
}

/// Finds marks in the memory of this process. It takes memory of its own in advance: it could be
/// given the very memory that is to be looked at.
pub(super) struct Finder {
    memory: File,
    maps: String,
    window: Vec<u8>,
}

impl Finder {
    pub(super) fn new() -> Self {
        Self {
            memory: File::open("/proc/self/mem").expect("Linux shows a process its memory"),
            maps: String::with_capacity(256 * 1024),
            window: vec![0; 64 * 1024],
        }
    }

    /// How often a mark stands in allocated memory.
    pub(super) fn count(&mut self, mark: Mark) -> usize {
        self.maps.clear();
        let mut maps = File::open("/proc/self/maps").unwrap();
        maps.read_to_string(&mut self.maps).unwrap();
        let mut found = 0;
        for range in allocated(&self.maps) {
            // A mark may lie across the end of a window.
            for start in range.step_by(self.window.len() - 8) {
                // Where there is nothing, there is nothing to be read.
                let length = self.memory.read_at(&mut self.window, start).unwrap_or(0);
                found += mark.count_in(&self.window[..length]);
            }
        }
        self.window.fill(0);
        found
    }
}

/// The memory that this process may write to, but for the stacks: the contents of registers come to
/// lie there at times, such as when the dynamic linker looks up a function.
fn allocated(maps: &str) -> impl Iterator<Item = Range<u64>> {
    let mut guard = 0;
    maps.lines().filter_map(move |map| {
        let mut words = map.split_ascii_whitespace();
        let (start, end) = words.next()?.split_once('-')?;
        let address = |text| u64::from_str_radix(text, 16).unwrap();
        let (start, end) = (address(start), address(end));
        let access = words.next()?;
        let is_stack = start == guard || map.ends_with("[stack]");
        // Below the stack of a thread is a page that must not be touched.
        if access == "---p" && end - start == 4096 {
            guard = end;
        }
        (access == "rw-p" && !is_stack).then_some(start..end)
    })
}
