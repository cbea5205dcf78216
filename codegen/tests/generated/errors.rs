//! What a service answers instead of an output.

use tinsmith_kitchen_sink::runtime::error::{Fault, ModeledError, OperationError, Retryable};
use tinsmith_kitchen_sink::{
    CreateBowlError, CreateBowlRequest, EchoNamesError, EchoNamesRequest, EchoScalarsError,
    EchoScalarsRequest, ExplainRequest, GetBowlError, GetBowlRequest, PingError, PingRequest,
};

use crate::{body, failure, output};

#[test]
fn the_name_stands_in_header_code_or_type() {
    let name = "other.place#NotFoundException:http://example.com/a#b";
    let header = [("x-amzn-errortype", name)];
    let wrong = r#"{"__type":"BadInputException","message":"m"}"#;
    for (headers, body) in [
        (&header[..], wrong.to_owned()),
        (
            &[],
            format!(r#"{{"code":"{name}","__type":"BadInputException","message":"m"}}"#),
        ),
        (&[], format!(r#"{{"__type":"{name}","message":"m"}}"#)),
    ] {
        let (error, metadata) = failure::<EchoScalarsRequest>(404, headers, &body);
        let EchoScalarsError::NotFound(error) = error else {
            panic!("{error:?}");
        };
        assert_eq!(error.message.as_deref(), Some("m"));
        assert_eq!(metadata.code.as_deref(), Some("NotFoundException"));
        assert_eq!(metadata.status, 404);
    }
}

#[test]
fn an_error_has_its_members() {
    let text = r#"{"__type":"BadInputException","Message":"bad","fields":[{"name":"f"}],"where":{"line":3}}"#;
    let (error, _) = failure::<EchoScalarsRequest>(400, &[], text);
    assert_eq!(error.to_string(), "BadInputException: bad");
    let EchoScalarsError::BadInput(error) = error else {
        panic!("{error:?}");
    };
    assert_eq!(error.fields.as_ref().unwrap()[0].name.as_deref(), Some("f"));
    let place = error.r#where.as_ref().unwrap();
    assert_eq!((place.line, place.column), (3, 1));
    // Its members are corrected like those of any response.
    let (error, _) = failure::<EchoScalarsRequest>(400, &[], r#"{"__type":"BadInputException"}"#);
    assert_eq!(error.to_string(), "BadInputException");
}

#[test]
fn the_message_has_three_spellings() {
    for key in ["message", "Message", "errorMessage"] {
        for (name, message) in [
            ("NotFoundException", "no bowl"),
            ("BadInputException", "bad"),
        ] {
            let text = format!(r#"{{"__type":"{name}","{key}":"{message}"}}"#);
            let (error, _) = failure::<EchoScalarsRequest>(400, &[], &text);
            assert_eq!(error.shape().message(), Some(message), "{text}");
        }
    }
}

#[test]
fn an_error_that_is_not_modelled_keeps_code_and_message() {
    let text = r#"{"__type":"AccessDeniedException","message":"not you"}"#;
    let headers = [("x-amzn-requestid", "id-1")];
    let (error, metadata) = failure::<GetBowlRequest>(403, &headers, text);
    assert_eq!(error.to_string(), "AccessDeniedException: not you");
    assert_eq!(metadata.request_id.as_deref(), Some("id-1"));
    assert!(error.shape().info().is_none());
    let GetBowlError::Unhandled(unhandled) = error else {
        panic!("{error:?}");
    };
    assert_eq!(unhandled.code.as_deref(), Some("AccessDeniedException"));
    // Modeled, but not for this operation.
    let (error, _) = failure::<GetBowlRequest>(400, &[], r#"{"__type":"BadInputException"}"#);
    assert!(matches!(error, GetBowlError::Unhandled(_)), "{error:?}");
    for body in ["", "<html>", "[]", r#"{"__type":12}"#] {
        let (error, metadata) = failure::<GetBowlRequest>(502, &[], body);
        assert!(matches!(error, GetBowlError::Unhandled(_)), "{error:?}");
        assert_eq!(metadata.status, 502);
    }
}

/// A member that cannot be read is absent; the rest of the error is there.
#[test]
fn modeled_errors_with_unreadable_members() {
    let limit = |body: &str| {
        let headers = [("x-amzn-errortype", "LimitExceededException")];
        match failure::<CreateBowlRequest>(429, &headers, body).0 {
            CreateBowlError::LimitExceeded(limit) => (limit.message, limit.retry_after),
            other => panic!("{body}: {other:?}"),
        }
    };
    let text = |text: &str| Some(text.to_owned());
    for (body, expected) in [
        (r#"{"message":"m","retryAfter":3}"#, (text("m"), Some(3))),
        (r#"{"message":"m","retryAfter":"3"}"#, (text("m"), None)),
        (r#"{"message":{},"retryAfter":3}"#, (None, Some(3))),
        (
            r#"{"message":"m","retryAfter":3,"later":"#,
            (text("m"), Some(3)),
        ),
        ("<html></html>", (None, None)),
        ("", (None, None)),
    ] {
        assert_eq!(limit(body), expected, "{body}");
    }
    // A required member has what stands in for it in any response.
    let text = r#"{"__type":"BadInputException","message":"bad","where":{"line":"x"}}"#;
    let (error, _) = failure::<EchoScalarsRequest>(400, &[], text);
    assert_eq!(error.to_string(), "BadInputException: bad");
}

#[test]
fn the_first_name_that_is_not_empty_counts() {
    for (header, body) in [
        ("", r#"{"__type":"NotFoundException"}"#),
        (" ", r#"{"code":"NotFoundException"}"#),
        (":http://internal/", r#"{"code":"NotFoundException"}"#),
        ("", r#"{"code":"","__type":"NotFoundException"}"#),
        ("", r#"{"code":"a#","__type":"a#NotFoundException:x"}"#),
        ("", r#"{"__type":"NotFoundException","message":"no su"#),
    ] {
        let headers = [("x-amzn-errortype", header)];
        let (error, metadata) = failure::<GetBowlRequest>(404, &headers, body);
        assert_eq!(
            metadata.code.as_deref(),
            Some("NotFoundException"),
            "{body}"
        );
        assert!(matches!(error, GetBowlError::NotFound(_)), "{error:?}");
    }
    let headers = [
        ("x-amzn-errortype", ""),
        ("x-amzn-errortype", "NotFoundException"),
    ];
    let (error, _) = failure::<GetBowlRequest>(404, &headers, "<html></html>");
    assert!(matches!(error, GetBowlError::NotFound(_)), "{error:?}");
}

#[test]
fn the_errors_of_the_service_belong_to_each_operation() {
    let (error, _) = failure::<PingRequest>(503, &[], r#"{"__type":"BusyException"}"#);
    assert!(matches!(error, PingError::Busy(_)), "{error:?}");
    assert_eq!(error.shape().info().unwrap().fault, Fault::Server);
    assert_eq!(error.shape().info().unwrap().status, 503);
}

/// CloudWatch Logs and others send a message with errors that have no members in the model.
#[test]
fn a_message_that_the_model_leaves_out() {
    for key in ["message", "Message", "errorMessage"] {
        let text = format!(r#"{{"__type":"BusyException","{key}":"come back later"}}"#);
        let (error, _) = failure::<PingRequest>(503, &[], &text);
        let PingError::Busy(busy) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(busy.message.as_deref(), Some("come back later"));
        assert_eq!(error.to_string(), "BusyException: come back later");
    }
}

#[test]
fn an_error_knows_what_the_model_says_of_it() {
    let info = |name: &str| {
        let text = format!(r#"{{"__type":"{name}"}}"#);
        let (error, _) = failure::<EchoScalarsRequest>(400, &[], &text);
        *error.shape().info().unwrap()
    };
    let internal = info("KMSInternalException");
    assert_eq!(internal.code, "KMSInternalException");
    assert_eq!((internal.fault, internal.status), (Fault::Server, 500));
    assert_eq!(internal.retryable, Some(Retryable::TRANSIENT));
    assert_eq!(info("NotFoundException").status, 404);
    assert_eq!(info("BadInputException").status, 400);
    let text = r#"{"__type":"LimitExceededException","retryAfter":3}"#;
    let (error, _) = failure::<CreateBowlRequest>(429, &[], text);
    let CreateBowlError::LimitExceeded(limit) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(limit.retry_after, Some(3));
    assert_eq!(limit.info().unwrap().retryable, Some(Retryable::THROTTLING));
}

#[test]
fn a_secret_message_shows_nowhere() {
    let text = r#"{"__type":"SecretException","message":"hunter2","hint":"aHVudGVyMg=="}"#;
    let (error, _) = failure::<EchoScalarsRequest>(400, &[], text);
    assert_eq!(error.to_string(), "SecretException");
    assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    let EchoScalarsError::Secret(error) = error else {
        panic!("{error:?}");
    };
    assert_eq!(error.message.unwrap().as_str(), "hunter2");
}

#[test]
fn errors_with_hard_names() {
    let (error, _) = failure::<EchoNamesRequest>(500, &[], r#"{"__type":"Error","reason":"r"}"#);
    assert_eq!(error.to_string(), "Error");
    let text = r#"{"__type":"UnhandledException","message":"m"}"#;
    let (error, _) = failure::<EchoNamesRequest>(400, &[], text);
    assert!(
        matches!(error, EchoNamesError::UnhandledValue(_)),
        "{error:?}"
    );
}

#[test]
fn an_error_can_be_a_value() {
    let out = output::<ExplainRequest>(r#"{"last":{"message":"m"}}"#);
    let request = ExplainRequest::new().last(out.last);
    assert_eq!(body(&request), r#"{"last":{"message":"m"}}"#);
}
