//! Messages that the specification allows, and those that it does not.

use tinsmith_core::event_stream::{
    Decoder, FrameError, HeaderValue, MAX_HEADERS, MAX_PAYLOAD, encode,
};

use crate::{decode, frame, prelude};

fn bytes(hex: &str) -> Vec<u8> {
    let hex: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    hex.chunks(2).map(byte).collect()
}

type Vector = (
    &'static str,
    Vec<(&'static str, HeaderValue<'static>)>,
    &'static str,
);

/// Messages on which AWS's own clients agree.
fn vectors() -> Vec<Vector> {
    let json = "{'foo':'bar'}";
    vec![
        ("00000010 00000000 05c248eb 7d98c8ff", vec![], ""),
        (
            "00000017 00000007 29860158 04 62797465 02 ff c2f869dc",
            vec![("byte", HeaderValue::Byte(-1))],
            "",
        ),
        (
            "00000019 00000009 710e923e 05 73686f7274 03 ffff b27cb6cc",
            vec![("short", HeaderValue::Short(-1))],
            "",
        ),
        (
            "0000001d 0000000d 83e3f0e7 07 696e7465676572 04 ffffffff 8b8e12eb",
            vec![("integer", HeaderValue::Integer(-1))],
            "",
        ),
        (
            "0000001e 0000000e 5d4adb8d 04 6c6f6e67 05 ffffffffffffffff 4bc232da",
            vec![("long", HeaderValue::Long(-1))],
            "",
        ),
        (
            "0000001d 00000000 fd528c5a 7b27666f6f273a27626172277d c3653936",
            vec![],
            json,
        ),
        (
            "0000002d 00000010 41c424b8 0a 6576656e742d74797065 04 0000a00c
             7b27666f6f273a27626172277d 36f480a0",
            vec![("event-type", HeaderValue::Integer(0xa00c))],
            json,
        ),
        (
            "0000003d 00000020 07fd8396 0c 636f6e74656e742d74797065 07 0010
             6170706c69636174696f6e2f6a736f6e 7b27666f6f273a27626172277d 8d9c08b1",
            vec![("content-type", HeaderValue::String("application/json"))],
            json,
        ),
        (
            "00000062 00000052 03b5cb9c
             013000 013101 01320202 0133030003 01340400000004 0135050000000000000005
             013606 0005 6279746573 013707 0004 75746638 0138080000000000000008
             013909 30313233343536373839616263646566 63353671",
            vec![
                ("0", HeaderValue::Boolean(true)),
                ("1", HeaderValue::Boolean(false)),
                ("2", HeaderValue::Byte(2)),
                ("3", HeaderValue::Short(3)),
                ("4", HeaderValue::Integer(4)),
                ("5", HeaderValue::Long(5)),
                ("6", HeaderValue::ByteArray(b"bytes")),
                ("7", HeaderValue::String("utf8")),
                ("8", HeaderValue::Timestamp(8)),
                ("9", HeaderValue::Uuid(*b"0123456789abcdef")),
            ],
            "",
        ),
        (
            "00000052 00000042 bf23637e
             0d 3a6d6573736167652d74797065 07 0005 6572726f72
             0b 3a6572726f722d636f6465 07 0004 636f6465
             0e 3a6572726f722d6d657373616765 07 0007 6d657373616765 6b6cea3d",
            vec![
                (":message-type", HeaderValue::String("error")),
                (":error-code", HeaderValue::String("code")),
                (":error-message", HeaderValue::String("message")),
            ],
            "",
        ),
    ]
}

#[test]
fn known_messages_are_read_and_written() {
    let mut stream = Vec::new();
    for (hex, headers, payload) in vectors() {
        let message = bytes(hex);
        assert_eq!(
            encode(&headers, payload.as_bytes()).unwrap(),
            message,
            "{hex}"
        );
        stream.extend(message);
    }
    for parts in [&[1][..], &[15], &[3, 1, 40], &[usize::MAX]] {
        let messages = decode(&stream, parts).unwrap();
        assert_eq!(messages.len(), vectors().len());
        for (message, (_, headers, payload)) in messages.iter().zip(vectors()) {
            assert_eq!(message.headers().collect::<Vec<_>>(), headers);
            assert_eq!(message.payload(), payload.as_bytes());
            for (name, value) in headers {
                assert_eq!(message.header(name), Some(value));
            }
            assert_eq!(message.header("absent"), None);
        }
    }
}

#[test]
fn corrupted_messages_are_refused() {
    let intact = "0000003d 00000020 07fd8396 0c 636f6e74656e742d74797065 07 0010
                  6170706c69636174696f6e2f6a736f6e 7b27666f6f273a27626172277d 8d9c08b1";
    for (from, to, expected) in [
        ("00000020", "ff000102", FrameError::PreludeChecksum),
        ("0000003d", "0100003d", FrameError::PreludeChecksum),
        ("07fd8396", "07fd8397", FrameError::PreludeChecksum),
        ("74656e742d", "74656e742b", FrameError::MessageChecksum),
        ("26172277d", "26172278d", FrameError::MessageChecksum),
        ("8d9c08b1", "8d9c08b0", FrameError::MessageChecksum),
    ] {
        let message = bytes(&intact.replacen(from, to, 1));
        assert_eq!(decode(&message, &[9]).unwrap_err(), expected, "{from}");
    }
}

#[test]
fn headers_of_no_sense_are_refused() {
    let block = |hex: &str| decode(&frame(&bytes(hex), b"payload"), &[5]).map(drop);
    assert_eq!(block("01 61 00"), Ok(()));
    assert_eq!(block("01 61 07 0000"), Ok(()), "an empty text");
    for (hex, expected) in [
        ("00 00", FrameError::HeaderName),
        ("01 ff 00", FrameError::HeaderName),
        ("01 61 0a", FrameError::HeaderType(10)),
        ("01 61 ff", FrameError::HeaderType(255)),
        ("01 61 07 0001 ff", FrameError::HeaderValue),
        ("01 61 00 01 61 01", FrameError::DuplicateHeader),
        ("01", FrameError::HeaderCut),
        ("02 61", FrameError::HeaderCut),
        ("01 61", FrameError::HeaderCut),
        ("01 61 02", FrameError::HeaderCut),
        ("01 61 03 00", FrameError::HeaderCut),
        ("01 61 04 000000", FrameError::HeaderCut),
        ("01 61 05 00000000000000", FrameError::HeaderCut),
        ("01 61 06 00", FrameError::HeaderCut),
        ("01 61 06 0002 00", FrameError::HeaderCut),
        ("01 61 07 ffff 61", FrameError::HeaderCut),
        ("01 61 08 00000000000000", FrameError::HeaderCut),
        (
            "01 61 09 000000000000000000000000000000",
            FrameError::HeaderCut,
        ),
    ] {
        assert_eq!(block(hex), Err(expected), "{hex}");
    }
}

/// The most headers that fit, each with a name of its own, take no more than a moment.
#[test]
fn reads_many_headers() {
    let mut block = Vec::new();
    for number in 0_u32.. {
        let header = [&[3], &number.to_be_bytes()[1..], &[0]].concat();
        if block.len() + header.len() > MAX_HEADERS {
            break;
        }
        if std::str::from_utf8(&header[1..4]).is_ok() {
            block.extend(header);
        }
    }
    let begun = std::time::Instant::now();
    let messages = decode(&frame(&block, b""), &[usize::MAX]).unwrap();
    assert!(messages[0].headers().count() > 20_000);
    assert!(begun.elapsed().as_secs() < 5);
}

#[test]
fn the_limits_are_exact() {
    let payload = vec![b'p'; MAX_PAYLOAD + 1];
    let value = [b'v'; 32_767];
    let header =
        |name: &'static str, length: usize| (name, HeaderValue::ByteArray(&value[..length]));
    let four = ["a", "b", "c", "d"].map(|name| header(name, 32_767));
    // Four of 32,772 bytes are too many; a shorter one fills the block to the last byte.
    let full = [
        four[0],
        four[1],
        four[2],
        header("d", 131_072 - 3 * 32_772 - 5),
    ];
    let message = encode(&full, &payload[1..]).unwrap();
    assert_eq!(message.len(), 16 + MAX_HEADERS + MAX_PAYLOAD);
    let messages = decode(&message, &[65_536]).unwrap();
    assert_eq!(messages[0].payload().len(), MAX_PAYLOAD);

    assert_eq!(encode(&four, b""), Err(FrameError::HeadersTooLong));
    assert_eq!(encode(&[], &payload), Err(FrameError::PayloadTooLong));
    let long = vec![b'v'; 32_768];
    let long = [("a", HeaderValue::ByteArray(&long))];
    assert_eq!(encode(&long, b""), Err(FrameError::HeaderValue));
    let name = "n".repeat(256);
    for name in ["", &name] {
        let header = [(name, HeaderValue::Byte(1))];
        assert_eq!(encode(&header, b""), Err(FrameError::HeaderName));
    }
    let twice = [("a", HeaderValue::Byte(1)), ("a", HeaderValue::Byte(2))];
    assert_eq!(encode(&twice, b""), Err(FrameError::DuplicateHeader));
}

/// Lengths are judged by the prelude alone.
#[test]
fn lengths_that_are_refused_at_once() {
    let (headers, payload) = (MAX_HEADERS as u32, MAX_PAYLOAD as u32);
    for (total, headers, expected) in [
        (0, 0, FrameError::Length),
        (15, 0, FrameError::Length),
        (100, 85, FrameError::Length),
        (u32::MAX, 0, FrameError::PayloadTooLong),
        (16 + payload + 1, 0, FrameError::PayloadTooLong),
        (
            16 + headers + payload + 1,
            headers,
            FrameError::PayloadTooLong,
        ),
        (16 + headers + 1, headers + 1, FrameError::HeadersTooLong),
        (u32::MAX, u32::MAX, FrameError::HeadersTooLong),
    ] {
        let mut decoder = Decoder::new();
        let decoded = decoder.decode(&mut &*prelude(total, headers));
        assert_eq!(decoded.unwrap_err(), expected, "{total}, {headers}");
    }
    for total in [16, 16 + payload] {
        let mut decoder = Decoder::new();
        let prelude = prelude(total, 0);
        assert_eq!(decoder.decode(&mut &*prelude), Ok(None));
    }
}

#[test]
fn a_stream_may_only_end_between_messages() {
    let message = encode(&[("a", HeaderValue::Byte(1))], b"payload").unwrap();
    for end in 0..message.len() {
        let result = decode(&message[..end], &[usize::MAX]).map(|messages| messages.len());
        let expected = match end {
            0 => Ok(0),
            _ => Err(FrameError::Truncated),
        };
        assert_eq!(result, expected, "{end}");
    }
}

#[test]
fn an_error_stays() {
    let good = encode(&[], b"payload").unwrap();
    let mut bad = good.to_vec();
    *bad.last_mut().unwrap() ^= 1;
    let mut decoder = Decoder::new();
    let stream = [&*good, &*bad, &*good].concat();
    let mut rest = &*stream;
    assert!(decoder.decode(&mut rest).unwrap().is_some());
    for _ in 0..2 {
        assert_eq!(decoder.decode(&mut rest), Err(FrameError::MessageChecksum));
    }
    assert_eq!(decoder.finish(), Err(FrameError::MessageChecksum));
    assert_eq!(
        decoder.decode(&mut &*good),
        Err(FrameError::MessageChecksum)
    );
}

#[test]
fn debug_shows_no_values() {
    let headers = [
        ("name", HeaderValue::String("hidden")),
        ("n", HeaderValue::Byte(7)),
    ];
    let message = encode(&headers, b"hidden").unwrap();
    let mut decoder = Decoder::new();
    assert_eq!(decoder.decode(&mut &message[..20]), Ok(None));
    let partial = format!("{decoder:?}");
    assert_eq!(partial, "Decoder { buffered: 20, failed: None, .. }");
    let message = decoder.decode(&mut &message[20..]).unwrap().unwrap();
    assert_eq!(
        format!("{message:?}"),
        r#"Message { headers: {"name": String(..), "n": Byte(..)}, payload_length: 6, .. }"#
    );
}
