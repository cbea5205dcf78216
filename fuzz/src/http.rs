//! An HTTP response out of a fuzzer's bytes.

use tinsmith_client::bytes::Bytes;
use tinsmith_client::http::{HeaderName, HeaderValue, Response, StatusCode};

/// Reads a status, then `name: value` a line, then an empty line, then the body; a line that HTTP
/// does not allow counts for nothing.
pub fn response(data: &[u8]) -> Response<Bytes> {
    let end = data.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = match end {
        Some(end) => (&data[..end], &data[end + 2..]),
        None => (data, &[][..]),
    };
    let mut lines = head.split(|&byte| byte == b'\n');
    let mut response = Response::new(Bytes::copy_from_slice(body));
    let status = lines.next().map(StatusCode::from_bytes);
    *response.status_mut() = status
        .and_then(Result::ok)
        .unwrap_or(StatusCode::BAD_REQUEST);
    for line in lines {
        let Some(colon) = line.iter().position(|&byte| byte == b':') else {
            continue;
        };
        let name = HeaderName::from_bytes(&line[..colon]);
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
