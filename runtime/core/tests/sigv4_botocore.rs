//! A thousand random requests, signed by us and by botocore: the headers must be the same.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use fastrand::Rng;
use http::{HeaderName, HeaderValue};
use serde_json::{Value, json};
use tinsmith_core::sigv4::{Signer, SigningParams};

const REQUESTS: usize = 1000;

#[test]
fn botocore_signs_the_same() {
    let Some(python) = tinsmith_testing::python() else {
        return;
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sigv4_botocore.py");
    let mut botocore = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut answers = BufReader::new(botocore.stdout.take().unwrap());

    let mut rng = Rng::with_seed(0x5164);
    let signer = Signer::default();
    // A few identities that take turns: the signer must never use the key of another one.
    let identities: Vec<_> = (0..4).map(|_| Identity::random(&mut rng)).collect();
    for number in 0..REQUESTS {
        let case = Case::random(&mut rng, &identities);
        let theirs = ask(&mut botocore, &mut answers, &case);
        let mut request = case.request();
        signer.sign(&case.params(), &mut request).unwrap();
        let ours = |name: &str| {
            request
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap())
        };
        assert_eq!(
            [
                ours("authorization"),
                ours("x-amz-date"),
                ours("x-amz-security-token")
            ],
            ["authorization", "date", "token"].map(|name| theirs[name].as_str()),
            "request {number}: {:?}\nbotocore's canonical request:\n{}",
            request.uri(),
            theirs["canonical"].as_str().unwrap_or_default(),
        );
    }
    drop(botocore.stdin.take());
    assert!(botocore.wait().unwrap().success());
}

fn ask(botocore: &mut Child, answers: &mut impl BufRead, case: &Case) -> Value {
    let stdin = botocore.stdin.as_mut().unwrap();
    writeln!(stdin, "{}", case.json()).unwrap();
    let mut line = String::new();
    answers.read_line(&mut line).unwrap();
    serde_json::from_str(&line).expect("botocore answers every request with a line of JSON")
}

struct Identity {
    access_key: String,
    secret: String,
    token: Option<String>,
}

impl Identity {
    fn random(rng: &mut Rng) -> Self {
        let base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
        Self {
            access_key: text(rng, 16..=128, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
            // Up to and above the 64 bytes from which HMAC hashes a key first.
            secret: text(rng, 20..=100, base64),
            token: rng.bool().then(|| text(rng, 1..=1000, base64)),
        }
    }
}

struct Case<'a> {
    identity: &'a Identity,
    region: &'static str,
    service: &'static str,
    time: u64,
    method: &'static str,
    url: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl<'a> Case<'a> {
    fn random(rng: &mut Rng, identities: &'a [Identity]) -> Self {
        let region = ["us-east-1", "eu-central-1", "cn-north-1"];
        // Two days, so that requests share a derived key, or any time up to the year 9999.
        let time = match rng.u8(..4) {
            0 => rng.u64(0..253_402_300_800),
            _ => 1_770_000_000 + rng.u64(0..172_800),
        };
        Self {
            identity: &identities[rng.usize(..identities.len())],
            region: region[rng.usize(..3)],
            service: ["kms", "sqs", "dynamodb"][rng.usize(..3)],
            time,
            method: ["POST", "POST", "GET", "PUT", "DELETE"][rng.usize(..5)],
            url: url(rng),
            headers: headers(rng),
            body: (0..rng.usize(..300)).map(|_| rng.u8(..)).collect(),
        }
    }

    fn params(&self) -> SigningParams<'_> {
        SigningParams {
            access_key_id: &self.identity.access_key,
            secret_access_key: &self.identity.secret,
            session_token: self.identity.token.as_deref(),
            region: self.region,
            service: self.service,
            time: UNIX_EPOCH + Duration::from_secs(self.time),
        }
    }

    fn request(&self) -> http::Request<Bytes> {
        let mut request = http::Request::new(Bytes::from(self.body.clone()));
        *request.method_mut() = self.method.parse().unwrap();
        *request.uri_mut() = self.url.parse().unwrap();
        for (name, value) in &self.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
            request.headers_mut().append(name, value);
        }
        request
    }

    fn json(&self) -> Value {
        json!({
            "access_key": self.identity.access_key,
            "secret": self.identity.secret,
            "token": self.identity.token,
            "region": self.region,
            "service": self.service,
            "time": self.time,
            "method": self.method,
            "url": self.url,
            "headers": self.headers,
            "body": base64::Engine::encode(&base64::prelude::BASE64_STANDARD, &self.body),
        })
    }
}

/// Three of four times the `/` of the awsJson protocols, else a path and a query.
fn url(rng: &mut Rng) -> String {
    let scheme = ["http", "https"][rng.usize(..2)];
    let host = [
        "kms.us-east-1.amazonaws.com",
        "LocalHost",
        "127.0.0.1",
        "[::1]",
    ];
    let port = ["", "", ":80", ":443", ":8443"][rng.usize(..5)];
    let mut url = format!("{scheme}://{}{port}/", host[rng.usize(..4)]);
    if rng.u8(..4) == 0 {
        for _ in 0..rng.usize(..5) {
            url += [
                ".",
                "..",
                "",
                "a b",
                "key",
                "%2F",
                "é",
                "x:@!$&'()*+,;=~-_.",
            ][rng.usize(..8)]
            .replace(' ', "%20")
            .as_str();
            url.push('/');
        }
    }
    if rng.u8(..4) == 0 {
        let pairs: Vec<_> = (0..rng.usize(1..6)).map(|_| query_pair(rng)).collect();
        url = format!("{url}?{}", pairs.join("&"));
    }
    url
}

/// A pair encoded as AWS wants it: botocore takes queries as they are.
fn query_pair(rng: &mut Rng) -> String {
    let name = ["a", "A", "b", "a-b", "a.b", "%E1%88%B4"][rng.usize(..6)];
    let value = ["", "1", "2", "%20", "%2F", "~x"][rng.usize(..6)];
    format!("{name}={value}")
}

fn headers(rng: &mut Rng) -> Vec<(String, String)> {
    const NAMES: [&str; 20] = [
        "Content-Type",
        "Content-MD5",
        "Content-Encoding",
        "Content-Length",
        "X-Amz-Target",
        "X-Amz-User-Agent",
        "X-Amz-Date",
        "x-amzn-query-mode",
        "x-amzn-trace-id",
        "amz-sdk-invocation-id",
        "amz-sdk-request",
        "Accept",
        "Accept-Encoding",
        "User-Agent",
        "Connection",
        "Expect",
        "TE",
        "Transfer-Encoding",
        "Authorization",
        "Upgrade",
    ];
    const VALUE: &str = "abcXYZ019 \t  \"',;:=/.%+é";
    let mut headers = Vec::new();
    for _ in 0..rng.usize(..12) {
        let name = match rng.u8(..4) {
            0 => text(rng, 1..=3, "aBz-_.1"),
            _ => NAMES[rng.usize(..NAMES.len())].to_owned(),
        };
        // A header may appear more than once.
        for _ in 0..[1, 1, 1, 2, 3][rng.usize(..5)] {
            headers.push((name.clone(), text(rng, 0..=40, VALUE)));
        }
    }
    headers
}

fn text(rng: &mut Rng, length: std::ops::RangeInclusive<usize>, alphabet: &str) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    (0..rng.usize(length))
        .map(|_| alphabet[rng.usize(..alphabet.len())])
        .collect()
}
