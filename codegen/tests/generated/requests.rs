//! From a request to bytes.

use std::collections::BTreeMap;

use tinsmith_kitchen_sink::runtime::http::Uri;
use tinsmith_kitchen_sink::runtime::operation::{self, Auth, Operation};
use tinsmith_kitchen_sink::runtime::{Document, Timestamp};
use tinsmith_kitchen_sink::{
    CallControlRequest, CallSecretTenantRequest, CallTenantRequest, Choice, Defaults,
    EchoChoiceRequest, EchoCollectionsRequest, EchoDocumentRequest, EchoEnumsRequest,
    EchoNamesRequest, EchoScalarsRequest, EchoSecretsRequest, EchoTimesRequest, EchoTreeRequest,
    GetNoticeRequest, Grade, M1B, M1b, MatchRequest, OddDefaults, OptionShape, PingRequest,
    PutCheckedRequest, PutDefaultsRequest, PutLargeTextRequest, PutUnsignedRequest, SecretCard,
    SecretChoice, SecretSize, Size, StartJobRequest, StopJobRequest, Tree,
};

use crate::{body, request};

#[test]
fn a_request_is_a_post_with_its_target() {
    let request = request(&EchoScalarsRequest::new().text("spoon"));
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://kitchen.example.com/");
    assert_eq!(request.body(), r#"{"text":"spoon"}"#);
    let headers: BTreeMap<_, _> = request
        .headers()
        .iter()
        .map(|(k, v)| (k.as_str(), v))
        .collect();
    assert_eq!(headers.len(), 3);
    assert_eq!(headers["content-type"], "application/x-amz-json-1.1");
    assert_eq!(headers["content-length"], "16");
    assert_eq!(headers["x-amz-target"], "KitchenSinkService.EchoScalars");
}

#[test]
fn no_input_is_an_empty_object() {
    assert_eq!(body(&PingRequest::new()), "{}");
    assert_eq!(body(&EchoScalarsRequest::new()), "{}");
}

#[test]
fn members_go_in_the_order_of_the_model() {
    let request = EchoScalarsRequest::new()
        .moment(Timestamp::new(1, 500_000_000))
        .flag(false)
        .text("t")
        .single(0.1_f32)
        .double(1e21)
        .huge(
            "12345678901234567890123"
                .parse::<tinsmith_kitchen_sink::runtime::BigInteger>()
                .unwrap(),
        );
    let expected = r#"{"text":"t","flag":false,"single":0.1,"double":1e21,"huge":12345678901234567890123,"moment":1.5}"#;
    assert_eq!(body(&request), expected);
}

#[test]
fn timestamps_have_the_format_of_the_member_then_of_the_target() {
    let time = Timestamp::from_secs(1_234_567_890);
    let request = EchoTimesRequest::new()
        .plain(time)
        .iso(time)
        .http(time)
        .iso_target(time)
        .epoch_over_iso(time)
        .iso_list([time])
        .http_list([time]);
    let expected = concat!(
        r#"{"plain":1234567890,"iso":"2009-02-13T23:31:30Z","http":"Fri, 13 Feb 2009 23:31:30 GMT","#,
        r#""isoTarget":"2009-02-13T23:31:30Z","epochOverIso":1234567890,"#,
        r#""isoList":["2009-02-13T23:31:30Z"],"httpList":["Fri, 13 Feb 2009 23:31:30 GMT"]}"#,
    );
    assert_eq!(body(&request), expected);
}

#[test]
fn sparse_collections_send_null() {
    let request = EchoCollectionsRequest::new()
        .sparse_texts([Some("a".to_owned()), None])
        .sparse_map([("k".to_owned(), None)])
        .sparse_lists([Some(vec![1]), None])
        .sparse_crumbs([None])
        .texts([])
        .map_of_maps([("o".to_owned(), BTreeMap::new())]);
    let expected = concat!(
        r#"{"texts":[],"sparseTexts":["a",null],"sparseLists":[[1],null],"sparseMap":{"k":null},"#,
        r#""mapOfMaps":{"o":{}},"sparseCrumbs":[null]}"#,
    );
    assert_eq!(body(&request), expected);
}

#[test]
fn unknown_values_of_enums_go_through() {
    let request = EchoEnumsRequest::new()
        .size(Size::from("gigantic"))
        .grade(Grade::from(99))
        .grade_by_size([(Size::Small, Grade::Fine)]);
    assert_eq!(
        body(&request),
        r#"{"size":"gigantic","grade":99,"gradeBySize":{"small":1}}"#
    );
}

#[test]
fn a_union_is_an_object_with_one_member() {
    for (choice, expected) in [
        (Choice::Text("t".into()), r#"{"text":"t"}"#),
        (Choice::Bytes(b"tin".to_vec()), r#"{"bytes":"dGlu"}"#),
        (Choice::Nothing, r#"{"nothing":{}}"#),
        (Choice::Grade(Grade::Fine), r#"{"grade":1}"#),
        (Choice::Free(Document::Null), r#"{"free":null}"#),
        (Choice::Self_("s".into()), r#"{"Self":"s"}"#),
        (Choice::UnknownValue("u".into()), r#"{"unknown":"u"}"#),
        (
            Choice::Nested(Box::new(Choice::Flag(true))),
            r#"{"nested":{"flag":true}}"#,
        ),
    ] {
        let request = EchoChoiceRequest::new().choice(choice);
        assert_eq!(body(&request), format!(r#"{{"choice":{expected}}}"#));
    }
}

#[test]
fn recursion_is_written_to_its_end() {
    let mut tree = Tree::new("0");
    for depth in 1..50 {
        tree = Tree::new(depth.to_string()).left(tree);
    }
    let body = body(&EchoTreeRequest::new().tree(tree));
    assert!(body.starts_with(r#"{"tree":{"name":"49","left":{"name":"48","left":"#));
    assert!(body.ends_with(&"}".repeat(51)));
}

#[test]
fn secrets_are_written_in_the_clear() {
    let request = EchoSecretsRequest::new("must", b"tin")
        .number(42)
        .card(SecretCard::new().pin(9))
        .choice(SecretChoice::Text("c".into()))
        .map_of_secrets([("who".into(), b"tin".into())]);
    let expected = concat!(
        r#"{"number":42,"card":{"pin":9},"choice":{"text":"c"},"mapOfSecrets":{"who":"dGlu"},"#,
        r#""mustText":"must","mustBytes":"dGlu"}"#,
    );
    assert_eq!(body(&request), expected);
}

#[test]
fn names_on_the_wire_are_those_of_the_model() {
    let request = EchoNamesRequest::new()
        .r#type("a")
        .self_3("b")
        .self_2("c")
        .aws_account_id("d")
        .option(OptionShape::None)
        .m1_b_(M1B::new().a("e"))
        .m1_b(M1b::new().b("f"));
    let expected = concat!(
        r#"{"type":"a","self":"b","Self":"c","AWSAccountId":"d","option":{"None":{}},"#,
        r#""m1_B":{"a":"e"},"m1B":{"b":"f"}}"#,
    );
    assert_eq!(body(&request), expected);
    let target = &request_target(&MatchRequest::new());
    assert_eq!(target, "KitchenSinkService.Match");
}

fn request_target(operation: &impl Operation) -> String {
    let request = request(operation);
    request.headers()["x-amz-target"]
        .to_str()
        .unwrap()
        .to_owned()
}

#[test]
fn defaults_are_sent_within_structures_only() {
    assert_eq!(body(&PutDefaultsRequest::new()), "{}");
    let text = body(&PutDefaultsRequest::new().nested(Defaults::new()));
    assert!(
        text.starts_with(r#"{"nested":{"text":"tin","emptyText":"","flag":true,"#),
        "{text}"
    );
    assert!(
        text.contains(r#""isoMoment":"2009-02-13T23:31:30Z""#),
        "{text}"
    );
    assert!(text.contains(r#""secret":"hush""#), "{text}");
    for absent in ["added", "loose", "noNull", "nullRooted"] {
        assert!(!text.contains(absent), "{absent} in {text}");
    }
    let expected = concat!(
        r#"{"odd":{"nan":"NaN","high":"Infinity","low":"-Infinity","#,
        r#""halfMoment":"2009-02-13T23:31:30.5Z","quarterMoment":-1.75}}"#,
    );
    assert_eq!(
        body(&PutDefaultsRequest::new().odd(OddDefaults::new())),
        expected
    );
}

#[test]
fn documents_are_written_as_they_are() {
    let text = r#"{"a":[1,null,{"b":-2.50}],"c":"x"}"#;
    let request = EchoDocumentRequest::new().free(text.parse::<Document>().unwrap());
    assert_eq!(body(&request), format!(r#"{{"free":{text}}}"#));
}

#[test]
fn an_idempotency_token_is_filled_where_it_is_missing() {
    let token = || String::from("token");
    let mut job = StartJobRequest::new("n");
    job.fill_idempotency_token(token);
    assert_eq!(body(&job), r#"{"name":"n","clientToken":"token"}"#);
    let mut job = StartJobRequest::new("n").client_token("mine");
    job.fill_idempotency_token(token);
    assert_eq!(job.client_token.as_deref(), Some("mine"));
    // A required and secret one is filled as well.
    let mut job = StopJobRequest::new("j");
    job.fill_idempotency_token(token);
    assert_eq!(body(&job), r#"{"jobId":"j","clientToken":"token"}"#);
}

#[test]
fn labels_become_part_of_the_host() {
    let host = |tenant: &str| {
        let endpoint = Uri::from_static("https://kitchen.example.com:8443/path");
        operation::build(&CallTenantRequest::new(tenant, "z1"), &endpoint)
    };
    let uri = host("t-7").unwrap().uri().clone();
    assert_eq!(uri, "https://t-7.in-z1.data.kitchen.example.com:8443/path/");
    for wrong in ["", "a.b", "a/b", "-a", "a@evil.example", &"a".repeat(64)] {
        let error = host(wrong).unwrap_err().to_string();
        assert!(error.contains("`tenant`"), "{error}");
    }
    let control = request(&CallControlRequest::new());
    assert_eq!(control.uri().host(), Some("control.kitchen.example.com"));
}

#[test]
fn labels_of_the_host_can_be_enums_and_secrets() {
    let endpoint = Uri::from_static("https://kitchen.example.com");
    let host = |request: &CallSecretTenantRequest| operation::build(request, &endpoint);
    let request = CallSecretTenantRequest::new(SecretSize::Large)
        .word("w-1")
        .plain(Size::Small)
        .sizes([(SecretSize::Large.into(), 2)]);
    let sent = host(&request).unwrap();
    assert_eq!(
        sent.uri().host(),
        Some("large-w-1.small.kitchen.example.com")
    );
    assert_eq!(
        sent.body(),
        r#"{"size":"large","word":"w-1","plain":"small","sizes":{"large":2}}"#
    );
    let error = host(&request.clone().word(None)).unwrap_err().to_string();
    assert!(error.contains("`word`"), "{error}");
    let request = CallSecretTenantRequest::new(SecretSize::from("a.b")).plain(Size::Small);
    let error = host(&request.word("w")).unwrap_err().to_string();
    assert!(
        error.contains("`size`") && !error.contains("a.b"),
        "{error}"
    );
}

#[test]
fn traits_of_an_operation_are_known_to_the_client() {
    let large = PutLargeTextRequest::INFO;
    assert!(large.compression && !large.checksum);
    assert_eq!(large.auth, Auth::SigV4);
    assert!(PutCheckedRequest::INFO.checksum);
    assert_eq!(GetNoticeRequest::INFO.auth, Auth::Optional);
    assert_eq!(PingRequest::INFO.auth, Auth::None);
    assert!(PutUnsignedRequest::INFO.unsigned_payload);
    assert!(EchoSecretsRequest::INFO.sensitive_output);
    assert!(!EchoScalarsRequest::INFO.sensitive_output);
    assert_eq!(PingRequest::INFO.name, "Ping");
    let service = PingRequest::INFO.service;
    assert_eq!(service.sdk_id, "Kitchen Sink");
    assert_eq!(service.signing_name, "kitchensink");
    assert_eq!(service.api_version, "2026-02-03");
}
