//! The I/O layer below hyper, which keeps secrets out of its buffers.
//!
//! hyper does not overwrite its buffers after use. This layer keeps secrets out of the write
//! buffer, by adding secret headers to the bytes that hyper writes, and wipes them from the read
//! buffer, since it may write to the memory that hyper offers for reading.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use http::header::{AUTHORIZATION, Entry};
use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::sensitive::Buffer;

/// The size of hyper's read buffer. hyper offers all of it for each read once the previous data is
/// dropped, so that all of it can be wiped. It also limits the head of a response: AWS's load
/// balancers accept headers of 32 KiB, plus the status line and a few more bytes.
pub(super) const READ_BUFFER: usize = 36 * 1024;

/// Without these lines, or with the lines in its body, the request would be a different one.
const SPLIT_HEAD: &str = "hyper writes the head of a request together with its body or in parts, \
                          so that the secret headers cannot be added; this is a bug";

/// A connection below HTTP: TCP or TLS. It is behind a pointer, so that hyper is compiled once for
/// both.
pub(super) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// Signals from the users of a connection to the layers below hyper.
#[derive(Default)]
pub(super) struct Signals {
    /// Makes a read find data that the runtime's driver has not reported yet.
    pub(super) ask_kernel: AtomicBool,
    /// Whether the data read may be secret.
    pub(super) secret: AtomicBool,
    hidden: Mutex<Option<Hidden>>,
}

/// The header lines of the next request that hyper does not see.
struct Hidden {
    lines: Buffer,
    written: usize,
    /// The number of bytes of hyper that precede them. `None` until hyper writes.
    before: Option<usize>,
}

impl Signals {
    /// Sets the header lines to be written with the next request, bypassing hyper.
    pub(super) fn hide(&self, lines: Buffer) {
        *self.hidden() = (!lines.is_empty()).then_some(Hidden {
            lines,
            written: 0,
            before: None,
        });
    }

    /// Returns whether some of the lines have not been written.
    pub(super) fn hides(&self) -> bool {
        self.hidden().is_some()
    }

    /// Removes and returns the lines.
    pub(super) fn unhide(&self) -> Buffer {
        let hidden = self.hidden().take();
        hidden.map(|hidden| hidden.lines).unwrap_or_default()
    }

    fn hidden(&self) -> MutexGuard<'_, Option<Hidden>> {
        self.hidden.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes the secret headers from a request and returns them as lines.
pub(super) fn take_secrets(headers: &mut HeaderMap) -> Buffer {
    let mut names = Vec::new();
    let mut length = 0;
    for (name, value) in headers.iter().filter(is_secret) {
        names.push(name.clone());
        length += name.as_str().len() + value.len() + 4;
    }
    let mut lines = Buffer::with_capacity(length);
    for name in names {
        let Entry::Occupied(entry) = headers.entry(name) else {
            continue; // It had two values.
        };
        for value in entry.iter() {
            let name = entry.key().as_str().as_bytes();
            for part in [name, b": ", value.as_bytes(), b"\r\n"] {
                lines.put(part);
            }
        }
        entry.remove();
    }
    lines
}

/// Returns whether a header must not be in hyper's buffer. A signature may be: it is valid only for
/// its own request and for a few minutes.
fn is_secret((name, value): &(&HeaderName, &HeaderValue)) -> bool {
    let is_signature = || *name == AUTHORIZATION && value.as_bytes().starts_with(b"AWS4-");
    value.is_sensitive() && !is_signature()
}

/// The connection, between hyper and the network.
pub(super) struct Wire {
    io: Box<dyn Io>,
    signals: Arc<Signals>,
    /// The number of bytes at the start of hyper's buffer that may contain a part of a secret.
    stained: usize,
}

impl Wire {
    pub(super) fn new(io: Box<dyn Io>, signals: Arc<Signals>) -> Self {
        Self {
            io,
            signals,
            stained: 0,
        }
    }

    /// Reads data that may be secret, and wipes the data read before.
    fn poll_read_secret(
        &mut self,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // It is preceded by an incomplete head.
        let start = READ_BUFFER.saturating_sub(buf.remaining());
        let stained = self.stained.saturating_sub(start);
        buf.initialize_unfilled_to(stained.min(buf.remaining()));
        let read = Pin::new(&mut self.io).poll_read(cx, buf);
        self.stained = self.stained.max(start + buf.filled().len());
        read
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        if wire.signals.secret.load(Ordering::Relaxed) {
            return wire.poll_read_secret(cx, buf);
        }
        wire.stained = 0;
        Pin::new(&mut wire.io).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wire = self.get_mut();
        let mut hidden = wire.signals.hidden();
        let Some(lines) = &mut *hidden else {
            drop(hidden);
            return Pin::new(&mut wire.io).poll_write_vectored(cx, slices);
        };
        let written = ready!(lines.poll_write(&mut *wire.io, cx, slices));
        if lines.is_written() {
            *hidden = None;
        }
        Poll::Ready(written)
    }

    /// Makes hyper never copy a body, which may be secret, next to the head.
    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

impl Hidden {
    fn is_written(&self) -> bool {
        self.written == self.lines.len()
    }

    /// Inserts the lines into the head that hyper writes first, before the empty line at its end.
    /// Returns the number of bytes of hyper that were written.
    fn poll_write(
        &mut self,
        mut io: &mut dyn Io,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let (head, body) = match slices {
            [head, body, ..] => (&**head, &**body),
            [head] => (&**head, &[][..]),
            [] => return Poll::Ready(Ok(0)),
        };
        let before = match &mut self.before {
            Some(before) => before,
            none if head.ends_with(b"\r\n\r\n") => none.insert(head.len() - 2),
            _ => return Poll::Ready(Err(io::Error::other(SPLIT_HEAD))),
        };
        let (start, end) = head.split_at((*before).min(head.len()));
        loop {
            let lines = self.lines.as_ref().get(self.written..).unwrap_or_default();
            let parts = [start, lines, end, body].map(IoSlice::new);
            let written = ready!(Pin::new(&mut io).poll_write_vectored(cx, &parts))?;
            let of_lines = written.saturating_sub(start.len()).min(lines.len());
            self.written += of_lines;
            let of_hyper = written - of_lines;
            // If none of hyper's bytes were written, hyper would take the connection as closed.
            if of_hyper > 0 || written == 0 {
                *before -= of_hyper.min(*before);
                return Poll::Ready(Ok(of_hyper));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    /// Takes so many bytes at a time.
    struct Slow {
        taken: Arc<Mutex<Vec<u8>>>,
        at_a_time: usize,
    }

    impl AsyncRead for Slow {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            Poll::Pending
        }
    }

    impl AsyncWrite for Slow {
        fn poll_write(
            self: Pin<&mut Self>,
            cx: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            self.poll_write_vectored(cx, &[IoSlice::new(bytes)])
        }

        fn poll_write_vectored(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            slices: &[IoSlice<'_>],
        ) -> Poll<io::Result<usize>> {
            let mut bytes: Vec<u8> = slices.iter().flat_map(|slice| slice.to_vec()).collect();
            bytes.truncate(self.at_a_time);
            self.taken.lock().unwrap().extend_from_slice(&bytes);
            Poll::Ready(Ok(bytes.len()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    /// What arrives when hyper writes `head` and `body`, and a connection takes so much at a time.
    fn written(signals: &Arc<Signals>, head: &str, body: &str, at_a_time: usize) -> String {
        let taken = Arc::default();
        let slow = Slow {
            taken: Arc::clone(&taken),
            at_a_time,
        };
        let mut wire = Wire::new(Box::new(slow), Arc::clone(signals));
        let cx = &mut Context::from_waker(Waker::noop());
        let (mut head, mut body) = (head.as_bytes(), body.as_bytes());
        while !head.is_empty() || !body.is_empty() {
            let slices = [IoSlice::new(head), IoSlice::new(body)];
            let slices = &slices[usize::from(head.is_empty())..];
            let Poll::Ready(Ok(count)) = Pin::new(&mut wire).poll_write_vectored(cx, slices) else {
                panic!("it takes bytes at any time");
            };
            assert_ne!(count, 0, "hyper takes this for the end");
            let of_head = count.min(head.len());
            head = &head[of_head..];
            body = &body[count - of_head..];
        }
        let taken = taken.lock().unwrap().clone();
        String::from_utf8(taken).unwrap()
    }

    #[test]
    fn writes_nothing_unless_the_head_comes_whole() {
        for slices in [
            &["POST / HTTP/1.1\r\nx-a: a\r\n\r\nbody"][..],
            &["POST / HTTP/1.1\r\n", "x-a: a\r\n\r\n"],
            &["\r\n", "body"],
            &["", "POST / HTTP/1.1\r\n\r\n"],
        ] {
            let signals = Arc::new(Signals::default());
            let mut lines = Buffer::default();
            lines.put(b"x-secret: 1\r\n");
            signals.hide(lines);
            let taken = Arc::default();
            let slow = Slow {
                taken: Arc::clone(&taken),
                at_a_time: 100,
            };
            let mut wire = Wire::new(Box::new(slow), Arc::clone(&signals));
            let cx = &mut Context::from_waker(Waker::noop());
            let slices: Vec<_> = slices.iter().map(|s| IoSlice::new(s.as_bytes())).collect();
            let written = Pin::new(&mut wire).poll_write_vectored(cx, &slices);
            let Poll::Ready(Err(error)) = written else {
                panic!("{slices:?} was written: {written:?}");
            };
            assert!(error.to_string().contains("secret headers"), "{error}");
            assert!(taken.lock().unwrap().is_empty());
            assert!(signals.hides(), "the lines belong to no other request");
        }
    }

    #[test]
    fn sensitive_headers_are_written_at_the_end_of_the_head() {
        let mut headers = HeaderMap::new();
        headers.insert("x-a", HeaderValue::from_static("a"));
        for secret in ["1", "2"] {
            let secret = crate::sensitive::header_value(&[secret]).unwrap();
            headers.append("x-secret", secret);
        }
        headers.append("x-secret", HeaderValue::from_static("3"));
        let mut signature = HeaderValue::from_static("AWS4-HMAC-SHA256 ...");
        signature.set_sensitive(true);
        headers.insert(AUTHORIZATION, signature);
        let head = "POST / HTTP/1.1\r\nx-a: a\r\n\r\n";
        let whole =
            "POST / HTTP/1.1\r\nx-a: a\r\nx-secret: 1\r\nx-secret: 2\r\nx-secret: 3\r\n\r\n";
        for at_a_time in 1..whole.len() + 10 {
            let signals = Arc::new(Signals::default());
            let mut seen_by_hyper = headers.clone();
            signals.hide(take_secrets(&mut seen_by_hyper));
            assert!(seen_by_hyper.keys().eq(["x-a", "authorization"]));
            for expected in [&format!("{whole}body"), &format!("{head}body")] {
                // The second request over the connection has no such header.
                assert_eq!(&written(&signals, head, "body", at_a_time), expected);
            }
        }
    }
}
