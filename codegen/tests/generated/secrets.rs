//! What the model marks `@sensitive`.

use std::collections::BTreeMap;

use tinsmith_kitchen_sink::runtime::{BigInteger, Document, Sensitive, Timestamp, Wipe};
use tinsmith_kitchen_sink::{
    Crumb, EchoSecretsRequest, EchoSecretsResponse, Names, SecretCard, SecretChoice, SecretGrade,
    SecretSize, Size, StopJobRequest,
};

use crate::output;

fn card() -> SecretCard {
    SecretCard::new()
        .number("hunter2")
        .pin(4711)
        .holder(Crumb::new().name("hunter2"))
        .sizes(vec![Size::from("hunter2")])
        .again(SecretCard::new().number("hunter2"))
}

/// Every sensitive member, each with a value that must not show.
fn request() -> EchoSecretsRequest {
    EchoSecretsRequest::new("hunter2", b"hunter2")
        .text("hunter2")
        .bytes(b"hunter2")
        .number(4711)
        .flag(true)
        .time(Timestamp::from_secs(4711))
        .free(Document::from("hunter2"))
        .big("4711".parse::<BigInteger>().unwrap())
        .ratio(4711.0)
        .size(SecretSize::from("hunter2"))
        .grade(SecretGrade::from(4711))
        .card(card())
        .choice(SecretChoice::Card(card().into()))
        .list(vec!["hunter2".to_owned()])
        .map(BTreeMap::from([(
            "hunter2".to_owned(),
            "hunter2".to_owned(),
        )]))
        .list_of_secrets(["hunter2".into()])
        .map_of_secrets([("hunter2".into(), b"hunter2".into())])
        .sparse([Some("hunter2".into())])
        .crumbs(vec![Crumb::new().name("hunter2")])
        .names(vec![Names::new().r#type("hunter2")])
        .open("in plain sight")
}

#[track_caller]
fn assert_redacted(debug: &str) {
    for secret in ["hunter2", "4711", "104, 117", "true", "Large"] {
        assert!(!debug.contains(secret), "{secret} in {debug}");
    }
    assert!(debug.contains("** redacted **"), "{debug}");
}

#[test]
fn debug_shows_no_secret() {
    let debug = format!("{:?}", request());
    assert_redacted(&debug);
    assert!(debug.contains("in plain sight"), "{debug}");
    assert_redacted(&format!("{:#?}", request()));
    assert_redacted(&format!("{:?}", card()));
    assert_redacted(&format!("{:?}", SecretChoice::Text("hunter2".into())));
    assert_redacted(&format!("{:?}", SecretChoice::Card(card().into())));
    assert_redacted(&format!(
        "{:?}",
        StopJobRequest::new("j").client_token("hunter2")
    ));
}

#[test]
fn debug_of_a_response_shows_no_secret() {
    let out: EchoSecretsResponse = output::<EchoSecretsRequest>(
        r#"{"text":"hunter2","number":4711,"flag":true,"free":{"hunter2":4711},"size":"large","mustSize":"large","card":{"number":"hunter2","pin":4711,"again":{"pin":4711}},"choice":{"text":"hunter2"},"list":["hunter2"],"map":{"hunter2":"hunter2"},"mapOfSecrets":{"hunter2":"aHVudGVyMg=="},"crumbs":[{"name":"hunter2"}],"names":[{"type":"hunter2"}],"mustCard":{"code":4711}}"#,
    );
    assert_eq!(out.text.as_ref().unwrap().as_str(), "hunter2");
    assert_eq!(
        out.map_of_secrets.as_ref().unwrap()[&"hunter2".into()].as_slice(),
        b"hunter2"
    );
    assert_redacted(&format!("{out:?}"));
    assert_redacted(&format!("{:?}", out.must_card));
}

#[test]
fn what_a_secret_holds_can_be_wiped() {
    // What `Sensitive` calls when it is dropped.
    let mut size = SecretSize::from("hunter2");
    size.wipe();
    assert_eq!(size, SecretSize::Unknown(String::new()));
    let mut size = SecretSize::Large;
    size.wipe();
    assert_eq!(size, SecretSize::Unknown(String::new()));
    let mut grade = SecretGrade::One;
    grade.wipe();
    assert_eq!(grade, SecretGrade::Unknown(0));
    let mut crumb = Crumb::new().name("hunter2").grams(3);
    crumb.wipe();
    assert_eq!(crumb, Crumb::new());
    let mut names = Names::new().r#type("hunter2").wipe_("hunter2").r#match(5);
    names.wipe();
    assert_eq!(names, Names::new());
    let mut card = card();
    card.wipe();
    assert_eq!(card, SecretCard::new());
    let mut list = Sensitive::new(vec![Crumb::new().name("hunter2")]);
    list.wipe();
    assert!(list.is_empty());
}
