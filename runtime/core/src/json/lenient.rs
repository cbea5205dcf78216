//! Reading an object although some of its members do not match the model.

use std::borrow::Cow;

use super::{ReadError, Reader, is_blank};
use crate::sensitive::Sensitive;

/// Reads an object without the members that `read` rejects, and without what follows a syntax
/// error. Returns whether `read` succeeded in the end.
///
/// This is for errors: callers must learn which error it is, even if a part of it cannot be read.
pub(crate) fn read_leniently(
    body: &[u8],
    read: &mut dyn FnMut(&[u8]) -> Result<(), ReadError>,
) -> bool {
    let whole = if is_blank(body) { b"{}" } else { body };
    read(whole).is_ok() || read_parts(body, read)
}

#[cold]
fn read_parts(body: &[u8], read: &mut dyn FnMut(&[u8]) -> Result<(), ReadError>) -> bool {
    let text = match std::str::from_utf8(body) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&body[..error.valid_up_to()]).unwrap_or_default(),
    };
    let mut members = Vec::new();
    // The members before a syntax error count.
    let _ = collect(text, &mut members);
    // Each round removes a key that the model knows: skipping the others cannot fail. So the number
    // of rounds does not depend on the body.
    loop {
        let (object, starts) = join(&members, text.len());
        let Err(error) = read(object.as_bytes()) else {
            return true;
        };
        let after = starts.partition_point(|start| *start <= error.offset());
        let Some(faulty) = after.checked_sub(1).and_then(|at| members.get(at)) else {
            return false;
        };
        let key = faulty.key.clone();
        members.retain(|member| member.key != key);
    }
}

/// A member of an object.
struct Member<'t> {
    key: Cow<'t, str>,
    /// Key and value as they stand in the object.
    text: &'t str,
}

fn collect<'t>(text: &'t str, members: &mut Vec<Member<'t>>) -> Result<(), ReadError> {
    let mut r = Reader::from_text(text);
    r.object()?;
    let mut start = r.at;
    while let Some(key) = r.key()? {
        r.skip()?;
        let member = r.slice(start, r.at)?;
        members.push(Member {
            key,
            text: member.trim_start_matches([',', ' ', '\t', '\n', '\r']),
        });
        start = r.at;
    }
    Ok(())
}

/// The object of these members, and where each begins.
fn join(members: &[Member<'_>], capacity: usize) -> (Sensitive<String>, Vec<usize>) {
    // No longer than the text that they come from, so no copy is left behind that is not wiped.
    let mut object = Sensitive::new(String::with_capacity(capacity.max(2)));
    let mut starts = Vec::with_capacity(members.len());
    object.push('{');
    for member in members {
        if !starts.is_empty() {
            object.push(',');
        }
        starts.push(object.len());
        object.push_str(member.text);
    }
    object.push('}');
    (object, starts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    #[derive(Debug, Default, PartialEq)]
    struct Fault {
        message: Option<String>,
        count: Option<i32>,
        at: Option<Timestamp>,
        names: Option<Vec<String>>,
    }

    fn strict(r: &mut Reader<'_>) -> Result<Fault, ReadError> {
        let mut out = Fault::default();
        r.object()?;
        while let Some(key) = r.member()? {
            match &*key {
                "message" => out.message = Some(r.string()?),
                "count" => out.count = Some(r.integer()?),
                "at" => out.at = Some(r.timestamp_date_time()?),
                "names" => out.names = Some(r.list(Reader::string)?),
                _ => r.skip()?,
            }
        }
        Ok(out)
    }

    /// Message, count, whether there is a time, number of names.
    fn read(body: &[u8]) -> (String, i32, bool, usize) {
        let mut out = None;
        assert!(read_leniently(body, &mut |body| {
            out = Some(strict(&mut Reader::new(body)?)?);
            Ok(())
        }));
        let out = out.unwrap();
        let names = out.names.map_or(0, |names| names.len());
        (
            out.message.unwrap_or_default(),
            out.count.unwrap_or(-1),
            out.at.is_some(),
            names,
        )
    }

    fn is(message: &str, count: i32, at: bool, names: usize) -> (String, i32, bool, usize) {
        (message.to_owned(), count, at, names)
    }

    #[test]
    fn leaves_out_members_that_cannot_be_read() {
        let time = "2026-01-02T03:04:05Z";
        let good = format!(r#"{{"message":"m","count":7,"at":"{time}","names":["a","b"]}}"#);
        assert_eq!(read(good.as_bytes()), is("m", 7, true, 2));
        for (body, expected) in [
            (r#"{"count":"x","message":"m"}"#, is("m", -1, false, 0)),
            (r#"{"message":5,"count":7}"#, is("", 7, false, 0)),
            (
                r#"{"at":"2026-13-01T00:00:00Z","count":7}"#,
                is("", 7, false, 0),
            ),
            (
                r#"{"names":["a",1],"message":"m","at":{},"count":[]}"#,
                is("m", -1, false, 0),
            ),
            (
                r#"{ "later" : [ { } ] , "count" : 1.5 , "message" : "m" }"#,
                is("m", -1, false, 0),
            ),
            // The same key in another spelling.
            (
                r#"{"count":[],"co\u0075nt":{},"message":"m"}"#,
                is("m", -1, false, 0),
            ),
            (
                r#"{"count":99999999999,"message":"m"}"#,
                is("m", -1, false, 0),
            ),
        ] {
            assert_eq!(read(body.as_bytes()), expected, "{body}");
        }
    }

    #[test]
    fn reads_as_far_as_the_json_is_valid() {
        for (body, expected) in [
            (&br#"{"message":"m","count":"#[..], is("m", -1, false, 0)),
            (
                br#"{"message":"m","count":7,"names":["a"#,
                is("m", 7, false, 0),
            ),
            (br#"{"message":"m" "count":7}"#, is("m", -1, false, 0)),
            (
                b"{\"message\":\"m\",\"count\":7,\"x\":\"\xff\"}",
                is("m", 7, false, 0),
            ),
            (br#"{"message":"m"}}"#, is("m", -1, false, 0)),
            (b"<html></html>", is("", -1, false, 0)),
            (b"[]", is("", -1, false, 0)),
            (b"\xff", is("", -1, false, 0)),
            (b"", is("", -1, false, 0)),
            (b" \n", is("", -1, false, 0)),
        ] {
            assert_eq!(read(body), expected, "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn gives_up_when_nothing_is_taken() {
        let mut calls = 0;
        let body = br#"{"a":1,"b":2,"a":3}"#;
        assert!(!read_leniently(body, &mut |body| {
            calls += 1;
            let mut r = Reader::new(body)?;
            r.object()?;
            r.member()?;
            Err(r.error("nothing"))
        }));
        assert!(calls < 6, "{calls}");
    }
}
