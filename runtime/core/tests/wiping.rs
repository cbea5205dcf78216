//! Looks for secrets in memory that was given back, through `/proc/self/mem`.
#![cfg(target_os = "linux")]

use std::fs::File;
use std::os::unix::fs::FileExt;

use tinsmith_core::json::{Reader, Writer};
use tinsmith_core::sensitive::{Sensitive, Wipe};

/// Stands often enough in each secret that an allocator which writes its own data into free memory
/// does not destroy all of it.
const MARK: &[u8; 8] = b"hunter2;";

/// How often the mark stands in the memory that begins where `memory` did.
fn marks(memory: (u64, usize)) -> usize {
    // On the stack: a vector might be given the very memory that is to be looked at.
    let mut bytes = [0; 4096];
    let wanted = bytes
        .get_mut(..memory.1)
        .expect("the secrets of these tests are small");
    let file = File::open("/proc/self/mem").expect("Linux shows a process its memory");
    // Memory that went back to the system cannot be read, and holds no mark.
    let length = file.read_at(wanted, memory.0).unwrap_or(0);
    wanted[..length]
        .windows(MARK.len())
        .filter(|window| window == MARK)
        .count()
}

fn place(bytes: &[u8]) -> (u64, usize) {
    (bytes.as_ptr() as u64, bytes.len())
}

#[test]
fn the_memory_can_be_looked_at() {
    let secret = MARK.repeat(100);
    let memory = place(&secret);
    assert_eq!(marks(memory), 100);
    drop(secret);
    assert!(marks(memory) > 0, "without wiping, a secret stays");
}

#[test]
fn a_dropped_secret_is_gone() {
    let bytes = Sensitive::from(MARK.repeat(100));
    let memory = place(&bytes);
    drop(bytes);
    assert_eq!(marks(memory), 0);

    let text = Sensitive::from(String::from_utf8(MARK.repeat(100)).unwrap());
    let memory = place(text.as_bytes());
    drop(text);
    assert_eq!(marks(memory), 0);
}

#[test]
fn spare_capacity_is_wiped_too() {
    let mut bytes = MARK.repeat(100);
    let memory = place(&bytes);
    bytes.truncate(5);
    assert_eq!(marks(memory), 100, "shortening overwrites nothing");
    bytes.wipe();
    assert_eq!(marks(memory), 0);
}

#[test]
fn a_finished_body_is_wiped_with_its_last_clone() {
    let mut w = Writer::new();
    w.list(&[std::str::from_utf8(MARK).unwrap(); 100], |w, v| {
        w.string(v)
    });
    let body = w.finish();
    let memory = place(&body);
    let clone = body.slice(100..);
    drop(body);
    assert_eq!(marks(memory), 100, "a clone is alive");
    drop(clone);
    assert_eq!(marks(memory), 0);
}

#[test]
fn an_abandoned_writer_is_wiped() {
    let mut w = Writer::with_capacity(2_000);
    w.string(std::str::from_utf8(&MARK.repeat(100)).unwrap());
    // The only way to learn where the writer keeps its text is to finish one of the same size,
    // whose memory the allocator then hands out again.
    drop(w);
    let mut w = Writer::with_capacity(2_000);
    w.null();
    let body = w.finish();
    assert_eq!(marks((body.as_ptr() as u64, 2_000)), 0);
}

#[test]
fn what_was_decoded_before_a_failure_is_wiped() {
    let mut text = Writer::new();
    text.blob(&MARK.repeat(100));
    let mut text = String::from_utf8(text.finish().to_vec()).unwrap();
    text.insert(text.len() - 5, '%');
    assert!(Reader::from_text(&text).blob().is_err());
    // The decoder's memory is free again: the next vector of its size gets it.
    let next: Vec<u8> = Vec::with_capacity(base64_capacity(text.len() - 2));
    assert_eq!(marks((next.as_ptr() as u64, next.capacity())), 0);
}

/// The number of bytes that the decoder reserves.
fn base64_capacity(length: usize) -> usize {
    base64::decoded_len_estimate(length)
}
