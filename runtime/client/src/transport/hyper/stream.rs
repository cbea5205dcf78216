//! A body that is read while it arrives.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;

use super::connection::Connection;
use super::received::{Arriving, detach};
use super::{failed, timed};
use crate::BoxFuture;
use crate::transport::{BodyStream, TransportError};

struct Stream {
    arriving: Arriving,
    read_timeout: Option<Duration>,
    /// It does not go back into the pool: it has served one stream, and most of those end with it.
    connection: Connection,
}

/// The parts of `body`, for each of which there is `read_timeout`.
pub(super) fn boxed(
    body: Incoming,
    connection: Connection,
    read_timeout: Option<Duration>,
) -> Box<dyn BodyStream> {
    let secret = connection.is_secret();
    Box::new(Stream {
        arriving: Arriving { body, secret },
        read_timeout,
        connection,
    })
}

impl Stream {
    async fn part(&mut self) -> Result<Option<Bytes>, TransportError> {
        loop {
            let frame = self.connection.drive(self.arriving.body.frame());
            let Some(frame) = timed(self.read_timeout, frame).await? else {
                return Ok(None);
            };
            // What is no data is trailers.
            if let Ok(data) = frame.map_err(failed)?.into_data() {
                return Ok(Some(match self.arriving.secret {
                    true => detach(data),
                    false => data,
                }));
            }
        }
    }
}

impl BodyStream for Stream {
    fn next(&mut self) -> BoxFuture<'_, Option<Result<Bytes, TransportError>>> {
        Box::pin(async { self.part().await.transpose() })
    }
}
