//! How the errors of the runtime display.
//!
//! One rule for every type that implements [`std::error::Error`]:
//!
//! - `Display` is one line: the error with all its causes, joined by `: `. Many programs print
//!   nothing else.
//! - `source` therefore returns no cause that the line has told, as for [`std::io::Error`]. A type
//!   that holds an error of another crate gives it by `get_ref`.
//! - `Debug` is the same line, because `main` prints an error that it returns by `Debug`.

use std::error::Error;
use std::fmt;

use super::display_line;

/// Displays an error of another crate with all its causes, on one line.
#[derive(Debug)]
pub struct WithCauses<'a>(pub &'a (dyn Error + 'static));

impl fmt::Display for WithCauses<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = self.0.to_string();
        let mut cause = self.0.source();
        while let Some(error) = cause {
            let next = error.to_string();
            // Some errors tell their causes themselves.
            if !text.ends_with(&next) {
                text.push_str(": ");
                text.push_str(&next);
            }
            cause = error.source();
        }
        display_line(f, &text)
    }
}

/// Implements `Debug` of an error by its `Display`.
#[macro_export]
#[doc(hidden)]
macro_rules! debug_as_display {
    ($name:ident $(<$parameter:ident>)?) => {
        impl $(<$parameter: ::std::fmt::Display>)? ::std::fmt::Debug for $name $(<$parameter>)? {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(self, f)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::transport::{TransportError, TransportErrorKind};

    #[derive(Debug)]
    struct Step(&'static str, Option<Box<dyn Error + Send + Sync>>);

    impl fmt::Display for Step {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Step {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_deref().map(|cause| cause as _)
        }
    }

    #[test]
    fn tells_every_cause_once_on_one_line() {
        let refused = || Box::new(Step("refused", None));
        // An `io::Error` displays as the error inside, and continues with its source.
        let io = io::Error::other(Step("connect", Some(refused())));
        let own = Step("lookup: refused", Some(refused()));
        for (error, expected) in [
            (&io as &(dyn Error + 'static), "connect: refused"),
            (&own, "lookup: refused"),
            (
                &Step("a\nb", Some(Box::new(Step("c\u{1b}", None)))),
                "a\\nb: c\\u{1b}",
            ),
        ] {
            assert_eq!(WithCauses(error).to_string(), expected);
        }
    }

    #[test]
    fn display_and_debug_are_the_same_line_and_source_repeats_nothing() {
        let step = || {
            Step(
                "connection to kms:443 failed",
                Some(Box::new(Step("refused", None))),
            )
        };
        let text = "connection to kms:443 failed: refused";
        let sent = TransportError::new(TransportErrorKind::Connect, step());
        let expected = format!("could not connect: {text}");
        assert_eq!(sent.to_string(), expected);
        assert_eq!(format!("{sent:?}"), expected);
        assert!(sent.source().is_none());
        assert!(sent.get_ref().is::<Step>());
    }
}
