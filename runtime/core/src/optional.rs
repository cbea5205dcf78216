//! What a setter takes: a value, or an `Option` of one.

use std::collections::BTreeMap;

use crate::sensitive::{Sensitive, Wipe};

/// A value for an optional member of type `T`.
///
/// Setters take it in place of `impl Into<Option<T>>`, so that a literal works as it is:
/// `.description("text")`, `.description(some_string)`, `.description(maybe)` and
/// `.description(None)`.
#[diagnostic::on_unimplemented(
    message = "this setter does not take `{Self}`",
    label = "expected `{T}`, an `Option` of it, or what converts into `{T}`"
)]
pub trait IntoOption<T> {
    /// The value, or `None` to leave the member out.
    fn into_option(self) -> Option<T>;
}

impl<T> IntoOption<T> for T {
    fn into_option(self) -> Option<T> {
        Some(self)
    }
}

impl<T: Wipe> IntoOption<Sensitive<T>> for T {
    fn into_option(self) -> Option<Sensitive<T>> {
        Some(Sensitive::new(self))
    }
}

impl<T> IntoOption<T> for Option<T> {
    fn into_option(self) -> Option<T> {
        self
    }
}

/// Implements the trait for types that convert into the member's type.
macro_rules! convert {
    ($([$($generics:tt)*] $from:ty => $to:ty;)*) => {$(
        impl<$($generics)*> IntoOption<$to> for $from {
            fn into_option(self) -> Option<$to> {
                Some(self.into())
            }
        }
    )*};
}

convert! {
    [] &str => String;
    [] &String => String;
    [] &[u8] => Vec<u8>;
    [T, const N: usize] [T; N] => Vec<T>;
    [const N: usize] &[u8; N] => Vec<u8>;
    [K: Ord, V, const N: usize] [(K, V); N] => BTreeMap<K, V>;
    [] &str => Sensitive<String>;
    [] &[u8] => Sensitive<Vec<u8>>;
    [const N: usize] [u8; N] => Sensitive<Vec<u8>>;
    [const N: usize] &[u8; N] => Sensitive<Vec<u8>>;
}

impl<const N: usize> IntoOption<BTreeMap<String, String>> for [(&str, &str); N] {
    fn into_option(self) -> Option<BTreeMap<String, String>> {
        Some(
            self.map(|(key, value)| (key.to_owned(), value.to_owned()))
                .into(),
        )
    }
}
