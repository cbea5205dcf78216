//! `Content-MD5` (Smithy specification, "httpChecksumRequired trait"; RFC 1864).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use md5::{Digest as _, Md5};

const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");

/// Adds the checksum of the body as it goes on the wire.
pub(crate) fn add(request: &mut http::Request<Bytes>) {
    let digest = Md5::digest(request.body());
    // Base64 is always a valid value.
    if let Ok(value) = HeaderValue::try_from(BASE64_STANDARD.encode(digest)) {
        request.headers_mut().insert(CONTENT_MD5, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_in_base64() {
        for (body, value) in [
            ("", "1B2M2Y8AsgTpgAmY7PhCfg=="),
            ("{}", "mZFLkyvTelC5g8XnyQrpOw=="),
        ] {
            let mut request = http::Request::new(Bytes::from_static(body.as_bytes()));
            add(&mut request);
            assert_eq!(request.headers()[CONTENT_MD5], value);
        }
    }
}
