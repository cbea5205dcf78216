//! The official Signature Version 4 vectors: canonical request, string to sign and signature of
//! each, byte for byte, by headers and by query.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use serde_json::Value;
use tinsmith_core::sigv4::canonical::{CanonicalRequest, RequestParts};
use tinsmith_core::sigv4::{Signer, SigningOptions, SigningParams, sha256_hex, string_to_sign};

/// The vectors that an [`http::Request`] cannot hold: a header over several lines, a space in
/// the path (one of the two starts from an escape, but states a space in the result).
const NOT_HTTP: [&str; 3] = [
    "get-header-value-multiline",
    "get-space-normalized",
    "get-space-unnormalized",
];

/// Its signed request is of another day and by another, unknown key than its other parts.
const CONTRADICTORY: &str = "double-encode-path";

#[test]
fn signs_all_vectors() {
    let Some(vectors) = tinsmith_testing::shared("conformance/sigv4") else {
        return;
    };
    let (mut seen, mut signed, mut presigned) = (0, 0, 0);
    let entries = fs::read_dir(vectors).unwrap();
    let mut directories: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    directories.sort();
    for directory in directories {
        let vector = Vector::read(&directory);
        vector.check_canonical_forms();
        seen += 1;
        if NOT_HTTP.contains(&vector.name.as_str()) {
            continue;
        }
        if vector.name != CONTRADICTORY {
            vector.check_signed_request();
            signed += 1;
        }
        if !vector.incomplete() {
            vector.check_presigned_request();
            presigned += 1;
        }
    }
    assert_eq!((seen, signed, presigned), (40, 36, 35));
}

struct Vector {
    name: String,
    directory: PathBuf,
    context: Context,
    request: RawRequest,
}

struct Context {
    secret: String,
    access_key: String,
    token: Option<String>,
    region: String,
    service: String,
    time: SystemTime,
    expires: Duration,
    options: SigningOptions,
}

impl Context {
    fn params(&self) -> SigningParams<'_> {
        SigningParams {
            access_key_id: &self.access_key,
            secret_access_key: &self.secret,
            session_token: self.token.as_deref(),
            region: &self.region,
            service: &self.service,
            time: self.time,
        }
    }
}

impl Vector {
    fn read(directory: &Path) -> Self {
        let name = directory.file_name().unwrap().to_str().unwrap().to_owned();
        let context = match fs::read_to_string(directory.join("context.json")) {
            Ok(text) => read_context(&serde_json::from_str(&text).unwrap()),
            Err(_) => context_of_the_incomplete(),
        };
        Self {
            request: RawRequest::parse(&fs::read_to_string(directory.join("request.txt")).unwrap()),
            directory: directory.to_owned(),
            context,
            name,
        }
    }

    /// Two vectors came later, without a context and without a presigned form.
    fn incomplete(&self) -> bool {
        !self.directory.join("context.json").exists()
    }

    /// The vector's file without the line break that some have at their end.
    fn expected(&self, file: &str) -> Option<String> {
        let text = fs::read_to_string(self.directory.join(file)).ok()?;
        Some(text.trim_end_matches('\n').to_owned())
    }

    /// From the request's text, without an [`http::Request`].
    fn check_canonical_forms(&self) {
        let params = self.context.params();
        let payload_sha256 = sha256_hex(self.request.body.as_bytes());
        let mut headers = self.request.headers.clone();
        headers.retain(|(name, _)| name != "x-amz-date");
        let date = if self.incomplete() {
            "20210511T154045Z"
        } else {
            "20150830T123600Z"
        };
        headers.push(("x-amz-date".to_owned(), date.to_owned()));
        if let (Some(token), true) = (
            params.session_token,
            self.context.options.sign_session_token,
        ) {
            headers.push(("x-amz-security-token".to_owned(), token.to_owned()));
        }
        if self.context.options.payload_header {
            headers.push(("x-amz-content-sha256".to_owned(), payload_sha256.clone()));
        }
        let parts = RequestParts {
            method: &self.request.method,
            path: &self.request.path,
            query: &self.request.query,
            headers: headers
                .iter()
                .map(|(name, value)| (&**name, value.as_bytes()))
                .collect(),
            payload_sha256: &payload_sha256,
        };
        self.check(
            "header",
            &CanonicalRequest::new(parts, self.context.options),
        );
    }

    fn check(&self, kind: &str, canonical: &CanonicalRequest) {
        let name = &self.name;
        let params = self.context.params();
        let text = std::str::from_utf8(canonical.as_bytes()).unwrap();
        let expected = self.expected(&format!("{kind}-canonical-request.txt"));
        assert_eq!(Some(text), expected.as_deref(), "{name}");
        if let Some(expected) = self.expected(&format!("{kind}-string-to-sign.txt")) {
            assert_eq!(
                string_to_sign(&params, canonical).unwrap(),
                expected,
                "{name}"
            );
        }
        if let Some(expected) = self.expected(&format!("{kind}-signature.txt")) {
            let signature = Signer::default().signature(&params, canonical).unwrap();
            assert_eq!(signature, expected, "{name}");
        }
    }

    fn http_request(&self) -> http::Request<Bytes> {
        let target = match self.request.query.as_str() {
            "" => self.request.path.clone(),
            query => format!("{}?{query}", self.request.path),
        };
        let is_host = |header: &&(String, String)| header.0 == "host";
        let headers = &self.request.headers;
        let (_, host) = headers.iter().find(is_host).unwrap();
        let mut request = http::Request::builder()
            .method(&*self.request.method)
            .uri(format!("https://{host}{target}"));
        // The signer sets the host.
        for (name, value) in headers.iter().filter(|header| !is_host(header)) {
            request = request.header(name, value.trim());
        }
        request
            .body(Bytes::from(self.request.body.clone()))
            .unwrap()
    }

    fn check_signed_request(&self) {
        let mut request = self.http_request();
        let signer = Signer::with_options(self.context.options);
        signer.sign(&self.context.params(), &mut request).unwrap();

        let expected = self.expected("header-signed-request.txt").unwrap();
        let expected = RawRequest::parse(&expected);
        let mut headers: Vec<_> = request
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        headers.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut expected_headers = expected.headers;
        expected_headers
            .iter_mut()
            .for_each(|(_, value)| *value = value.trim().to_owned());
        expected_headers.sort_by(|(a, _), (b, _)| a.cmp(b));
        assert_eq!(headers, expected_headers, "{}", self.name);
    }

    fn check_presigned_request(&self) {
        let mut request = self.http_request();
        let signer = Signer::with_options(self.context.options);
        signer
            .presign(&self.context.params(), &mut request, self.context.expires)
            .unwrap();

        let expected = self.expected("query-signed-request.txt").unwrap();
        let expected = RawRequest::parse(&expected);
        let pairs = |query: &str| -> Vec<String> {
            let mut pairs: Vec<_> = query.split('&').map(str::to_owned).collect();
            pairs.sort();
            pairs
        };
        let query = request.uri().query().unwrap();
        assert_eq!(pairs(query), pairs(&expected.query), "{}", self.name);
        assert_eq!(request.uri().path(), expected.path, "{}", self.name);

        // The signature is not part of what is signed, nor is a token added afterwards.
        let unsigned = |pair: &&str| {
            pair.starts_with("X-Amz-Signature=")
                || (pair.starts_with("X-Amz-Security-Token=")
                    && !self.context.options.sign_session_token)
        };
        let signed: Vec<_> = query.split('&').filter(|pair| !unsigned(pair)).collect();
        let parts = RequestParts {
            method: request.method().as_str(),
            path: request.uri().path(),
            query: &signed.join("&"),
            headers: request
                .headers()
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_bytes()))
                .collect(),
            payload_sha256: &sha256_hex(request.body()),
        };
        self.check("query", &CanonicalRequest::new(parts, self.context.options));
    }
}

fn read_context(context: &Value) -> Context {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let credentials = &context["credentials"];
    assert_eq!(context["timestamp"], "2015-08-30T12:36:00Z");
    Context {
        access_key: text(&credentials["access_key_id"]),
        secret: text(&credentials["secret_access_key"]),
        token: credentials["token"].as_str().map(str::to_owned),
        region: text(&context["region"]),
        service: text(&context["service"]),
        time: UNIX_EPOCH + Duration::from_secs(1_440_938_160),
        expires: Duration::from_secs(context["expiration_in_seconds"].as_u64().unwrap()),
        options: SigningOptions {
            normalize_path: context["normalize"].as_bool().unwrap(),
            // The vectors with a context tell of no second encoding and leave it out: one has
            // an escape in its path.
            encode_path_twice: false,
            payload_header: context["sign_body"].as_bool().unwrap(),
            sign_session_token: context["omit_session_token"] != true,
        },
    }
}

/// What the vectors without a context state elsewhere; the keys are AWS's usual examples.
fn context_of_the_incomplete() -> Context {
    Context {
        access_key: "AKIDEXAMPLE".to_owned(),
        secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned(),
        token: None,
        region: "us-east-2".to_owned(),
        service: "lambda".to_owned(),
        time: UNIX_EPOCH + Duration::from_secs(1_620_747_645),
        expires: Duration::ZERO,
        options: SigningOptions::default(),
    }
}

/// A request as text, which need not be well-formed HTTP.
struct RawRequest {
    method: String,
    path: String,
    query: String,
    /// Names in lower case; a value over several lines keeps its line breaks.
    headers: Vec<(String, String)>,
    body: String,
}

impl RawRequest {
    fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = head.lines();
        let (method, target) = lines.next().unwrap().split_once(' ').unwrap();
        let target = target.strip_suffix(" HTTP/1.1").unwrap_or(target);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers: Vec<(String, String)> = Vec::new();
        for line in lines {
            if line.starts_with(' ') {
                let (_, value) = headers.last_mut().unwrap();
                value.push('\n');
                value.push_str(line);
            } else {
                let (name, value) = line.split_once(':').unwrap();
                headers.push((name.to_lowercase(), value.to_owned()));
            }
        }
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            body: body.trim_end_matches('\n').to_owned(),
        }
    }
}
