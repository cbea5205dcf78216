//! Properties of the framing.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use tinsmith_core::event_stream::{Decoder, HeaderValue, encode};

use crate::{decode, frame};

/// A header's value that owns what it holds.
#[derive(Clone, Debug)]
enum Value {
    Boolean(bool),
    Byte(i8),
    Short(i16),
    Integer(i32),
    Long(i64),
    ByteArray(Vec<u8>),
    String(String),
    Timestamp(i64),
    Uuid([u8; 16]),
}

impl Value {
    fn borrowed(&self) -> HeaderValue<'_> {
        match self {
            Self::Boolean(v) => HeaderValue::Boolean(*v),
            Self::Byte(v) => HeaderValue::Byte(*v),
            Self::Short(v) => HeaderValue::Short(*v),
            Self::Integer(v) => HeaderValue::Integer(*v),
            Self::Long(v) => HeaderValue::Long(*v),
            Self::ByteArray(v) => HeaderValue::ByteArray(v),
            Self::String(v) => HeaderValue::String(v),
            Self::Timestamp(v) => HeaderValue::Timestamp(*v),
            Self::Uuid(v) => HeaderValue::Uuid(*v),
        }
    }
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::Boolean),
        any::<i8>().prop_map(Value::Byte),
        any::<i16>().prop_map(Value::Short),
        any::<i32>().prop_map(Value::Integer),
        any::<i64>().prop_map(Value::Long),
        vec(any::<u8>(), 0..300).prop_map(Value::ByteArray),
        any::<String>().prop_map(Value::String),
        any::<i64>().prop_map(Value::Timestamp),
        any::<[u8; 16]>().prop_map(Value::Uuid),
    ]
}

type Content = (Vec<(String, Value)>, Vec<u8>);

/// The headers and the payload of a message.
fn content() -> impl Strategy<Value = Content> {
    let name = prop_oneof!["[ -~]{1,20}", "\\PC{1,20}"];
    let headers = btree_map(name, value(), 0..6).prop_map(|map| map.into_iter().collect());
    let payload = prop_oneof![
        40 => vec(any::<u8>(), 0..400),
        1 => vec(any::<u8>(), 60_000..70_000),
    ];
    (headers, payload)
}

fn small_content() -> impl Strategy<Value = Content> {
    let headers = btree_map("[a-z]{1,9}", value(), 0..3).prop_map(|map| map.into_iter().collect());
    (headers, vec(any::<u8>(), 0..100))
}

fn encoded((headers, payload): &Content) -> Vec<u8> {
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.borrowed()))
        .collect();
    encode(&headers, payload).unwrap().to_vec()
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded(
        contents in vec(content(), 0..4),
        parts in vec(prop_oneof![1..20_usize, 1..20_000_usize], 1..6),
    ) {
        let stream: Vec<u8> = contents.iter().flat_map(encoded).collect();
        let messages = decode(&stream, &parts).unwrap();
        prop_assert_eq!(messages.len(), contents.len());
        for (message, (headers, payload)) in messages.iter().zip(&contents) {
            let expected = headers.iter().map(|(name, value)| (name.as_str(), value.borrowed()));
            prop_assert!(message.headers().eq(expected));
            prop_assert_eq!(message.payload(), &**payload);
        }
    }

    /// CRC-32 finds every change of up to three bits in messages of this length.
    #[test]
    fn flipped_bits_are_found(
        content in small_content(),
        flips in vec(any::<prop::sample::Index>(), 1..=3),
        length in 1..100_usize,
    ) {
        let mut stream = encoded(&content);
        let bits = stream.len() * 8;
        let flips: std::collections::BTreeSet<usize> =
            flips.iter().map(|flip| flip.index(bits)).collect();
        for flip in flips {
            stream[flip / 8] ^= 1 << (flip % 8);
        }
        prop_assert!(decode(&stream, &[length]).is_err());
    }

    #[test]
    fn no_bytes_panic(stream in vec(any::<u8>(), 0..200)) {
        let _ = Decoder::new().decode(&mut &*stream);
    }

    /// Checksums that are right do not make the rest so.
    #[test]
    fn no_headers_panic(block in vec(prop_oneof![0..10_u8, any::<u8>()], 0..60)) {
        let _ = decode(&frame(&block, b""), &[usize::MAX]);
    }
}
