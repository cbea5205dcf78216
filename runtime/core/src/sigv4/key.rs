//! The key that signs: derived from the secret for one day, region and service.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::SigningParams;
use super::date::AmzDate;
use crate::sensitive::Sensitive;

/// Key material, wiped when it is dropped.
type Key = Zeroizing<[u8; 32]>;

/// An HMAC that has taken its key in, which is half of the work for a short message.
pub(super) type KeyedMac = Hmac<Sha256>;

/// Remembers the key derived last: a client signs with one identity for one region and service,
/// and deriving takes four times the work of signing.
#[derive(Default)]
pub(super) struct KeyCache(Mutex<Option<CachedKey>>);

/// A key and all that it was derived from. The secret among that is a copy of what the client's
/// credentials hold anyway; to compare with a digest of it would cost each call a digest.
struct CachedKey {
    access_key_id: String,
    secret: Sensitive<String>,
    region: String,
    service: String,
    date: AmzDate,
    mac: KeyedMac,
}

impl CachedKey {
    fn derive(date: &AmzDate, params: &SigningParams<'_>) -> Self {
        Self {
            access_key_id: params.access_key_id.to_owned(),
            secret: params.secret_access_key.into(),
            region: params.region.to_owned(),
            service: params.service.to_owned(),
            date: *date,
            mac: keyed_mac(&*derive(date, params)),
        }
    }

    fn is_for(&self, date: &AmzDate, params: &SigningParams<'_>) -> bool {
        self.date.day() == date.day()
            && self.secret.as_str() == params.secret_access_key
            && self.access_key_id == params.access_key_id
            && self.region == params.region
            && self.service == params.service
    }
}

impl KeyCache {
    /// An HMAC with the key for these parameters, derived if it is not the one remembered.
    pub(super) fn get(&self, date: &AmzDate, params: &SigningParams<'_>) -> KeyedMac {
        // A panic while the lock was held cannot have left half a key behind.
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cached) = cached.as_ref().filter(|cached| cached.is_for(date, params)) {
            return cached.mac.clone();
        }
        let derived = CachedKey::derive(date, params);
        cached.insert(derived).mac.clone()
    }
}

impl fmt::Debug for KeyCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyCache(..)")
    }
}

/// "Derive a signing key" of the Signature Version 4 documentation.
fn derive(date: &AmzDate, params: &SigningParams<'_>) -> Key {
    let secret = params.secret_access_key.as_bytes();
    let mut start = Zeroizing::new(Vec::with_capacity(b"AWS4".len() + secret.len()));
    start.extend_from_slice(b"AWS4");
    start.extend_from_slice(secret);
    let key = hmac_sha256(&start, date.day().as_bytes());
    let key = hmac_sha256(&*key, params.region.as_bytes());
    let key = hmac_sha256(&*key, params.service.as_bytes());
    hmac_sha256(&*key, b"aws4_request")
}

fn keyed_mac(key: &[u8]) -> KeyedMac {
    Hmac::new_from_slice(key).expect("HMAC takes keys of every length")
}

/// HMAC-SHA256 of `message`.
fn hmac_sha256(key: &[u8], message: &[u8]) -> Key {
    let mut mac = keyed_mac(key);
    mac.update(message);
    Zeroizing::new(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use sha2::Digest as _;
    use zeroize::ZeroizeOnDrop;

    use super::*;

    fn params<'a>() -> SigningParams<'a> {
        SigningParams {
            access_key_id: "AKID",
            secret_access_key: "secret",
            session_token: None,
            region: "eu-west-1",
            service: "kms",
            time: UNIX_EPOCH,
        }
    }

    fn finished(mut mac: KeyedMac) -> Key {
        mac.update(b"message");
        Zeroizing::new(mac.finalize().into_bytes().into())
    }

    #[test]
    fn the_cache_never_mistakes_one_key_for_another() {
        let cache = KeyCache::default();
        let base = params();
        for changed in [
            base,
            SigningParams {
                access_key_id: "AKID2",
                ..base
            },
            SigningParams {
                secret_access_key: "secret2",
                ..base
            },
            SigningParams {
                region: "eu-west-2",
                ..base
            },
            SigningParams {
                service: "kms2",
                ..base
            },
            SigningParams {
                access_key_id: "AKIDs",
                secret_access_key: "ecret",
                ..base
            },
            SigningParams {
                time: UNIX_EPOCH + Duration::from_secs(86_400),
                ..base
            },
        ] {
            for params in [base, changed, changed, base] {
                let date = AmzDate::new(params.time).unwrap();
                let expected = hmac_sha256(&*derive(&date, &params), b"message");
                assert_eq!(finished(cache.get(&date, &params)), expected);
            }
        }
    }

    #[test]
    fn the_cache_remembers_within_a_day_and_whatever_the_token() {
        let cache = KeyCache::default();
        let base = params();
        let get = |params: SigningParams<'_>| {
            finished(cache.get(&AmzDate::new(params.time).unwrap(), &params))
        };
        let key = get(base);
        cache.0.lock().unwrap().as_mut().unwrap().mac = keyed_mac(b"a mark");
        let mark = finished(keyed_mac(b"a mark"));
        let later = SigningParams {
            time: UNIX_EPOCH + Duration::from_secs(86_399),
            session_token: Some("token"),
            ..base
        };
        assert_eq!(get(later), mark);
        let next_day = SigningParams {
            time: UNIX_EPOCH + Duration::from_secs(86_400),
            ..base
        };
        assert_ne!(get(next_day), mark);
        assert_eq!(get(base), key);
    }

    #[test]
    fn key_material_is_wiped() {
        fn wiped<T: ZeroizeOnDrop>(_: &T) {}
        wiped(&Key::default());
        // Of which an HMAC is made.
        wiped(&Sha256::new());
    }
}
