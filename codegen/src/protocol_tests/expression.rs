//! From a test's parameters, JSON typed by the model, to the Rust expression of the value.

use std::cell::Cell;

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::{Map, Value};

use crate::emit::ident;
use crate::ir::{
    Constructor, EnumValue, Field, Presence, Structure, Type, TypeDef, TypeIndex, Variant,
};

/// Makes expressions over the types of one crate, which the tests call `client`.
pub(super) struct Expressions<'s> {
    index: TypeIndex<'s>,
    /// Whether an expression made so far holds NaN, which is equal to nothing.
    holds_nan: Cell<bool>,
}

impl<'s> Expressions<'s> {
    pub(super) fn new(index: TypeIndex<'s>) -> Self {
        Self {
            index,
            holds_nan: Cell::new(false),
        }
    }

    /// Whether an expression made since the last call holds NaN.
    pub(super) fn take_holds_nan(&self) -> bool {
        self.holds_nan.take()
    }

    /// A structure: `new` with the required members, then its setters as a caller uses them; or
    /// its default with fields assigned, where it has no setters since it is only read.
    ///
    /// Parameters leave required members out only where a service did, too: those have their zero
    /// value.
    pub(super) fn structure(
        &self,
        structure: &Structure,
        params: Option<&Map<String, Value>>,
    ) -> Result<TokenStream, String> {
        let given = |field: &Field| {
            let value = params.and_then(|params| params.get(&field.wire_name));
            value.filter(|value| !value.is_null())
        };
        let has = |name: &str| structure.fields.iter().any(|field| field.wire_name == name);
        if let Some(name) = params.and_then(|params| params.keys().find(|name| !has(name))) {
            return Err(format!("{} has no member `{name}`", structure.name));
        }
        if structure.event_stream.is_some() {
            return Err(format!("{} holds a stream of events", structure.name));
        }
        let is_argument = |field: &Field| {
            structure.constructor == Constructor::New && field.presence == Presence::Required
        };
        let mut arguments = Vec::new();
        let mut members = Vec::new();
        for field in &structure.fields {
            // What callers pass is boxed by the function that takes it.
            let unboxed = match &field.ty {
                Type::Boxed(inner) => inner,
                ty => ty,
            };
            match given(field) {
                Some(value) if is_argument(field) => arguments.push(self.value(unboxed, value)?),
                None if is_argument(field) => arguments.push(self.zero(unboxed)),
                Some(value) => {
                    let name = ident(&field.name);
                    members.push(if structure.usage.request {
                        let value = self.value(unboxed, value)?;
                        quote!(.#name(#value))
                    } else {
                        let value = self.field(field, value)?;
                        quote!(value.#name = #value;)
                    });
                }
                None => {}
            }
        }
        let name = ident(&structure.name);
        let base = match structure.constructor {
            Constructor::New => quote!(client::#name::new(#(#arguments),*)),
            Constructor::DeriveDefault | Constructor::ImplDefault => {
                quote!(client::#name::default())
            }
        };
        Ok(if structure.usage.request || members.is_empty() {
            quote!(#base #(#members)*)
        } else {
            quote!({ let mut value = #base; #(#members)* value })
        })
    }

    fn field(&self, field: &Field, json: &Value) -> Result<TokenStream, String> {
        let value = self.value(&field.ty, json)?;
        Ok(match field.presence {
            Presence::Optional => quote!(Some(#value)),
            Presence::Required | Presence::Default(_) => value,
        })
    }

    /// The zero value of a type, for a member that a service left out.
    fn zero(&self, ty: &Type) -> TokenStream {
        match ty {
            Type::Structure(name) => match self.index.get(name.as_str()) {
                Some(TypeDef::Structure(structure)) => {
                    self.structure(structure, None).unwrap_or_default()
                }
                _ => TokenStream::new(),
            },
            Type::Boxed(inner) => {
                let inner = self.zero(inner);
                quote!(Box::new(#inner))
            }
            Type::Sensitive(inner) => {
                let inner = self.zero(inner);
                quote!(Sensitive::new(#inner))
            }
            _ => quote!(Default::default()),
        }
    }

    /// A value that is there.
    pub(super) fn value(&self, ty: &Type, json: &Value) -> Result<TokenStream, String> {
        let wrong = |form: &str| format!("a parameter must be {form}, found `{json}`");
        let text = || json.as_str().ok_or_else(|| wrong("a string"));
        Ok(match ty {
            Type::Boolean => {
                let flag = json.as_bool().ok_or_else(|| wrong("a boolean"))?;
                quote!(#flag)
            }
            Type::Byte | Type::Short | Type::Integer | Type::Long => {
                let number = json.as_i64().ok_or_else(|| wrong("a whole number"))?;
                let number = Literal::i64_unsuffixed(number);
                quote!(#number)
            }
            Type::Float => self.float(json, &quote!(f32), |number| {
                Literal::f32_suffixed(number as f32)
            })?,
            Type::Double => self.float(json, &quote!(f64), Literal::f64_suffixed)?,
            Type::BigInteger => big(json, &quote!(BigInteger))?,
            Type::BigDecimal => big(json, &quote!(BigDecimal))?,
            Type::String => {
                let text = text()?;
                quote!(#text.to_owned())
            }
            // The parameters hold the bytes as text, not in base64.
            Type::Blob => {
                let bytes = Literal::byte_string(text()?.as_bytes());
                quote!(#bytes.to_vec())
            }
            Type::Timestamp(_) => timestamp(json)?,
            Type::Document => {
                let text = json.to_string();
                quote!(#text.parse::<Document>().unwrap())
            }
            Type::Unit => quote!(()),
            Type::Enum(name) => self.enumeration(name, text()?)?,
            Type::IntEnum(name) => {
                let number = json.as_i64().and_then(|number| i32::try_from(number).ok());
                self.int_enumeration(name, number.ok_or_else(|| wrong("a whole number"))?)?
            }
            Type::Structure(name) => {
                let members = json.as_object().ok_or_else(|| wrong("an object"))?;
                match self.index.get(name.as_str()) {
                    Some(TypeDef::Structure(inner)) => self.structure(inner, Some(members))?,
                    _ => return Err(format!("there is no structure `{name}`")),
                }
            }
            Type::Union(name) => {
                let members = json.as_object().ok_or_else(|| wrong("an object"))?;
                self.union(name, members)?
            }
            Type::List { item, sparse } => {
                let items = json.as_array().ok_or_else(|| wrong("a list"))?;
                let items = items.iter().map(|json| self.element(item, *sparse, json));
                let items = items.collect::<Result<Vec<_>, _>>()?;
                quote!(Vec::from([#(#items),*]))
            }
            Type::Map { key, value, sparse } => {
                let entries = json.as_object().ok_or_else(|| wrong("an object"))?;
                let entries = entries.iter().map(|(name, json)| {
                    let key = self.value(key, &Value::String(name.clone()))?;
                    let value = self.element(value, *sparse, json)?;
                    Ok(quote!((#key, #value)))
                });
                let entries = entries.collect::<Result<Vec<_>, String>>()?;
                quote!(BTreeMap::from([#(#entries),*]))
            }
            Type::Boxed(inner) => {
                let inner = self.value(inner, json)?;
                quote!(Box::new(#inner))
            }
            Type::Sensitive(inner) => {
                let inner = self.value(inner, json)?;
                quote!(Sensitive::new(#inner))
            }
        })
    }

    /// An element of a list or a value of a map.
    fn element(&self, ty: &Type, sparse: bool, json: &Value) -> Result<TokenStream, String> {
        match (sparse, json) {
            (true, Value::Null) => Ok(quote!(None)),
            (true, json) => {
                let value = self.value(ty, json)?;
                Ok(quote!(Some(#value)))
            }
            (false, json) => self.value(ty, json),
        }
    }

    fn float(
        &self,
        json: &Value,
        ty: &TokenStream,
        literal: fn(f64) -> Literal,
    ) -> Result<TokenStream, String> {
        match json {
            Value::Number(number) => {
                let number = literal(number.as_f64().unwrap_or_default());
                Ok(quote!(#number))
            }
            Value::String(text) => match text.as_str() {
                "NaN" => {
                    self.holds_nan.set(true);
                    Ok(quote!(#ty::NAN))
                }
                "Infinity" => Ok(quote!(#ty::INFINITY)),
                "-Infinity" => Ok(quote!(#ty::NEG_INFINITY)),
                _ => Err(format!("a parameter must be a number, found `{text}`")),
            },
            other => Err(format!("a parameter must be a number, found `{other}`")),
        }
    }

    /// By its variant and not by its text, so that the names are tested as well.
    fn enumeration(&self, name: &str, text: &str) -> Result<TokenStream, String> {
        let Some(TypeDef::Enum(enumeration)) = self.index.get(name) else {
            return Err(format!("there is no enum `{name}`"));
        };
        let known = find(&enumeration.values, text);
        Ok(variant(name, known, &quote!(#text.to_owned())))
    }

    fn int_enumeration(&self, name: &str, number: i32) -> Result<TokenStream, String> {
        let Some(TypeDef::IntEnum(enumeration)) = self.index.get(name) else {
            return Err(format!("there is no intEnum `{name}`"));
        };
        let known = find(&enumeration.values, &number);
        let number = Literal::i32_unsuffixed(number);
        Ok(variant(name, known, &quote!(#number)))
    }

    fn union(&self, name: &str, members: &Map<String, Value>) -> Result<TokenStream, String> {
        let Some(TypeDef::Union(union)) = self.index.get(name) else {
            return Err(format!("there is no union `{name}`"));
        };
        let mut members = members.iter();
        let (Some((key, json)), None) = (members.next(), members.next()) else {
            return Err(format!("union {name} must have exactly one member"));
        };
        let is_named = |variant: &&Variant| variant.wire_name == *key;
        let Some(variant) = union.variants.iter().find(is_named) else {
            return Err(format!("union {name} has no member `{key}`"));
        };
        let name = ident(name);
        let variant_name = ident(&variant.name);
        Ok(match &variant.ty {
            Type::Unit => quote!(client::#name::#variant_name),
            ty => {
                let value = self.value(ty, json)?;
                quote!(client::#name::#variant_name(#value))
            }
        })
    }
}

fn find<'v, T: PartialEq<U>, U: ?Sized>(
    values: &'v [EnumValue<T>],
    wanted: &U,
) -> Option<&'v EnumValue<T>> {
    values.iter().find(|known| known.value == *wanted)
}

fn variant<T>(name: &str, known: Option<&EnumValue<T>>, unknown: &TokenStream) -> TokenStream {
    let name = ident(name);
    match known {
        Some(known) => {
            let variant = ident(&known.variant);
            quote!(client::#name::#variant)
        }
        None => quote!(client::#name::Unknown(#unknown)),
    }
}

/// A number of any size. A whole number beyond 64 bits has lost digits on its way here.
fn big(json: &Value, ty: &TokenStream) -> Result<TokenStream, String> {
    match json {
        Value::Number(number) => {
            let text = number.to_string();
            if text.contains('e') {
                return Err(format!("the parameter `{text}` cannot be held exactly"));
            }
            Ok(quote!(#text.parse::<#ty>().unwrap()))
        }
        other => Err(format!("a parameter must be a number, found `{other}`")),
    }
}

/// Seconds since the epoch, with or without a fraction, from their digits.
fn timestamp(json: &Value) -> Result<TokenStream, String> {
    let wrong = || format!("a parameter must be seconds since the epoch, found `{json}`");
    let text = json.as_number().ok_or_else(wrong)?.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, "0"));
    let seconds: i64 = whole.parse().map_err(|_| wrong())?;
    let nanos = format!("{fraction:0<9}");
    let nanos: u32 = nanos.parse().map_err(|_| wrong())?;
    let (seconds, nanos) = match (text.starts_with('-'), nanos) {
        (true, 1..) => (seconds - 1, 1_000_000_000 - nanos),
        (_, nanos) => (seconds, nanos),
    };
    let seconds = Literal::i64_unsuffixed(seconds);
    let nanos = Literal::u32_unsuffixed(nanos);
    Ok(quote!(Timestamp::new(#seconds, #nanos).unwrap()))
}
