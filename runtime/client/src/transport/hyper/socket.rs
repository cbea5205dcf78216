//! The TCP connection beneath HTTP and TLS.

use std::io::{self, IoSlice, Read as _};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::wire::Signals;

/// A TCP connection that can ask the kernel, and not only Tokio, for received data.
///
/// Tokio reads a socket only after its driver has reported it readable, and the driver does not run
/// while a task works without awaiting. So a connection that was idle meanwhile looks unchanged,
/// although the kernel may already have its end or unsolicited bytes. While [`Signals::ask_kernel`]
/// is set, a read finds them.
pub(in crate::transport) struct Socket {
    tcp: TcpStream,
    signals: Arc<Signals>,
}

impl Socket {
    pub(super) fn new(tcp: TcpStream, signals: Arc<Signals>) -> Self {
        Self { tcp, signals }
    }

    /// Reads without Tokio. Tokio may report the same data once more, which costs one read without
    /// a result.
    fn read_now(&self, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let socket = SockRef::from(&self.tcp);
        // Usually there is nothing, and peeking at one byte needs no initialized buffer.
        let read = match socket.peek(&mut [MaybeUninit::uninit()]) {
            Ok(_) => (&*socket).read(buf.initialize_unfilled()),
            Err(error) => Err(error),
        };
        match read {
            Ok(length) => {
                buf.advance(length);
                Poll::Ready(Ok(()))
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Poll::Pending,
            Err(error) => Poll::Ready(Err(error)),
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.tcp).poll_read(cx, buf);
        if read.is_pending() && self.signals.ask_kernel.load(Ordering::Relaxed) {
            return self.read_now(buf);
        }
        read
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.tcp).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.tcp).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}
