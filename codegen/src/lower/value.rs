//! From JSON that the model types to the value that it stands for (Smithy specification, "examples
//! trait" and "HTTP Protocol Compliance Tests", parameter format).

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};
use tinsmith_smithy::ast::ShapeKind;
use tinsmith_smithy::scalar::{self, BlobForm};

use crate::ir::{
    Constructor, Document, EnumChoice, Field, MemberValue, Presence, Scalar, Structure,
    StructureValue, TimestampFormat, Type, TypeDef, TypeIndex, Value, Variant, WireValue,
};

/// How JSON is read where models differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// As protocol tests have it: a blob is the text of its bytes, a timestamp is seconds since the
    /// epoch, a required member may be missing, as where a service leaves it out.
    Exact,
    /// As people write examples: a blob may be text in base64, a timestamp may be a date-time, a
    /// required member must be there.
    Example,
    /// As `@default` has it: a blob is base64. The enums need not be known yet.
    Default,
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
            Reading::Example | Reading::Default => {
                Err(format!("the member `{}` is missing", field.member))
            }
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
    ///
    /// # Errors
    ///
    /// A text that says what is expected and what is there.
    pub fn value(&self, ty: &Type, json: &Json) -> Result<Value, String> {
        let wrong = |form: &str| scalar::expected(form, json);
        Ok(match ty {
            Type::Boolean => self.scalar(&ShapeKind::Boolean, json)?,
            Type::Byte => self.scalar(&ShapeKind::Byte, json)?,
            Type::Short => self.scalar(&ShapeKind::Short, json)?,
            Type::Integer => self.scalar(&ShapeKind::Integer, json)?,
            Type::Long => self.scalar(&ShapeKind::Long, json)?,
            Type::Float => self.scalar(&ShapeKind::Float, json)?,
            Type::Double => self.scalar(&ShapeKind::Double, json)?,
            Type::BigInteger => self.scalar(&ShapeKind::BigInteger, json)?,
            Type::BigDecimal => self.scalar(&ShapeKind::BigDecimal, json)?,
            Type::String => self.scalar(&ShapeKind::String, json)?,
            Type::Blob => self.scalar(&ShapeKind::Blob, json)?,
            Type::Timestamp(format) => self.timestamp(*format, json)?,
            Type::Document => Value::Document(document(json)),
            Type::Unit => Value::Zero,
            Type::Enum(name) => {
                let text = scalar::enum_text(json)?;
                self.enumeration(name, WireValue::Text(text.to_owned()))
            }
            Type::IntEnum(name) => {
                let number = scalar::int_enum(json)?;
                self.enumeration(name, WireValue::Number(number))
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

    fn scalar(&self, kind: &ShapeKind, json: &Json) -> Result<Value, String> {
        let blobs = match self.reading {
            Reading::Exact => BlobForm::Text,
            Reading::Example => BlobForm::Either,
            Reading::Default => BlobForm::Base64,
        };
        Scalar::read(kind, blobs, None, json).map(Value::Scalar)
    }

    fn timestamp(&self, format: TimestampFormat, json: &Json) -> Result<Value, String> {
        let format = match (self.reading, format) {
            (Reading::Exact, _) => Some(TimestampFormat::EpochSeconds),
            // Without a format of its own, a default may be a date-time.
            (Reading::Example, _) | (Reading::Default, TimestampFormat::EpochSeconds) => None,
            (Reading::Default, format) => Some(format),
        };
        let scalar = Scalar::read(&ShapeKind::Timestamp, BlobForm::Text, format, json);
        scalar.map(Value::Scalar)
    }

    /// By its variant and not by its text, so that tests see the names, too.
    fn enumeration(&self, name: &str, value: WireValue) -> Value {
        let known = match self.index.get(name) {
            Some(TypeDef::Enum(enumeration)) => enumeration.values.as_slice(),
            _ => &[],
        };
        let known = known.iter().find(|known| known.value == value);
        Value::Enum {
            name: name.to_owned(),
            value: match known {
                Some(known) => EnumChoice::Known(known.variant.clone()),
                None => EnumChoice::Unknown(value),
            },
        }
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

fn document(json: &Json) -> Document {
    match json {
        Json::Null => Document::Null,
        Json::Bool(flag) => Document::Boolean(*flag),
        Json::Number(number) => Document::Number(number.to_string()),
        Json::String(text) => Document::String(text.clone()),
        Json::Array(items) => Document::Array(items.iter().map(document).collect()),
        Json::Object(entries) => {
            let entries = entries.iter();
            Document::Object(entries.map(|(k, v)| (k.clone(), document(v))).collect())
        }
    }
}

fn is_argument(structure: &Structure, field: &Field) -> bool {
    structure.constructor == Constructor::New && field.presence == Presence::Required
}
