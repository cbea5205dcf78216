//! The same inputs through boto3 and through the client: the requests must be the same.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use tinsmith_interop::boto3::Boto3;
use tinsmith_interop::python;
use tinsmith_interop::recorder::{CannedResponse, Recorder};
use tinsmith_interop::wire::Wire;
use tinsmith_kms::{
    ConnectionErrorCodeType, ConnectionStateType, DescribeCustomKeyStoresRequest,
    XksProxyConnectivityType,
};

use crate::{cases, client};

#[tokio::test]
async fn boto3_sends_the_same() {
    let Some(python) = python::find() else { return };
    let mut boto3 = Boto3::start(&python).unwrap();
    let recorder = Recorder::start().unwrap();
    let kms = client(&recorder.url(), "eu-central-1").await;
    // What the cases have of each operation's input.
    let mut covered: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for case in cases::all() {
        let name = case.operation;
        let outcome = boto3
            .call(&recorder.url(), "kms", name, &case.input)
            .unwrap();
        assert!(outcome.get("output").is_some(), "{name}: {outcome}");
        let theirs = recorder.take();
        (case.send)(kms.clone()).await.unwrap();
        let ours = recorder.take();
        assert_eq!((theirs.len(), ours.len()), (1, 1), "{name}");
        assert_eq!(
            Wire::of_ours(&ours[0]).unwrap(),
            Wire::of(&theirs[0]).unwrap(),
            "{name}: ours, then boto3's"
        );
        let members = case.input.as_object().unwrap().keys().cloned();
        covered.entry(name.to_owned()).or_default().extend(members);
    }
    let known = boto3.operations("kms").unwrap();
    assert_eq!(covered, known, "covered by cases, then known to boto3");
}

#[tokio::test]
async fn boto3_reads_the_same() {
    let Some(python) = python::find() else { return };
    let mut boto3 = Boto3::start(&python).unwrap();
    let recorder = Recorder::start().unwrap();
    let kms = client(&recorder.url(), "eu-central-1").await;
    recorder.respond([CannedResponse::ok(&json!({
        "Truncated": true,
        "NextMarker": "m",
        "FutureMember": [{"a": null}],
        "CustomKeyStores": [{
            "CustomKeyStoreId": "cks-1",
            "CustomKeyStoreName": "größer",
            "ConnectionState": "FAILED",
            "ConnectionErrorCode": "FUTURE_REASON",
            "CreationDate": 1.599288695918E9,
            "TrustAnchorCertificate": null,
            "XksProxyConfiguration": {
                "Connectivity": "PUBLIC_ENDPOINT",
                "AccessKeyId": "AKID",
                "UriEndpoint": "https://proxy.example",
            },
        }],
    }))]);
    let theirs = boto3
        .call(
            &recorder.url(),
            "kms",
            "DescribeCustomKeyStores",
            &json!({}),
        )
        .unwrap();
    let theirs = &theirs["output"];
    let ours = kms
        .describe_custom_key_stores(DescribeCustomKeyStoresRequest::new())
        .await
        .unwrap();
    assert_eq!(Some(ours.truncated), theirs["Truncated"].as_bool());
    assert_eq!(ours.next_marker.as_deref(), theirs["NextMarker"].as_str());
    let [ours] = &ours.custom_key_stores.unwrap()[..] else {
        panic!("one store")
    };
    let theirs = &theirs["CustomKeyStores"][0];
    let text = |name: &str| theirs[name].as_str();
    assert_eq!(
        ours.custom_key_store_id.as_deref(),
        text("CustomKeyStoreId")
    );
    assert_eq!(
        ours.custom_key_store_name.as_deref(),
        text("CustomKeyStoreName")
    );
    assert_eq!(ours.trust_anchor_certificate, None);
    assert_eq!(theirs.get("TrustAnchorCertificate"), None);
    assert_eq!(ours.connection_state, Some(ConnectionStateType::Failed));
    assert_eq!(text("ConnectionState"), Some("FAILED"));
    let future = ConnectionErrorCodeType::Unknown("FUTURE_REASON".to_owned());
    assert_eq!(ours.connection_error_code, Some(future));
    assert_eq!(text("ConnectionErrorCode"), Some("FUTURE_REASON"));
    let created = ours.creation_date.unwrap().epoch_seconds().to_string();
    assert_eq!(created, theirs["CreationDate"]["$time"].to_string());
    let proxy = ours.xks_proxy_configuration.as_ref().unwrap();
    assert_eq!(
        proxy.connectivity,
        Some(XksProxyConnectivityType::PublicEndpoint)
    );
    let theirs = &theirs["XksProxyConfiguration"];
    assert_eq!(
        proxy.uri_endpoint.as_deref(),
        theirs["UriEndpoint"].as_str()
    );
    let access_key_id = proxy.access_key_id.as_ref().map(|id| id.as_str());
    assert_eq!(access_key_id, theirs["AccessKeyId"].as_str());
}
