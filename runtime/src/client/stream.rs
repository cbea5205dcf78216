//! Sending, for operations that answer at once and for those that answer a stream of events.

use bytes::Bytes;

use super::Inner;
use crate::BoxFuture;
use crate::event_stream;
use crate::operation::OperationInfo;
use crate::transport::TransportError;

impl Inner {
    /// Sends the request of one attempt. The response to an operation with an event stream is
    /// there once its initial response is; [`operation::read`](crate::operation::read) finds the
    /// stream in it.
    pub(super) fn transmit<'a>(
        &'a self,
        info: &'static OperationInfo,
        request: http::Request<Bytes>,
        attempt: u32,
    ) -> BoxFuture<'a, Result<http::Response<Bytes>, TransportError>> {
        if info.event_stream {
            Box::pin(event_stream::open(&*self.transport, request, info, attempt))
        } else {
            self.transport.send(request)
        }
    }
}
