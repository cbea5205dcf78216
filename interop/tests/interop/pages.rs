//! Pages, walked by boto3's paginator and by the client.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tinsmith_interop::boto3::Boto3;
use tinsmith_interop::moto::Moto;
use tinsmith_interop::python;
use tinsmith_interop::recorder::{CannedResponse, Recorder};
use tinsmith_interop::wire::Wire;
use tinsmith_kms::{
    CreateKeyRequest, DescribeCustomKeyStoresRequest, ListKeyRotationsRequest, ListKeysRequest,
    RotateKeyOnDemandRequest, RotationType,
};

use crate::client;

/// Three pages of key stores; the second one is empty.
fn pages() -> [CannedResponse; 3] {
    [
        CannedResponse::ok(&json!({
            "CustomKeyStores": [{"CustomKeyStoreId": "cks-1"}, {"CustomKeyStoreId": "cks-2"}],
            "NextMarker": "m/1+=",
            "Truncated": true,
        })),
        CannedResponse::ok(&json!({"CustomKeyStores": [], "NextMarker": "m2", "Truncated": true})),
        CannedResponse::ok(
            &json!({"CustomKeyStores": [{"CustomKeyStoreId": "cks-3"}], "Truncated": false}),
        ),
    ]
}

#[tokio::test]
async fn boto3_walks_the_same_pages() {
    let Some(python) = python::find() else { return };
    let mut boto3 = Boto3::start(&python).unwrap();
    let recorder = Recorder::start().unwrap();
    let kms = client(&recorder.url(), "eu-central-1").await;
    recorder.respond(pages());
    let theirs = boto3
        .pages(
            &recorder.url(),
            "kms",
            "DescribeCustomKeyStores",
            &json!({}),
        )
        .unwrap();
    let their_requests = recorder.take();

    recorder.respond(pages());
    let request = DescribeCustomKeyStoresRequest::new();
    let items = kms.describe_custom_key_stores_pages(request).items();
    let ours: Vec<Value> = items
        .collect()
        .await
        .unwrap()
        .into_iter()
        .map(|store| json!({"CustomKeyStoreId": store.custom_key_store_id}))
        .collect();
    let our_requests = recorder.take();

    assert_eq!(Value::from(ours), theirs["output"]["CustomKeyStores"]);
    assert_eq!(our_requests.len(), 3);
    let ours = our_requests.iter().map(Wire::of_ours);
    let ours: Vec<_> = ours.collect::<Result<_, _>>().unwrap();
    let theirs = their_requests.iter().map(Wire::of);
    let theirs: Vec<_> = theirs.collect::<Result<_, _>>().unwrap();
    assert_eq!(ours, theirs);
    assert_eq!(ours[1].body, json!({"Marker": "m/1+="}));
}

#[tokio::test]
async fn an_error_ends_the_walk() {
    let recorder = Recorder::start().unwrap();
    let kms = client(&recorder.url(), "eu-central-1").await;
    let [first, ..] = pages();
    let body = json!({"__type": "InvalidMarkerException"});
    recorder.respond([first, CannedResponse::new(400, body)]);
    let mut pages = kms.describe_custom_key_stores_pages(DescribeCustomKeyStoresRequest::new());
    assert!(pages.next().await.unwrap().is_ok());
    let error = pages.next().await.unwrap().unwrap_err();
    assert_eq!(error.code(), Some("InvalidMarkerException"));
    assert!(pages.next().await.is_none());
    assert_eq!(recorder.take().len(), 2);
}

/// Rotations are what moto gives in pages.
#[tokio::test]
async fn rotations_of_moto() {
    let Some(moto) = Moto::shared().unwrap() else {
        return;
    };
    let kms = client(&moto.url(), "eu-west-3").await;
    let key = kms.create_key(CreateKeyRequest::new()).await.unwrap();
    let key_id = key.key_metadata.unwrap().key_id;
    for _ in 0..5 {
        let rotated = kms.rotate_key_on_demand(RotateKeyOnDemandRequest::new(&key_id));
        assert_eq!(rotated.await.unwrap().key_id.as_ref(), Some(&key_id));
    }
    let request = ListKeyRotationsRequest::new(&key_id).limit(2);
    let mut pages = kms.list_key_rotations_pages(request.clone());
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        let rotations = page.rotations.unwrap();
        assert_eq!(page.truncated, page.next_marker.is_some());
        sizes.push(rotations.len());
    }
    assert_eq!(sizes, [2, 2, 1]);
    let all = kms.list_key_rotations_pages(request).items();
    let all = all.collect().await.unwrap();
    let dates: BTreeSet<_> = all.iter().map(|rotation| rotation.rotation_date).collect();
    assert_eq!((all.len(), dates.len()), (5, 5), "each once");
    let on_demand = Some(RotationType::OnDemand);
    assert!(
        all.iter()
            .all(|rotation| rotation.rotation_type == on_demand)
    );
}

/// One page with everything, its marker null.
#[tokio::test]
async fn keys_of_moto() {
    let Some(moto) = Moto::shared().unwrap() else {
        return;
    };
    let kms = client(&moto.url(), "eu-west-2").await;
    let mut created = BTreeSet::new();
    for _ in 0..3 {
        let key = kms.create_key(CreateKeyRequest::new()).await.unwrap();
        created.insert(key.key_metadata.unwrap().key_id);
    }
    let items = kms.list_keys_pages(ListKeysRequest::new()).items();
    let listed = items.collect().await.unwrap();
    let listed: BTreeSet<_> = listed.into_iter().map(|key| key.key_id.unwrap()).collect();
    assert_eq!(listed, created);
}
