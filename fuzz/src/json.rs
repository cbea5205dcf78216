//! The JSON reader, against serde_json.

use serde_json::Value;
use tinsmith_client::json::{Document, ReadError, Reader, is_blank};

/// Checks that both accept `data`, or neither does, and that they understand the same by it; that
/// skipping a value judges as reading it does; and that what was read is written as it was. The
/// generator's `arbitrary_precision` makes serde_json keep every digit here, too.
pub fn run(data: &[u8]) {
    let document = read(data, Reader::document);
    let skipped = read(data, Reader::skip);
    assert_eq!(skipped, document.as_ref().map(drop).map_err(|error| *error));
    match (document, serde_json::from_slice::<Value>(data)) {
        (Ok(document), Ok(value)) => {
            same(&document, &value);
            let written = document.to_string();
            let value = serde_json::from_str(&written).expect("what is written is JSON");
            same(&document, &value);
            assert_eq!(written.parse(), Ok(document));
        }
        (Err(error), Err(_)) => assert!(error.offset() <= data.len(), "{error}"),
        (ours, theirs) => panic!("{ours:?}, but serde_json: {theirs:?}"),
    }
    if is_blank(data) {
        assert!(read(data, Reader::skip).is_err());
    }
}

fn read<'a, T>(
    body: &'a [u8],
    read: fn(&mut Reader<'a>) -> Result<T, ReadError>,
) -> Result<T, ReadError> {
    let mut r = Reader::new(body)?;
    let value = read(&mut r)?;
    r.finish().map(|()| value)
}

fn same(document: &Document, value: &Value) {
    match (document, value) {
        (Document::Null, Value::Null) => {}
        (Document::Bool(ours), Value::Bool(theirs)) => assert_eq!(ours, theirs),
        (Document::String(ours), Value::String(theirs)) => assert_eq!(ours, theirs),
        (Document::Number(ours), Value::Number(theirs)) => {
            assert_eq!(ours.as_f64(), theirs.as_f64(), "{ours}");
            // Theirs is whole only when its text is, such as not in `1e2`.
            if theirs.is_i64() {
                assert_eq!(ours.as_i64(), theirs.as_i64(), "{ours}");
            }
            if theirs.is_u64() {
                assert_eq!(ours.as_u64(), theirs.as_u64(), "{ours}");
            }
        }
        (Document::Array(ours), Value::Array(theirs)) => {
            assert_eq!(ours.len(), theirs.len());
            let pairs = ours.iter().zip(theirs);
            pairs.for_each(|(ours, theirs)| same(ours, theirs));
        }
        (Document::Object(ours), Value::Object(theirs)) => {
            assert_eq!(ours.len(), theirs.len());
            for (key, ours) in ours {
                same(ours, &theirs[key]);
            }
        }
        _ => panic!("{document:?}, but serde_json: {value:?}"),
    }
}
