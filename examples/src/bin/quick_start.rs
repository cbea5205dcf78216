//! Makes a key, encrypts with it, decrypts again. Region, credentials and endpoint are those of the
//! environment and the shared config files.

use tinsmith_kms::{Client, CreateKeyRequest, DecryptRequest, EncryptRequest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let kms = Client::from_env().await?;
    let key = kms.create_key(CreateKeyRequest::new()).await?;
    let key = key.key_metadata.ok_or("no key")?.key_id;
    let request = EncryptRequest::new(&key, b"attack at dawn");
    let sealed = kms.encrypt(request).await?.ciphertext_blob;
    let request = DecryptRequest::new().ciphertext_blob(sealed);
    let opened = kms.decrypt(request).await?.plaintext;
    let opened = opened.ok_or("no plaintext")?;
    println!("{key}: {}", String::from_utf8_lossy(&opened));
    Ok(())
}
