//! Grants.

use serde_json::json;
use tinsmith_kms::{
    CreateGrantRequest, GrantConstraints, GrantOperation, ListGrantsRequest,
    ListRetirableGrantsRequest, RetireGrantRequest, RevokeGrantRequest,
};

use super::{Case, case};

const KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
const GRANT: &str = "91ad875e49b04a9d1f3bdeb84d821f9db6ea95e1098813f6d47f0c65fbe2a172";
const ROLE: &str = "arn:aws:iam::111122223333:role/app";
const SERVICE: &str = "cloudtrail.amazonaws.com";

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            json!({
                "KeyId": KEY,
                "GranteePrincipal": ROLE,
                "RetiringPrincipal": ROLE,
                "Operations": ["Decrypt", "GenerateDataKey", "ReEncryptFrom"],
                "Constraints": {
                    "EncryptionContextSubset": {"a": "1"},
                    "EncryptionContextEquals": {"a": "1", "b": "2"},
                    "SourceArn": "arn:aws:s3:::a-bucket",
                },
                "GrantTokens": ["one"],
                "Name": "for:app",
                "DryRun": true,
                "GranteeServicePrincipal": SERVICE,
                "RetiringServicePrincipal": SERVICE,
            }),
            CreateGrantRequest::new(
                KEY,
                [
                    GrantOperation::Decrypt,
                    GrantOperation::GenerateDataKey,
                    GrantOperation::ReEncryptFrom,
                ],
            )
            .grantee_principal(ROLE)
            .retiring_principal(ROLE)
            .constraints(
                GrantConstraints::new()
                    .encryption_context_subset([("a", "1")])
                    .encryption_context_equals([("a", "1"), ("b", "2")])
                    .source_arn("arn:aws:s3:::a-bucket"),
            )
            .grant_tokens(["one".to_owned()])
            .name("for:app")
            .dry_run(true)
            .grantee_service_principal(SERVICE)
            .retiring_service_principal(SERVICE),
        ),
        case(
            json!({
                "Limit": 10,
                "Marker": "next",
                "KeyId": KEY,
                "GrantId": GRANT,
                "GranteePrincipal": ROLE,
                "GranteeServicePrincipal": SERVICE,
            }),
            ListGrantsRequest::new(KEY)
                .limit(10)
                .marker("next")
                .grant_id(GRANT)
                .grantee_principal(ROLE)
                .grantee_service_principal(SERVICE),
        ),
        case(
            json!({
                "Limit": 10,
                "Marker": "next",
                "RetiringPrincipal": ROLE,
                "RetiringServicePrincipal": SERVICE,
            }),
            ListRetirableGrantsRequest::new()
                .limit(10)
                .marker("next")
                .retiring_principal(ROLE)
                .retiring_service_principal(SERVICE),
        ),
        case(
            json!({"GrantToken": "token", "KeyId": KEY, "GrantId": GRANT, "DryRun": true}),
            RetireGrantRequest::new()
                .grant_token("token")
                .key_id(KEY)
                .grant_id(GRANT)
                .dry_run(true),
        ),
        case(
            json!({"KeyId": KEY, "GrantId": GRANT, "DryRun": false}),
            RevokeGrantRequest::new(KEY, GRANT).dry_run(false),
        ),
    ]
}
