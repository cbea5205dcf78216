//! Signs a message, and verifies the signature of it and of a forgery.

use tinsmith_kms::{
    Client, CreateKeyRequest, Error, KeySpec, KeyUsageType, SignRequest, SigningAlgorithmSpec,
    VerifyError, VerifyRequest,
};

const ALGORITHM: SigningAlgorithmSpec = SigningAlgorithmSpec::EcdsaSha256;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let kms = Client::from_env().await?;
    let request = CreateKeyRequest::new()
        .key_spec(KeySpec::EccNistP256)
        .key_usage(KeyUsageType::SignVerify);
    let key = kms.create_key(request).await?;
    let key = key.key_metadata.ok_or("no key")?.key_id;

    // Up to 4,096 bytes; of anything longer sign the digest, with `MessageType::Digest`.
    let request = SignRequest::new(&key, b"pay 10 to Ada", ALGORITHM);
    let signature = kms.sign(request).await?.signature.ok_or("no signature")?;

    for message in ["pay 10 to Ada", "pay 99 to Eve"] {
        let valid = verify(&kms, &key, message, &signature).await?;
        let verdict = if valid { "signed" } else { "forged" };
        println!("{message}: {verdict}");
    }
    Ok(())
}

/// KMS returns an error for an invalid signature. This function returns `false` instead.
async fn verify(
    kms: &Client,
    key: &str,
    message: &str,
    signature: &[u8],
) -> Result<bool, Error<VerifyError>> {
    let request = VerifyRequest::new(key, message.as_bytes(), signature, ALGORITHM);
    match kms.verify(request).await {
        Ok(response) => Ok(response.signature_valid),
        Err(error) => match error.service() {
            Some(VerifyError::KmsInvalidSignature(_)) => Ok(false),
            _ => Err(error),
        },
    }
}
