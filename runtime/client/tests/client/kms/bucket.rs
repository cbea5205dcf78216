//! The token bucket: shared by the clones of a client, emptied by retries, healed by successes.

use tinsmith_client::transport::mock::{MockResponse, MockTransport};
use tinsmith_kms::EncryptRequest;

use super::{builder, client, clock, error, request};

/// 500 tokens are 35 retries at 14; each call takes two.
#[tokio::test]
async fn a_storm_empties_the_bucket_and_successes_heal_it() {
    let (mock, clock) = (MockTransport::new(), clock());
    let client = client(&mock, &clock).await;
    mock.respond_with("Encrypt", |_| MockResponse::error(503, "Any", ""));
    let mut attempts = Vec::new();
    for call in 0..20 {
        // Clones share the bucket.
        let clone = client.clone();
        let client = if call % 2 == 0 { &client } else { &clone };
        attempts.push(error(client.send(request()).await).attempts());
    }
    let expected = [[3; 17].as_slice(), &[2, 1, 1]].concat();
    assert_eq!(attempts, expected);

    // 10 tokens are left. Four successes make 14, which is one retry, which pays for itself.
    for _ in 0..4 {
        assert_eq!(error(client.send(request()).await).attempts(), 1);
        mock.on::<EncryptRequest>().json("{}");
        assert_eq!(client.send(request()).await.unwrap().attempts, 1);
    }
    for _ in 0..3 {
        mock.on::<EncryptRequest>().error(503, "Any", "").json("{}");
        assert_eq!(client.send(request()).await.unwrap().attempts, 2);
    }
    assert_eq!(error(client.send(request()).await).attempts(), 2);
    assert_eq!(error(client.send(request()).await).attempts(), 1);
}

/// Throttling takes less, so that more of it is sat out.
#[tokio::test]
async fn throttling_takes_five() {
    let (mock, clock) = (MockTransport::new(), clock());
    let client = client(&mock, &clock).await;
    mock.respond_with("Encrypt", |_| MockResponse::error(429, "Any", ""));
    for _ in 0..50 {
        assert_eq!(error(client.send(request()).await).attempts(), 3);
    }
    assert_eq!(error(client.send(request()).await).attempts(), 1);
}

#[tokio::test]
async fn other_clients_have_buckets_of_their_own() {
    let (mock, clock) = (MockTransport::new(), clock());
    mock.respond_with("Encrypt", |_| MockResponse::error(503, "Any", ""));
    for _ in 0..2 {
        let client = builder(&mock, &clock).build().await.unwrap();
        for _ in 0..17 {
            assert_eq!(error(client.send(request()).await).attempts(), 3);
        }
    }
}
