//! The key that signs: derived from the secret for one day, region and service.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::SigningParams;
use super::date::AmzDate;

/// Key material, wiped when it is dropped.
pub(super) type Key = Zeroizing<[u8; 32]>;

/// Remembers the key derived last: a client signs with one identity for one region and service,
/// and deriving takes four times the work of signing.
#[derive(Default)]
pub(super) struct KeyCache(Mutex<Option<CachedKey>>);

struct CachedKey {
    /// Of all that the key was derived from; see [`fingerprint`].
    fingerprint: Key,
    key: Key,
}

impl KeyCache {
    /// The key for these parameters, derived if it is not the one remembered.
    pub(super) fn get(&self, date: &AmzDate, params: &SigningParams<'_>) -> Key {
        let fingerprint = fingerprint(date, params);
        // A panic while the lock was held cannot have left half a key behind.
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cached) = cached.as_ref().filter(|c| c.fingerprint == fingerprint) {
            return cached.key.clone();
        }
        let key = derive(date, params);
        *cached = Some(CachedKey {
            fingerprint,
            key: key.clone(),
        });
        key
    }
}

impl fmt::Debug for KeyCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyCache(..)")
    }
}

/// Stands for the parameters in the cache, in place of a second copy of the secret. Comparing
/// two digests takes a time that tells nothing about the secrets they were made from.
fn fingerprint(date: &AmzDate, params: &SigningParams<'_>) -> Key {
    let mut digest = Sha256::new();
    for part in [
        params.access_key_id,
        params.secret_access_key,
        date.day(),
        params.region,
        params.service,
    ] {
        // The length keeps "ab" + "c" apart from "a" + "bc".
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    }
    Zeroizing::new(digest.finalize().into())
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

/// HMAC-SHA256 of `message`.
pub(super) fn hmac_sha256(key: &[u8], message: &[u8]) -> Key {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    mac.update(message);
    Zeroizing::new(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

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
                assert_eq!(cache.get(&date, &params), derive(&date, &params));
            }
        }
    }

    #[test]
    fn the_cache_remembers_within_a_day_and_whatever_the_token() {
        let cache = KeyCache::default();
        let base = params();
        let key = cache.get(&AmzDate::new(base.time).unwrap(), &base);
        let mark = Zeroizing::new([7; 32]);
        cache.0.lock().unwrap().as_mut().unwrap().key = mark.clone();
        let later = SigningParams {
            time: UNIX_EPOCH + Duration::from_secs(86_399),
            session_token: Some("token"),
            ..base
        };
        assert_eq!(cache.get(&AmzDate::new(later.time).unwrap(), &later), mark);
        let next_day = SigningParams {
            time: UNIX_EPOCH + Duration::from_secs(86_400),
            ..base
        };
        let next_key = cache.get(&AmzDate::new(next_day.time).unwrap(), &next_day);
        assert_ne!(next_key, mark);
        assert_eq!(cache.get(&AmzDate::new(base.time).unwrap(), &base), key);
    }

    #[test]
    fn key_material_is_wiped() {
        fn wiped<T: ZeroizeOnDrop>(_: &T) {}
        let cached = CachedKey {
            fingerprint: Zeroizing::default(),
            key: Zeroizing::default(),
        };
        wiped(&cached.fingerprint);
        wiped(&cached.key);
        wiped(&Sha256::new());
    }
}
