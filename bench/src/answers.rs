//! The responses of the service, with the headers of KMS and bodies of the same size.

use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use tinsmith_client::Timestamp;

use crate::Result;

/// A call that is measured.
#[derive(Clone, Copy)]
pub enum Operation {
    /// DisconnectCustomKeyStore: as little as a call can be, `{}` in return.
    Disconnect,
    /// Encrypt with 4 KB, which is its limit.
    Encrypt,
    /// ListKeys: 1,000 entries of 136 bytes in return.
    ListKeys,
    /// DisconnectCustomKeyStore that is refused.
    Refused,
}

/// The custom key store of all requests.
pub const KEY_STORE: &str = "cks-1234567890abcdef0";
/// The key of all requests.
pub const KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
/// Bytes to encrypt.
pub const PLAINTEXT: usize = 4096;
/// The number of keys in the response of ListKeys.
pub const KEYS: usize = 1000;

impl Operation {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Disconnect,
        Self::Encrypt,
        Self::ListKeys,
        Self::Refused,
    ];

    /// The name in the tables.
    pub fn title(self) -> &'static str {
        match self {
            Self::Disconnect => "DisconnectCustomKeyStore",
            Self::Encrypt => "Encrypt, 4 KB",
            Self::ListKeys => "ListKeys, 1,000 entries",
            Self::Refused => "an error answer",
        }
    }

    /// The name in arguments.
    pub fn name(self) -> &'static str {
        match self {
            Self::Disconnect => "disconnect",
            Self::Encrypt => "encrypt",
            Self::ListKeys => "list-keys",
            Self::Refused => "refused",
        }
    }

    /// The operation of a name.
    pub fn named(name: &str) -> Result<Self> {
        let found = Self::ALL
            .into_iter()
            .find(|operation| operation.name() == name);
        Ok(found.ok_or("the operations are disconnect, encrypt, list-keys and refused")?)
    }

    /// Fewer calls where one takes long.
    pub fn count(self, count: usize) -> usize {
        match self {
            Self::ListKeys => count / 50,
            Self::Disconnect | Self::Encrypt | Self::Refused => count,
        }
    }

    /// The response.
    pub fn answer(self) -> http::Response<Bytes> {
        let body = self.body();
        let mut response = http::Response::new(body);
        *response.headers_mut() = headers(response.body().len());
        if let Self::Refused = self {
            *response.status_mut() = StatusCode::BAD_REQUEST;
        }
        response
    }

    fn body(self) -> Bytes {
        match self {
            Self::Disconnect => Bytes::from_static(b"{}"),
            Self::Encrypt => {
                // What KMS adds to 4,096 bytes, in base64.
                let blob = "AQICAHh3".repeat((PLAINTEXT + 150) / 6);
                format!(
                    r#"{{"CiphertextBlob":"{blob}","EncryptionAlgorithm":"SYMMETRIC_DEFAULT","KeyId":"arn:aws:kms:us-east-1:111122223333:key/{KEY}"}}"#
                )
                .into()
            }
            Self::Refused => Bytes::from_static(
                br#"{"__type":"CustomKeyStoreInvalidStateException","message":"The custom key store is connecting."}"#,
            ),
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
    let now = Timestamp::from(SystemTime::now());
    let date = HeaderValue::try_from(now.http_date().to_string()).ok();
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
