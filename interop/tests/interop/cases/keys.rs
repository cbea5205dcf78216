//! Keys, their aliases, tags, policies and rotation.

#![expect(deprecated, reason = "a member that AWS deprecated is still sent")]

use serde_json::json;
use tinsmith_kms::{
    CancelKeyDeletionRequest, CreateAliasRequest, CreateKeyRequest, CustomerMasterKeySpec,
    DeleteAliasRequest, DescribeKeyRequest, DisableKeyRequest, DisableKeyRotationRequest,
    EnableKeyRequest, EnableKeyRotationRequest, GetKeyLastUsageRequest, GetKeyPolicyRequest,
    GetKeyRotationStatusRequest, IncludeKeyMaterial, KeySpec, KeyUsageType, ListAliasesRequest,
    ListKeyPoliciesRequest, ListKeyRotationsRequest, ListKeysRequest, ListResourceTagsRequest,
    OriginType, PutKeyPolicyRequest, ReplicateKeyRequest, RotateKeyOnDemandRequest,
    ScheduleKeyDeletionRequest, Tag, TagResourceRequest, UntagResourceRequest, UpdateAliasRequest,
    UpdateKeyDescriptionRequest, UpdatePrimaryRegionRequest,
};

use super::{Case, case};

const KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": []}"#;

pub(super) fn cases() -> Vec<Case> {
    [lifecycle(), aliases(), tags_and_policies(), rotation()]
        .into_iter()
        .flatten()
        .collect()
}

fn lifecycle() -> Vec<Case> {
    let key = || json!({"KeyId": KEY});
    vec![
        case(json!({}), CreateKeyRequest::new()),
        case(
            json!({
                "Policy": POLICY,
                "Description": "",
                "KeyUsage": "SIGN_VERIFY",
                "CustomerMasterKeySpec": "RSA_2048",
                "KeySpec": "ECC_NIST_P256",
                "Origin": "AWS_CLOUDHSM",
                "CustomKeyStoreId": "cks-1234567890abcdef0",
                "BypassPolicyLockoutSafetyCheck": true,
                "Tags": [
                    {"TagKey": "Stufe", "TagValue": "größer"},
                    {"TagKey": "empty", "TagValue": ""},
                ],
                "MultiRegion": false,
                "XksKeyId": "bb8562717f809024",
            }),
            CreateKeyRequest::new()
                .policy(POLICY)
                .description("")
                .key_usage(KeyUsageType::SignVerify)
                .customer_master_key_spec(CustomerMasterKeySpec::Rsa2048)
                .key_spec(KeySpec::EccNistP256)
                .origin(OriginType::AwsCloudhsm)
                .custom_key_store_id("cks-1234567890abcdef0")
                .bypass_policy_lockout_safety_check(true)
                .tags([Tag::new("Stufe", "größer"), Tag::new("empty", "")])
                .multi_region(false)
                .xks_key_id("bb8562717f809024"),
        ),
        case(
            json!({"KeyId": KEY, "GrantTokens": []}),
            DescribeKeyRequest::new(KEY).grant_tokens(Vec::new()),
        ),
        case(key(), DisableKeyRequest::new(KEY)),
        case(key(), EnableKeyRequest::new(KEY)),
        case(key(), GetKeyLastUsageRequest::new(KEY)),
        case(
            json!({"Limit": 1, "Marker": "next"}),
            ListKeysRequest::new().limit(1).marker("next"),
        ),
        case(
            json!({"KeyId": KEY, "Description": "\u{0}\u{7f}\u{2028}\"\\/"}),
            UpdateKeyDescriptionRequest::new(KEY, "\u{0}\u{7f}\u{2028}\"\\/"),
        ),
        case(
            json!({
                "KeyId": "mrk-1234abcd12ab34cd56ef1234567890ab",
                "ReplicaRegion": "us-west-2",
                "Policy": POLICY,
                "BypassPolicyLockoutSafetyCheck": false,
                "Description": "replica",
                "Tags": [{"TagKey": "a", "TagValue": "b"}],
            }),
            ReplicateKeyRequest::new("mrk-1234abcd12ab34cd56ef1234567890ab", "us-west-2")
                .policy(POLICY)
                .bypass_policy_lockout_safety_check(false)
                .description("replica")
                .tags([Tag::new("a", "b")]),
        ),
        case(
            json!({"KeyId": KEY, "PrimaryRegion": "us-west-2"}),
            UpdatePrimaryRegionRequest::new(KEY, "us-west-2"),
        ),
        case(
            json!({"KeyId": KEY, "PendingWindowInDays": 7}),
            ScheduleKeyDeletionRequest::new(KEY).pending_window_in_days(7),
        ),
        case(key(), CancelKeyDeletionRequest::new(KEY)),
    ]
}

fn aliases() -> Vec<Case> {
    vec![
        case(
            json!({"AliasName": "alias/app", "TargetKeyId": KEY}),
            CreateAliasRequest::new("alias/app", KEY),
        ),
        case(
            json!({"AliasName": "alias/app", "TargetKeyId": KEY}),
            UpdateAliasRequest::new("alias/app", KEY),
        ),
        case(
            json!({"AliasName": "alias/app"}),
            DeleteAliasRequest::new("alias/app"),
        ),
        case(json!({}), ListAliasesRequest::new()),
        case(
            json!({"KeyId": KEY, "Limit": 100, "Marker": "next"}),
            ListAliasesRequest::new()
                .key_id(KEY)
                .limit(100)
                .marker("next"),
        ),
    ]
}

fn tags_and_policies() -> Vec<Case> {
    vec![
        case(
            json!({"KeyId": KEY, "Tags": [{"TagKey": "a", "TagValue": "b"}]}),
            TagResourceRequest::new(KEY, [Tag::new("a", "b")]),
        ),
        case(
            json!({"KeyId": KEY, "TagKeys": ["a", "b"]}),
            UntagResourceRequest::new(KEY, ["a".to_owned(), "b".to_owned()]),
        ),
        case(
            json!({"KeyId": KEY, "Limit": 50, "Marker": "next"}),
            ListResourceTagsRequest::new(KEY).limit(50).marker("next"),
        ),
        case(
            json!({"KeyId": KEY, "PolicyName": "default"}),
            GetKeyPolicyRequest::new(KEY).policy_name("default"),
        ),
        case(
            json!({
                "KeyId": KEY,
                "PolicyName": "default",
                "Policy": POLICY,
                "BypassPolicyLockoutSafetyCheck": true,
            }),
            PutKeyPolicyRequest::new(KEY, POLICY)
                .policy_name("default")
                .bypass_policy_lockout_safety_check(true),
        ),
        case(
            json!({"KeyId": KEY, "Limit": 5, "Marker": "next"}),
            ListKeyPoliciesRequest::new(KEY).limit(5).marker("next"),
        ),
    ]
}

fn rotation() -> Vec<Case> {
    vec![
        case(
            json!({"KeyId": KEY, "RotationPeriodInDays": 2560}),
            EnableKeyRotationRequest::new(KEY).rotation_period_in_days(2560),
        ),
        case(json!({"KeyId": KEY}), DisableKeyRotationRequest::new(KEY)),
        case(json!({"KeyId": KEY}), GetKeyRotationStatusRequest::new(KEY)),
        case(
            json!({
                "KeyId": KEY,
                "IncludeKeyMaterial": "ALL_KEY_MATERIAL",
                "Limit": 5,
                "Marker": "next",
            }),
            ListKeyRotationsRequest::new(KEY)
                .include_key_material(IncludeKeyMaterial::AllKeyMaterial)
                .limit(5)
                .marker("next"),
        ),
        case(json!({"KeyId": KEY}), RotateKeyOnDemandRequest::new(KEY)),
    ]
}
