//! The life of keys on moto's server.

use std::time::{Duration, SystemTime};

use tinsmith_interop::moto::Moto;
use tinsmith_kms::runtime::Timestamp;
use tinsmith_kms::{
    CancelKeyDeletionRequest, Client, CreateAliasRequest, CreateGrantRequest, CreateKeyRequest,
    DeleteAliasRequest, DescribeCustomKeyStoresRequest, DescribeKeyError, DescribeKeyRequest,
    DisableKeyRequest, DisableKeyRotationRequest, EnableKeyRequest, EnableKeyRotationRequest,
    GetKeyPolicyRequest, GetKeyRotationStatusRequest, GrantConstraints, GrantOperation,
    KeyMetadata, KeyState, KeyUsageType, ListAliasesRequest, ListGrantsRequest,
    ListResourceTagsRequest, ListRetirableGrantsRequest, PutKeyPolicyRequest, RetireGrantRequest,
    RevokeGrantRequest, ScheduleKeyDeletionRequest, Tag, TagResourceRequest, UntagResourceRequest,
    UpdateAliasRequest, UpdateKeyDescriptionRequest,
};

use crate::client;

pub(crate) async fn create(kms: &Client, request: CreateKeyRequest) -> KeyMetadata {
    kms.create_key(request).await.unwrap().key_metadata.unwrap()
}

async fn describe(kms: &Client, key: &str) -> KeyMetadata {
    let response = kms.describe_key(DescribeKeyRequest::new(key)).await;
    response.unwrap().key_metadata.unwrap()
}

/// Whether a time is the given number of days from now, give or take an hour.
fn is_in_days(time: Timestamp, days: u32) -> bool {
    let time = SystemTime::try_from(time).unwrap();
    let from_now = time.duration_since(SystemTime::now()).unwrap_or_default();
    from_now.abs_diff(Duration::from_secs(86_400) * days) < Duration::from_secs(3600)
}

#[tokio::test]
async fn a_key_from_creation_to_deletion() {
    let Some(moto) = Moto::shared().unwrap() else {
        return;
    };
    let kms = client(&moto.url(), "eu-central-1").await;
    // moto, unlike KMS, has no default for the usage.
    let request = CreateKeyRequest::new()
        .description("größer \"1\"")
        .key_usage(KeyUsageType::EncryptDecrypt);
    let created = create(&kms, request).await;
    let key = &created.key_id;
    assert_eq!(created.description.as_deref(), Some("größer \"1\""));
    assert_eq!(created.key_state, Some(KeyState::Enabled));
    assert_eq!(created.key_usage, Some(KeyUsageType::EncryptDecrypt));
    assert!(created.enabled);
    assert!(is_in_days(created.creation_date.unwrap(), 0));
    // By id and by ARN.
    assert_eq!(describe(&kms, key).await, created);
    assert_eq!(
        describe(&kms, created.arn.as_deref().unwrap()).await,
        created
    );

    let update = UpdateKeyDescriptionRequest::new(key, "another");
    kms.update_key_description(update).await.unwrap();
    assert_eq!(
        describe(&kms, key).await.description.as_deref(),
        Some("another")
    );

    kms.disable_key(DisableKeyRequest::new(key)).await.unwrap();
    assert_eq!(
        describe(&kms, key).await.key_state,
        Some(KeyState::Disabled)
    );
    kms.enable_key(EnableKeyRequest::new(key)).await.unwrap();

    let request = ScheduleKeyDeletionRequest::new(key).pending_window_in_days(7);
    let scheduled = kms.schedule_key_deletion(request).await.unwrap();
    assert!(
        is_in_days(scheduled.deletion_date.unwrap(), 7),
        "{scheduled:?}"
    );
    let pending = describe(&kms, key).await;
    assert_eq!(pending.key_state, Some(KeyState::PendingDeletion));
    assert!(!pending.enabled);
    assert!(is_in_days(pending.deletion_date.unwrap(), 7), "{pending:?}");
    let cancelled = kms
        .cancel_key_deletion(CancelKeyDeletionRequest::new(key))
        .await;
    assert_eq!(cancelled.unwrap().key_id.as_ref(), Some(key));
    assert_eq!(describe(&kms, key).await.deletion_date, None);
}

#[tokio::test]
async fn creates_updates_and_deletes_aliases() {
    let Some(moto) = Moto::shared().unwrap() else {
        return;
    };
    let kms = client(&moto.url(), "eu-west-1").await;
    let first = create(&kms, CreateKeyRequest::new()).await.key_id;
    let second = create(&kms, CreateKeyRequest::new()).await.key_id;
    let alias = "alias/app";
    kms.create_alias(CreateAliasRequest::new(alias, &first))
        .await
        .unwrap();
    assert_eq!(describe(&kms, alias).await.key_id, first);
    let again = kms
        .create_alias(CreateAliasRequest::new(alias, &first))
        .await;
    assert_eq!(again.unwrap_err().code(), Some("AlreadyExistsException"));

    kms.update_alias(UpdateAliasRequest::new(alias, &second))
        .await
        .unwrap();
    assert_eq!(describe(&kms, alias).await.key_id, second);
    let request = ListAliasesRequest::new().key_id(&second);
    let listed = kms.list_aliases(request).await.unwrap().aliases.unwrap();
    let [entry] = &listed[..] else {
        panic!("{listed:?}")
    };
    assert_eq!(entry.alias_name.as_deref(), Some(alias));
    assert_eq!(entry.target_key_id.as_ref(), Some(&second));

    kms.delete_alias(DeleteAliasRequest::new(alias))
        .await
        .unwrap();
    let gone = kms
        .describe_key(DescribeKeyRequest::new(alias))
        .await
        .unwrap_err();
    assert!(
        matches!(gone.service(), Some(DescribeKeyError::NotFound(_))),
        "{gone:?}"
    );
}

#[tokio::test]
async fn creates_revokes_and_retires_grants() {
    let Some(moto) = Moto::shared().unwrap() else {
        return;
    };
    let kms = client(&moto.url(), "ca-central-1").await;
    let key = create(&kms, CreateKeyRequest::new()).await.key_id;
    let [app, admin] =
        ["app", "admin"].map(|name| format!("arn:aws:iam::123456789012:role/{name}"));
    let operations = vec![GrantOperation::Encrypt, GrantOperation::ReEncryptTo];
    let constraints = GrantConstraints::new().encryption_context_equals([("a", "b")]);
    let request = CreateGrantRequest::new(&key, operations.clone())
        .grantee_principal(&app)
        .retiring_principal(&admin)
        .constraints(constraints.clone())
        .name("for the app");
    let first = kms.create_grant(request).await.unwrap();
    let request = CreateGrantRequest::new(&key, [GrantOperation::Decrypt]).grantee_principal(&app);
    let second = kms.create_grant(request).await.unwrap();

    let listed = kms
        .list_grants(ListGrantsRequest::new(&key))
        .await
        .unwrap()
        .grants
        .unwrap();
    assert_eq!(listed.len(), 2);
    let grant = listed
        .iter()
        .find(|grant| grant.grant_id == first.grant_id)
        .unwrap();
    assert_eq!(grant.grantee_principal.as_ref(), Some(&app));
    assert_eq!(grant.name.as_deref(), Some("for the app"));
    assert_eq!(grant.operations.as_ref(), Some(&operations));
    assert_eq!(grant.constraints.as_ref(), Some(&constraints));
    let retirable = ListRetirableGrantsRequest::new().retiring_principal(&admin);
    let retirable = kms
        .list_retirable_grants(retirable)
        .await
        .unwrap()
        .grants
        .unwrap();
    assert_eq!(retirable.len(), 1);

    let second_id = second.grant_id.unwrap();
    kms.revoke_grant(RevokeGrantRequest::new(&key, &second_id))
        .await
        .unwrap();
    let again = kms
        .revoke_grant(RevokeGrantRequest::new(&key, &second_id))
        .await;
    assert_eq!(again.unwrap_err().code(), Some("NotFoundException"));
    let retire = RetireGrantRequest::new().grant_token(first.grant_token);
    kms.retire_grant(retire).await.unwrap();
    let listed = kms.list_grants(ListGrantsRequest::new(&key)).await.unwrap();
    assert_eq!(listed.grants, Some(Vec::new()));
}

#[tokio::test]
async fn tags_policy_and_rotation() {
    let Some(moto) = Moto::shared().unwrap() else {
        return;
    };
    let kms = client(&moto.url(), "sa-east-1").await;
    let key = create(&kms, CreateKeyRequest::new().tags([Tag::new("a", "1")]))
        .await
        .key_id;
    let more = [Tag::new("b", "größer"), Tag::new("c", "")];
    kms.tag_resource(TagResourceRequest::new(&key, more))
        .await
        .unwrap();
    let untag = UntagResourceRequest::new(&key, ["a".to_owned()]);
    kms.untag_resource(untag).await.unwrap();
    let tags = kms
        .list_resource_tags(ListResourceTagsRequest::new(&key))
        .await
        .unwrap();
    assert_eq!(
        tags.tags,
        Some(vec![Tag::new("b", "größer"), Tag::new("c", "")])
    );
    assert_eq!((tags.truncated, tags.next_marker), (false, None));

    let policy = r#"{"Version": "2012-10-17", "Statement": [{"Sid": "\"é\""}]}"#;
    kms.put_key_policy(PutKeyPolicyRequest::new(&key, policy).policy_name("default"))
        .await
        .unwrap();
    let request = GetKeyPolicyRequest::new(&key).policy_name("default");
    let found = kms.get_key_policy(request).await.unwrap();
    assert_eq!(found.policy.as_deref(), Some(policy));

    let status = || kms.get_key_rotation_status(GetKeyRotationStatusRequest::new(&key));
    assert!(!status().await.unwrap().key_rotation_enabled);
    kms.enable_key_rotation(EnableKeyRotationRequest::new(&key))
        .await
        .unwrap();
    assert!(status().await.unwrap().key_rotation_enabled);
    kms.disable_key_rotation(DisableKeyRotationRequest::new(&key))
        .await
        .unwrap();
    assert!(!status().await.unwrap().key_rotation_enabled);
}

#[tokio::test]
async fn what_moto_refuses() {
    let Some(moto) = Moto::shared().unwrap() else {
        return;
    };
    let kms = client(&moto.url(), "ap-south-1").await;
    let key = "00000000-0000-0000-0000-000000000000";
    let error = kms
        .describe_key(DescribeKeyRequest::new(key))
        .await
        .unwrap_err();
    assert!(
        matches!(error.service(), Some(DescribeKeyError::NotFound(_))),
        "{error:?}"
    );
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    let text = error.to_string();
    assert!(
        text.starts_with("DescribeKey: NotFoundException: Key 'arn:aws:kms:"),
        "{text}"
    );

    // An alias that names nobody's key, then one that is no alias: not in the model's list.
    let key = create(&kms, CreateKeyRequest::new()).await.key_id;
    let error = kms
        .create_alias(CreateAliasRequest::new("app", &key))
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("ValidationException"));

    // moto has no custom key stores, and says so otherwise than AWS would.
    let error = kms
        .describe_custom_key_stores(DescribeCustomKeyStoresRequest::new())
        .await
        .unwrap_err();
    assert!(error.service().is_some(), "{error:?}");
    assert!(!error.to_string().contains('\n'), "{error}");
}
