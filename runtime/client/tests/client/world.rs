//! The parts of the world that tests replace: time and an executor.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Request, Response};
use tinsmith_client::BoxFuture;
use tinsmith_client::clock::Clock;
use tinsmith_client::transport::{Transport, TransportError, TransportErrorKind};

/// A clock that stands still until it is moved. Sleeping takes no time.
#[derive(Debug)]
pub(crate) struct FakeClock(Mutex<SystemTime>);

impl FakeClock {
    /// A clock at `seconds` after the epoch.
    pub(crate) fn at(seconds: u64) -> Arc<Self> {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        Arc::new(Self(Mutex::new(time)))
    }

    pub(crate) fn advance(&self, seconds: u64) {
        *self.0.lock().unwrap() += Duration::from_secs(seconds);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap()
    }

    fn monotonic(&self) -> Duration {
        self.now().duration_since(SystemTime::UNIX_EPOCH).unwrap()
    }

    /// A limit of a second or more is never reached, a shorter pause is over at once.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        if duration >= Duration::from_secs(1) {
            Box::pin(std::future::pending())
        } else {
            Box::pin(std::future::ready(()))
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a future to its end on this thread.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => std::thread::park(),
        }
    }
}

/// A transport that gives prepared answers in their order and remembers the requests.
#[derive(Debug, Default)]
pub(crate) struct Script {
    date: Option<&'static str>,
    request_id: bool,
    answers: Mutex<VecDeque<Result<(u16, String), TransportErrorKind>>>,
    requests: Mutex<Vec<Request<Bytes>>>,
}

impl Script {
    pub(crate) fn new<T: Into<String>>(
        answers: impl IntoIterator<Item = Result<(u16, T), TransportErrorKind>>,
    ) -> Arc<Self> {
        Self::with_date(None, answers)
    }

    /// Answers with the `Date` of the service.
    pub(crate) fn with_date<T: Into<String>>(
        date: impl Into<Option<&'static str>>,
        answers: impl IntoIterator<Item = Result<(u16, T), TransportErrorKind>>,
    ) -> Arc<Self> {
        let answers = answers.into_iter();
        let answers = answers.map(|answer| answer.map(|(status, body)| (status, body.into())));
        Arc::new(Self {
            date: date.into(),
            request_id: true,
            answers: Mutex::new(answers.collect()),
            requests: Mutex::default(),
        })
    }

    /// Answers as a proxy does.
    pub(crate) fn without_request_id(self: Arc<Self>) -> Arc<Self> {
        let mut script = Arc::into_inner(self).expect("it is not in use");
        script.request_id = false;
        Arc::new(script)
    }

    /// The requests so far. Panics when an answer was not fetched.
    pub(crate) fn requests(&self) -> Vec<Request<Bytes>> {
        assert!(self.answers.lock().unwrap().is_empty(), "answers are left");
        std::mem::take(&mut self.requests.lock().unwrap())
    }
}

impl Transport for Script {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        self.requests.lock().unwrap().push(request);
        let answer = self
            .answers
            .lock()
            .unwrap()
            .pop_front()
            .expect("one more answer");
        Box::pin(std::future::ready(match answer {
            Ok((status, body)) => {
                let mut response = Response::builder().status(status);
                if let Some(date) = self.date {
                    response = response.header("date", date);
                }
                if self.request_id {
                    response = response.header("x-amzn-requestid", "r");
                }
                Ok(response.body(Bytes::from(body)).unwrap())
            }
            Err(kind) => Err(TransportError::new(kind, "scripted")),
        }))
    }
}
