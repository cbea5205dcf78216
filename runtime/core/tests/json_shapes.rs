//! The codec as generated code calls it: one line a member, whatever the member's type.

use std::collections::BTreeMap;

use tinsmith_core::json::{Document, ReadError, Reader, UnknownVariant, Writer};
use tinsmith_core::number::BigDecimal;
use tinsmith_core::sensitive::Sensitive;
use tinsmith_core::timestamp::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq)]
enum KeySpec {
    Rsa2048,
    Unknown(String),
}

impl KeySpec {
    fn as_str(&self) -> &str {
        match self {
            Self::Rsa2048 => "RSA_2048",
            Self::Unknown(name) => name,
        }
    }
}

impl From<&str> for KeySpec {
    fn from(name: &str) -> Self {
        match name {
            "RSA_2048" => Self::Rsa2048,
            _ => Self::Unknown(name.to_owned()),
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Tag {
    key: String,
    value: Option<String>,
}

impl Tag {
    fn write(&self, w: &mut Writer) {
        w.object();
        w.key("Key").string(&self.key);
        w.optional("Value", &self.value, |w, v| w.string(v));
        w.end_object();
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, ReadError> {
        let mut out = Self::default();
        r.object()?;
        while let Some(key) = r.member()? {
            match &*key {
                "Key" => out.key = r.string()?,
                "Value" => out.value = Some(r.string()?),
                _ => r.skip()?,
            }
        }
        Ok(out)
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Attribute {
    S(String),
    L(Vec<Attribute>),
    Unknown(UnknownVariant),
}

impl Attribute {
    fn write(&self, w: &mut Writer) {
        w.object();
        match self {
            Self::S(v) => w.key("S").string(v),
            Self::L(v) => w.key("L").list(v, |w, v| v.write(w)),
            Self::Unknown(v) => w.unknown_variant(v),
        }
        w.end_object();
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, ReadError> {
        r.union(|r, key| {
            Ok(match key {
                "S" => Self::S(r.string()?),
                "L" => Self::L(r.list(Self::read)?),
                _ => Self::Unknown(r.unknown_variant(key)?),
            })
        })
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Shape {
    key_id: String,
    plaintext: Sensitive<Vec<u8>>,
    secret: Option<Sensitive<String>>,
    pin: Option<Sensitive<i32>>,
    encryption_context: Option<BTreeMap<String, String>>,
    secrets: Option<BTreeMap<String, Sensitive<String>>>,
    grant_tokens: Option<Vec<String>>,
    nested: Option<Vec<Vec<String>>>,
    sparse: Option<Vec<Option<i64>>>,
    sparse_map: Option<BTreeMap<String, Option<Timestamp>>>,
    key_spec: Option<KeySpec>,
    by_spec: Option<Vec<KeySpec>>,
    tags: Option<Vec<Tag>>,
    attribute: Option<Attribute>,
    dry_run: Option<bool>,
    ratio: Option<f64>,
    amount: Option<BigDecimal>,
    created: Option<Timestamp>,
    date: Option<Timestamp>,
    level: Option<i32>,
    document: Option<Document>,
    boxed: Option<Box<Shape>>,
}

impl Shape {
    fn write(&self, w: &mut Writer) {
        w.object();
        w.key("KeyId").string(&self.key_id);
        w.key("Plaintext").blob(&self.plaintext);
        w.optional("Secret", &self.secret, |w, v| w.string(v));
        w.optional("Pin", &self.pin, |w, v| w.integer(**v));
        w.optional("EncryptionContext", &self.encryption_context, |w, v| {
            w.map(v, |w, v| w.string(v))
        });
        w.optional("Secrets", &self.secrets, |w, v| {
            w.map(v, |w, v| w.string(v))
        });
        w.optional("GrantTokens", &self.grant_tokens, |w, v| {
            w.list(v, |w, v| w.string(v))
        });
        w.optional("Nested", &self.nested, |w, v| {
            w.list(v, |w, v| w.list(v, |w, v| w.string(v)))
        });
        w.optional("Sparse", &self.sparse, |w, v| {
            w.sparse_list(v, |w, v| w.long(*v))
        });
        w.optional("SparseMap", &self.sparse_map, |w, v| {
            w.sparse_map(v, Writer::timestamp_http_date)
        });
        w.optional("KeySpec", &self.key_spec, |w, v| w.string(v.as_str()));
        w.optional("BySpec", &self.by_spec, |w, v| {
            w.list(v, |w, v| w.string(v.as_str()))
        });
        w.optional("Tags", &self.tags, |w, v| w.list(v, |w, v| v.write(w)));
        w.optional("Attribute", &self.attribute, |w, v| v.write(w));
        w.optional("DryRun", &self.dry_run, |w, v| w.boolean(*v));
        w.optional("Ratio", &self.ratio, |w, v| w.double(*v));
        w.optional("Amount", &self.amount, |w, v| w.big_decimal(v));
        w.optional("Created", &self.created, |w, v| w.timestamp(v));
        w.optional("Date", &self.date, |w, v| w.timestamp_date_time(v));
        w.optional("Level", &self.level, |w, v| w.integer(*v));
        w.optional("Document", &self.document, |w, v| w.document(v));
        w.optional("Boxed", &self.boxed, |w, v| v.write(w));
        w.end_object();
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, ReadError> {
        let mut out = Self::default();
        r.object()?;
        while let Some(key) = r.member()? {
            match &*key {
                "KeyId" => out.key_id = r.string()?,
                "Plaintext" => out.plaintext = r.sensitive(Reader::blob)?,
                "Secret" => out.secret = Some(r.sensitive(Reader::string)?),
                "Pin" => out.pin = Some(r.sensitive(Reader::integer)?),
                "EncryptionContext" => out.encryption_context = Some(r.map(Reader::string)?),
                "Secrets" => out.secrets = Some(r.map(|r| r.sensitive(Reader::string))?),
                "GrantTokens" => out.grant_tokens = Some(r.list(Reader::string)?),
                "Nested" => out.nested = Some(r.list(|r| r.list(Reader::string))?),
                "Sparse" => out.sparse = Some(r.sparse_list(Reader::long)?),
                "SparseMap" => out.sparse_map = Some(r.sparse_map(Reader::timestamp_http_date)?),
                "KeySpec" => out.key_spec = Some(r.enumeration()?),
                "BySpec" => out.by_spec = Some(r.list(Reader::enumeration)?),
                "Tags" => out.tags = Some(r.list(Tag::read)?),
                "Attribute" => out.attribute = Some(Attribute::read(r)?),
                "DryRun" => out.dry_run = Some(r.boolean()?),
                "Ratio" => out.ratio = Some(r.double()?),
                "Amount" => out.amount = Some(r.big_decimal()?),
                "Created" => out.created = Some(r.timestamp()?),
                "Date" => out.date = Some(r.timestamp_date_time()?),
                "Level" => out.level = Some(r.int_enum()?),
                "Document" => out.document = Some(r.document()?),
                "Boxed" => out.boxed = Some(Box::new(Self::read(r)?)),
                _ => r.skip()?,
            }
        }
        Ok(out)
    }
}

#[test]
fn every_kind_of_member_comes_back() {
    let shape = Shape {
        key_id: "alias/\"app\"".into(),
        plaintext: b"key".into(),
        secret: Some("hunter2".into()),
        pin: Some(1234.into()),
        encryption_context: Some(BTreeMap::from([("a".into(), "b\n".into())])),
        secrets: Some(BTreeMap::from([("a".into(), "b".into())])),
        grant_tokens: Some(vec!["one".into(), "two".into()]),
        nested: Some(vec![vec![], vec!["x".into()]]),
        sparse: Some(vec![Some(1), None]),
        sparse_map: Some(BTreeMap::from([
            ("t".into(), Some(Timestamp::from_secs(5))),
            ("n".into(), None),
        ])),
        key_spec: Some(KeySpec::Rsa2048),
        by_spec: Some(vec![KeySpec::Unknown("NEW".into())]),
        tags: Some(vec![Tag {
            key: "k".into(),
            value: None,
        }]),
        attribute: Some(Attribute::L(vec![
            Attribute::S("s".into()),
            Attribute::Unknown(UnknownVariant::new("M", vec![1])),
        ])),
        dry_run: Some(true),
        ratio: Some(0.5),
        amount: Some("1.10".parse().unwrap()),
        created: Some(Timestamp::from_millis(1500)),
        date: Some(Timestamp::from_millis(-1500)),
        level: Some(-1),
        document: Some(vec![true].into()),
        boxed: Some(Box::default()),
    };
    let mut w = Writer::new();
    shape.write(&mut w);
    let body = w.finish();

    let mut r = Reader::new(&body).unwrap();
    assert_eq!(Shape::read(&mut r), Ok(shape));
    assert_eq!(r.finish(), Ok(()));
    assert!(serde_json::from_slice::<serde_json::Value>(&body).is_ok());
}

#[test]
fn null_and_unknown_members_are_passed_over_and_the_last_of_equal_ones_counts() {
    let mut r = Reader::from_text(
        r#"{"KeyId":"a","New":{"x":[1,{"y":"\u00e9"}]},"DryRun":null,"Tags":null,"KeyId":"b","Attribute":null}"#,
    );
    let expected = Shape {
        key_id: "b".into(),
        ..Shape::default()
    };
    assert_eq!(Shape::read(&mut r), Ok(expected));
}

#[test]
fn recursive_shapes_end_at_the_depth_limit() {
    for text in [r#"{"L":["#.repeat(100_000), r#"{"L":["#.repeat(65)] {
        assert!(Attribute::read(&mut Reader::from_text(&text)).is_err());
    }
    for text in [
        r#"{"Boxed":"#.repeat(100_000),
        r#"{"Boxed":"#.repeat(129) + "{}",
    ] {
        let error = Shape::read(&mut Reader::from_text(&text)).unwrap_err();
        assert!(error.expected().contains("128 levels"));
    }
    let deepest = r#"{"L":["#.repeat(64) + &"]}".repeat(64);
    assert!(Attribute::read(&mut Reader::from_text(&deepest)).is_ok());
}
