//! The life of a secret, which no log shows.

use serde_json::json;
use tinsmith_secretsmanager::{
    Client, CreateSecretRequest, DeleteSecretRequest, Filter, FilterNameStringType,
    GetSecretValueError, GetSecretValueRequest, ListSecretsRequest, PutSecretValueRequest, Tag,
};

use crate::{Twin, is_now, moto};

#[tokio::test]
async fn a_secret_from_creation_to_deletion() {
    let Some((secrets, _moto)) = moto(Client::builder()).await else {
        return;
    };
    let request = CreateSecretRequest::new("db/password")
        .description("größer")
        .secret_string("hunter-1")
        .tags([Tag::new().key("a").value("1")]);
    assert!(!format!("{request:?}").contains("hunter"), "{request:?}");
    let created = secrets.create_secret(request).await.unwrap();
    assert_eq!(created.name.as_deref(), Some("db/password"));
    let arn = created.arn.unwrap();

    let get = || secrets.get_secret_value(GetSecretValueRequest::new(&arn));
    let first = get().await.unwrap();
    assert_eq!(
        first.secret_string.as_deref().map(String::as_str),
        Some("hunter-1")
    );
    assert_eq!(first.version_id, created.version_id);
    assert!(is_now(first.created_date.unwrap()), "{first:?}");
    assert!(!format!("{first:?}").contains("hunter"), "{first:?}");

    let put = PutSecretValueRequest::new("db/password").secret_binary(b"hunter\xff");
    let put = secrets.put_secret_value(put).await.unwrap();
    assert_eq!(put.version_stages, Some(vec!["AWSCURRENT".to_owned()]));
    let second = get().await.unwrap();
    assert_eq!(
        second.secret_binary.as_deref().map(Vec::as_slice),
        Some(&b"hunter\xff"[..])
    );
    assert_eq!(second.secret_string, None);
    assert_eq!(second.version_id, put.version_id);
    assert_ne!(second.version_id, first.version_id);
    let previous = GetSecretValueRequest::new(&arn).version_stage("AWSPREVIOUS");
    let previous = secrets.get_secret_value(previous).await.unwrap();
    assert_eq!(previous.secret_string, first.secret_string);

    let delete = DeleteSecretRequest::new(&arn).force_delete_without_recovery(true);
    let deleted = secrets.delete_secret(delete).await.unwrap();
    assert!(is_now(deleted.deletion_date.unwrap()), "{deleted:?}");
    let error = get().await.unwrap_err();
    let Some(GetSecretValueError::ResourceNotFound(shape)) = error.service() else {
        panic!("{error:?}");
    };
    let message = shape.message.as_deref().unwrap();
    assert!(
        message.contains("can't find the specified secret"),
        "{message}"
    );
}

#[tokio::test]
async fn a_list_in_pages() {
    let Some((secrets, _moto)) = moto(Client::builder()).await else {
        return;
    };
    let names = ["list/1", "list/2", "list/3"];
    for name in names {
        let request = CreateSecretRequest::new(name).secret_string(name);
        secrets.create_secret(request).await.unwrap();
    }
    let filter = Filter::new()
        .key(FilterNameStringType::Name)
        .values(["list/".to_owned()]);
    let request = ListSecretsRequest::new().filters([filter]).max_results(2);
    let page = secrets.list_secrets(request.clone()).await.unwrap();
    assert_eq!(page.secret_list.unwrap().len(), 2);
    assert!(page.next_token.is_some());
    let listed = secrets.list_secrets_pages(request).items().collect().await;
    let listed = listed.unwrap();
    let listed: Vec<_> = listed
        .iter()
        .filter_map(|entry| entry.name.as_deref())
        .collect();
    assert_eq!(listed, names);
}

#[tokio::test]
async fn boto3_sends_the_same() {
    let Some((secrets, twin)) = Twin::of("secretsmanager", Client::builder()).await else {
        return;
    };
    // Both make a token when none is given.
    let token = "0123456789abcdef0123456789abcdef";
    let request = CreateSecretRequest::new("a")
        .client_request_token(token)
        .secret_binary(b"\x00")
        .force_overwrite_replica_secret(false);
    secrets.create_secret(request).await.unwrap();
    let input = json!({
        "Name": "a",
        "ClientRequestToken": token,
        "SecretBinary": {"$blob": "AA=="},
        "ForceOverwriteReplicaSecret": false,
    });
    twin.sends("CreateSecret", &input);

    let request = DeleteSecretRequest::new("a").recovery_window_in_days(7);
    secrets.delete_secret(request).await.unwrap();
    twin.sends(
        "DeleteSecret",
        &json!({"SecretId": "a", "RecoveryWindowInDays": 7}),
    );
}
