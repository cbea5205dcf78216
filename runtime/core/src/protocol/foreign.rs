//! Error responses that do not come from the service but from proxies, load balancers and the like.

use http::header::CONTENT_TYPE;

use crate::operation::ResponseParts;

/// How many characters of the body are shown.
const MAX_CHARS: usize = 200;

/// Describes an error response that is not JSON by the type and the beginning of its body. `None`
/// for JSON: it may come from the service and hold secrets.
pub(super) fn describe(response: ResponseParts<'_>) -> Option<String> {
    let body = text(response.body);
    let body = body.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if response.body.is_empty() {
        return Some("the response is empty".to_owned());
    }
    if body.starts_with(['{', '[', '"']) {
        return None;
    }
    let content_type = response.headers.get(CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let media_type = content_type.and_then(|value| value.split(';').next());
    let kind = match excerpt(media_type.unwrap_or_default()) {
        (kind, _) if kind.is_empty() => "of unknown type".to_owned(),
        (kind, _) => kind,
    };
    let description = format!("the response is {kind}, not JSON");
    Some(match excerpt(body) {
        (shown, _) if shown.is_empty() => description,
        (shown, true) => format!("{description}: {shown}..."),
        (shown, false) => format!("{description}: {shown}"),
    })
}

/// The beginning of a body as far as it is UTF-8. It is longer than the excerpt, which has less
/// white space.
fn text(body: &[u8]) -> &str {
    let head = body.get(..16 * MAX_CHARS).unwrap_or(body);
    match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(),
    }
}

/// The first characters on one line, without anything that controls a terminal or hides text, and
/// whether there are more.
fn excerpt(text: &str) -> (String, bool) {
    let mut out = String::new();
    let mut length = 0;
    let mut is_space = false;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            skip_escape(&mut chars);
        } else if c.is_whitespace() {
            is_space = !out.is_empty();
        } else if !is_hidden(c) {
            if length >= MAX_CHARS {
                return (out, true);
            }
            if std::mem::take(&mut is_space) {
                out.push(' ');
                length += 1;
            }
            out.push(c);
            length += 1;
        }
    }
    (out, false)
}

/// Skips what follows the first character of an escape sequence: `[31m`.
fn skip_escape(chars: &mut std::str::Chars<'_>) {
    if chars.as_str().starts_with('[') {
        chars.next();
        chars.find(|c| ('@'..='~').contains(c));
    }
}

/// Control characters, and those that change the direction or the look of what follows.
fn is_hidden(c: char) -> bool {
    let formats = matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
    );
    c.is_control() || formats
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn describe_body(content_type: &'static str, body: &[u8]) -> Option<String> {
        let mut response = http::Response::new(Bytes::copy_from_slice(body));
        if !content_type.is_empty() {
            let value = http::HeaderValue::from_static(content_type);
            response.headers_mut().insert(CONTENT_TYPE, value);
        }
        describe(ResponseParts::of(&response))
    }

    #[test]
    fn shows_type_and_beginning() {
        for (content_type, body, expected) in [
            (
                "text/html; charset=utf-8",
                "<html>\r\n  <title>403 Forbidden</title>\r\n</html>\n",
                "the response is text/html, not JSON: <html> <title>403 Forbidden</title> </html>",
            ),
            (
                "text/plain",
                "upstream gone",
                "the response is text/plain, not JSON: upstream gone",
            ),
            ("", "no", "the response is of unknown type, not JSON: no"),
            (
                "; charset=utf-8",
                "no",
                "the response is of unknown type, not JSON: no",
            ),
            ("text/html", "", "the response is empty"),
            ("text/html", " \n", "the response is text/html, not JSON"),
            (
                "application/xml",
                "<E><Code>x</Code></E>",
                "the response is application/xml, not JSON: <E><Code>x</Code></E>",
            ),
            // It says that it is JSON.
            (
                "application/json",
                "oops",
                "the response is application/json, not JSON: oops",
            ),
        ] {
            let found = describe_body(content_type, body.as_bytes());
            assert_eq!(found.as_deref(), Some(expected), "{body}");
        }
    }

    #[test]
    fn shows_no_json() {
        for body in [
            "{}",
            " {\"Plaintext\":\"aGlkZGVu\"",
            "[1]",
            "\"hidden\"",
            "\u{feff}{",
        ] {
            assert_eq!(describe_body("text/html", body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn shows_nothing_that_does_harm() {
        let body =
            "a\u{1b}[31;1mred\u{1b}]0;x\u{7}\u{9b}\0\u{202e}evil\u{2028}next\u{200b}\n\n end\r";
        let shown = describe_body("text/plain", body.as_bytes()).unwrap();
        assert_eq!(
            shown,
            "the response is text/plain, not JSON: ared]0;xevil next end"
        );
    }

    #[test]
    fn cuts_after_whole_characters() {
        let shown = describe_body("text/plain", "ä".repeat(5000).as_bytes()).unwrap();
        let expected = format!(
            "the response is text/plain, not JSON: {}...",
            "ä".repeat(200)
        );
        assert_eq!(shown, expected);
        // As far as it is text.
        let shown = describe_body("image/png", b"\x89PNG").unwrap();
        assert_eq!(shown, "the response is image/png, not JSON");
        let shown = describe_body("text/plain", b"caf\xe9 closed").unwrap();
        assert_eq!(shown, "the response is text/plain, not JSON: caf");
    }
}
