//! Random identifiers in the form of RFC 9562, version 4.

pub use tinsmith_core::uuid::from_bits;

/// Returns a new identifier, such as `6f6b1ab1-5c5b-4a83-9a27-6f6aa3e0a0c4`: the ID of one call in
/// `amz-sdk-invocation-id`, or an idempotency token.
///
/// The bits come from a fast generator that can be predicted. An identifier is not a secret and
/// must not serve as one.
pub fn v4() -> String {
    from_bits(fastrand::u128(..))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn never_gives_an_identifier_twice() {
        let ids: BTreeSet<_> = (0..1000).map(|_| v4()).collect();
        assert_eq!(ids.len(), 1000);
    }
}
