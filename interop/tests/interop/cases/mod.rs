//! The inputs of all operations, once as boto3 takes them and once as the client does.

mod crypto;
mod custom_key_stores;
mod grants;
mod imports;
mod keys;
mod secrets;

use std::future::Future;
use std::pin::Pin;

use serde_json::Value;
use tinsmith_kms::Client;
use tinsmith_kms::runtime::operation::Operation;

/// One call, in both forms.
pub(crate) struct Case {
    pub(crate) operation: &'static str,
    /// For boto3; see [`tinsmith_interop::boto3::Boto3`].
    pub(crate) input: Value,
    /// Sends the client's request. The error is its `Display`.
    pub(crate) send: Send,
}

type Send = Box<dyn FnOnce(Client) -> Pin<Box<dyn Future<Output = Result<(), String>>>>>;

fn case<O: Operation + 'static>(input: Value, request: O) -> Case {
    Case {
        operation: O::INFO.name,
        input,
        send: Box::new(|client| {
            Box::pin(async move {
                match client.send(request).await {
                    Ok(_) => Ok(()),
                    Err(error) => Err(error.to_string()),
                }
            })
        }),
    }
}

/// Every operation at least once, and every member of every input in one of its cases.
pub(crate) fn all() -> Vec<Case> {
    [
        custom_key_stores::cases(),
        keys::cases(),
        crypto::cases(),
        secrets::cases(),
        grants::cases(),
        imports::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
