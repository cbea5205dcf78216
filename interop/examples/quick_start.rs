//! Makes a key, encrypts with it, decrypts again. Region, credentials and endpoint are those of the
//! environment and the shared config files.

use tinsmith_kms::{Client, CreateKeyRequest, DecryptRequest, EncryptRequest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let kms = Client::from_env().await?;
    let created = kms.create_key(CreateKeyRequest::new()).await?;
    let key_id = created.key_metadata.ok_or("no key")?.key_id;
    let sealed = kms
        .encrypt(EncryptRequest::new(&key_id, b"attack at dawn"))
        .await?;
    let request = DecryptRequest::new()
        .key_id(&key_id)
        .ciphertext_blob(sealed.ciphertext_blob);
    let opened = kms
        .decrypt(request)
        .await?
        .plaintext
        .ok_or("no plaintext")?;
    println!("{key_id}: {}", String::from_utf8_lossy(&opened));
    Ok(())
}
