//! Secrets: redacted when printed, wiped when dropped.
//!
//! Allocators leave memory as it is when it is freed, so secrets are overwritten before that:
//!
//! - values in [`Sensitive`], among them keys, tokens and the members that a model marks
//! - the bodies of all requests
//! - the bodies of responses that may hold secrets, in whatever parts they arrive, also when the
//!   call is canceled or fails; and the buffer that `HyperTransport` reads them into
//! - session tokens in headers, which hyper's write buffer never holds
//!
//! Some copies are out of reach:
//!
//! - rustls frees the plain text of what it received without overwriting it.
//! - The operating system has its own copies: socket buffers, swap, core dumps.
//! - Registers, and what the compiler or the dynamic linker saves of them on the stack.
//! - The head of a response that has no body.
//! - Signatures in headers, which are of no use for another request.
//! - A request for a tunnel that goes to a proxy, with the password of the proxy.
//! - Presigned URIs, which hold a session token.
//! - What you copy out of a [`Sensitive`], or what another transport does with a request that is
//!   marked with [`SensitiveResponse`](crate::transport::SensitiveResponse).

mod buffer;

use std::collections::BTreeMap;
use std::fmt;
use std::mem::{self, MaybeUninit};
use std::ops::{Deref, DerefMut};

use bytes::Bytes;
use http::HeaderValue;
use http::header::InvalidHeaderValue;
use zeroize::Zeroize;

pub use self::buffer::Buffer;

/// A value whose memory can be overwritten, so that a secret does not outlive its use.
///
/// Afterwards the value is valid but empty: a number is 0, a vector has no elements.
pub trait Wipe {
    /// Overwrites the value, together with the heap memory that it owns, spare capacity included.
    ///
    /// What the value left elsewhere earlier (a vector that grew, a struct that was moved) is out
    /// of reach.
    fn wipe(&mut self);
}

macro_rules! wipe_scalars {
    ($($scalar:ty)*) => {
        $(
            impl Wipe for $scalar {
                fn wipe(&mut self) {
                    self.zeroize();
                }
            }
        )*
    };
}

wipe_scalars!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64 bool char);

impl<T: Wipe> Wipe for Vec<T> {
    fn wipe(&mut self) {
        // An element without drop glue owns no memory beyond its own bytes, which are zeroed
        // below: for bytes that makes the difference between a loop and a memset.
        if mem::needs_drop::<T>() {
            self.iter_mut().for_each(T::wipe);
        }
        self.clear();
        let memory = self.spare_capacity_mut();
        for slot in memory.iter_mut() {
            *slot = MaybeUninit::zeroed();
        }
        zeroize::optimization_barrier(memory);
    }
}

/// Overwrites bytes, by a memset that the compiler may not leave out.
pub(crate) fn wipe_bytes(bytes: &mut [u8]) {
    bytes.fill(0);
    zeroize::optimization_barrier(bytes);
}

/// Overwrites the memory that `bytes` are a part of, from its beginning to their end, unless there is
/// another handle to it. So the last handle wipes what those before it saw.
pub fn wipe_last(bytes: Bytes) {
    if let Ok(mut memory) = bytes.try_into_mut() {
        let (length, capacity) = (memory.len(), memory.capacity());
        memory.clear();
        // An empty handle whose capacity does not suffice moves to where its memory begins.
        let _ = memory.try_reclaim(capacity + 1);
        memory.resize(memory.capacity() - capacity + length, 0);
        zeroize::optimization_barrier(&memory[..]);
    }
}

/// Returns a header's value made of parts. It is marked sensitive and wiped with its last clone.
///
/// # Errors
///
/// If a byte is not allowed in the value of a header.
pub fn header_value<T: AsRef<[u8]>>(parts: &[T]) -> Result<HeaderValue, InvalidHeaderValue> {
    let mut memory = Buffer::with_capacity(parts.iter().map(|part| part.as_ref().len()).sum());
    for part in parts {
        memory.put(part.as_ref());
    }
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(memory))?;
    value.set_sensitive(true);
    Ok(value)
}

impl Wipe for String {
    fn wipe(&mut self) {
        mem::take(self).into_bytes().wipe();
    }
}

impl<T: Wipe, const N: usize> Wipe for [T; N] {
    fn wipe(&mut self) {
        self.iter_mut().for_each(T::wipe);
    }
}

impl<T: Wipe> Wipe for Option<T> {
    fn wipe(&mut self) {
        if let Some(value) = self {
            value.wipe();
        }
        *self = None;
    }
}

impl<T: Wipe + ?Sized> Wipe for Box<T> {
    fn wipe(&mut self) {
        (**self).wipe();
    }
}

/// Keys and values are moved out of the tree and wiped: what they own on the heap is overwritten,
/// the nodes of the tree themselves are not.
impl<K: Wipe, V: Wipe> Wipe for BTreeMap<K, V> {
    fn wipe(&mut self) {
        for (mut key, mut value) in mem::take(self) {
            key.wipe();
            value.wipe();
        }
    }
}

/// A secret: what Smithy's `@sensitive` trait marks. It behaves like the value inside, but
/// `Debug` prints `** redacted **`, and dropping it overwrites its memory.
///
/// Comparison is that of the value inside and takes no constant time.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sensitive<T: Wipe>(T);

impl<T: Wipe> Sensitive<T> {
    /// Wraps a secret. Existing copies are not wiped.
    pub const fn new(secret: T) -> Self {
        Self(secret)
    }

    /// Gives the secret back, from now on neither redacted nor wiped.
    #[must_use]
    pub fn into_inner(mut self) -> T
    where
        T: Default,
    {
        mem::take(&mut self.0)
    }
}

impl<T: Wipe> Drop for Sensitive<T> {
    fn drop(&mut self) {
        self.0.wipe();
    }
}

impl<T: Wipe> Wipe for Sensitive<T> {
    fn wipe(&mut self) {
        self.0.wipe();
    }
}

impl<T: Wipe> Deref for Sensitive<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Wipe> DerefMut for Sensitive<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Wipe + AsRef<U>, U: ?Sized> AsRef<U> for Sensitive<T> {
    fn as_ref(&self) -> &U {
        self.0.as_ref()
    }
}

impl<T: Wipe> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("** redacted **")
    }
}

impl<T: Wipe> From<T> for Sensitive<T> {
    fn from(secret: T) -> Self {
        Self(secret)
    }
}

/// A secret string or enum.
impl<'s, T: Wipe + From<&'s str>> From<&'s str> for Sensitive<T> {
    fn from(secret: &'s str) -> Self {
        Self(T::from(secret))
    }
}

impl From<&[u8]> for Sensitive<Vec<u8>> {
    fn from(secret: &[u8]) -> Self {
        Self(secret.to_vec())
    }
}

impl<const N: usize> From<[u8; N]> for Sensitive<Vec<u8>> {
    fn from(mut secret: [u8; N]) -> Self {
        let copy = Self(secret.to_vec());
        secret.wipe();
        copy
    }
}

impl<const N: usize> From<&[u8; N]> for Sensitive<Vec<u8>> {
    fn from(secret: &[u8; N]) -> Self {
        Self(secret.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;

    /// Counts how often it is wiped.
    #[derive(Default)]
    struct Probe(Rc<Cell<u32>>);

    impl Wipe for Probe {
        fn wipe(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }

    #[test]
    fn wiped_bytes_are_zero() {
        let mut bytes = *b"hunter2";
        wipe_bytes(&mut bytes);
        assert_eq!(bytes, [0; 7]);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn last_handle_wipes_all_that_its_memory_held() {
        use std::os::unix::fs::FileExt as _;

        let mut memory = bytes::BytesMut::with_capacity(4096);
        memory.extend_from_slice(&b"hunter2;".repeat(100));
        let address = memory.as_ptr() as u64;
        let holds_secret = || {
            let mut bytes = [0; 4096];
            let file = std::fs::File::open("/proc/self/mem").unwrap();
            let length = file.read_at(&mut bytes, address).unwrap_or(0);
            bytes[..length].windows(8).any(|bytes| bytes == b"hunter2;")
        };
        let start = memory.split_to(400).freeze();
        let rest = memory.freeze();
        wipe_last(start);
        assert!(holds_secret(), "another handle is alive");
        wipe_last(rest);
        assert!(!holds_secret());
    }

    #[test]
    fn secret_header_is_marked_and_redacted() {
        let value = header_value(&["hunt", "er2"]).unwrap();
        assert_eq!(value, "hunter2");
        assert_eq!(format!("{value:?}"), "Sensitive");
        assert!(header_value(&["hunter\n2"]).is_err());
    }

    #[test]
    fn debug_is_redacted() {
        let secret = Sensitive::<String>::from("hunter2");
        assert_eq!(format!("{secret:?}"), "** redacted **");
        assert_eq!(
            format!("{:?}", Some(Sensitive::new(7))),
            "Some(** redacted **)"
        );
    }

    #[test]
    fn drop_wipes_once_and_into_inner_never() {
        let wipes = Rc::new(Cell::new(0));
        drop(Sensitive::new(Probe(Rc::clone(&wipes))));
        assert_eq!(wipes.get(), 1);

        let probe = Sensitive::new(Probe(Rc::clone(&wipes))).into_inner();
        drop(probe);
        assert_eq!(wipes.get(), 1);
    }

    #[test]
    fn containers_wipe_what_they_hold() {
        let wipes = Rc::new(Cell::new(0));
        let probe = || Probe(Rc::clone(&wipes));
        vec![Some(probe()), None, Some(probe())].wipe();
        assert_eq!(wipes.get(), 2);
        let mut boxed = Box::new([probe(), probe()]);
        boxed.wipe();
        assert_eq!(wipes.get(), 4);
        BTreeMap::from([(1, vec![probe()]), (2, vec![probe()])]).wipe();
        assert_eq!(wipes.get(), 6);
    }

    #[test]
    fn a_wiped_vector_is_empty_and_keeps_no_byte() {
        let mut bytes = Vec::with_capacity(64);
        bytes.extend_from_slice(b"secret and more");
        bytes.truncate(6);
        let capacity = bytes.capacity();
        bytes.wipe();
        assert!(bytes.is_empty());
        assert_eq!(bytes.capacity(), capacity, "wiped in place");
        // What lies in the spare capacity cannot be read without unsafe code, but a wiped array
        // shows that elements are overwritten, not only forgotten.
        let mut array = *b"secret";
        array.wipe();
        assert_eq!(array, [0; 6]);
    }

    #[test]
    fn scalars_strings_and_options_are_emptied() {
        let mut number = -5_i64;
        number.wipe();
        assert_eq!(number, 0);
        let mut text = String::from("secret");
        text.wipe();
        assert_eq!(text, "");
        let mut option = Some(String::from("secret"));
        option.wipe();
        assert_eq!(option, None);
    }

    #[test]
    fn conversions_compare_equal() {
        let bytes: Sensitive<Vec<u8>> = b"key".into();
        assert_eq!(bytes, Sensitive::from(*b"key"));
        assert_eq!(bytes, Sensitive::from(&b"key"[..]));
        assert_eq!(bytes, Sensitive::from(b"key".to_vec()));
        let text: Sensitive<String> = String::from("key").into();
        assert_eq!(text, Sensitive::from("key"));
        assert_eq!(text.len(), 3);
        assert_eq!(AsRef::<str>::as_ref(&text), "key");
    }
}
