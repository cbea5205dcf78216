//! Reads response bodies into memory.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue};
use hyper::body::{Body as _, Incoming};

use crate::sensitive::{Buffer, wipe_last};

/// A body that hyper reads. The parts of a secret body that arrived are wiped even if it is
/// dropped.
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

/// The joined parts of a body.
pub(super) enum Received {
    /// Most responses arrive in one part, which is not copied.
    One(Bytes),
    Many(BytesMut),
    /// A body that may contain secrets is copied, so that hyper's memory can be wiped.
    Secret(Buffer),
}

impl Received {
    /// Creates an empty body. `capacity` is the estimated size of all parts.
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

    /// Appends a part. `capacity` is the estimated size of all parts.
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

    /// Returns the whole body.
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

/// Copies the values of headers in the same way, because each value would keep alive the memory
/// that the body arrives in. If there is no body, the head stays there.
pub(super) fn detach_headers(headers: &mut HeaderMap) {
    let mut values = Buffer::with_capacity(headers.values().map(HeaderValue::len).sum());
    headers
        .values()
        .for_each(|value| values.put(value.as_bytes()));
    let mut rest = Bytes::from_owner(values);
    for value in headers.values_mut() {
        let copy = rest.split_to(value.len());
        // Copied from a valid value, so it is valid.
        if let Ok(copy) = HeaderValue::from_maybe_shared(copy) {
            *value = copy;
        }
    }
}
