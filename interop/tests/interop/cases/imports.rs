//! Imported key material.

use serde_json::json;
use tinsmith_kms::runtime::Timestamp;
use tinsmith_kms::{
    AlgorithmSpec, DeleteImportedKeyMaterialRequest, ExpirationModelType,
    GetParametersForImportRequest, ImportKeyMaterialRequest, ImportType, WrappingKeySpec,
};

use super::{Case, case};

const KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
const MATERIAL: &str = "0b7fd7ddbac6eef27907413567cad8c810e2883dc8a7534067a82ee1142fc1e6";

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            json!({
                "KeyId": KEY,
                "WrappingAlgorithm": "RSA_AES_KEY_WRAP_SHA_256",
                "WrappingKeySpec": "RSA_4096",
            }),
            GetParametersForImportRequest::new(
                KEY,
                AlgorithmSpec::RsaAesKeyWrapSha256,
                WrappingKeySpec::Rsa4096,
            ),
        ),
        case(
            json!({
                "KeyId": KEY,
                "ImportToken": {"$blob": "dG9rZW4="},
                "EncryptedKeyMaterial": {"$blob": "bWF0ZXJpYWw="},
                "ValidTo": {"$time": 1_893_456_000},
                "ExpirationModel": "KEY_MATERIAL_EXPIRES",
                "ImportType": "NEW_KEY_MATERIAL",
                "KeyMaterialDescription": "first",
                "KeyMaterialId": MATERIAL,
            }),
            ImportKeyMaterialRequest::new(KEY, b"token", b"material")
                .valid_to(Timestamp::parse_epoch_seconds("1893456000").unwrap())
                .expiration_model(ExpirationModelType::KeyMaterialExpires)
                .import_type(ImportType::NewKeyMaterial)
                .key_material_description("first")
                .key_material_id(MATERIAL),
        ),
        case(
            json!({"KeyId": KEY, "KeyMaterialId": MATERIAL}),
            DeleteImportedKeyMaterialRequest::new(KEY).key_material_id(MATERIAL),
        ),
    ]
}
