//! Futures that are dropped.

use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tinsmith_client::transport::mock::{MockResponse, MockTransport};
use tinsmith_kms::{EncryptRequest, ListKeysRequest};

use super::{builder, client, clock, drive, manual_clock, poll, request};

const SECOND: Duration = Duration::from_secs(1);

/// Whether it waits for the response or for the next attempt, a dropped call sends nothing more.
#[test]
fn a_dropped_call_sends_nothing_more() {
    for (response, waits_for) in [
        (MockResponse::json("{}").after(9 * SECOND), "the response"),
        (MockResponse::error(429, "Any", ""), "the next attempt"),
    ] {
        let clock = manual_clock();
        let mock = MockTransport::with_clock(Arc::new(clock.clone()));
        mock.respond_with("Encrypt", move |_| response.clone());
        let builder = builder(&mock, &clock).attempt_timeout(60 * SECOND);
        let client = drive(builder.build(), &clock, SECOND).unwrap();
        let mut call = Box::pin(client.send(request()));
        assert!(poll(&mut call).is_pending(), "{waits_for}");
        drop(call);
        clock.advance(3600 * SECOND);
        assert_eq!(mock.requests().len(), 1, "{waits_for}");
        assert_eq!(clock.waiting(), 0, "{waits_for}");

        // The client is as good as before.
        mock.on::<EncryptRequest>().json("{}");
        assert!(drive(client.send(request()), &clock, SECOND).is_ok());
    }
}

#[tokio::test]
async fn a_future_that_nobody_polls_sends_nothing() {
    let (mock, clock) = (MockTransport::new(), clock());
    let client = client(&mock, &clock).await;
    drop(client.encrypt(request()));
    assert!(mock.requests().is_empty());
}

/// A page that was not waited for is asked for again; the walk does not look finished.
#[test]
fn a_dropped_page_is_not_the_last() {
    let clock = manual_clock();
    let mock = MockTransport::with_clock(Arc::new(clock.clone()));
    let page = MockResponse::json(r#"{"Keys":[{"KeyId":"k"}],"Truncated":false}"#);
    mock.on::<ListKeysRequest>()
        .respond(page.clone().after(9 * SECOND))
        .respond(page);
    let client = drive(builder(&mock, &clock).build(), &clock, SECOND).unwrap();
    let mut pages = client.list_keys_pages(ListKeysRequest::new());
    {
        let mut next = Box::pin(pages.next());
        assert!(poll(&mut next).is_pending());
    }
    let Poll::Ready(Some(Ok(page))) = poll(&mut Box::pin(pages.next())) else {
        panic!("no page");
    };
    assert_eq!(page.keys.unwrap().len(), 1);
    assert!(drive(pages.next(), &clock, SECOND).is_none());
}
