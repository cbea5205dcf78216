//! The messages of one response.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::HeaderMap;

use super::{Decoder, EventError, FrameError, Message};
use crate::error::ResponseError;
use crate::operation::{Operation, OperationInfo, ReadFailure, ResponseParts, request_id};
use crate::sensitive::wipe_last;
use crate::transport::{BodyStream, ResponseBody, TransportError, TransportErrorKind};

/// The longest error that is read from a transport which gives it as a stream, in bytes.
const MAX_ERROR: usize = 1024 * 1024;

/// The messages of one response, some of which may have yet to arrive. An
/// [`EventStream`](super::EventStream) is made of them.
pub struct Messages {
    decoder: Decoder,
    /// The part of the body that is being decoded, and how much of it was.
    part: Bytes,
    decoded: usize,
    /// `None` once everything has arrived.
    body: Option<Box<dyn BodyStream>>,
    /// A message that was read ahead.
    first: Option<Message>,
    pub(super) call: CallContext,
}

/// What is known of the call, for its errors.
pub(super) struct CallContext {
    pub(super) info: &'static OperationInfo,
    pub(super) attempts: u32,
    pub(super) status: http::StatusCode,
    pub(super) request_id: Option<String>,
}

impl CallContext {
    /// A message as if it were a response. It has no HTTP headers.
    pub(super) fn parts<'a>(&self, headers: &'a HeaderMap, body: &'a [u8]) -> ResponseParts<'a> {
        ResponseParts {
            status: self.status,
            headers,
            body,
        }
    }
}

/// Why there is no next message.
#[derive(Debug)]
pub(super) enum Lost {
    Frame(FrameError),
    Transport(TransportError),
}

impl Messages {
    fn new(body: ResponseBody, info: &'static OperationInfo, attempts: u32) -> Self {
        let (part, body) = match body {
            ResponseBody::Whole(whole) => (whole, None),
            ResponseBody::Stream(stream) => (Bytes::new(), Some(stream)),
        };
        Self {
            decoder: Decoder::new(),
            part,
            decoded: 0,
            body,
            first: None,
            call: CallContext {
                info,
                attempts,
                status: http::StatusCode::OK,
                request_id: None,
            },
        }
    }

    /// The next message; `None` at the end. Dropping the future loses nothing.
    pub(super) async fn next(&mut self) -> Result<Option<Message>, Lost> {
        loop {
            if let Some(message) = self.arrived().map_err(Lost::Frame)? {
                return Ok(Some(message));
            }
            if !self.receive().await.map_err(Lost::Transport)? {
                self.decoder.finish().map_err(Lost::Frame)?;
                return Ok(None);
            }
        }
    }

    /// The next message of those that have arrived.
    fn arrived(&mut self) -> Result<Option<Message>, FrameError> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        let mut rest = self.part.get(self.decoded..).unwrap_or_default();
        let message = self.decoder.decode(&mut rest)?;
        self.decoded = self.part.len() - rest.len();
        Ok(message)
    }

    /// Waits for the next part of the body; false at its end.
    async fn receive(&mut self) -> Result<bool, TransportError> {
        let Some(body) = &mut self.body else {
            return Ok(false);
        };
        match body.next().await {
            Some(part) => {
                let part = part?;
                self.forget();
                self.part = part;
                self.decoded = 0;
                Ok(true)
            }
            None => {
                self.body = None;
                Ok(false)
            }
        }
    }

    /// Drops the part of the body, and wipes it if it may hold secrets.
    fn forget(&mut self) {
        let part = std::mem::take(&mut self.part);
        if self.call.info.sensitive_output {
            wipe_last(part);
        }
    }

    /// Waits until the first message has arrived, or it is clear that there will be none.
    async fn receive_first(&mut self) -> Result<(), TransportError> {
        while self.first.is_none() {
            match self.arrived() {
                Ok(Some(message)) => self.first = Some(message),
                Ok(None) => {
                    if !self.receive().await? {
                        return Ok(());
                    }
                }
                // The decoder says so again when it is asked for the message.
                Err(_) => return Ok(()),
            }
        }
        Ok(())
    }

    /// Takes the first message if it is the initial response. Another stays where it is: services
    /// may leave the initial response out.
    fn take_initial(&mut self) -> Result<Option<Message>, FrameError> {
        match self.arrived()? {
            Some(message) if is_initial(&message) => Ok(Some(message)),
            None if self.body.is_none() => self.decoder.finish().map(|()| None),
            other => {
                self.first = other;
                Ok(None)
            }
        }
    }
}

impl Drop for Messages {
    fn drop(&mut self) {
        self.forget();
    }
}

impl fmt::Debug for Messages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Messages")
            .field("decoder", &self.decoder)
            .finish_non_exhaustive()
    }
}

/// Whether a message holds the members of the output beside the stream.
pub(super) fn is_initial(message: &Message) -> bool {
    matches!(message.string(":event-type"), Ok(Some("initial-response")))
}

/// Where the messages of a response wait for [`read`] to find them.
#[derive(Clone)]
struct Opened(Arc<Mutex<Option<Messages>>>);

/// Makes a response whose body arrives in parts one that [`operation::read`] reads: it waits for the
/// initial response if the operation needs it, and reads an error whole. `attempt` is the number of
/// requests sent, for errors of the stream.
///
/// [`operation::read`]: crate::operation::read
///
/// # Errors
///
/// A [`TransportError`] if the body breaks off, or an error response is too long.
pub async fn open(
    response: http::Response<ResponseBody>,
    info: &'static OperationInfo,
    attempt: u32,
) -> Result<http::Response<Bytes>, TransportError> {
    let (head, body) = response.into_parts();
    if !head.status.is_success() {
        return Ok(http::Response::from_parts(head, collect(body).await?));
    }
    let mut messages = Messages::new(body, info, attempt);
    if info.initial_response {
        messages.receive_first().await?;
    }
    let mut response = http::Response::from_parts(head, Bytes::new());
    let opened = Opened(Arc::new(Mutex::new(Some(messages))));
    response.extensions_mut().insert(opened);
    Ok(response)
}

/// Reads a body to its end.
async fn collect(body: ResponseBody) -> Result<Bytes, TransportError> {
    let mut stream = match body {
        ResponseBody::Whole(whole) => return Ok(whole),
        ResponseBody::Stream(stream) => stream,
    };
    let mut whole = Vec::new();
    while let Some(part) = stream.next().await {
        let part = part?;
        if part.len() > MAX_ERROR - whole.len() {
            return Err(TransportError::new(
                TransportErrorKind::TooLarge,
                format!("the error is longer than {MAX_ERROR} bytes"),
            ));
        }
        whole.extend_from_slice(&part);
    }
    Ok(whole.into())
}

/// Reads the output of an operation with an event stream: the members of the initial response,
/// then the stream of what follows it. A response that [`open`] did not make has all of its
/// messages in its body.
pub(crate) fn read<O: Operation>(
    response: &http::Response<Bytes>,
) -> Result<O::Output, ReadFailure<O::Error>> {
    let opened = response.extensions().get().and_then(|Opened(messages)| {
        let mut messages = messages.lock().unwrap_or_else(PoisonError::into_inner);
        messages.take()
    });
    let mut messages = opened
        .unwrap_or_else(|| Messages::new(ResponseBody::Whole(response.body().clone()), O::INFO, 1));
    messages.call.status = response.status();
    messages.call.request_id = request_id(response);
    let output = initial::<O>(&mut messages);
    let mut output =
        output.map_err(|e| ReadFailure::Response(ResponseError::event(response.status(), e)))?;
    O::attach_events(&mut output, messages);
    Ok(output)
}

/// The output without its stream.
fn initial<O: Operation>(messages: &mut Messages) -> Result<O::Output, EventError> {
    let initial = match O::INFO.initial_response {
        true => messages.take_initial()?,
        false => None,
    };
    let body = initial.as_ref().map_or(&[][..], Message::payload);
    Ok(O::read_response(
        messages.call.parts(&HeaderMap::new(), body),
    )?)
}
