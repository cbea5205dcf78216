//! The framing of event streams, and the events of a generated union.

use tinsmith_client::event_stream::{
    Decoder, Event as _, FrameError, HeaderValue, Message, encode,
};
use tinsmith_kitchen_sink::OvenEvents;

/// The lengths of a message, their checksum, and the message's own checksum, in bytes.
const PRELUDE: usize = 12;
const CHECKSUM: usize = 4;

/// Decodes `data`, as it is and with the right checksums in it, which no fuzzer guesses. Checks
/// that it does not matter in which parts it arrives, and that what was decoded is encoded to the
/// same bytes.
pub fn run(data: &[u8]) {
    decode(data);
    decode(&repaired(data));
}

fn decode(stream: &[u8]) {
    let (messages, result) = decode_parts(stream, stream.len().max(1));
    for length in [1, 7, PRELUDE] {
        let parts = decode_parts(stream, length);
        assert_eq!(parts, (messages.clone(), result), "in parts of {length}");
    }
    let mut rest = stream;
    for message in &messages {
        let headers: Vec<_> = message.headers().collect();
        match encode(&headers, message.payload()) {
            Ok(encoded) => match rest.strip_prefix(&*encoded) {
                Some(after) => rest = after,
                None => panic!("{message:?} is encoded to other bytes"),
            },
            // Longer than a sender may make it.
            Err(error) => {
                assert_eq!(error, FrameError::HeaderValue, "{message:?}");
                return;
            }
        }
        event(message);
    }
    assert!(result.is_err() || rest.is_empty(), "{rest:?} is left over");
}

fn decode_parts(stream: &[u8], length: usize) -> (Vec<Message>, Result<(), FrameError>) {
    let mut decoder = Decoder::new();
    let mut messages = Vec::new();
    for mut part in stream.chunks(length) {
        loop {
            match decoder.decode(&mut part) {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => break,
                Err(error) => {
                    assert_eq!(decoder.finish(), Err(error), "it does not go on");
                    return (messages, Err(error));
                }
            }
        }
        assert!(part.is_empty(), "{part:?} was not taken");
    }
    (messages, decoder.finish())
}

fn event(message: &Message) {
    if let Some(HeaderValue::String(name)) = message.header(":event-type") {
        let event = OvenEvents::read(name, message);
        let _ = format!("{event:?}");
        if let Err(error) = event {
            assert!(!error.to_string().contains('\n'), "{error}");
        }
    }
}

/// `data` with the right checksums for as many messages as it holds.
fn repaired(data: &[u8]) -> Vec<u8> {
    let mut stream = data.to_vec();
    let mut start = 0;
    while let Some(&[a, b, c, d]) = stream.get(start..).and_then(<[u8]>::first_chunk) {
        let total = u32::from_be_bytes([a, b, c, d]) as usize;
        let Some(message) = stream
            .get_mut(start..)
            .and_then(|rest| rest.get_mut(..total))
        else {
            break;
        };
        if total < PRELUDE + CHECKSUM {
            break;
        }
        for end in [PRELUDE - CHECKSUM, total - CHECKSUM] {
            let checksum = checksum(&message[..end]).to_be_bytes();
            message[end..end + CHECKSUM].copy_from_slice(&checksum);
        }
        start += total;
    }
    stream
}

/// CRC-32 as in gzip, bit by bit.
fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for &byte in bytes {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}
