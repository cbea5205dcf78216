//! Encryption, signatures and MACs.

use serde_json::json;
use tinsmith_kms::{
    DecryptRequest, DryRunModifierType, EncryptRequest, EncryptionAlgorithmSpec,
    GenerateMacRequest, GetPublicKeyRequest, KeyEncryptionMechanism, MacAlgorithmSpec, MessageType,
    ReEncryptRequest, RecipientInfo, SignRequest, SigningAlgorithmSpec, VerifyMacRequest,
    VerifyRequest,
};

use super::{Case, case};

const KEY: &str = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

pub(super) fn cases() -> Vec<Case> {
    encryption().into_iter().chain(signatures()).collect()
}

fn encryption() -> Vec<Case> {
    vec![
        case(
            json!({
                "KeyId": KEY,
                "Plaintext": {"$blob": "AAECA/v8/f7/"},
                "EncryptionContext": {"b": "2", "a": "1", "": "é\n"},
                "GrantTokens": ["token+/="],
                "EncryptionAlgorithm": "RSAES_OAEP_SHA_256",
                "DryRun": true,
            }),
            EncryptRequest::new(KEY, [0, 1, 2, 3, 0xfb, 0xfc, 0xfd, 0xfe, 0xff])
                .encryption_context([("b", "2"), ("a", "1"), ("", "é\n")])
                .grant_tokens(["token+/=".to_owned()])
                .encryption_algorithm(EncryptionAlgorithmSpec::RsaesOaepSha256)
                .dry_run(true),
        ),
        case(json!({}), DecryptRequest::new()),
        case(
            json!({
                "CiphertextBlob": {"$blob": "c2VhbGVk"},
                "EncryptionContext": {},
                "GrantTokens": ["one", "two"],
                "KeyId": KEY,
                "EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
                "Recipient": {
                    "KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_256",
                    "AttestationDocument": {"$blob": "ZG9j"},
                },
                "DryRun": false,
                "DryRunModifiers": ["IGNORE_CIPHERTEXT"],
            }),
            DecryptRequest::new()
                .ciphertext_blob(b"sealed")
                .encryption_context([] as [(&str, &str); 0])
                .grant_tokens(["one".to_owned(), "two".to_owned()])
                .key_id(KEY)
                .encryption_algorithm(EncryptionAlgorithmSpec::SymmetricDefault)
                .recipient(
                    RecipientInfo::new()
                        .key_encryption_algorithm(KeyEncryptionMechanism::RsaesOaepSha256)
                        .attestation_document(b"doc"),
                )
                .dry_run(false)
                .dry_run_modifiers([DryRunModifierType::IgnoreCiphertext]),
        ),
        case(
            json!({
                "CiphertextBlob": {"$blob": "c2VhbGVk"},
                "SourceEncryptionContext": {"from": "here"},
                "SourceKeyId": KEY,
                "DestinationKeyId": "alias/there",
                "DestinationEncryptionContext": {"to": "there"},
                "SourceEncryptionAlgorithm": "SM2PKE",
                "DestinationEncryptionAlgorithm": "RSAES_OAEP_SHA_1",
                "GrantTokens": ["one"],
                "DryRun": true,
                "DryRunModifiers": ["IGNORE_CIPHERTEXT"],
            }),
            ReEncryptRequest::new("alias/there")
                .ciphertext_blob(b"sealed")
                .source_encryption_context([("from", "here")])
                .source_key_id(KEY)
                .destination_encryption_context([("to", "there")])
                .source_encryption_algorithm(EncryptionAlgorithmSpec::Sm2pke)
                .destination_encryption_algorithm(EncryptionAlgorithmSpec::RsaesOaepSha1)
                .grant_tokens(["one".to_owned()])
                .dry_run(true)
                .dry_run_modifiers([DryRunModifierType::IgnoreCiphertext]),
        ),
        case(
            json!({"KeyId": KEY, "GrantTokens": ["one"]}),
            GetPublicKeyRequest::new(KEY).grant_tokens(["one".to_owned()]),
        ),
    ]
}

fn signatures() -> Vec<Case> {
    vec![
        case(
            json!({
                "KeyId": KEY,
                "Message": {"$blob": "bWVzc2FnZQ=="},
                "MessageType": "DIGEST",
                "GrantTokens": ["one"],
                "SigningAlgorithm": "ECDSA_SHA_256",
                "DryRun": true,
            }),
            SignRequest::new(KEY, b"message", SigningAlgorithmSpec::EcdsaSha256)
                .message_type(MessageType::Digest)
                .grant_tokens(["one".to_owned()])
                .dry_run(true),
        ),
        case(
            json!({
                "KeyId": KEY,
                "Message": {"$blob": "bWVzc2FnZQ=="},
                "MessageType": "RAW",
                "Signature": {"$blob": "c2lnbmF0dXJl"},
                // An algorithm that the model does not know goes out as it is.
                "SigningAlgorithm": "FUTURE_SHA_9000",
                "GrantTokens": ["one"],
                "DryRun": true,
            }),
            VerifyRequest::new(
                KEY,
                b"message",
                b"signature",
                SigningAlgorithmSpec::from("FUTURE_SHA_9000"),
            )
            .message_type(MessageType::Raw)
            .grant_tokens(["one".to_owned()])
            .dry_run(true),
        ),
        case(
            json!({
                "Message": {"$blob": "bQ=="},
                "KeyId": KEY,
                "MacAlgorithm": "HMAC_SHA_384",
                "GrantTokens": ["one"],
                "DryRun": true,
            }),
            GenerateMacRequest::new(b"m", KEY, MacAlgorithmSpec::HmacSha384)
                .grant_tokens(["one".to_owned()])
                .dry_run(true),
        ),
        case(
            json!({
                "Message": {"$blob": "bQ=="},
                "KeyId": KEY,
                "MacAlgorithm": "HMAC_SHA_512",
                "Mac": {"$blob": "bWFj"},
                "GrantTokens": ["one"],
                "DryRun": true,
            }),
            VerifyMacRequest::new(b"m", KEY, MacAlgorithmSpec::HmacSha512, b"mac")
                .grant_tokens(["one".to_owned()])
                .dry_run(true),
        ),
    ]
}
