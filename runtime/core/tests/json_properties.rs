//! Properties of the JSON codec, held against serde_json as the peer.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::Value;
use tinsmith_core::json::{Document, ErrorFields, ReadError, Reader, Writer};
use tinsmith_core::number::{BigDecimal, BigInteger};
use tinsmith_core::timestamp::Timestamp;

fn read<'a, T>(
    body: &'a [u8],
    read: fn(&mut Reader<'a>) -> Result<T, ReadError>,
) -> Result<T, ReadError> {
    let mut r = Reader::new(body)?;
    let value = read(&mut r)?;
    r.finish().map(|()| value)
}

fn written(write: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut w = Writer::new();
    write(&mut w);
    w.finish().to_vec()
}

/// Any value of JSON, a few levels deep.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[\\x00-\\x7f]{0,40}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..8).prop_map(Value::from),
            btree_map(any::<String>(), inner, 0..8).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

/// A text of JSON, spread over lines or not, with some bytes inserted, replaced or cut out.
fn damaged_text() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        any::<u8>(),
        prop::sample::select(b"{}[]:,\"\\ue+-.0123\n tfn".to_vec())
    ];
    let damage = (any::<prop::sample::Index>(), 0..3_usize, vec(byte, 0..3));
    (value(), any::<bool>(), vec(damage, 0..4)).prop_map(|(value, pretty, damages)| {
        let text = if pretty {
            serde_json::to_vec_pretty(&value)
        } else {
            serde_json::to_vec(&value)
        };
        let mut text = text.expect("every value has a text");
        for (place, cut, bytes) in damages {
            let start = place.index(text.len() + 1);
            let end = (start + cut).min(text.len());
            text.splice(start..end, bytes);
        }
        text
    })
}

/// Checks that both accept `text`, or neither does, and that they understand the same by it.
fn agree(text: &[u8]) -> Result<(), TestCaseError> {
    let document = read(text, Reader::document);
    prop_assert_eq!(
        read(text, Reader::skip),
        document.as_ref().map(drop).map_err(|error| *error)
    );
    match (document, serde_json::from_slice::<Value>(text)) {
        (Ok(document), Ok(value)) => same(&document, &value),
        (Err(error), Err(_)) => {
            prop_assert!(error.offset() <= text.len());
            Ok(())
        }
        // A number beyond a double's range is valid JSON, but serde_json has no value for it.
        (Ok(_), Err(error)) if error.to_string().starts_with("number out of range") => Ok(()),
        (ours, theirs) => Err(TestCaseError::fail(format!(
            "{ours:?}, but serde_json: {theirs:?}"
        ))),
    }
}

fn same(document: &Document, value: &Value) -> Result<(), TestCaseError> {
    match (document, value) {
        (Document::Null, Value::Null) => {}
        (Document::Bool(ours), Value::Bool(theirs)) => prop_assert_eq!(ours, theirs),
        (Document::String(ours), Value::String(theirs)) => prop_assert_eq!(ours, theirs),
        (Document::Number(ours), Value::Number(theirs)) => {
            let (Some(ours), Some(theirs)) = (ours.as_f64(), theirs.as_f64()) else {
                // The generator has serde_json keep the digits of what is beyond a double.
                prop_assert_eq!(ours.as_f64(), theirs.as_f64());
                return Ok(());
            };
            // serde_json rounds wrongly in the last place, unless asked not to.
            let tolerance = (ours.abs() * 4.0 * f64::EPSILON).max(f64::MIN_POSITIVE);
            prop_assert!((ours - theirs).abs() <= tolerance, "{ours} {theirs}");
        }
        (Document::Array(ours), Value::Array(theirs)) => {
            prop_assert_eq!(ours.len(), theirs.len());
            for (ours, theirs) in ours.iter().zip(theirs) {
                same(ours, theirs)?;
            }
        }
        (Document::Object(ours), Value::Object(theirs)) => {
            prop_assert_eq!(ours.len(), theirs.len());
            for (key, ours) in ours {
                same(
                    ours,
                    theirs
                        .get(key)
                        .ok_or(TestCaseError::fail("a key is missing"))?,
                )?;
            }
        }
        _ => prop_assert!(false, "{document:?} {value:?}"),
    }
    Ok(())
}

proptest! {
    #[test]
    fn valid_texts_are_understood_alike(value in value()) {
        let text = serde_json::to_vec(&value).unwrap();
        let document = read(&text, Reader::document).unwrap();
        same(&document, &value)?;
        let back: Value = serde_json::from_str(&document.to_string()).unwrap();
        same(&document, &back)?;
        prop_assert_eq!(document.to_string().parse::<Document>(), Ok(document));
    }

    #[test]
    fn damaged_texts_are_judged_alike(text in damaged_text()) {
        agree(&text)?;
    }

    #[test]
    fn texts_of_json_tokens_are_judged_alike(
        text in "([\\[\\]{},: \\n]|\"(a|\\\\[bfnrtux\"/]|\\\\u[d0][8cC0]0[0-9])?\"|null|true|-?(0|[1-9][0-9]?)([.][0-9])?([eE][-+]?[0-9])?){0,12}"
    ) {
        agree(text.as_bytes())?;
    }

    #[test]
    fn numbers_are_judged_alike(text in "[-+]?[0-9]{0,3}[.]?[0-9]{0,2}([eE][-+]?[0-9]{0,3})?") {
        agree(text.as_bytes())?;
        prop_assert_eq!(text.parse::<BigDecimal>().is_ok(), read(text.as_bytes(), Reader::big_decimal).is_ok());
    }

    #[test]
    fn strings_are_judged_alike(text in "(\\\\u[dD][89abcdAB][0-9a-f]{2}|\\\\u[0-9a-fA-F]{3,4}|\\\\.|[ -~]|\\PC){0,8}") {
        agree(format!("\"{text}\"").as_bytes())?;
    }

    #[test]
    fn strings_are_written_as_serde_json_does(text in any::<String>(), ascii in "[\\x00-\\x7f]{0,80}") {
        for text in [text, ascii] {
            let ours = written(|w| w.string(&text));
            prop_assert_eq!(&ours, &serde_json::to_vec(&text).unwrap());
            prop_assert_eq!(read(&ours, Reader::string), Ok(text));
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(body in vec(any::<u8>(), 0..64), text in damaged_text()) {
        for body in [&body, &text] {
            let _ = ErrorFields::read(body);
            let _ = read(body, Reader::skip);
            let _ = read(body, Reader::document);
            let _ = read(body, Reader::blob);
            let _ = read(body, Reader::byte);
            let _ = read(body, Reader::double);
            let _ = read(body, Reader::big_integer);
            let _ = read(body, Reader::timestamp);
            let _ = read(body, Reader::timestamp_date_time);
            let _ = read(body, |r| r.list(Reader::long));
            let _ = read(body, |r| r.sparse_map::<String, _>(Reader::timestamp_http_date));
            let _ = read(body, |r| r.union(|r, key| r.unknown_variant(key)));
        }
    }

    #[test]
    fn integers_come_back(value in any::<i64>()) {
        let text = written(|w| w.long(value));
        prop_assert_eq!(&text, &value.to_string().into_bytes());
        prop_assert_eq!(read(&text, Reader::long), Ok(value));
        prop_assert_eq!(read(&text, Reader::integer).ok(), i32::try_from(value).ok());
        prop_assert_eq!(read(&text, Reader::short).ok(), i16::try_from(value).ok());
        prop_assert_eq!(read(&text, Reader::byte).ok(), i8::try_from(value).ok());
        prop_assert_eq!(read(&text, Reader::big_integer), Ok(BigInteger::from(value)));
    }

    #[test]
    fn whole_numbers_may_be_written_with_exponents(value in -100_000..100_000_i64, places in 0..6_u32, zeros in 0..4_usize) {
        let scaled = format!("{value}{}e-{places}", "0".repeat(places as usize));
        prop_assume!(value != 0);
        prop_assert_eq!(read(scaled.as_bytes(), Reader::long), Ok(value));
        let padded = format!("{value}.{}e{places}", "0".repeat(zeros + 1));
        prop_assert_eq!(read(padded.as_bytes(), Reader::long), Ok(value * 10_i64.pow(places)));
        let broken = format!("{value}.5");
        prop_assert!(read(broken.as_bytes(), Reader::long).is_err());
    }

    #[test]
    fn floats_come_back(bits in any::<u64>(), single in any::<u32>()) {
        let double = f64::from_bits(bits);
        let text = written(|w| w.double(double));
        let back = read(&text, Reader::double).unwrap();
        prop_assert!(back.to_bits() == bits || back.is_nan() && double.is_nan());
        prop_assert!(serde_json::from_slice::<Value>(&text).is_ok());

        let float = f32::from_bits(single);
        let text = written(|w| w.float(float));
        let back = read(&text, Reader::float).unwrap();
        prop_assert!(back.to_bits() == single || back.is_nan() && float.is_nan());
    }

    #[test]
    fn blobs_come_back(bytes in vec(any::<u8>(), 0..200)) {
        let text = written(|w| w.blob(&bytes));
        prop_assert_eq!(read(&text, Reader::blob), Ok(bytes));
    }

    #[test]
    fn timestamps_come_back(
        seconds in any::<i64>(),
        // The years 0000 to 9999, which the textual forms can hold.
        written_seconds in -62_167_219_200..=253_402_300_799_i64,
        nanos in prop_oneof![Just(0), 0..1_000_000_000_u32],
    ) {
        let time = Timestamp::new(seconds, nanos).unwrap();
        let text = written(|w| w.timestamp(&time));
        prop_assert_eq!(read(&text, Reader::timestamp), Ok(time));

        let time = Timestamp::new(written_seconds, nanos).unwrap();
        let text = written(|w| w.timestamp_date_time(&time));
        prop_assert_eq!(read(&text, Reader::timestamp_date_time), Ok(time));
        let text = written(|w| w.timestamp_http_date(&time));
        prop_assert_eq!(read(&text, Reader::timestamp_http_date), Ok(Timestamp::from_secs(written_seconds)));
    }
}
