//! From JSON that the model types to the value that it stands for (Smithy specification, "examples
//! trait" and "HTTP Protocol Compliance Tests", parameter format).

use std::collections::BTreeMap;
use std::str::FromStr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Number, Value as Json};

use crate::ir::{
    Constructor, EnumChoice, EnumValue, Field, MemberValue, Presence, Structure, StructureValue,
    Type, TypeDef, TypeIndex, Value, Variant,
};
use tinsmith_smithy::decimal::Decimal;
use tinsmith_smithy::timestamp;

/// How JSON is read where models differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// As protocol tests have it: a blob is the text of its bytes, a timestamp is seconds since the
    /// epoch, a required member may be missing, as where a service leaves it out.
    Exact,
    /// As people write examples: a blob may be text in base64, a timestamp may be a date-time, a
    /// required member must be there.
    Example,
}

/// Reads values over the types of one crate.
pub struct Values<'s> {
    index: TypeIndex<'s>,
    reading: Reading,
}

impl<'s> Values<'s> {
    /// For the types in `index`.
    pub fn new(index: TypeIndex<'s>, reading: Reading) -> Self {
        Self { index, reading }
    }

    /// Reads a structure from its members.
    ///
    /// # Errors
    ///
    /// A text that says what does not fit the shape.
    pub fn structure(
        &self,
        structure: &Structure,
        members: Option<&Map<String, Json>>,
    ) -> Result<StructureValue, String> {
        let has = |name: &str| structure.fields.iter().any(|field| field.member == name);
        if let Some(name) = members.and_then(|members| members.keys().find(|name| !has(name))) {
            return Err(format!("{} has no member `{name}`", structure.name));
        }
        if structure.event_stream.is_some() {
            return Err(format!("{} holds a stream of events", structure.name));
        }
        let mut value = StructureValue {
            name: structure.name.clone(),
            constructor: structure.constructor,
            has_setters: structure.usage.written,
            arguments: Vec::new(),
            members: Vec::new(),
        };
        for field in &structure.fields {
            let given = members.and_then(|members| members.get(&field.member));
            let given = given.filter(|given| !given.is_null());
            // What callers pass is boxed by the function that takes it.
            let (ty, boxed) = match &field.ty {
                Type::Boxed(inner) => (&**inner, true),
                ty => (ty, false),
            };
            match given {
                Some(json) if is_argument(structure, field) => {
                    value.arguments.push(self.value(ty, json)?);
                }
                None if is_argument(structure, field) => value.arguments.push(self.missing(field)?),
                Some(json) => value.members.push(MemberValue {
                    field: field.name.clone(),
                    optional: field.presence == Presence::Optional,
                    boxed,
                    value: self.value(ty, json)?,
                }),
                None => {}
            }
        }
        Ok(value)
    }

    fn missing(&self, field: &Field) -> Result<Value, String> {
        match self.reading {
            Reading::Exact => Ok(self.zero(&field.ty)),
            Reading::Example => Err(format!("the member `{}` is missing", field.member)),
        }
    }

    /// The zero value of a type, for a member that a service left out.
    fn zero(&self, ty: &Type) -> Value {
        match ty {
            Type::Structure(name) => match self.index.get(name.as_str()) {
                Some(TypeDef::Structure(inner)) => self
                    .structure(inner, None)
                    .map_or(Value::Zero, Value::Structure),
                _ => Value::Zero,
            },
            Type::Boxed(inner) => self.zero(inner),
            Type::Sensitive(inner) => Value::Sensitive(Box::new(self.zero(inner))),
            _ => Value::Zero,
        }
    }

    /// Reads a value that is there.
    pub(crate) fn value(&self, ty: &Type, json: &Json) -> Result<Value, String> {
        let wrong = |form: &str| format!("a parameter must be {form}, found `{json}`");
        let text = || json.as_str().ok_or_else(|| wrong("a string"));
        Ok(match ty {
            Type::Boolean => Value::Boolean(json.as_bool().ok_or_else(|| wrong("a boolean"))?),
            Type::Byte => whole(json, i8::MIN.into(), i8::MAX.into())?,
            Type::Short => whole(json, i16::MIN.into(), i16::MAX.into())?,
            Type::Integer => whole(json, i32::MIN.into(), i32::MAX.into())?,
            Type::Long => whole(json, i64::MIN, i64::MAX)?,
            Type::Float => Value::Float(float(json, |number: &f32| number.is_finite())?),
            Type::Double => Value::Double(float(json, |number: &f64| number.is_finite())?),
            Type::BigInteger => Value::BigInteger(digits(json)?),
            Type::BigDecimal => Value::BigDecimal(number(json)?.to_string()),
            Type::String => Value::String(text()?.to_owned()),
            Type::Blob => Value::Blob(self.blob(text()?)),
            Type::Timestamp(_) => self.timestamp(json)?,
            Type::Document => Value::Document(ordered(json).to_string()),
            Type::Unit => Value::Zero,
            Type::Enum(name) => self.enumeration(name, text()?)?,
            Type::IntEnum(name) => {
                let number = json.as_number().map(Decimal::from);
                let number = number.and_then(|number| number.integer());
                self.int_enumeration(name, number.ok_or_else(|| wrong("a whole number"))?)?
            }
            Type::Structure(name) => {
                let members = json.as_object().ok_or_else(|| wrong("an object"))?;
                match self.index.get(name.as_str()) {
                    Some(TypeDef::Structure(inner)) => {
                        Value::Structure(self.structure(inner, Some(members))?)
                    }
                    _ => return Err(format!("there is no structure `{name}`")),
                }
            }
            Type::Union(name) => {
                let members = json.as_object().ok_or_else(|| wrong("an object"))?;
                self.union(name, members)?
            }
            Type::List { item, sparse } => {
                let items = json.as_array().ok_or_else(|| wrong("a list"))?.iter();
                let items = items.map(|json| self.element(item, *sparse, json));
                Value::List(items.collect::<Result<_, _>>()?)
            }
            Type::Map { key, value, sparse } => {
                let entries = sorted(json.as_object().ok_or_else(|| wrong("an object"))?);
                let entries = entries.into_iter().map(|(name, json)| {
                    let key = self.value(key, &Json::String(name.clone()))?;
                    Ok((key, self.element(value, *sparse, json)?))
                });
                Value::Map(entries.collect::<Result<_, String>>()?)
            }
            Type::Boxed(inner) => Value::Boxed(Box::new(self.value(inner, json)?)),
            Type::Sensitive(inner) => Value::Sensitive(Box::new(self.value(inner, json)?)),
        })
    }

    /// An element of a list or a value of a map.
    fn element(&self, ty: &Type, sparse: bool, json: &Json) -> Result<Value, String> {
        match (sparse, json) {
            (true, Json::Null) => Ok(Value::Absent),
            (true, json) => Ok(Value::Present(Box::new(self.value(ty, json)?))),
            (false, json) => self.value(ty, json),
        }
    }

    /// Examples are in base64 only by the letter of the specification: what reads as text after
    /// decoding was, and anything else is taken as it stands.
    fn blob(&self, text: &str) -> Vec<u8> {
        let decoded = match self.reading {
            Reading::Exact => None,
            Reading::Example => BASE64_STANDARD.decode(text).ok(),
        };
        let is_text = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
        decoded
            .filter(|bytes| bytes.iter().all(is_text))
            .unwrap_or_else(|| text.as_bytes().to_vec())
    }

    fn timestamp(&self, json: &Json) -> Result<Value, String> {
        let time = match (self.reading, json) {
            (_, Json::Number(number)) => timestamp::epoch_seconds(&Decimal::from(number)),
            (Reading::Example, Json::String(text)) => timestamp::date_time(text),
            _ => None,
        };
        let form = match self.reading {
            Reading::Exact => "seconds since the epoch",
            Reading::Example => "seconds since the epoch or a date-time in UTC",
        };
        time.map(|(seconds, nanos)| Value::Timestamp(seconds, nanos))
            .ok_or_else(|| format!("a parameter must be {form}, found `{json}`"))
    }

    /// By its variant and not by its text, so that tests see the names, too.
    fn enumeration(&self, name: &str, text: &str) -> Result<Value, String> {
        let Some(TypeDef::Enum(enumeration)) = self.index.get(name) else {
            return Err(format!("there is no enum `{name}`"));
        };
        Ok(Value::Enum {
            name: name.to_owned(),
            value: known(&enumeration.values, text)
                .unwrap_or_else(|| EnumChoice::Text(text.to_owned())),
        })
    }

    fn int_enumeration(&self, name: &str, number: i32) -> Result<Value, String> {
        let Some(TypeDef::IntEnum(enumeration)) = self.index.get(name) else {
            return Err(format!("there is no intEnum `{name}`"));
        };
        Ok(Value::Enum {
            name: name.to_owned(),
            value: known(&enumeration.values, &number).unwrap_or(EnumChoice::Number(number)),
        })
    }

    fn union(&self, name: &str, members: &Map<String, Json>) -> Result<Value, String> {
        let Some(TypeDef::Union(union)) = self.index.get(name) else {
            return Err(format!("there is no union `{name}`"));
        };
        let mut members = members.iter();
        let (Some((key, json)), None) = (members.next(), members.next()) else {
            return Err(format!("union {name} must have exactly one member"));
        };
        let is_named = |variant: &&Variant| variant.member == *key;
        let Some(variant) = union.variants.iter().find(is_named) else {
            return Err(format!("union {name} has no member `{key}`"));
        };
        let value = match &variant.ty {
            Type::Unit => None,
            ty => Some(Box::new(self.value(ty, json)?)),
        };
        Ok(Value::Union {
            name: name.to_owned(),
            variant: variant.name.clone(),
            value,
        })
    }
}

/// The order of keys in a model must not show.
fn sorted(object: &Map<String, Json>) -> BTreeMap<&String, &Json> {
    object.iter().collect()
}

/// The same JSON with the keys of every object in order.
fn ordered(json: &Json) -> Json {
    match json {
        Json::Object(object) => {
            let entries = sorted(object).into_iter();
            Json::Object(
                entries
                    .map(|(key, json)| (key.clone(), ordered(json)))
                    .collect(),
            )
        }
        Json::Array(items) => Json::Array(items.iter().map(ordered).collect()),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => json.clone(),
    }
}

fn is_argument(structure: &Structure, field: &Field) -> bool {
    structure.constructor == Constructor::New && field.presence == Presence::Required
}

fn known<T: PartialEq<U>, U: ?Sized>(values: &[EnumValue<T>], wanted: &U) -> Option<EnumChoice> {
    let found = values.iter().find(|known| known.value == *wanted)?;
    Some(EnumChoice::Known(found.variant.clone()))
}

fn whole(json: &Json, min: i64, max: i64) -> Result<Value, String> {
    let number = json.as_number().map(Decimal::from);
    let number = number.and_then(|number| number.integer());
    let number = number.filter(|number| (min..=max).contains(number));
    number
        .map(Value::Integer)
        .ok_or_else(|| format!("a parameter must be a whole number, found `{json}`"))
}

/// A number of a type that `finite` knows the range of.
fn float<F: FromStr>(json: &Json, finite: fn(&F) -> bool) -> Result<F, String> {
    let number = match json {
        Json::Number(number) => number.to_string().parse().ok().filter(finite),
        Json::String(text) => match text.as_str() {
            "NaN" => "NaN".parse().ok(),
            "Infinity" => "inf".parse().ok(),
            "-Infinity" => "-inf".parse().ok(),
            _ => None,
        },
        _ => None,
    };
    number.ok_or_else(|| format!("a parameter must be a number of its type, found `{json}`"))
}

/// A number of any size.
fn number(json: &Json) -> Result<&Number, String> {
    json.as_number()
        .ok_or_else(|| format!("a parameter must be a number, found `{json}`"))
}

fn digits(json: &Json) -> Result<String, String> {
    Decimal::from(number(json)?)
        .whole()
        .ok_or_else(|| format!("a parameter must be a whole number, found `{json}`"))
}
