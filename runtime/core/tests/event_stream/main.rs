//! The framing of event streams.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod framing;
mod peer;
mod properties;

use tinsmith_core::event_stream::{Decoder, FrameError, Message};

/// Decodes a stream that arrives in parts of the given lengths, taken in turn.
fn decode(stream: &[u8], parts: &[usize]) -> Result<Vec<Message>, FrameError> {
    let mut decoder = Decoder::new();
    let mut messages = Vec::new();
    let mut rest = stream;
    for length in parts.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (mut part, after) = rest.split_at((*length).clamp(1, rest.len()));
        rest = after;
        while let Some(message) = decoder.decode(&mut part)? {
            messages.push(message);
        }
        assert!(part.is_empty());
    }
    decoder.finish().map(|()| messages)
}

/// CRC-32, bit by bit.
fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = !0_u32;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                crc >> 1 ^ 0xedb8_8320
            } else {
                crc >> 1
            };
        }
    }
    !crc
}

/// The first twelve bytes of a message with these lengths.
fn prelude(total: u32, headers: u32) -> Vec<u8> {
    let mut out = [total.to_be_bytes(), headers.to_be_bytes()].concat();
    out.extend_from_slice(&checksum(&out).to_be_bytes());
    out
}

/// A message with this block of headers, whatever it is, and checksums that are right.
fn frame(headers: &[u8], payload: &[u8]) -> Vec<u8> {
    let total = 16 + headers.len() + payload.len();
    let mut out = prelude(total as u32, headers.len() as u32);
    out.extend_from_slice(headers);
    out.extend_from_slice(payload);
    out.extend_from_slice(&checksum(&out).to_be_bytes());
    out
}
