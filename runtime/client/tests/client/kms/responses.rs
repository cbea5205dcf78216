//! What the caller sees of every kind of answer.

use tinsmith_client::transport::mock::{MockResponse, MockTransport};
use tinsmith_kms::{DescribeCustomKeyStoresRequest, EncryptError, EncryptRequest, Error};

use super::{Encrypted, client, clock, error, request};
use tinsmith_testing::chain;

/// Sends one request that is answered so, however often.
async fn answer(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Encrypted {
    let (mock, clock) = (MockTransport::new(), clock());
    for _ in 0..3 {
        mock.respond("Encrypt", status, headers, body.to_vec());
    }
    client(&mock, &clock).await.send(request()).await
}

#[tokio::test]
async fn reads_successes() {
    let html = [("content-type", "text/html")];
    for (status, headers, body, expected) in [
        (200, [].as_slice(), r#"{"KeyId":"k"}"#, Some("k")),
        (201, &[], r#"{"KeyId":"k"}"#, Some("k")),
        (299, &[], r#"{"KeyId":"k"}"#, Some("k")),
        (200, &[], " \n{ \"KeyId\" : \"k\" }\n", Some("k")),
        (200, &[], r#"{"KeyId":"j","KeyId":"k"}"#, Some("k")),
        (200, &[], r#"{"New":[{"KeyId":1}],"KeyId":"k"}"#, Some("k")),
        // The body counts and not what a proxy calls it.
        (200, &html, r#"{"KeyId":"k"}"#, Some("k")),
        (200, &[], r#"{"KeyId":null}"#, None),
        (200, &[], "{}", None),
        (200, &[], "", None),
        (204, &[], "", None),
    ] {
        let response = answer(status, headers, body.as_bytes()).await.unwrap();
        assert_eq!(response.output.key_id.as_deref(), expected, "{body}");
        assert_eq!(response.attempts, 1);
        assert_eq!(response.request_id, None);
    }
}

#[tokio::test]
async fn reads_request_ids() {
    for (headers, expected) in [
        ([].as_slice(), None),
        (&[("x-amzn-RequestId", "r-1")], Some("r-1")),
        (&[("x-amz-request-id", "r-2")], Some("r-2")),
        (
            &[("x-amz-request-id", "r-2"), ("x-amzn-requestid", "r-1")],
            Some("r-1"),
        ),
    ] {
        let response = answer(200, headers, b"{}").await.unwrap();
        assert_eq!(response.request_id.as_deref(), expected);
        let error = error(answer(400, headers, b"{}").await);
        assert_eq!(error.request_id(), expected);
    }
}

#[tokio::test]
async fn rejects_malformed_successes() {
    let deep = format!(r#"{{"New":{}"#, "[".repeat(100_000));
    for (body, cause) in [
        (
            &b"<html><body>It works!</body></html>"[..],
            "expected an object at byte 0",
        ),
        (b"\xff\xfe", "expected UTF-8 at byte 0"),
        (b"[]", "expected an object at byte 0"),
        (br#"{"KeyId":"k""#, "expected"),
        (br#"{"KeyId":"k"} {}"#, "expected"),
        (br#"{"KeyId":1}"#, "expected a string at byte 9"),
        (br#"{"CiphertextBlob":"!"}"#, "expected"),
        (br#"{"KeyId":"\ud800"}"#, "expected"),
        (deep.as_bytes(), "expected"),
    ] {
        let headers = [("x-amzn-requestid", "r-1"), ("content-type", "text/html")];
        let error = error(answer(200, &headers, body).await);
        assert!(matches!(error, Error::Response(_)), "{error:?}");
        let shown = chain(&error);
        let line = "Encrypt: malformed response: ";
        assert!(shown.starts_with(line), "{shown}");
        assert!(shown[line.len()..].starts_with(cause), "{shown}");
        assert!(
            shown.ends_with(" (HTTP 200, request id r-1, 1 attempt)"),
            "{shown}"
        );
        assert_eq!(error.status().unwrap(), 200);
        assert_eq!(error.request_id(), Some("r-1"));
        assert!(error.service().is_none());
    }
}

/// The name comes from the header, else from `code`, else from `__type`, without namespace and
/// link. What is no JSON has none, and is shown.
#[tokio::test]
async fn reads_names_and_messages_of_errors() {
    let named = [(
        "x-amzn-errortype",
        "NotFoundException:http://internal.amazon.com/",
    )];
    let query = [("x-amzn-query-error", "NotFound;Sender")];
    for (headers, body, shown) in [
        (
            [].as_slice(),
            r#"{"__type":"NotFoundException","message":"no key"}"#,
            "NotFoundException: no key",
        ),
        (
            &[],
            r#"{"__type":"com.amazonaws.kms#NotFoundException","Message":"no key"}"#,
            "NotFoundException: no key",
        ),
        (
            &[],
            r#"{"code":"NotFoundException","__type":"Other","errorMessage":"no key"}"#,
            "NotFoundException: no key",
        ),
        (&named, r#"{"__type":"Other"}"#, "NotFoundException"),
        (&named, r#"{"message":null}"#, "NotFoundException"),
        (
            &query,
            r#"{"__type":"NotFoundException","message":""}"#,
            "NotFoundException",
        ),
        // Not among the errors of Encrypt.
        (
            &[],
            r#"{"__type":"AlreadyExistsException","message":"m"}"#,
            "AlreadyExistsException: m",
        ),
        (
            &[],
            r#"{"__type":"AccessDeniedException","Message":"User: x is not authorized"}"#,
            "AccessDeniedException: User: x is not authorized",
        ),
        // A modeled error with a message that is none.
        (
            &[],
            r#"{"__type":"NotFoundException","message":5}"#,
            "NotFoundException",
        ),
        (&[], "{}", "unknown error"),
        (&[], "", "unknown error: the response is empty"),
        (
            &[],
            "<html>gone</html>",
            "unknown error: the response is of unknown type, not JSON: <html>gone</html>",
        ),
        (&[], r#"{"__type":["#, "unknown error"),
        (&[], r#"{"__type":":","message":"m"}"#, "unknown error: m"),
    ] {
        let error = error(answer(400, headers, body.as_bytes()).await);
        assert_eq!(
            error.to_string(),
            format!("Encrypt: {shown} (HTTP 400, 1 attempt)"),
            "{body}"
        );
        let code = shown
            .split(':')
            .next()
            .filter(|code| *code != "unknown error");
        assert_eq!(error.code(), code, "{body}");
        let Error::Service(failed) = error else {
            panic!("{body}");
        };
        let modeled = code == Some("NotFoundException");
        match failed.into_cause() {
            EncryptError::NotFound(_) => assert!(modeled, "{body}"),
            EncryptError::Unhandled(unhandled) => {
                assert!(!modeled, "{body}");
                assert_eq!(unhandled.code.as_deref(), code, "{body}");
            }
            other => panic!("{other:?}"),
        }
    }
}

/// An error without a name, as proxies and load balancers answer it.
#[tokio::test]
async fn reads_errors_of_proxies() {
    for (status, attempts) in [
        (301, "1 attempt"),
        (307, "1 attempt"),
        (403, "1 attempt"),
        (413, "1 attempt"),
        (502, "3 attempts"),
        (504, "3 attempts"),
    ] {
        let headers = [
            ("location", "https://elsewhere.example/"),
            ("content-type", "text/html"),
        ];
        let page = b"<html>\r\n<title>\x1b[31mgone</title>\r\n</html>";
        let error = error(answer(status, &headers, page).await);
        let shown = "<html> <title>gone</title> </html>";
        let expected = format!(
            "Encrypt: unknown error: the response is text/html, not JSON: {shown} (HTTP {status}, \
             {attempts})"
        );
        assert_eq!(error.to_string(), expected);
        assert!(matches!(error.service(), Some(EncryptError::Unhandled(_))));
    }
}

/// What a service says neither breaks the line nor fills the log.
#[tokio::test]
async fn escapes_and_shortens_messages() {
    let (mock, clock) = (MockTransport::new(), clock());
    let message = format!("one\r\ntwo\u{1b}[31m\u{85}{}", "ä".repeat(100_000));
    mock.on::<EncryptRequest>().respond(
        MockResponse::error(400, &"N".repeat(100_000), &message)
            .header("x-amzn-requestid", &"r".repeat(1000)),
    );
    let error = error(client(&mock, &clock).await.send(request()).await);
    let shown = error.to_string();
    assert!(
        shown.contains(r"...: one\r\ntwo\u{1b}[31m\u{85}äää"),
        "{shown}"
    );
    assert!(!shown.contains(char::is_control), "{shown}");
    assert!(shown.len() < 13_000, "{}", shown.len());
    // The whole of it is there for who asks.
    let Some(EncryptError::Unhandled(unhandled)) = error.service() else {
        panic!("{error:?}");
    };
    assert_eq!(unhandled.message.as_deref(), Some(&*message));
}

/// Each `{}` would become an entry of some hundred bytes.
#[tokio::test]
async fn refuses_a_small_response_that_becomes_huge() {
    let (mock, clock) = (MockTransport::new(), clock());
    let body = format!(r#"{{"CustomKeyStores": [{}{{}}]}}"#, "{},".repeat(300_000));
    mock.respond("DescribeCustomKeyStores", 200, &[], body);
    let client = client(&mock, &clock).await;
    let request = DescribeCustomKeyStoresRequest::new();
    let error = error(client.describe_custom_key_stores(request).await);
    assert!(matches!(error, Error::Response(_)), "{error:?}");
    let text = chain(&error);
    assert!(
        text.contains("at most 64 MiB or 16 times the body"),
        "{text}"
    );
}
