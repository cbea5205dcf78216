//! How callers make values.

use std::collections::BTreeMap;

use tinsmith_kitchen_sink::runtime::Timestamp;
use tinsmith_kitchen_sink::{
    Chicken, Choice, Crumb, Defaults, EchoCollectionsRequest, EchoNamesRequest, EchoScalarsRequest,
    EchoSecretsRequest, EchoTreeRequest, Egg, Grade, Oddity, OldStyle, SecretGrade, SecretSize,
    SendRequest, Size, StartJobRequest, Strict, StrictInner, Tree,
};

#[test]
fn required_members_are_arguments_and_the_others_have_setters() {
    let job = StartJobRequest::new("dishes").client_token("mine");
    assert_eq!(job.name, "dishes");
    assert_eq!(job.client_token.as_deref(), Some("mine"));
    // A required member with @clientOptional is no argument.
    let strict = Strict::new("n", StrictInner::new(1, Size::Small)).loose("free");
    assert_eq!(strict.loose.as_deref(), Some("free"));
}

#[test]
fn setters_take_values_and_options() {
    let text = String::from("text");
    let by_value = EchoScalarsRequest::new().text("text").whole(3).bytes(b"ab");
    let by_option = EchoScalarsRequest::new()
        .text(Some(text.clone()))
        .whole(Some(3))
        .bytes(vec![b'a', b'b']);
    assert_eq!(by_value, by_option);
    assert_eq!(by_value.clone().text(&text), by_value);
    assert_eq!(by_value.text(None).text, None);
}

#[test]
fn setters_of_collections_take_arrays() {
    let request = EchoCollectionsRequest::new()
        .numbers([1, 2])
        .map([("a", "b")])
        .by_size([(Size::Large, 5)])
        .crumb_list([Crumb::new().name("rye")])
        .sparse_texts([Some("x".to_owned()), None])
        .choices([Choice::Flag(true)]);
    assert_eq!(request.numbers, Some(vec![1, 2]));
    let expected = BTreeMap::from([("a".to_owned(), "b".to_owned())]);
    assert_eq!(request.map, Some(expected));
    assert_eq!(request.by_size.unwrap()[&Size::Large], 5);
}

#[test]
fn secrets_are_wrapped_by_setters() {
    let request = EchoSecretsRequest::new("text", b"bytes")
        .text("a")
        .bytes(vec![1])
        .number(42)
        .flag(true)
        .time(Timestamp::from_secs(1))
        .size(SecretSize::Large)
        .grade(SecretGrade::One)
        .list(vec!["a".to_owned()])
        .list_of_secrets(["b".into()]);
    assert_eq!(*request.number.unwrap(), 42);
    assert_eq!(request.must_text.as_str(), "text");
    assert_eq!(request.must_bytes.as_slice(), b"bytes");
    assert_eq!(*request.size.unwrap(), SecretSize::Large);
}

#[test]
fn members_that_close_a_cycle_are_boxed_out_of_sight() {
    let tree = Tree::new("root").left(Tree::new("left").right(Tree::new("deep")));
    let deep = tree.left.as_ref().and_then(|left| left.right.as_ref());
    assert_eq!(deep.unwrap().name, "deep");
    let request = EchoTreeRequest::new().tree(tree).forest([]);
    assert!(request.tree.is_some());
    // Each would need the other: one of the two required members is optional.
    let chicken = Chicken::new(Egg::new().weight(60));
    assert_eq!(chicken.egg.chicken, None);
}

#[test]
fn defaults_of_a_structure_are_there_from_the_start() {
    let defaults = Defaults::new();
    assert_eq!(defaults, Defaults::default());
    assert_eq!(defaults.text, "tin");
    assert_eq!(defaults.moment, Timestamp::from_secs(1000));
    assert_eq!(defaults.web_moment, Timestamp::from_secs(1_234_567_890));
    assert_eq!(
        defaults.fine_moment.epoch_seconds().to_string(),
        "1.999999999"
    );
    assert_eq!(defaults.huger.to_string(), "18446744073709551616");
    assert_eq!(defaults.more_exact.to_string(), "9007199254740993.5");
    assert_eq!(defaults.free_count.as_u64(), Some(u64::MAX));
    assert_eq!(defaults.size, Size::Small);
    assert_eq!(defaults.grade, Grade::Coarse);
    assert_eq!(defaults.secret.as_str(), "hush");
    // @addedDefault, @clientOptional and a default of null leave the member optional.
    assert_eq!(defaults.added, None);
    assert_eq!(defaults.loose, None);
    assert_eq!(defaults.no_null, None);
    assert_eq!(defaults.text("zinc").text, "zinc");
}

#[test]
fn hard_names_have_a_place() {
    let request = EchoNamesRequest::new()
        .r#type("a")
        .self_3("b")
        .self_2("c")
        .crate_("d")
        .aws_account_id("e")
        .cmks(["f".to_owned()])
        .new_("g")
        .clone_("h")
        .default_("i")
        .v2fa("j")
        .sha256("k")
        .sha_256("l");
    assert_eq!(request.clone(), request, "`clone` is still there");
    assert_eq!(SendRequest::new().value("v").value.as_deref(), Some("v"));
}

#[test]
fn enums_know_their_values() {
    for (value, text) in [
        (Size::Small, "small"),
        (Size::Large, "LARGE"),
        (Size::ExtraLarge, "extra large"),
        (Size::Unknown("huge".into()), "huge"),
    ] {
        assert_eq!(value.as_str(), text);
        assert_eq!(value.to_string(), text);
        assert_eq!(Size::from(text), value);
        assert_eq!(Size::from(text.to_owned()), value);
    }
    assert_eq!(OldStyle::from("off"), OldStyle::Off);
    assert_eq!(Grade::from(-20), Grade::Coarse);
    assert_eq!(Grade::from(8), Grade::Unknown(8));
    assert_eq!(Grade::Unknown(8).as_i32(), 8);
}

#[test]
fn values_with_like_names_stay_apart() {
    let texts = [
        "Unknown", "UNKNOWN", "A_B", "AB", "Foo_Bar", "FOO_BAR", "fooBar", "Self", "self", "1",
    ];
    let mut values: Vec<Oddity> = texts.map(Oddity::from).into();
    for (value, text) in values.iter().zip(texts) {
        assert_eq!(value.as_str(), text);
        assert!(!matches!(value, Oddity::Unknown(_)), "{text} is known");
    }
    values.sort();
    values.dedup();
    assert_eq!(values.len(), texts.len());
}
