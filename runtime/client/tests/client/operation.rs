//! An operation as a generated crate would have it, with secrets both ways.

use std::fmt;

use tinsmith_client::error::{ModeledError, OperationError, Unhandled};
use tinsmith_client::json::{ReadError, Reader, Writer};
use tinsmith_client::operation::{
    ErrorParts, Operation, OperationInfo, RequestParts, ResponseParts, ServiceInfo,
};
use tinsmith_client::protocol::Protocol;
use tinsmith_client::{Builder, Client, Sensitive};

pub(crate) static SERVICE: ServiceInfo = ServiceInfo::new(
    Protocol::aws_json_1_1(),
    "Test",
    "2020-01-01",
    "TestService",
)
.signing_name("test");

/// Seals a secret and gives another.
#[derive(Clone, Debug)]
pub(crate) struct Seal {
    pub(crate) plaintext: Sensitive<String>,
}

#[derive(Debug)]
pub(crate) struct SealError(Unhandled);

impl Operation for Seal {
    type Output = Sensitive<String>;
    type Error = SealError;
    const INFO: &'static OperationInfo = &SERVICE.operation("Seal").sensitive_output();

    fn write_request(&self, request: &mut RequestParts) {
        let mut w = Writer::begin();
        w.key("Plaintext").blob(self.plaintext.as_bytes());
        request.body = w.end();
    }

    fn read_response(response: ResponseParts<'_>) -> Result<Sensitive<String>, ReadError> {
        let mut sealed = Sensitive::default();
        let r = &mut Reader::begin(response.body)?;
        while let Some(key) = r.member()? {
            match &*key {
                "Sealed" => sealed = Sensitive::new(r.string()?),
                _ => r.skip()?,
            }
        }
        r.finish()?;
        Ok(sealed)
    }
}

impl OperationError for SealError {
    fn read(_: &str, _: ErrorParts<'_>) -> Result<Option<Self>, ReadError> {
        Ok(None)
    }

    fn shape(&self) -> &dyn ModeledError {
        &self.0
    }
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for SealError {}

impl From<Unhandled> for SealError {
    fn from(error: Unhandled) -> Self {
        Self(error)
    }
}

/// The request that tests send.
pub(crate) fn seal() -> Seal {
    Seal {
        plaintext: Sensitive::new("hidden plaintext".to_owned()),
    }
}

/// A client of the service at `endpoint`.
pub(crate) fn builder(endpoint: &str) -> Builder<Client> {
    use tinsmith_client::credentials::Credentials;
    use tinsmith_client::environment::Environment;
    let credentials = Credentials::new("AKID", "hidden-key", "test");
    Client::builder(&SERVICE)
        .environment(Environment::empty())
        .region("eu-central-1".to_owned())
        .credentials(credentials.with_session_token("hidden-token".to_owned()))
        .endpoint_url(endpoint.to_owned())
        .allow_http(true)
}
