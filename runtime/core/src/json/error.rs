//! The members that all errors share.

use super::{ReadError, Reader};

/// The members of an error response that every awsJson error shares, as they stand in the body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorFields {
    /// The member `code`.
    pub code: Option<String>,
    /// The member `__type`.
    pub type_name: Option<String>,
    /// The first that is not blank of the members `message`, `Message` and `errorMessage`.
    pub message: Option<String>,
}

impl ErrorFields {
    /// Picks the fields out of an error's body in one pass over it.
    ///
    /// A field that is not a string is treated as absent. A body that is not a JSON object (a
    /// proxy's HTML page, say) has no fields; of one that is broken, those before the fault count.
    #[must_use]
    pub fn read(body: &[u8]) -> Self {
        let mut fields = Self::default();
        let mut others = [None, None];
        // The name of an error is worth more than the rest of it: it decides about retries.
        let _ = fields.read_object(body, &mut others);
        let [upper_case, prefixed] = others;
        let messages = [fields.message.take(), upper_case, prefixed];
        let mut messages = messages.into_iter().flatten();
        fields.message = messages.find(|text| !text.trim().is_empty());
        fields
    }

    /// `others` are the other spellings of the message.
    fn read_object(
        &mut self,
        body: &[u8],
        [upper_case, prefixed]: &mut [Option<String>; 2],
    ) -> Result<(), ReadError> {
        let valid = match std::str::from_utf8(body) {
            Ok(_) => body.len(),
            Err(error) => error.valid_up_to(),
        };
        let mut r = Reader::new(body.get(..valid).unwrap_or_default())?;
        r.object()?;
        while let Some(key) = r.key()? {
            let field = match &*key {
                "code" => &mut self.code,
                "__type" => &mut self.type_name,
                "message" => &mut self.message,
                "Message" => &mut *upper_case,
                "errorMessage" => &mut *prefixed,
                _ => {
                    r.skip()?;
                    continue;
                }
            };
            // Of equal members the last one counts, whatever it is.
            *field = if r.at_string() {
                Some(r.string()?)
            } else {
                r.skip()?;
                None
            };
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_error_fields() {
        let read = |body: &str| {
            let fields = ErrorFields::read(body.as_bytes());
            [fields.code, fields.type_name, fields.message].map(Option::unwrap_or_default)
        };
        let none = ["", "", ""].map(String::from);
        let body = r#"{"__type":"com.example#FooError:http","message":"no \"foo\"","Extra":{"message":[1]}}"#;
        assert_eq!(read(body), ["", "com.example#FooError:http", "no \"foo\""]);
        assert_eq!(
            read(r#" { "code" : "Foo", "Message" : "m" } "#),
            ["Foo", "", "m"]
        );
        assert_eq!(
            read(r#"{"errorMessage":"c","Message":"b","message":"a"}"#),
            ["", "", "a"]
        );
        assert_eq!(
            read(r#"{"errorMessage":"c","Message":"b","message":null}"#),
            ["", "", "b"]
        );
        for body in [
            r#"{"message":"","Message":"b","errorMessage":"c"}"#,
            r#"{"errorMessage":"b","Message":" ","message":"\n"}"#,
            r#"{"message":"x","message":"","Message":"b"}"#,
        ] {
            assert_eq!(read(body), ["", "", "b"], "{body}");
        }
        assert_eq!(
            ErrorFields::read(br#"{"message":""}"#),
            ErrorFields::default()
        );
        assert_eq!(
            read(r#"{"code":42,"__type":{"a":1},"message":["x"]}"#),
            none
        );
        // Of equal members the last one counts.
        assert_eq!(
            read(
                r#"{"code":"Foo","code":42,"__type":{},"__type":"Bar","message":"x","message":null}"#
            ),
            ["", "Bar", ""]
        );
        for body in ["", "   ", "<html>", "[]", "null", "\"message\""] {
            assert_eq!(read(body), none, "{body}");
        }
        // What comes before a fault counts.
        for body in [
            r#"{"code":"Foo""#,
            r#"{"code":"Foo"}x"#,
            r#"{"code":"Foo","message":"Rate exc"#,
            r#"{"code":"Foo","message":"\x"}"#,
            r#"{"code":"Foo" "message":"m"}"#,
        ] {
            assert_eq!(read(body), ["Foo", "", ""], "{body}");
        }
        let fields = ErrorFields::read(b"{\"__type\":\"Foo\",\"message\":\"\xff\"}");
        assert_eq!(fields.type_name.as_deref(), Some("Foo"));
        assert_eq!(ErrorFields::read(b"\xff{}"), ErrorFields::default());
    }

    #[test]
    fn errors_say_what_and_where_and_show_nothing() {
        let mut r = Reader::new(br#"{"Plaintext": 12345}"#).unwrap();
        r.object().unwrap();
        r.member().unwrap();
        let error = r.blob().unwrap_err();
        assert_eq!(error.to_string(), "expected a string at byte 14");
        assert_eq!((error.expected(), error.offset()), ("a string", 14));
    }
}
