//! Pages and items.

use tinsmith_client::Document;
use tinsmith_client::transport::mock::{MockResponse, MockTransport};
use tinsmith_kms::{Client, ListKeysRequest, ListKeysResponse};

use super::{client, clock, error};

/// A client whose ListKeys gives these pages, each of keys and the marker of the next.
async fn over(pages: &[(&[&str], &str)]) -> (Client, MockTransport) {
    let mock = MockTransport::new();
    for (keys, marker) in pages {
        let keys: Vec<String> = keys
            .iter()
            .map(|k| format!(r#"{{"KeyId":"{k}"}}"#))
            .collect();
        let marker = match *marker {
            "" => String::new(),
            marker => format!(r#","NextMarker":"{marker}","Truncated":true"#),
        };
        mock.on::<ListKeysRequest>()
            .json(format!(r#"{{"Keys":[{}]{marker}}}"#, keys.join(",")));
    }
    (client(&mock, &clock()).await, mock)
}

fn ids(page: ListKeysResponse) -> Vec<String> {
    let keys = page.keys.unwrap().into_iter();
    keys.map(|key| key.key_id.unwrap()).collect()
}

/// The marker of each request.
fn markers(mock: &MockTransport) -> Vec<Option<String>> {
    let requests = mock.requests();
    let markers = requests.iter().map(|request| {
        let body = std::str::from_utf8(request.body()).unwrap();
        let body: Document = body.parse().unwrap();
        let marker = body.as_object().unwrap().get("Marker");
        marker.map(|marker| marker.as_str().unwrap().to_owned())
    });
    markers.collect()
}

#[tokio::test]
async fn walks_page_by_page() {
    let (client, mock) = over(&[(&["a", "b"], "m1"), (&[], "m2"), (&["c"], "")]).await;
    let mut pages = client.list_keys_pages(ListKeysRequest::new().limit(2));
    let mut seen = Vec::new();
    while let Some(page) = pages.next().await {
        seen.push(ids(page.unwrap()));
    }
    assert_eq!(seen, [vec!["a", "b"], vec![], vec!["c"]]);
    assert_eq!(markers(&mock), [None, Some("m1".into()), Some("m2".into())]);
    // What the caller asked for goes out with every page.
    for request in mock.requests() {
        let body = std::str::from_utf8(request.body()).unwrap();
        assert!(body.contains(r#""Limit":2"#), "{body}");
    }
    assert!(pages.next().await.is_none());
    assert_eq!(mock.requests().len(), 3);
}

#[tokio::test]
async fn walks_items_over_empty_pages() {
    let (client, mock) = over(&[(&[], "m1"), (&["a", "b"], "m2"), (&[], "m3"), (&[], "")]).await;
    let mut items = client.list_keys_pages(ListKeysRequest::new()).items();
    assert_eq!(mock.requests().len(), 0);
    assert_eq!(items.next().await.unwrap().unwrap().key_id.unwrap(), "a");
    // No page is asked for before it is needed.
    assert_eq!(mock.requests().len(), 2);
    assert_eq!(items.next().await.unwrap().unwrap().key_id.unwrap(), "b");
    assert!(items.next().await.is_none());
    assert!(items.next().await.is_none());
    assert_eq!(mock.requests().len(), 4);
}

#[tokio::test]
async fn collects_all_items() {
    let (client, _) = over(&[(&["a"], "m1"), (&["b", "c"], "")]).await;
    let items = client.list_keys_pages(ListKeysRequest::new()).items();
    let all = items.collect().await.unwrap();
    let ids: Vec<_> = all.iter().filter_map(|key| key.key_id.as_deref()).collect();
    assert_eq!(ids, ["a", "b", "c"]);
}

#[tokio::test]
async fn a_walk_begins_where_the_request_says() {
    let (client, mock) = over(&[(&["a"], "")]).await;
    let request = ListKeysRequest::new().marker("here".to_owned());
    client
        .list_keys_pages(request)
        .next()
        .await
        .unwrap()
        .unwrap();
    assert_eq!(markers(&mock), [Some("here".into())]);
}

/// A service that gives the same token for ever gives no endless walk.
#[tokio::test]
async fn a_repeated_token_ends_the_walk() {
    let (client, mock) = over(&[(&["a"], "m"), (&["b"], "m")]).await;
    let items = client.list_keys_pages(ListKeysRequest::new()).items();
    assert_eq!(items.collect().await.unwrap().len(), 2);
    assert_eq!(mock.requests().len(), 2);

    // Nor does one whose tokens go round.
    let mut count = 0;
    mock.respond_with("ListKeys", move |_| {
        count += 1;
        assert!(count < 12, "the walk has no end");
        MockResponse::json(format!(r#"{{"Keys":[],"NextMarker":"m{}"}}"#, count % 3))
    });
    let items = client.list_keys_pages(ListKeysRequest::new()).items();
    assert!(items.collect().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_error_ends_the_walk() {
    let (client, mock) = over(&[(&["a", "b"], "m1")]).await;
    mock.on::<ListKeysRequest>()
        .error(400, "InvalidMarkerException", "too old");
    let mut items = client.list_keys_pages(ListKeysRequest::new()).items();
    // What came before the error is not lost.
    assert_eq!(items.next().await.unwrap().unwrap().key_id.unwrap(), "a");
    assert_eq!(items.next().await.unwrap().unwrap().key_id.unwrap(), "b");
    let failed = error(items.next().await.unwrap());
    assert_eq!(
        failed.to_string(),
        "ListKeys: InvalidMarkerException: too old (HTTP 400, 1 attempt)"
    );
    assert!(items.next().await.is_none());
    assert_eq!(mock.requests().len(), 2);
}

/// Each page is a call of its own, with its own attempts.
#[tokio::test]
async fn pages_are_retried() {
    let (client, mock) = over(&[(&["a"], "m1")]).await;
    mock.on::<ListKeysRequest>()
        .error(500, "KMSInternalException", "")
        .json(r#"{"Keys":[{"KeyId":"b"}]}"#);
    let items = client.list_keys_pages(ListKeysRequest::new()).items();
    assert_eq!(items.collect().await.unwrap().len(), 2);
    assert_eq!(markers(&mock), [None, Some("m1".into()), Some("m1".into())]);
}
