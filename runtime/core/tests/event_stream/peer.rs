//! A thousand random streams, read by us and by botocore.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use fastrand::Rng;
use serde_json::{Value, json};
use tinsmith_core::event_stream::{HeaderValue, Message, encode};

use crate::decode;

const STREAMS: usize = 1000;

#[test]
fn botocore_reads_the_same() {
    let Some(python) = tinsmith_testing::python() else {
        return;
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/event_stream/peer.py");
    let mut botocore = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut answers = BufReader::new(botocore.stdout.take().unwrap()).lines();
    let mut stdin = botocore.stdin.take().unwrap();
    let mut rng = Rng::with_seed(0xe5);
    let mut refused = 0;
    for number in 0..STREAMS {
        let mut stream: Vec<u8> = (0..rng.usize(1..4))
            .flat_map(|_| message(&mut rng))
            .collect();
        if rng.u8(0..4) == 0 {
            let at = rng.usize(0..stream.len());
            stream[at] ^= 1 << rng.u8(0..8);
        }
        writeln!(stdin, "{}", hex(&stream)).unwrap();
        let theirs: Value = serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap();
        let ours = match decode(&stream, &[rng.usize(1..99)]) {
            Ok(messages) => messages.iter().map(shown).collect(),
            Err(_) => Value::Null,
        };
        refused += usize::from(ours.is_null());
        assert_eq!(ours, theirs, "stream {number}: {}", hex(&stream));
    }
    drop(stdin);
    assert!(botocore.wait().unwrap().success());
    assert!((150..350).contains(&refused), "{refused}");
}

fn message(rng: &mut Rng) -> Vec<u8> {
    let names: Vec<String> = (0..rng.usize(0..12)).map(|n| format!("{n}é")).collect();
    let bytes: Vec<u8> = (0..rng.usize(0..40)).map(|_| rng.u8(..)).collect();
    let text: String = (0..rng.usize(0..40)).map(|_| rng.char(..)).collect();
    let headers: Vec<_> = names
        .iter()
        .map(|name| {
            let value = match rng.u8(0..9) {
                0 => HeaderValue::Boolean(rng.bool()),
                1 => HeaderValue::Byte(rng.i8(..)),
                2 => HeaderValue::Short(rng.i16(..)),
                3 => HeaderValue::Integer(rng.i32(..)),
                4 => HeaderValue::Long(rng.i64(..)),
                5 => HeaderValue::ByteArray(&bytes),
                6 => HeaderValue::String(&text),
                7 => HeaderValue::Timestamp(rng.i64(..)),
                _ => HeaderValue::Uuid(rng.u128(..).to_be_bytes()),
            };
            (name.as_str(), value)
        })
        .collect();
    encode(&headers, &bytes).unwrap().to_vec()
}

/// A message as the script shows it.
fn shown(message: &Message) -> Value {
    let headers = message.headers().map(|(name, value)| {
        let value = match value {
            HeaderValue::Boolean(v) => json!(v),
            HeaderValue::Byte(v) => json!(v),
            HeaderValue::Short(v) => json!(v),
            HeaderValue::Integer(v) => json!(v),
            HeaderValue::Long(v) | HeaderValue::Timestamp(v) => json!(v),
            HeaderValue::ByteArray(v) => json!({"hex": hex(v)}),
            HeaderValue::Uuid(v) => json!({"hex": hex(&v)}),
            HeaderValue::String(v) => json!(v),
        };
        (name.to_owned(), value)
    });
    let headers: serde_json::Map<String, Value> = headers.collect();
    json!({"headers": headers, "payload": hex(message.payload())})
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
