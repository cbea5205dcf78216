//! A transport that answers from a recording and holds the requests against it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, Uri};
use serde_json::Value;
use tinsmith_client::BoxFuture;
use tinsmith_client::transport::{Transport, TransportError, TransportErrorKind};

/// The headers that decide what a request means. The recordings hold others too, which differ
/// with the SDK and the hour.
const HEADERS: [&str; 5] = [
    "accept",
    "content-type",
    "x-amz-sso_bearer_token",
    "x-aws-ec2-metadata-token",
    "x-aws-ec2-metadata-token-ttl-seconds",
];

/// A recorded exchange.
#[derive(Debug, Default)]
struct Exchange {
    method: String,
    uri: String,
    headers: BTreeMap<String, String>,
    body: String,
    status: u16,
    answer: String,
}

#[derive(Debug)]
pub(crate) struct Replay {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    left: VecDeque<Exchange>,
    last_status: u16,
    faults: Vec<String>,
}

impl Replay {
    /// Reads the content of an `http-traffic.json`.
    pub(crate) fn new(recording: &Value) -> Arc<Self> {
        // One exchange a connection, in the order of the connections.
        let mut exchanges: BTreeMap<u64, Exchange> = BTreeMap::new();
        for event in recording["events"].as_array().unwrap() {
            let connection = event["connection_id"].as_u64().unwrap();
            let exchange = exchanges.entry(connection).or_default();
            exchange.record(&event["action"]);
        }
        let state = State {
            left: exchanges.into_values().collect(),
            ..State::default()
        };
        Arc::new(Self {
            state: Mutex::new(state),
        })
    }

    /// Panics when a request differed from the recording, or did not come.
    pub(crate) fn check(&self) {
        let state = self.state.lock().unwrap();
        assert!(state.faults.is_empty(), "{}", state.faults.join("\n"));
        let left: Vec<_> = state.left.iter().map(|exchange| &exchange.uri).collect();
        assert!(left.is_empty(), "not requested: {left:?}");
    }
}

impl Exchange {
    fn record(&mut self, action: &Value) {
        if let Some(request) = action["Request"].get("request") {
            self.method = request["method"].as_str().unwrap().to_owned();
            self.uri = request["uri"].as_str().unwrap().to_owned();
            for (name, values) in request["headers"].as_object().unwrap() {
                let value = values[0].as_str().unwrap().to_owned();
                self.headers.insert(name.to_ascii_lowercase(), value);
            }
        } else if let Some(response) = action["Response"].get("response") {
            self.status = response["Ok"]["status"].as_u64().unwrap() as u16;
        } else if let Some(data) = action.get("Data") {
            let text = data["data"]["Utf8"].as_str().unwrap();
            match data["direction"].as_str().unwrap() {
                "Request" => self.body += text,
                _ => self.answer += text,
            }
        }
    }

    fn compare(&self, request: &Request<Bytes>) -> Vec<String> {
        let mut faults = Vec::new();
        let mut compare = |what: &str, expected: &str, actual: &str| {
            if expected != actual {
                faults.push(format!(
                    "{}: {what}: {expected:?}, not {actual:?}",
                    self.uri
                ));
            }
        };
        compare("method", &self.method, request.method().as_str());
        let expected: Uri = self.uri.parse().unwrap();
        compare("URI", &normal(&expected), &normal(request.uri()));
        for name in HEADERS {
            // `accept` is in some recordings only.
            if let Some(expected) = self.headers.get(name) {
                compare(name, expected, header(request.headers(), name));
            }
        }
        let signature = self.headers.get("authorization").map(String::as_str);
        // Recordings leave out the authorization of containers.
        if self.uri.contains("sts") || signature.is_some() {
            let expected = scope(signature.unwrap_or_default());
            let actual = scope(header(request.headers(), "authorization"));
            compare("signed for", &expected, &actual);
        }
        let body = std::str::from_utf8(request.body()).unwrap();
        let (expected, actual) = (form(&self.body), form(body));
        // The values of other fields are those of the recording day: the names of sessions, and
        // tokens and roles that were changed in the files afterwards and not in the recording.
        let names = |form: &BTreeMap<String, String>| {
            let names: Vec<_> = form.keys().cloned().collect();
            names.join(", ")
        };
        compare("fields of the form", &names(&expected), &names(&actual));
        for field in ["Action", "Version"] {
            let value = |form: &BTreeMap<_, _>| form.get(field).cloned().unwrap_or_default();
            compare(field, &value(&expected), &value(&actual));
        }
        faults
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    let value = headers.get(name).map(|value| value.to_str().unwrap());
    value.unwrap_or_default()
}

/// The service that a signature is for; nothing without a signature.
fn scope(authorization: &str) -> String {
    let credential = authorization.split(',').next().unwrap_or_default();
    // Access key, day and region are those of the recording day.
    credential.split('/').skip(3).collect::<Vec<_>>().join("/")
}

/// A URI whose query has an order.
fn normal(uri: &Uri) -> String {
    let query: BTreeSet<_> = uri.query().unwrap_or_default().split('&').collect();
    let authority = uri.authority().unwrap();
    format!(
        "{}://{authority}{} {query:?}",
        uri.scheme_str().unwrap(),
        uri.path()
    )
}

fn form(body: &str) -> BTreeMap<String, String> {
    let fields = body.split('&').filter_map(|field| field.split_once('='));
    fields
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

impl Transport for Replay {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let mut state = self.state.lock().unwrap();
        let result = match state.left.pop_front() {
            Some(exchange) => {
                state.faults.extend(exchange.compare(&request));
                state.last_status = exchange.status;
                let response = Response::builder().status(exchange.status);
                Ok(response.body(Bytes::from(exchange.answer)).unwrap())
            }
            None => {
                // A recording that ends with the server's failure leaves out further attempts.
                if state.last_status < 500 {
                    let fault = format!("{} was requested and not recorded", request.uri());
                    state.faults.push(fault);
                }
                let kind = TransportErrorKind::Connect;
                Err(TransportError::new(kind, "the recording has ended"))
            }
        };
        Box::pin(std::future::ready(result))
    }
}
