//! What keys are for, on moto's server.

use tinsmith_interop::moto::Moto;
use tinsmith_kms::{
    CreateKeyRequest, DataKeySpec, DecryptError, DecryptRequest, EncryptRequest,
    GenerateDataKeyRequest, GenerateDataKeyWithoutPlaintextRequest, GenerateMacError,
    GenerateMacRequest, GenerateRandomRequest, GetPublicKeyRequest, KeySpec, KeyUsageType,
    MacAlgorithmSpec, ReEncryptRequest, SignRequest, SigningAlgorithmSpec, VerifyMacError,
    VerifyMacRequest, VerifyRequest,
};

use crate::client;
use crate::story::create;

#[tokio::test]
async fn encryption_with_context() {
    let Some(moto) = Moto::shared().unwrap() else {
        return;
    };
    let kms = client(&moto.url(), "us-east-1").await;
    let key = create(&kms, CreateKeyRequest::new()).await;
    let other = create(&kms, CreateKeyRequest::new()).await;
    let plaintext: Vec<u8> = (0..=255).collect();
    let context = [("tenant", "größer"), ("purpose", "test")];
    let request = EncryptRequest::new(&key.key_id, plaintext.clone()).encryption_context(context);
    let sealed = kms.encrypt(request).await.unwrap();
    assert_eq!(sealed.key_id, key.arn);
    let sealed = sealed.ciphertext_blob.unwrap();
    assert_ne!(sealed, plaintext);
    // The order of a context's members does not matter.
    let request = DecryptRequest::new()
        .ciphertext_blob(sealed.clone())
        .encryption_context([context[1], context[0]]);
    let opened = kms.decrypt(request).await.unwrap();
    assert_eq!(*opened.plaintext.unwrap(), plaintext);
    assert_eq!(opened.key_id, key.arn);

    let without = DecryptRequest::new().ciphertext_blob(sealed.clone());
    let error = kms.decrypt(without).await.unwrap_err();
    assert!(
        matches!(error.service(), Some(DecryptError::InvalidCiphertext(_))),
        "{error:?}"
    );

    let request = ReEncryptRequest::new(&other.key_id)
        .ciphertext_blob(sealed)
        .source_encryption_context(context);
    let moved = kms.re_encrypt(request).await.unwrap();
    assert_eq!(
        (moved.source_key_id, moved.key_id),
        (key.arn, other.arn.clone())
    );
    let request = DecryptRequest::new().ciphertext_blob(moved.ciphertext_blob);
    let opened = kms.decrypt(request).await.unwrap();
    assert_eq!(
        (*opened.plaintext.unwrap() == plaintext, opened.key_id),
        (true, other.arn)
    );
}

#[tokio::test]
async fn data_keys_and_random_bytes() {
    let Some(moto) = Moto::shared().unwrap() else {
        return;
    };
    let kms = client(&moto.url(), "us-east-2").await;
    let key = create(&kms, CreateKeyRequest::new()).await.key_id;
    let request = GenerateDataKeyRequest::new(&key)
        .key_spec(DataKeySpec::Aes256)
        .encryption_context([("a", "b")]);
    let data_key = kms.generate_data_key(request).await.unwrap();
    let plaintext = data_key.plaintext.unwrap();
    assert_eq!(plaintext.len(), 32);
    let request = DecryptRequest::new()
        .ciphertext_blob(data_key.ciphertext_blob)
        .encryption_context([("a", "b")]);
    assert_eq!(
        kms.decrypt(request).await.unwrap().plaintext.unwrap(),
        plaintext
    );

    let request = GenerateDataKeyWithoutPlaintextRequest::new(&key).number_of_bytes(64);
    let sealed = kms
        .generate_data_key_without_plaintext(request)
        .await
        .unwrap();
    let request = DecryptRequest::new().ciphertext_blob(sealed.ciphertext_blob);
    assert_eq!(
        kms.decrypt(request).await.unwrap().plaintext.unwrap().len(),
        64
    );

    let request = GenerateRandomRequest::new().number_of_bytes(1024);
    let random = kms
        .generate_random(request)
        .await
        .unwrap()
        .plaintext
        .unwrap();
    assert_eq!(random.len(), 1024);

    // Neither a spec nor a number: an error that the model does not list.
    let error = kms
        .generate_data_key(GenerateDataKeyRequest::new(&key))
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("ValidationException"));
    let request_id = error.request_id().unwrap();
    assert_eq!(
        error.to_string(),
        format!(
            "GenerateDataKey: ValidationException: Please specify either number of bytes or key \
             spec. (HTTP 400, request id {request_id}, 1 attempt)"
        )
    );
}

#[tokio::test]
async fn verifies_signatures() {
    let Some(moto) = Moto::shared().unwrap() else {
        return;
    };
    let kms = client(&moto.url(), "us-west-1").await;
    let request = CreateKeyRequest::new()
        .key_usage(KeyUsageType::SignVerify)
        .key_spec(KeySpec::EccNistP256);
    let key = create(&kms, request).await;
    let algorithm = SigningAlgorithmSpec::EcdsaSha256;
    assert_eq!(key.signing_algorithms, Some(vec![algorithm.clone()]));
    let key = key.key_id;
    let signed = kms
        .sign(SignRequest::new(&key, b"message", algorithm.clone()))
        .await
        .unwrap();
    assert_eq!(signed.signing_algorithm.as_ref(), Some(&algorithm));
    let signature = signed.signature.unwrap();
    for (message, valid) in [(b"message", true), (b"massage", false)] {
        let request = VerifyRequest::new(&key, message, signature.clone(), algorithm.clone());
        assert_eq!(kms.verify(request).await.unwrap().signature_valid, valid);
    }
    let public = kms
        .get_public_key(GetPublicKeyRequest::new(&key))
        .await
        .unwrap();
    assert_eq!(public.key_usage, Some(KeyUsageType::SignVerify));
    // A SubjectPublicKeyInfo is a DER sequence.
    assert_eq!(public.public_key.unwrap()[0], 0x30);
}

#[tokio::test]
async fn verifies_macs() {
    let Some(moto) = Moto::shared().unwrap() else {
        return;
    };
    let kms = client(&moto.url(), "us-west-2").await;
    let request = CreateKeyRequest::new()
        .key_usage(KeyUsageType::GenerateVerifyMac)
        .key_spec(KeySpec::Hmac256);
    let key = create(&kms, request).await.key_id;
    let algorithm = MacAlgorithmSpec::HmacSha256;
    let made = kms.generate_mac(GenerateMacRequest::new(b"message", &key, algorithm.clone()));
    let mac = made.await.unwrap().mac.unwrap();
    assert_eq!(mac.len(), 32);
    let verify = |message: &[u8]| {
        kms.verify_mac(VerifyMacRequest::new(
            message.to_vec(),
            &key,
            algorithm.clone(),
            mac.clone(),
        ))
    };
    assert!(verify(b"message").await.unwrap().mac_valid);
    let error = verify(b"massage").await.unwrap_err();
    assert!(
        matches!(error.service(), Some(VerifyMacError::KmsInvalidMac(_))),
        "{error:?}"
    );

    let wrong = create(&kms, CreateKeyRequest::new()).await.key_id;
    let request = GenerateMacRequest::new(b"message", wrong, algorithm.clone());
    let error = kms.generate_mac(request).await.unwrap_err();
    assert!(
        matches!(error.service(), Some(GenerateMacError::InvalidKeyUsage(_))),
        "{error:?}"
    );
}
