//! Operations with a stream of events, as a generated crate would have them.

use tinsmith_client::environment::Environment;
use tinsmith_client::error::Unhandled;
use tinsmith_client::event_stream::{Event, EventError, EventStream, Message, Messages};
use tinsmith_client::json::{ReadError, Reader, Writer};
use tinsmith_client::operation::{
    Operation, OperationInfo, RequestParts, ResponseParts, ServiceInfo,
};
use tinsmith_client::protocol::Protocol;
use tinsmith_client::{Builder, Client};

static SERVICE: ServiceInfo = ServiceInfo::new(
    Protocol::aws_json_1_1(),
    "Test",
    "2020-01-01",
    "TestService",
)
.signing_name("test");

/// Answers a session and ticks. Without `WAIT`, it does not wait for the session.
pub(crate) struct Watch<const WAIT: bool>;

#[derive(Debug, Default)]
pub(crate) struct WatchOutput {
    pub(crate) session: Option<String>,
    pub(crate) ticks: EventStream<Tick>,
}

/// An event.
#[derive(Debug, PartialEq)]
pub(crate) enum Tick {
    Number(i64),
    Unknown(String),
}

/// What an operation or a stream may report.
#[derive(Clone, PartialEq)]
pub(crate) enum WatchError {
    Gone(Gone),
    Unhandled(Unhandled),
}

tinsmith_core::operation_error! { WatchError: Gone = "GoneException" }

/// A modeled error.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Gone {
    pub(crate) message: Option<String>,
}

tinsmith_core::message_errors! { Gone = client 410 "GoneException" }

impl<const WAIT: bool> Operation for Watch<WAIT> {
    type Output = WatchOutput;
    type Error = WatchError;
    const INFO: &'static OperationInfo = match WAIT {
        true => &SERVICE
            .operation("Watch")
            .unsigned()
            .event_stream()
            .initial_response(),
        false => &SERVICE.operation("Watch").unsigned().event_stream(),
    };

    fn write_request(&self, request: &mut RequestParts) {
        request.body = Writer::begin().end();
    }

    fn read_response(response: ResponseParts<'_>) -> Result<WatchOutput, ReadError> {
        let mut out = WatchOutput::default();
        let r = &mut Reader::begin(response.body)?;
        while let Some(key) = r.member()? {
            match &*key {
                "session" => out.session = Some(r.string()?),
                _ => r.skip()?,
            }
        }
        r.finish()?;
        Ok(out)
    }

    fn attach_events(output: &mut WatchOutput, messages: Messages) {
        output.ticks = EventStream::new(messages);
    }
}

impl Event for Tick {
    type Error = WatchError;

    fn read(name: &str, m: &Message) -> Result<Self, EventError> {
        Ok(match name {
            "tick" => Self::Number(m.json(Reader::long)?),
            _ => Self::Unknown(name.to_owned()),
        })
    }
}

/// A client of the service at `endpoint`.
pub(crate) fn builder(endpoint: &str) -> Builder<Client> {
    Client::builder(&SERVICE)
        .environment(Environment::empty())
        .region("eu-central-1".to_owned())
        .credentials(tinsmith_client::credentials::Credentials::new(
            "AKID", "key", "test",
        ))
        .endpoint_url(endpoint.to_owned())
        .transport(crate::transport::transport())
}
