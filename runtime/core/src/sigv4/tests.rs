use std::time::UNIX_EPOCH;

use super::*;

fn params<'a>() -> SigningParams<'a> {
    SigningParams {
        access_key_id: "AKIDEXAMPLE",
        secret_access_key: "a secret",
        session_token: Some("a token"),
        region: "eu-central-1",
        service: "kms",
        time: UNIX_EPOCH + Duration::from_secs(1_440_938_160),
    }
}

fn request(uri: &str) -> http::Request<Bytes> {
    http::Request::post(uri)
        .header("content-type", "application/x-amz-json-1.1")
        .body(Bytes::from_static(b"{}"))
        .unwrap()
}

fn authorization(request: &http::Request<Bytes>) -> &str {
    request.headers()["authorization"].to_str().unwrap()
}

#[test]
fn host_is_the_uris_with_a_port_of_its_own_only() {
    for (uri, host) in [
        ("https://kms.example.com/", "kms.example.com"),
        ("https://KMS.Example.com", "kms.example.com"),
        ("https://kms.example.com:443/", "kms.example.com"),
        ("https://kms.example.com:80/", "kms.example.com:80"),
        ("http://kms.example.com:80/", "kms.example.com"),
        ("http://localhost:8000/", "localhost:8000"),
        ("http://[::1]:8000/", "[::1]:8000"),
        ("https://user@kms.example.com/", "kms.example.com"),
    ] {
        let mut request = request(uri);
        Signer::default().sign(&params(), &mut request).unwrap();
        assert_eq!(request.headers()["host"], host, "{uri}");
    }
}

#[test]
fn a_host_header_stays() {
    let mut request = request("https://127.0.0.1/");
    request
        .headers_mut()
        .insert(HOST, HeaderValue::from_static("kms.example.com"));
    Signer::default().sign(&params(), &mut request).unwrap();
    assert_eq!(request.headers()["host"], "kms.example.com");
}

#[test]
fn signing_again_is_signing_anew() {
    let signer = Signer::default();
    let mut again = request("https://kms.example.com/");
    signer.sign(&params(), &mut again).unwrap();
    let later = SigningParams {
        time: params().time + Duration::from_secs(1),
        session_token: None,
        ..params()
    };
    signer.sign(&later, &mut again).unwrap();
    let mut fresh = request("https://kms.example.com/");
    Signer::default().sign(&later, &mut fresh).unwrap();
    assert_eq!(again.headers(), fresh.headers());
    assert!(!again.headers().contains_key("x-amz-security-token"));
}

#[test]
fn empty_token_is_none() {
    for sign_session_token in [true, false] {
        let signer = Signer::with_options(SigningOptions {
            sign_session_token,
            ..SigningOptions::default()
        });
        let signed = |session_token| {
            let params = SigningParams {
                session_token,
                ..params()
            };
            let mut sent = request("https://kms.example.com/");
            signer.sign(&params, &mut sent).unwrap();
            let mut presigned = request("https://kms.example.com/");
            let expires = Duration::from_secs(60);
            signer.presign(&params, &mut presigned, expires).unwrap();
            (sent.headers().clone(), presigned.uri().clone())
        };
        assert_eq!(signed(Some("")), signed(None));
    }
}

#[test]
fn only_the_headers_that_arrive_unchanged_are_signed() {
    let mut request = request("https://kms.example.com/");
    for name in canonical_unsigned_names() {
        request
            .headers_mut()
            .insert(name, HeaderValue::from_static("x"));
    }
    let value = HeaderValue::from_static("x");
    request
        .headers_mut()
        .insert("amz-sdk-request", value.clone());
    request.headers_mut().insert("x-amz-user-agent", value);
    Signer::default().sign(&params(), &mut request).unwrap();
    assert!(
        authorization(&request).contains(
            "SignedHeaders=amz-sdk-request;content-type;host;x-amz-date;x-amz-security-token;\
             x-amz-user-agent,"
        ),
        "{}",
        authorization(&request)
    );
}

fn canonical_unsigned_names() -> [&'static str; 4] {
    ["user-agent", "x-amzn-trace-id", "connection", "expect"]
}

#[test]
fn secrets_stay_hidden() {
    let signer = Signer::default();
    let mut request = request("https://kms.example.com/");
    signer.sign(&params(), &mut request).unwrap();
    assert!(request.headers()["authorization"].is_sensitive());
    assert!(request.headers()["x-amz-security-token"].is_sensitive());
    let canonical = canonical_request(&request, "", SigningOptions::default());
    let shown = format!("{signer:?} {:?} {request:?} {canonical:?}", params());
    assert!(
        !shown.contains("a secret") && !shown.contains("a token"),
        "{shown}"
    );
    assert!(shown.contains("AKIDEXAMPLE"), "{shown}");
}

#[test]
fn bad_input_is_an_error_without_the_secret() {
    let good = "https://kms.example.com/";
    let early = UNIX_EPOCH - Duration::from_secs(1);
    for (uri, params, expected) in [
        ("/", params(), SignError::Host),
        (
            good,
            SigningParams {
                time: early,
                ..params()
            },
            SignError::Time,
        ),
        (
            good,
            SigningParams {
                access_key_id: "AK\nID",
                ..params()
            },
            SignError::Header(AUTHORIZATION),
        ),
        (
            good,
            SigningParams {
                session_token: Some("a token\r\n"),
                ..params()
            },
            SignError::Header(X_AMZ_SECURITY_TOKEN),
        ),
    ] {
        let error = Signer::default()
            .sign(&params, &mut request(uri))
            .unwrap_err();
        assert_eq!(error, expected);
        assert!(!error.to_string().contains("a token"));
    }
    let long = format!("https://kms.example.com/?{}", "x".repeat(65_400));
    let expires = Duration::from_secs(60);
    let error = Signer::default().presign(&params(), &mut request(&long), expires);
    assert_eq!(error, Err(SignError::Uri));
}

/// The signature was computed by hand, from the specification.
#[test]
fn a_payload_can_stay_unsigned() {
    let mut request = request("https://kms.example.com/");
    let signer = Signer::default();
    signer
        .sign_without_payload(&params(), &mut request)
        .unwrap();
    assert_eq!(
        request.headers()["x-amz-content-sha256"],
        "UNSIGNED-PAYLOAD"
    );
    let signature = "Signature=f059d0e149873a631876360a138c517facc0d768beaa3934eb451ed496bd8510";
    assert!(authorization(&request).ends_with(signature));
}
