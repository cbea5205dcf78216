//! From bytes to a response.

use tinsmith_kitchen_sink::runtime::{Document, Sensitive, Timestamp};
use tinsmith_kitchen_sink::{
    CallSecretTenantRequest, Choice, Crumb, EchoChoiceRequest, EchoCollectionsRequest,
    EchoDocumentRequest, EchoEnumsRequest, EchoNamesRequest, EchoRequiredRequest,
    EchoScalarsRequest, EchoSecretsRequest, EchoTreeRequest, GetBowlRequest, GetNoticeRequest,
    Grade, Graft, ListBowlsRequest, OneAnswer, PingRequest, PutDefaultsRequest, SecretSize, Size,
};

use crate::{body, malformed, output};

#[test]
fn no_output_may_be_empty_or_hold_anything() {
    for body in ["", "{}", r#"{"later":[1]}"#] {
        output::<PingRequest>(body);
    }
    assert_eq!(output::<GetNoticeRequest>("").notice, None);
    malformed::<GetNoticeRequest>("[]");
    malformed::<GetNoticeRequest>("{} {}");
}

#[test]
fn null_is_absent_and_unknown_members_are_skipped() {
    let out = output::<EchoScalarsRequest>(r#"{"later":{"a":[{}]},"text":null,"whole":7}"#);
    assert_eq!(out.text, None);
    assert_eq!(out.whole, Some(7));
}

#[test]
fn a_value_of_the_wrong_form_is_an_error_that_shows_nothing() {
    for body in [
        r#"{"text":12}"#,
        r#"{"tiny":128}"#,
        r#"{"whole":1.5}"#,
        r#"{"flag":"true"}"#,
        r#"{"bytes":"hunter2!"}"#,
        r#"{"moment":"hunter2"}"#,
        r#"{"single":"hunter2"}"#,
        r#"{"text":"hunter2"#,
    ] {
        let error = malformed::<EchoScalarsRequest>(body);
        let shown = format!("{error} {error:?} {}", error.get_ref());
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

#[test]
fn dense_collections_refuse_null_and_sparse_ones_keep_it() {
    for body in [
        r#"{"texts":["a",null]}"#,
        r#"{"map":{"a":null}}"#,
        r#"{"crumbs":{"a":null}}"#,
        r#"{"lists":[["a"],null]}"#,
        r#"{"mapOfMaps":{"a":{"b":null}}}"#,
        r#"{"choices":[null]}"#,
    ] {
        malformed::<EchoCollectionsRequest>(body);
    }
    let out = output::<EchoCollectionsRequest>(
        r#"{"sparseTexts":[null,"a"],"sparseMap":{"k":null},"sparseLists":[null,[1]],"sparseCrumbs":[null,{}]}"#,
    );
    assert_eq!(out.sparse_texts, Some(vec![None, Some("a".into())]));
    assert_eq!(out.sparse_map.unwrap()["k"], None);
    assert_eq!(out.sparse_lists, Some(vec![None, Some(vec![1])]));
    assert_eq!(out.sparse_crumbs, Some(vec![None, Some(Crumb::new())]));
}

#[test]
fn unknown_values_of_enums_survive_the_way_there_and_back() {
    let text = r#"{"size":"gigantic","grade":-1,"sizes":["small","tiny"],"gradeBySize":{"odd":5}}"#;
    let out = output::<EchoEnumsRequest>(text);
    assert_eq!(out.size, Some(Size::Unknown("gigantic".into())));
    assert_eq!(out.grade, Some(Grade::Unknown(-1)));
    let request = EchoEnumsRequest::new()
        .size(out.size)
        .grade(out.grade)
        .sizes(out.sizes)
        .grade_by_size(out.grade_by_size);
    assert_eq!(body(&request), text);
}

#[test]
fn an_unknown_member_of_a_union_survives_the_way_there_and_back() {
    let text = r#"{"choice":{"later":{"a":[1.50,null]}}}"#;
    let choice = output::<EchoChoiceRequest>(text).choice.unwrap();
    let Choice::Unknown(variant) = &choice else {
        panic!("{choice:?}");
    };
    assert_eq!(variant.name(), "later");
    assert_eq!(variant.value().to_string(), r#"{"a":[1.50,null]}"#);
    assert!(
        !format!("{choice:?}").contains("1.50"),
        "its value may be a secret"
    );
    assert_eq!(body(&EchoChoiceRequest::new().choice(choice)), text);
}

#[test]
fn a_union_has_exactly_one_member() {
    let read = |body: &str| output::<EchoChoiceRequest>(body).choice;
    assert_eq!(
        read(r#"{"choice":{"__type":"x","flag":null,"text":"t"}}"#),
        Some(Choice::Text("t".into()))
    );
    assert_eq!(
        read(r#"{"choice":{"nothing":{"a":1}}}"#),
        Some(Choice::Nothing)
    );
    assert_eq!(read(r#"{"choice":null}"#), None);
    for body in [
        r#"{"choice":{}}"#,
        r#"{"choice":{"text":null}}"#,
        r#"{"choice":{"text":"t","flag":true}}"#,
        r#"{"choice":{"later":1,"text":"t"}}"#,
        r#"{"choice":"text"}"#,
    ] {
        malformed::<EchoChoiceRequest>(body);
    }
}

#[test]
fn recursion_ends_before_the_stack_does() {
    let nested = |depth: usize| {
        let open = r#"{"name":"n","left":"#.repeat(depth);
        format!(r#"{{"tree":{open}{{}}{}}}"#, "}".repeat(depth))
    };
    let tree = output::<EchoTreeRequest>(&nested(100)).tree.unwrap();
    assert_eq!(tree.left.unwrap().name, "n");
    malformed::<EchoTreeRequest>(&nested(100_000));
}

#[test]
fn recursion_through_lists_maps_and_unions() {
    let text = r#"{"tree":{"name":"a","children":[{"name":"b"}],"named":{"c":{"name":"c"}},"graft":{"tree":{"name":"d"}}}}"#;
    let tree = output::<EchoTreeRequest>(text).tree.unwrap();
    assert_eq!(tree.children.as_ref().unwrap()[0].name, "b");
    assert_eq!(tree.named.as_ref().unwrap()["c"].name, "c");
    let Some(Graft::Tree(graft)) = tree.graft.as_deref() else {
        panic!("{:?}", tree.graft);
    };
    assert_eq!(graft.name, "d");
    assert_eq!(body(&EchoTreeRequest::new().tree(tree)), text);
}

/// Smithy specification, "Client error correction".
#[test]
fn a_required_member_that_is_missing_is_zero() {
    let out = output::<EchoRequiredRequest>("{}");
    assert_eq!(out.text, "");
    assert!(!out.flag);
    assert_eq!((out.tiny, out.small, out.whole, out.wide), (0, 0, 0, 0));
    assert_eq!((out.single, out.double), (0.0, 0.0));
    assert_eq!((out.huge.as_str(), out.exact.as_str()), ("0", "0"));
    assert!(out.bytes.is_empty() && out.list.is_empty() && out.map.is_empty());
    assert!(out.sparse.is_empty());
    assert_eq!(out.moment, Timestamp::UNIX_EPOCH);
    assert_eq!(out.free, Document::Null);
    assert_eq!(out.size, Size::Unknown(String::new()));
    assert_eq!(out.grade, Grade::Unknown(0));
    assert!(matches!(out.choice, OneAnswer::Unknown(_)));
    assert_eq!(out.crumb, Crumb::new());
    assert_eq!(out.strict.name, "");
    assert_eq!(out.strict.inner.number, 0);
    assert_eq!(out.strict.loose, None, "@clientOptional");
    assert_eq!(out.secret, Sensitive::from(""));
    // One that is null is missing, too.
    assert_eq!(
        output::<EchoRequiredRequest>(r#"{"text":null,"size":null}"#).text,
        ""
    );
    // A structure that is there, and what it lacks.
    let out = output::<EchoRequiredRequest>(r#"{"strict":{"inner":{"size":"LARGE"}}}"#);
    assert_eq!(out.strict.inner.size, Size::Large);
    let out = output::<EchoSecretsRequest>("{}");
    assert_eq!(*out.must_size, SecretSize::Unknown(String::new()));
    assert_eq!(*out.must_card.code, 0);
    assert_eq!(out.must_card.word.as_str(), "open sesame");
    assert_eq!(output::<GetBowlRequest>("{}").bowl_id, "");
}

#[test]
fn a_member_with_a_default_has_it_when_it_is_missing() {
    let out = output::<PutDefaultsRequest>(r#"{"nested":{"flag":false}}"#);
    assert_eq!(out.text, "tin");
    assert_eq!(out.wide, -6_400_000_000);
    assert_eq!((out.single, out.double), (1.5, -2.25));
    assert_eq!(out.huge.as_str(), "123456789");
    assert_eq!(out.exact.as_str(), "0.75");
    assert_eq!(out.bytes, b"tin");
    assert_eq!(out.iso_moment, Timestamp::from_secs(1_234_567_890));
    assert_eq!(out.size, Size::Small);
    assert_eq!(out.grade, Grade::Coarse);
    assert_eq!(out.free_text, Document::from("t"));
    assert_eq!(out.must, 5);
    assert_eq!((out.added, out.loose, out.no_null), (None, None, None));
    let nested = out.nested.unwrap();
    assert!(!nested.flag);
    assert_eq!(nested.text, "tin");
    assert_eq!(output::<PutDefaultsRequest>(r#"{"text":""}"#).text, "");
}

#[test]
fn documents_are_read_as_they_are() {
    let text = r#"{"a":[1,null,{"b":-2.50}],"c":"x"}"#;
    let out = output::<EchoDocumentRequest>(&format!(r#"{{"free":{text},"freeMap":{{"k":[]}}}}"#));
    assert_eq!(out.free.unwrap().to_string(), text);
    assert_eq!(out.free_map.unwrap()["k"], Document::Array(Vec::new()));
}

#[test]
fn hard_names_are_read() {
    let out = output::<EchoNamesRequest>(
        r#"{"type":"a","self":"b","Self":"c","sha256":"d","SHA_256":"e","m1_B":{"a":"f"},"m1B":{"b":"g"}}"#,
    );
    let texts = [out.r#type, out.self_3, out.self_2, out.sha256, out.sha_256];
    assert_eq!(texts.map(Option::unwrap), ["a", "b", "c", "d", "e"]);
    assert_eq!(out.m1_b_.unwrap().a.as_deref(), Some("f"));
    assert_eq!(out.m1_b.unwrap().b.as_deref(), Some("g"));
}

#[test]
fn pages_are_read() {
    let text =
        r#"{"page":{"items":[{"bowlId":"bowl-1","size":"small"}],"cursor":{"nextToken":"2"}}}"#;
    let page = output::<ListBowlsRequest>(text).page.unwrap();
    assert_eq!(page.items.unwrap()[0].bowl_id, "bowl-1");
    assert_eq!(page.cursor.next_token.as_deref(), Some("2"));
}

#[test]
fn secret_enums_are_keys_of_maps() {
    let out = output::<CallSecretTenantRequest>(r#"{"sizes":{"large":2,"new":3}}"#);
    let sizes = out.sizes.unwrap();
    assert_eq!(sizes[&SecretSize::Large.into()], 2);
    assert_eq!(sizes[&"new".into()], 3);
    assert!(!format!("{sizes:?}").contains("new"));
}
