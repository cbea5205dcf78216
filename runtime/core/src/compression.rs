//! Requests compressed with gzip (Smithy specification, "requestCompression trait").

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::HeaderValue;
use http::header::CONTENT_ENCODING;

use crate::sensitive::Sensitive;

/// Bodies of fewer bytes go out as they are: the default of the AWS SDKs' setting
/// `request_min_compression_size_bytes`.
const MIN_SIZE: usize = 10_240;

/// Compresses the body if it is large enough, and says so in `Content-Encoding`, after what stands
/// there.
pub(crate) fn compress(request: &mut http::Request<Bytes>) {
    if request.body().len() < MIN_SIZE {
        return;
    }
    if let Some(body) = gzip(request.body()) {
        *request.body_mut() = body;
        let gzip = HeaderValue::from_static("gzip");
        request.headers_mut().append(CONTENT_ENCODING, gzip);
    }
}

/// The body as gzip, in memory that is wiped with its last clone. What the compressor itself keeps
/// for a while is out of reach.
fn gzip(body: &[u8]) -> Option<Bytes> {
    // Room for the worst case, in which deflate stores blocks as they are: a vector that grows
    // leaves copies behind.
    let room = body.len() + body.len() / 1_000 + 1_024;
    let space = Vec::with_capacity(room);
    let mut encoder = GzEncoder::new(space, Compression::default());
    // A vector takes everything.
    encoder.write_all(body).ok()?;
    let compressed = Sensitive::new(encoder.finish().ok()?);
    debug_assert!(compressed.capacity() == room, "the vector has grown");
    Some(Bytes::from_owner(compressed))
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;

    use super::*;

    fn compressed(body: &[u8]) -> http::Request<Bytes> {
        let mut request = http::Request::new(Bytes::copy_from_slice(body));
        compress(&mut request);
        request
    }

    #[test]
    fn large_bodies_are_compressed() {
        let body = b"tin ".repeat(MIN_SIZE / 4);
        let request = compressed(&body);
        assert_eq!(request.headers()[CONTENT_ENCODING], "gzip");
        assert!(request.body().len() < 200);
        let mut text = Vec::new();
        let mut decoder = GzDecoder::new(&request.body()[..]);
        decoder.read_to_end(&mut text).unwrap();
        assert_eq!(text, body);
    }

    #[test]
    fn small_bodies_are_not() {
        let body = vec![b' '; MIN_SIZE - 1];
        let request = compressed(&body);
        assert!(request.headers().is_empty());
        assert_eq!(request.body(), &body);
    }

    #[test]
    fn the_encoding_comes_after_others() {
        let mut request = http::Request::new(Bytes::from(vec![0; MIN_SIZE]));
        let custom = HeaderValue::from_static("custom");
        request.headers_mut().insert(CONTENT_ENCODING, custom);
        compress(&mut request);
        let all: Vec<_> = request.headers().get_all(CONTENT_ENCODING).iter().collect();
        assert_eq!(all, ["custom", "gzip"]);
    }

    #[test]
    fn what_cannot_be_compressed_fits_the_room() {
        let mut random = fastrand::Rng::with_seed(7);
        for length in [MIN_SIZE, 65_537, 1_000_000] {
            let body: Vec<u8> = std::iter::repeat_with(|| random.u8(..))
                .take(length)
                .collect();
            // The assertion stands in `gzip`.
            assert!(gzip(&body).unwrap().len() > length);
        }
    }
}
