//! Encrypts a file with a data key, and decrypts it again.
//!
//! The data key is kept beside the file, encrypted by KMS. KMS itself takes 4,096 bytes at most and
//! never sees the file, which may be of any size that fits into memory.

use std::error::Error;
use std::path::Path;
use std::{env, fs, process};

use aes_gcm::aead::{Aead, Generate, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use tinsmith_kms::{Client, CreateKeyRequest, DataKeySpec, DecryptRequest, GenerateDataKeyRequest};

/// KMS opens the data key only for whoever names the same context. It shows up in logs.
const CONTEXT: [(&str, &str); 1] = [("purpose", "backup")];

/// The length of a nonce of AES-GCM in bytes.
const NONCE: usize = 12;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let kms = Client::from_env().await?;
    let key = kms.create_key(CreateKeyRequest::new()).await?;
    let key = key.key_metadata.ok_or("no key")?.key_id;

    let folder = env::temp_dir().join(format!("tinsmith-example-{}", process::id()));
    fs::create_dir_all(&folder)?;
    let [plain, sealed, opened] = ["plain", "sealed", "opened"].map(|name| folder.join(name));
    fs::write(&plain, "attack at dawn\n".repeat(1000))?;

    seal(&kms, &key, &plain, &sealed).await?;
    open(&kms, &sealed, &opened).await?;

    let (before, between) = (fs::read(&plain)?, fs::read(&sealed)?);
    if fs::read(&opened)? != before {
        return Err("the file came back changed".into());
    }
    println!("{} bytes, sealed in {}", before.len(), between.len());
    fs::remove_dir_all(folder)?;
    Ok(())
}

/// Writes to `to`: the length of the sealed data key, that key, a nonce, the ciphertext.
async fn seal(kms: &Client, key_id: &str, from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    let request = GenerateDataKeyRequest::new(key_id)
        .key_spec(DataKeySpec::Aes256)
        .encryption_context(CONTEXT);
    let response = kms.generate_data_key(request).await?;
    let sealed_key = response.ciphertext_blob.ok_or("no sealed data key")?;
    // `data_key` and `cipher` wipe what they hold when they go.
    let data_key = response.plaintext.ok_or("no data key")?;
    let cipher = Aes256Gcm::new_from_slice(&data_key)?;
    drop(data_key);

    let nonce = Nonce::generate();
    // The sealed key is authenticated with the file, so that it cannot be replaced by another.
    let payload = Payload {
        msg: &fs::read(from)?,
        aad: &sealed_key,
    };
    let encrypted = cipher.encrypt(&nonce, payload)?;

    let length = u16::try_from(sealed_key.len())?.to_be_bytes();
    let parts = [&length[..], &sealed_key, &nonce, &encrypted];
    fs::write(to, parts.concat())?;
    Ok(())
}

/// The way back: KMS opens the data key, the data key opens the file.
async fn open(kms: &Client, from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    const SHORT: &str = "the file is cut short";
    let file = fs::read(from)?;
    let (length, rest) = file.split_first_chunk().ok_or(SHORT)?;
    let length = usize::from(u16::from_be_bytes(*length));
    let (sealed_key, rest) = rest.split_at_checked(length).ok_or(SHORT)?;
    let (nonce, encrypted) = rest.split_first_chunk::<NONCE>().ok_or(SHORT)?;

    let request = DecryptRequest::new()
        .ciphertext_blob(sealed_key)
        .encryption_context(CONTEXT);
    let data_key = kms.decrypt(request).await?.plaintext;
    let cipher = Aes256Gcm::new_from_slice(&data_key.ok_or("no data key")?)?;

    let payload = Payload {
        msg: encrypted,
        aad: sealed_key,
    };
    let decrypted = cipher.decrypt(&Nonce::from(*nonce), payload)?;
    fs::write(to, decrypted)?;
    Ok(())
}
