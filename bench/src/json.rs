//! Reading and writing JSON, beside serde_json with derived implementations of the same types.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tinsmith_client::operation::{Operation as _, RequestParts, ResponseParts};
use tinsmith_client::{bytes::Bytes, http};
use tinsmith_items::{GetItemRequest, PutItemRequest};
use tinsmith_kms::ListKeysRequest;

use crate::Result;
use crate::answers::Operation;
use crate::measure::{Table, times_of};

/// Rounds of which the median counts.
const ROUNDS: usize = 21;

/// The types of ListKeys's response as one writes them for serde.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Keys {
    keys: Option<Vec<Key>>,
    truncated: Option<bool>,
    next_marker: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Key {
    key_id: Option<String>,
    key_arn: Option<String>,
}

/// A DynamoDB item in the same way.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Item {
    item: BTreeMap<String, Value>,
}

#[derive(Deserialize, Serialize)]
enum Value {
    S(String),
    N(String),
    #[serde(rename = "SS")]
    Texts(Vec<String>),
    M(BTreeMap<String, Value>),
    L(Vec<Value>),
    #[serde(rename = "NULL")]
    Null(bool),
    #[serde(rename = "BOOL")]
    Bool(bool),
}

/// The table.
pub fn table() -> Result<Table> {
    let mut table = Table::new(
        "json",
        "Reading and writing JSON, one thread",
        &[
            "what",
            "bytes",
            "Tinsmith, MB/s",
            "serde_json, MB/s",
            "ratio",
        ],
    );
    let response = Operation::ListKeys.answer();
    let keys = response.body();
    let ours = || {
        let output = ListKeysRequest::read_response(ResponseParts::of(&response))?;
        assert!(output.keys.is_some());
        Ok(())
    };
    let serde = || {
        let output: Keys = serde_json::from_slice(keys)?;
        assert!(output.keys.is_some());
        Ok(())
    };
    add(
        &mut table,
        "reading ListKeys, 1,000 entries",
        keys.len(),
        ours,
        serde,
    )?;

    for kilobytes in [1, 10, 400] {
        let text = item(kilobytes * 1000);
        items(&mut table, &text, &format!("an item, {kilobytes} KB"))?;
    }
    Ok(table)
}

/// Reading and writing an item.
fn items(table: &mut Table, text: &str, what: &str) -> Result<()> {
    let response = http::Response::new(Bytes::copy_from_slice(text.as_bytes()));
    let read = || {
        let output = GetItemRequest::read_response(ResponseParts::of(&response))?;
        Ok(output.item.unwrap_or_default())
    };
    let derived = || Ok(serde_json::from_slice::<Item>(text.as_bytes())?);
    let ours = || read().map(drop);
    let serde = || derived().map(drop);
    add(table, &format!("reading {what}"), text.len(), ours, serde)?;

    let request = PutItemRequest::new(read()?);
    let item: Item = derived()?;
    let ours = || {
        let mut parts = RequestParts::default();
        request.write_request(&mut parts);
        assert_eq!(parts.body.len(), text.len());
        Ok(())
    };
    let serde = || {
        assert_eq!(serde_json::to_vec(&item)?.len(), text.len());
        Ok(())
    };
    add(table, &format!("writing {what}"), text.len(), ours, serde)
}

/// A DynamoDB item of about so many bytes, as it goes over the wire.
fn item(bytes: usize) -> String {
    let mut text = r#"{"Item":{"#.to_owned();
    for index in 0.. {
        if index > 0 {
            text.push(',');
        }
        let value = match index % 4 {
            0 => format!(r#"{{"S":"value {index} with some words of text"}}"#),
            1 => format!(r#"{{"N":"{index}.25"}}"#),
            2 => r#"{"L":[{"S":"a"},{"BOOL":true},{"NULL":true},{"SS":["b","c"]}]}"#.to_owned(),
            _ => format!(r#"{{"M":{{"inner":{{"S":"line\nbreak"}},"count":{{"N":"{index}"}}}}}}"#),
        };
        text.push_str(&format!(r#""attribute{index}":{value}"#));
        if text.len() >= bytes {
            break;
        }
    }
    text.push_str("}}");
    text
}

fn add(
    table: &mut Table,
    what: &str,
    bytes: usize,
    ours: impl Fn() -> Result<()>,
    serde: impl Fn() -> Result<()>,
) -> Result<()> {
    // A few milliseconds each.
    let times = 4_000_000 / bytes.max(1) + 1;
    let speed = |work: &dyn Fn() -> Result<()>| -> Result<f64> {
        let (cpu, _) = times_of(ROUNDS, || (0..times).try_for_each(|_| work()))?;
        Ok((bytes * times) as f64 / cpu.as_secs_f64() / 1e6)
    };
    let (ours, serde) = (speed(&ours)?, speed(&serde)?);
    table.row(vec![
        what.to_owned(),
        bytes.to_string(),
        format!("{ours:.0}"),
        format!("{serde:.0}"),
        format!("{:.2}", ours / serde),
    ]);
    Ok(())
}
