//! Data keys, random bytes and shared secrets.

use serde_json::{Value, json};
use tinsmith_kms::{
    DataKeyPairSpec, DataKeySpec, DeriveSharedSecretRequest, GenerateDataKeyPairRequest,
    GenerateDataKeyPairWithoutPlaintextRequest, GenerateDataKeyRequest,
    GenerateDataKeyWithoutPlaintextRequest, GenerateRandomRequest, KeyAgreementAlgorithmSpec,
    KeyEncryptionMechanism, RecipientInfo,
};

use super::{Case, case};

const KEY: &str = "alias/app";

fn recipient() -> RecipientInfo {
    RecipientInfo::new()
        .key_encryption_algorithm(KeyEncryptionMechanism::RsaesOaepSha256)
        .attestation_document(b"doc")
}

fn recipient_json() -> Value {
    json!({
        "KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_256",
        "AttestationDocument": {"$blob": "ZG9j"},
    })
}

pub(super) fn cases() -> Vec<Case> {
    data_keys().into_iter().chain(others()).collect()
}

fn data_keys() -> Vec<Case> {
    vec![
        case(
            json!({
                "KeyId": KEY,
                "EncryptionContext": {"a": "1"},
                "NumberOfBytes": 1024,
                "KeySpec": "AES_256",
                "GrantTokens": ["one"],
                "Recipient": recipient_json(),
                "DryRun": true,
            }),
            GenerateDataKeyRequest::new(KEY)
                .encryption_context([("a", "1")])
                .number_of_bytes(1024)
                .key_spec(DataKeySpec::Aes256)
                .grant_tokens(["one".to_owned()])
                .recipient(recipient())
                .dry_run(true),
        ),
        case(
            json!({
                "KeyId": KEY,
                "EncryptionContext": {"a": "1"},
                "KeySpec": "AES_128",
                "NumberOfBytes": 1,
                "GrantTokens": ["one"],
                "DryRun": true,
            }),
            GenerateDataKeyWithoutPlaintextRequest::new(KEY)
                .encryption_context([("a", "1")])
                .key_spec(DataKeySpec::Aes128)
                .number_of_bytes(1)
                .grant_tokens(["one".to_owned()])
                .dry_run(true),
        ),
        case(
            json!({
                "EncryptionContext": {"a": "1"},
                "KeyId": KEY,
                "KeyPairSpec": "ECC_NIST_P521",
                "GrantTokens": ["one"],
                "Recipient": recipient_json(),
                "DryRun": true,
            }),
            GenerateDataKeyPairRequest::new(KEY, DataKeyPairSpec::EccNistP521)
                .encryption_context([("a", "1")])
                .grant_tokens(["one".to_owned()])
                .recipient(recipient())
                .dry_run(true),
        ),
        case(
            json!({
                "EncryptionContext": {"a": "1"},
                "KeyId": KEY,
                "KeyPairSpec": "RSA_4096",
                "GrantTokens": ["one"],
                "DryRun": true,
            }),
            GenerateDataKeyPairWithoutPlaintextRequest::new(KEY, DataKeyPairSpec::Rsa4096)
                .encryption_context([("a", "1")])
                .grant_tokens(["one".to_owned()])
                .dry_run(true),
        ),
    ]
}

fn others() -> Vec<Case> {
    vec![
        case(json!({}), GenerateRandomRequest::new()),
        case(
            json!({
                "NumberOfBytes": 32,
                "CustomKeyStoreId": "cks-1234567890abcdef0",
                "Recipient": recipient_json(),
            }),
            GenerateRandomRequest::new()
                .number_of_bytes(32)
                .custom_key_store_id("cks-1234567890abcdef0")
                .recipient(recipient()),
        ),
        case(
            json!({
                "KeyId": KEY,
                "KeyAgreementAlgorithm": "ECDH",
                "PublicKey": {"$blob": "a2V5"},
                "GrantTokens": ["one"],
                "DryRun": true,
                "Recipient": {},
            }),
            DeriveSharedSecretRequest::new(KEY, KeyAgreementAlgorithmSpec::Ecdh, b"key")
                .grant_tokens(["one".to_owned()])
                .dry_run(true)
                .recipient(RecipientInfo::new()),
        ),
    ]
}
