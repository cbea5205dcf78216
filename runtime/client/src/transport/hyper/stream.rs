//! Response bodies that are read while they arrive.

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
    /// It does not return to the pool: most streams end with their connection.
    connection: Connection,
}

/// Returns the parts of `body`, each of which must arrive within `read_timeout`.
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
            // Frames without data are trailers.
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
