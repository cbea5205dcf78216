//! What the service would answer: heads as KMS sends them, bodies of its size.

use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use tinsmith_runtime::Timestamp;

/// A call that is measured.
#[derive(Clone, Copy)]
pub enum Operation {
    /// DisconnectCustomKeyStore: as little as a call can be, `{}` in return.
    Disconnect,
    /// ListKeys: 1,000 entries of 136 bytes in return.
    ListKeys,
}

/// The custom key store of all requests.
pub const KEY_STORE: &str = "cks-1234567890abcdef0";
/// The number of keys in the answer of ListKeys.
pub const KEYS: usize = 1000;

impl Operation {
    /// The answer.
    pub fn answer(self) -> http::Response<Bytes> {
        let body = self.body();
        let mut response = http::Response::new(body);
        *response.headers_mut() = headers(response.body().len());
        response
    }

    fn body(self) -> Bytes {
        match self {
            Self::Disconnect => Bytes::from_static(b"{}"),
            Self::ListKeys => {
                let entries: Vec<String> = (0..KEYS).map(entry).collect();
                let keys = entries.join(",");
                format!(r#"{{"KeyCount":{KEYS},"Keys":[{keys}],"Truncated":false}}"#).into()
            }
        }
    }
}

fn entry(index: usize) -> String {
    let id = format!("{index:08x}-12ab-34cd-56ef-1234567890ab");
    format!(r#"{{"KeyArn":"arn:aws:kms:us-east-1:111122223333:key/{id}","KeyId":"{id}"}}"#)
}

fn headers(length: usize) -> HeaderMap {
    let now = Timestamp::try_from(SystemTime::now()).ok();
    let date = now.and_then(|now| HeaderValue::try_from(now.http_date().to_string()).ok());
    let mut headers = HeaderMap::new();
    headers.insert(
        HeaderName::from_static("x-amzn-requestid"),
        HeaderValue::from_static("0d7ae2f5-7c5b-4a0e-9d3c-8d1f6a1f9b10"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-cache, no-store, must-revalidate, private"),
    );
    headers.insert(header::EXPIRES, HeaderValue::from_static("0"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    headers.extend(date.map(|date| (header::DATE, date)));
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/x-amz-json-1.1"),
    );
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers
}
