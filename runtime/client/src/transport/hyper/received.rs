//! Responses in memory.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue};
use hyper::body::{Body as _, Incoming};

use crate::sensitive::{Buffer, wipe_last};

/// A body that hyper reads. What has arrived of a secret one is wiped although nobody takes it.
pub(super) struct Arriving {
    pub(super) body: Incoming,
    pub(super) secret: bool,
}

impl Drop for Arriving {
    fn drop(&mut self) {
        let cx = &mut Context::from_waker(Waker::noop());
        while self.secret {
            let Poll::Ready(Some(Ok(frame))) = Pin::new(&mut self.body).poll_frame(cx) else {
                return;
            };
            if let Ok(data) = frame.into_data() {
                wipe_last(data);
            }
        }
    }
}

/// The parts of a body, put together.
pub(super) enum Received {
    /// Most responses come in one part, which need not be copied.
    One(Bytes),
    Many(BytesMut),
    /// What may be secret is copied, so that hyper's memory can be wiped.
    Secret(Buffer),
}

impl Received {
    /// Begins a body, for whose parts about `capacity` is needed.
    pub(super) fn new(secret: bool, capacity: usize) -> Self {
        match secret {
            true => Self::Secret(Buffer::with_capacity(capacity)),
            false => Self::One(Bytes::new()),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::One(whole) => whole.len(),
            Self::Many(parts) => parts.len(),
            Self::Secret(parts) => parts.len(),
        }
    }

    /// Appends a part. `capacity` is about what all parts need.
    pub(super) fn push(&mut self, part: Bytes, capacity: usize) {
        match self {
            Self::One(whole) if whole.is_empty() => *whole = part,
            Self::One(whole) => {
                let mut parts = BytesMut::with_capacity(capacity);
                parts.extend_from_slice(whole);
                parts.extend_from_slice(&part);
                *self = Self::Many(parts);
            }
            Self::Many(parts) => parts.extend_from_slice(&part),
            Self::Secret(parts) => {
                parts.put(&part);
                wipe_last(part);
            }
        }
    }

    /// All of it.
    pub(super) fn into_bytes(self) -> Bytes {
        match self {
            Self::One(whole) => whole,
            Self::Many(parts) => parts.freeze(),
            Self::Secret(parts) => Bytes::from_owner(parts),
        }
    }
}

/// Copies a part of a body that may be secret out of hyper's memory into memory that is wiped.
pub(super) fn detach(part: Bytes) -> Bytes {
    let mut received = Received::new(true, part.len());
    received.push(part, 0);
    received.into_bytes()
}

/// Does the same to the values of headers, each of which otherwise keeps the memory that the body
/// arrives in. If there is no body, the head stays there.
pub(super) fn detach_headers(headers: &mut HeaderMap) {
    let mut values = Buffer::with_capacity(headers.values().map(HeaderValue::len).sum());
    headers
        .values()
        .for_each(|value| values.put(value.as_bytes()));
    let mut rest = Bytes::from_owner(values);
    for value in headers.values_mut() {
        let copy = rest.split_to(value.len());
        // Taken from a value, so that it is one.
        if let Ok(copy) = HeaderValue::from_maybe_shared(copy) {
            *value = copy;
        }
    }
}
