//! The flat JSON objects of credentials providers.

use std::collections::BTreeMap;
use std::time::SystemTime;

use super::Credentials;
use super::error::CredentialsError;
use crate::json::{Document, ReadError, Reader, Writer};
use crate::sensitive::Sensitive;

/// The members of an object that are strings or numbers, as text. Others are ignored.
#[derive(Debug, Default)]
pub(super) struct Fields(BTreeMap<String, Sensitive<String>>);

impl Fields {
    /// Reads an object.
    pub(super) fn parse(json: &[u8]) -> Result<Self, ReadError> {
        let mut reader = Reader::new(without_mark(json))?;
        let fields = Self::read(&mut reader)?;
        reader.finish()?;
        Ok(fields)
    }

    /// Reads the object in the member `name` of an object. A missing member counts as empty.
    pub(super) fn parse_member(json: &[u8], name: &str) -> Result<Self, ReadError> {
        let mut reader = Reader::new(json)?;
        let mut fields = Self::default();
        reader.object()?;
        while let Some(key) = reader.member()? {
            if key == name {
                fields = Self::read(&mut reader)?;
            } else {
                reader.skip()?;
            }
        }
        reader.finish()?;
        Ok(fields)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let mut fields = BTreeMap::new();
        reader.object()?;
        while let Some(key) = reader.member()? {
            let mut value = Sensitive::new(reader.document()?);
            let text = match &mut *value {
                Document::String(text) => std::mem::take(text),
                Document::Number(number) => number.to_string(),
                // The last of several members with the same name wins.
                _ => {
                    fields.remove(&*key);
                    continue;
                }
            };
            fields.insert(key.into_owned(), Sensitive::new(text));
        }
        Ok(Self(fields))
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.get(name)?;
        Some(value.as_str())
    }

    pub(super) fn owned(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), Sensitive::from(value));
    }

    /// Returns credentials from the required members. `invalid` creates the error.
    pub(super) fn credentials(
        &self,
        [key, secret]: [&str; 2],
        provider: &'static str,
        invalid: impl Fn(String) -> CredentialsError,
    ) -> Result<Credentials, CredentialsError> {
        let require = |name: &str| {
            let value = self.get(name).filter(|value| !value.trim().is_empty());
            value.ok_or_else(|| invalid(format!("`{name}` is missing")))
        };
        Ok(Credentials::new(require(key)?, require(secret)?, provider))
    }

    /// Returns the time in the member `name`, if there is one. `invalid` creates the error for a
    /// text that `parse` cannot read.
    pub(super) fn time(
        &self,
        name: &str,
        parse: fn(&str) -> Option<SystemTime>,
        invalid: impl Fn(String) -> CredentialsError,
    ) -> Result<Option<SystemTime>, CredentialsError> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        let time = parse(text).ok_or_else(|| invalid(format!("`{name}` is not a valid time")))?;
        Ok(Some(time))
    }

    /// Returns the members as an object of strings.
    pub(super) fn write(&self) -> bytes::Bytes {
        let mut writer = Writer::new();
        writer.object();
        for (name, value) in &self.0 {
            writer.entry(name).string(value);
        }
        writer.end_object();
        writer.finish()
    }
}

/// Returns the message for a response that cannot be read.
pub(super) fn not_json(error: &ReadError) -> String {
    format!("the response is not a JSON object: {error}")
}

/// The output of programs on Windows may begin with a byte order mark.
fn without_mark(json: &[u8]) -> &[u8] {
    json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::CredentialsErrorKind;

    #[test]
    fn strings_and_numbers_are_kept() {
        let json =
            br#"{"a": "x", "n": 1651516560000, "o": {"a": 1}, "l": [1], "t": true, "z": null}"#;
        let fields = Fields::parse(json).unwrap();
        assert_eq!(fields.get("a"), Some("x"));
        assert_eq!(fields.get("n"), Some("1651516560000"));
        assert_eq!(fields.0.len(), 2);
        let inner = Fields::parse_member(json, "o").unwrap();
        assert_eq!(inner.get("a"), Some("1"));
        let twice = Fields::parse(br#"{"a": "x", "b": 1, "a": [], "b": 2}"#).unwrap();
        assert_eq!((twice.get("a"), twice.get("b")), (None, Some("2")));
        let marked = Fields::parse(b"\xef\xbb\xbf{\"a\": \"x\"}").unwrap();
        assert_eq!(marked.get("a"), Some("x"));
        assert!(Fields::parse(b"[]").is_err());
        assert!(Fields::parse(b"{} x").is_err());
        assert!(!format!("{fields:?}").contains('x'));
    }

    #[test]
    fn blank_key_or_secret_is_missing() {
        for (key, secret, missing) in [("", "s", "Key"), (" ", "s", "Key"), ("k", "\\n", "Secret")]
        {
            let json = format!(r#"{{"Key": "{key}", "Secret": "{secret}"}}"#);
            let fields = Fields::parse(json.as_bytes()).unwrap();
            let kind = CredentialsErrorKind::InvalidResponse;
            let invalid = |why| CredentialsError::new(kind, "test", why);
            let error = fields.credentials(["Key", "Secret"], "test", invalid);
            let text = error.unwrap_err().to_string();
            assert_eq!(text, format!("test: `{missing}` is missing"));
        }
    }
}
