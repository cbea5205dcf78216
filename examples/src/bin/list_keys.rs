//! Lists all keys, page by page and item by item.

use tinsmith_kms::{Client, CreateKeyRequest, ListKeysRequest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let kms = Client::from_env().await?;
    for number in 1..=5 {
        let description = format!("example {number}");
        kms.create_key(CreateKeyRequest::new().description(description))
            .await?;
    }

    // At most two to a page, so that there are some. (moto gives all the keys at once.)
    let request = ListKeysRequest::new().limit(2);

    let mut pages = kms.list_keys_pages(request.clone());
    while let Some(page) = pages.next().await {
        println!("a page of {}", page?.keys.unwrap_or_default().len());
    }

    let mut count = 0;
    let mut keys = kms.list_keys_pages(request).items();
    while let Some(key) = keys.next().await {
        println!("{}", key?.key_arn.unwrap_or_default());
        count += 1;
    }
    println!("{count} keys");
    Ok(())
}
