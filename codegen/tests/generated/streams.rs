//! Streams of events, over a transport that responses from memory.

use std::time::SystemTime;

use tinsmith_kitchen_sink::runtime::bytes::Bytes;
use tinsmith_kitchen_sink::runtime::clock::VirtualClock;
use tinsmith_kitchen_sink::runtime::environment::Environment;
use tinsmith_kitchen_sink::runtime::error::Error;
use tinsmith_kitchen_sink::runtime::event_stream::{HeaderValue, encode};
use tinsmith_kitchen_sink::runtime::transport::mock::{
    MockResponse, MockTransport, error_message, event, exception, initial_response,
};
use tinsmith_kitchen_sink::runtime::transport::{Transport, TransportError, TransportErrorKind};
use tinsmith_kitchen_sink::runtime::{BoxFuture, Timestamp, http, operation};
use tinsmith_kitchen_sink::{
    Client, Grade, OneAnswer, OvenEvents, OvenEventsError, Size, TailOvenRequest, WatchOvenError,
    WatchOvenRequest, WatchOvenResponse,
};

use crate::{failure, output};

async fn client(transport: impl Transport) -> Client {
    Client::builder()
        .environment(Environment::empty())
        .transport(transport)
        .clock(VirtualClock::new(SystemTime::UNIX_EPOCH))
        .anonymous()
        .region("eu-central-1".to_owned())
        .endpoint_url("https://kitchen.example.com".to_owned())
        .build()
        .await
        .unwrap()
}

/// What the client makes of an answer with these parts.
async fn watch(parts: Vec<Bytes>) -> WatchOvenResponse {
    let mock = MockTransport::new();
    mock.on::<WatchOvenRequest>().messages(parts);
    let request = WatchOvenRequest::new("left");
    client(mock).await.watch_oven(request).await.unwrap()
}

/// The event of one message.
async fn read(message: Bytes) -> OvenEvents {
    let mut answer = watch(vec![initial_response("{}"), message]).await;
    let event = answer.events.next().await.unwrap().unwrap();
    assert!(answer.events.next().await.is_none());
    event
}

fn bound(name: &str, headers: &[(&str, HeaderValue<'_>)], payload: &str) -> Bytes {
    let types = [
        (":message-type", HeaderValue::String("event")),
        (":event-type", HeaderValue::String(name)),
    ];
    encode(&[&types, headers].concat(), payload.as_bytes()).unwrap()
}

#[tokio::test]
async fn the_output_comes_before_its_events() {
    let whole = [
        initial_response(r#"{"session":"s-1","size":"small","events":{"later":[]}}"#),
        event("reading", r#"{"degrees":180.5,"at":12}"#),
        event("pause", ""),
        event("pause", r#"{"later":1}"#),
        event("done", "{}"),
    ];
    for length in [1, 50, 10_000] {
        let mock = MockTransport::new();
        let parts = whole.concat();
        let response = MockResponse::stream(parts.chunks(length).map(<[u8]>::to_vec));
        mock.on::<WatchOvenRequest>().respond(response);
        let response = client(mock.clone())
            .await
            .send(WatchOvenRequest::new("left"))
            .await
            .unwrap();
        let mut answer = response.output;
        assert_eq!(
            (answer.session.as_str(), answer.size),
            ("s-1", Some(Size::Small))
        );
        let Some(Ok(OvenEvents::Reading(reading))) = answer.events.next().await else {
            panic!("no reading");
        };
        assert_eq!(reading.degrees, 180.5);
        assert_eq!(reading.at, Some(Timestamp::from_secs(12)));
        for _ in 0..2 {
            let event = answer.events.next().await.unwrap();
            assert_eq!(event.unwrap(), OvenEvents::Pause);
        }
        let event = answer.events.next().await.unwrap();
        assert!(matches!(event, Ok(OvenEvents::Done(_))), "{event:?}");
        assert!(answer.events.next().await.is_none());
        assert_eq!(
            mock.on::<WatchOvenRequest>().requests()[0].body(),
            r#"{"oven":"left"}"#
        );
    }
}

#[tokio::test]
async fn members_that_stand_in_headers() {
    let headers = [
        ("flag", HeaderValue::Boolean(true)),
        ("tiny", HeaderValue::Byte(-1)),
        ("small", HeaderValue::Short(-2)),
        ("whole", HeaderValue::Integer(-3)),
        ("wide", HeaderValue::Long(-4)),
        ("bytes", HeaderValue::ByteArray(b"\x00\xff")),
        ("text", HeaderValue::String("é")),
        ("at", HeaderValue::Timestamp(1_500)),
        ("size", HeaderValue::String("gigantic")),
        ("grade", HeaderValue::Integer(77)),
        ("word", HeaderValue::String("hunter2")),
        ("plan", HeaderValue::String("grill")),
        ("later", HeaderValue::Uuid([7; 16])),
    ];
    let event = read(bound("labels", &headers, "not looked at")).await;
    assert!(!format!("{event:?}").contains("hunter2"), "{event:?}");
    let OvenEvents::Labels(labels) = event else {
        panic!("{event:?}");
    };
    assert_eq!(labels.flag, Some(true));
    assert_eq!((labels.tiny, labels.small), (Some(-1), Some(-2)));
    assert_eq!((labels.whole, labels.wide), (-3, Some(-4)));
    assert_eq!(labels.bytes.as_deref(), Some(&b"\x00\xff"[..]));
    assert_eq!(labels.text.as_deref(), Some("é"));
    assert_eq!(labels.at, Timestamp::new(1, 500_000_000));
    assert_eq!(labels.size, Size::Unknown("gigantic".to_owned()));
    assert_eq!(labels.grade, Some(Grade::Unknown(77)));
    assert_eq!(labels.word.unwrap().as_str(), "hunter2");
    assert_eq!(labels.plan, "grill");

    // Those that are missing are corrected like the members of any response.
    let event = read(bound("labels", &[], "")).await;
    let OvenEvents::Labels(labels) = event else {
        panic!("{event:?}");
    };
    assert_eq!((labels.flag, labels.whole), (None, 0));
    assert_eq!(labels.size, Size::Unknown(String::new()));
    assert_eq!(labels.plan, "bake");
}

#[tokio::test]
async fn members_that_are_the_payload() {
    let png = [("format", HeaderValue::String("png"))];
    let event = read(bound("picture", &png, "\u{0}{")).await;
    let OvenEvents::Picture(picture) = event else {
        panic!("{event:?}");
    };
    assert_eq!(
        (picture.format.as_str(), &*picture.image),
        ("png", &b"\0{"[..])
    );
    let event = read(bound("note", &[], "\"plain\"")).await;
    let OvenEvents::Note(note) = event else {
        panic!("{event:?}");
    };
    assert_eq!(note.text.as_deref(), Some("\"plain\""));
    let maker = [("maker", HeaderValue::String("m"))];
    let event = read(bound("dish", &maker, r#"{"yes":"y"}"#)).await;
    let OvenEvents::Dish(dish) = event else {
        panic!("{event:?}");
    };
    assert_eq!(
        (dish.maker.as_deref(), dish.choice),
        (Some("m"), OneAnswer::Yes("y".into()))
    );
}

#[tokio::test]
async fn members_in_headers_beside_a_document() {
    let chapter = [("chapter", HeaderValue::String("c"))];
    let event = read(bound("book", &chapter, r#"{"lines":["a"],"chapter":"no"}"#)).await;
    let OvenEvents::Book(book) = event else {
        panic!("{event:?}");
    };
    assert_eq!((book.page, book.chapter.as_deref()), (1, Some("c")));
    assert_eq!(book.lines, ["a"]);
    let page = [("page", HeaderValue::Integer(9))];
    let event = read(bound("book", &page, "")).await;
    let OvenEvents::Book(book) = event else {
        panic!("{event:?}");
    };
    assert_eq!((book.page, book.chapter), (9, None));
    assert!(book.lines.is_empty());
}

#[tokio::test]
async fn events_that_do_not_fit_the_model() {
    for message in [
        bound("labels", &[("whole", HeaderValue::Long(1))], ""),
        bound("labels", &[("size", HeaderValue::ByteArray(b"small"))], ""),
        bound("book", &[("page", HeaderValue::String("1"))], "{}"),
        bound("dish", &[], "{}"),
        event("reading", r#"{"degrees":"hunter2"}"#),
        event("reading", "{} hunter2"),
        event("done", "["),
        event("note", b"\xffhunter2"),
    ] {
        let mut answer = watch(vec![initial_response("{}"), message, event("pause", "")]).await;
        let error = answer.events.next().await.unwrap().unwrap_err();
        assert!(matches!(error, Error::Response(_)), "{error:?}");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        assert!(answer.events.next().await.is_none());
    }
}

#[tokio::test]
async fn an_event_that_is_not_known_keeps_what_it_holds() {
    let headers = [("n", HeaderValue::Byte(1))];
    let event = read(bound("later", &headers, "hunter2")).await;
    assert_eq!(format!("{event:?}"), r#"Unknown(UnknownEvent("later"))"#);
    let OvenEvents::Unknown(unknown) = event else {
        panic!("{event:?}");
    };
    assert_eq!(unknown.name(), "later");
    assert_eq!(unknown.message().header("n"), Some(HeaderValue::Byte(1)));
    assert_eq!(unknown.message().payload(), b"hunter2");
}

#[tokio::test]
async fn errors_of_the_stream() {
    let error = async |message| {
        let mut answer = watch(vec![initial_response("{}"), message]).await;
        let error = answer.events.next().await.unwrap().unwrap_err();
        assert!(answer.events.next().await.is_none());
        error
    };
    // By the name of the union's member, which need not be the error's own.
    let broken = error(exception("broken", r#"{"message":"pop","degrees":400}"#)).await;
    assert_eq!(
        broken.to_string(),
        "WatchOven: OvenBroken: pop (HTTP 200, 1 attempt)"
    );
    let Some(OvenEventsError::OvenBroken(broken)) = broken.service() else {
        panic!("{broken:?}");
    };
    assert_eq!(broken.degrees, Some(400));
    let unreadable = error(exception("broken", r#"{"message":"pop","degrees":"hot"}"#)).await;
    let Some(OvenEventsError::OvenBroken(broken)) = unreadable.service() else {
        panic!("{unreadable:?}");
    };
    let found = (broken.message.as_deref(), broken.degrees);
    assert_eq!(found, (Some("pop"), None));
    let busy = error(exception("BusyException", "{}")).await;
    assert!(
        matches!(busy.service(), Some(OvenEventsError::Busy(_))),
        "{busy:?}"
    );
    let other = error(exception("NotFoundException", r#"{"message":"m"}"#)).await;
    assert_eq!(other.code(), Some("NotFoundException"));
    let Some(OvenEventsError::Unhandled(unhandled)) = other.service() else {
        panic!("{other:?}");
    };
    assert_eq!(unhandled.message.as_deref(), Some("m"));
    let internal = error(error_message("InternalError", "it failed")).await;
    assert_eq!(
        internal.to_string(),
        "WatchOven: InternalError: it failed (HTTP 200, 1 attempt)"
    );
}

#[tokio::test]
async fn a_stream_that_breaks_off() {
    for (kind, is_timeout) in [
        (TransportErrorKind::Io, false),
        (TransportErrorKind::ReadTimeout, true),
    ] {
        let mock = MockTransport::new();
        let parts = [initial_response("{}"), event("pause", "")];
        mock.on::<WatchOvenRequest>()
            .respond(MockResponse::stream(parts).then_fail(kind));
        let request = WatchOvenRequest::new("left");
        let mut answer = client(mock).await.watch_oven(request).await.unwrap();
        assert!(answer.events.next().await.unwrap().is_ok());
        let error = answer.events.next().await.unwrap().unwrap_err();
        assert_eq!(matches!(error, Error::Timeout(_)), is_timeout, "{error:?}");
        assert_eq!(
            matches!(error, Error::Connection(_)),
            !is_timeout,
            "{error:?}"
        );
        assert!(answer.events.next().await.is_none());
    }
}

#[tokio::test]
async fn a_stream_that_breaks_off_before_it_began_is_asked_for_again() {
    let mock = MockTransport::new();
    let none: [Bytes; 0] = [];
    mock.on::<WatchOvenRequest>()
        .respond(MockResponse::stream(none).then_fail(TransportErrorKind::Io))
        .error(500, "InternalError", "again")
        .messages([initial_response(r#"{"session":"s-3"}"#)]);
    let request = WatchOvenRequest::new("left");
    let response = client(mock.clone()).await.send(request).await.unwrap();
    assert_eq!(
        (response.attempts, response.output.session.as_str()),
        (3, "s-3")
    );
    assert_eq!(mock.unused(), 0);
}

#[tokio::test]
async fn an_output_of_nothing_but_a_stream() {
    let mock = MockTransport::new();
    mock.on::<TailOvenRequest>()
        .messages([initial_response("{}"), event("pause", "")])
        .messages([event("pause", "")])
        .json("");
    let client = client(mock).await;
    for events in [1, 1, 0] {
        let mut answer = client.tail_oven(TailOvenRequest::new()).await.unwrap();
        let mut count = 0;
        while let Some(event) = answer.r#type.next().await {
            assert_eq!(event.unwrap(), OvenEvents::Pause);
            count += 1;
        }
        assert_eq!(count, events);
    }
}

/// Without a transport, the body holds the whole stream.
#[tokio::test]
async fn a_stream_can_be_read_from_memory() {
    let mut answer = output::<WatchOvenRequest>("");
    assert_eq!(answer.session, "");
    assert!(answer.events.next().await.is_none());
    let messages = [initial_response(r#"{"session":"s-1"}"#), event("pause", "")];
    let response = http::Response::new(Bytes::from(messages.concat()));
    let Ok(mut answer) = operation::read::<WatchOvenRequest>(&response) else {
        panic!("it is not read");
    };
    assert_eq!(answer.session, "s-1");
    let event = answer.events.next().await.unwrap();
    assert_eq!(event.unwrap(), OvenEvents::Pause);
    assert!(answer.events.next().await.is_none());

    let (error, metadata) = failure::<WatchOvenRequest>(
        404,
        &[],
        r#"{"__type":"NotFoundException","message":"no oven"}"#,
    );
    assert!(matches!(error, WatchOvenError::NotFound(_)), "{error:?}");
    assert_eq!(metadata.status, 404);
}

#[derive(Debug)]
struct OnlyWhole;

impl Transport for OnlyWhole {
    fn send(
        &self,
        _: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        panic!("a stream is asked for");
    }
}

#[tokio::test]
async fn a_transport_that_cannot_stream_says_so() {
    let request = WatchOvenRequest::new("left");
    let error = client(OnlyWhole).await.send(request).await.unwrap_err();
    let Error::Connection(failed) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(failed.cause().kind(), TransportErrorKind::Unsupported);
    assert!(error.to_string().contains("send_streaming"), "{error}");
    assert_eq!(error.attempts(), 1);
}

#[test]
#[should_panic(expected = "WatchOven cannot read this response: expected a string")]
fn the_mock_checks_the_initial_response() {
    MockTransport::new()
        .on::<WatchOvenRequest>()
        .messages([initial_response(r#"{"session":1}"#)]);
}

#[tokio::test]
async fn debug_shows_no_events() {
    let answer = watch(vec![
        initial_response("{}"),
        event("secret", r#"{"code":1234567}"#),
    ])
    .await;
    let text = format!("{answer:?}");
    assert!(
        text.contains("events: EventStream { ended: false, .. }"),
        "{text}"
    );
    assert!(!text.contains("1234567"), "{text}");
}
