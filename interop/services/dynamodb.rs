//! Items of all kinds, pages, and the two errors that carry items.

use std::collections::BTreeMap;

use serde_json::json;
use tinsmith_dynamodb::{
    AttributeDefinition, AttributeValue, BatchWriteItemRequest, BillingMode, Client,
    ConditionCheck, CreateTableRequest, GetItemRequest, KeySchemaElement, KeyType, PutItemError,
    PutItemRequest, PutRequest, QueryRequest, ReturnValuesOnConditionCheckFailure,
    ScalarAttributeType, TableStatus, TransactWriteItem, TransactWriteItemsError,
    TransactWriteItemsRequest, WriteRequest,
};

use crate::{Twin, is_now, moto};

type Item = BTreeMap<String, AttributeValue>;

fn s(text: &str) -> AttributeValue {
    AttributeValue::new().s(text)
}

fn n(number: impl ToString) -> AttributeValue {
    AttributeValue::new().n(number.to_string())
}

fn item<const N: usize>(attributes: [(&str, AttributeValue); N]) -> Item {
    attributes.map(|(k, v)| (k.to_owned(), v)).into()
}

/// One attribute of every kind.
fn all_kinds() -> Item {
    let nested = item([(
        "deep",
        AttributeValue::new().l([s("größer \"1\"\n"), n(-1)]),
    )]);
    let numbers = ["1", "-2.5", "3E+100"].map(str::to_owned);
    item([
        ("customer", s("c-1")),
        ("order", n(1)),
        ("text", s("")),
        ("number", n("12345678901234567890.123456789")),
        ("bytes", AttributeValue::new().b(b"\x00\xff\xfe")),
        (
            "strings",
            AttributeValue::new().ss(["a", "b"].map(str::to_owned)),
        ),
        ("numbers", AttributeValue::new().ns(numbers)),
        ("blobs", AttributeValue::new().bs([vec![0], vec![1, 2]])),
        ("map", AttributeValue::new().m(nested)),
        (
            "list",
            AttributeValue::new().l([s("a"), AttributeValue::new().l([])]),
        ),
        ("nothing", AttributeValue::new().null(true)),
        ("yes", AttributeValue::new().bool(true)),
        ("no", AttributeValue::new().bool(false)),
    ])
}

async fn create_table(dynamodb: &Client, name: &str) {
    let request = CreateTableRequest::new(name)
        .attribute_definitions([
            AttributeDefinition::new("customer", ScalarAttributeType::S),
            AttributeDefinition::new("order", ScalarAttributeType::N),
        ])
        .key_schema([
            KeySchemaElement::new("customer", KeyType::Hash),
            KeySchemaElement::new("order", KeyType::Range),
        ])
        .billing_mode(BillingMode::PayPerRequest);
    let table = dynamodb.create_table(request).await.unwrap();
    let table = table.table_description.unwrap();
    assert_eq!(table.table_name.as_deref(), Some(name));
    assert_eq!(table.table_status, Some(TableStatus::Active));
    assert!(is_now(table.creation_date_time.unwrap()), "{table:?}");
}

#[tokio::test]
async fn an_item_of_all_kinds() {
    let Some((dynamodb, _moto)) = moto(Client::builder()).await else {
        return;
    };
    create_table(&dynamodb, "kinds").await;
    let put = PutItemRequest::new("kinds", all_kinds());
    dynamodb.put_item(put).await.unwrap();
    let key = item([("customer", s("c-1")), ("order", n(1))]);
    let request = GetItemRequest::new("kinds", key).consistent_read(true);
    let found = dynamodb.get_item(request).await.unwrap();
    assert_eq!(found.item, Some(all_kinds()));
    let key = item([("customer", s("c-1")), ("order", n(2))]);
    let found = dynamodb.get_item(GetItemRequest::new("kinds", key)).await;
    assert_eq!(found.unwrap().item, None);
}

#[tokio::test]
async fn a_batch_in_pages() {
    let Some((dynamodb, _moto)) = moto(Client::builder()).await else {
        return;
    };
    create_table(&dynamodb, "pages").await;
    let order = |order: i32| item([("customer", s("c-1")), ("order", n(order))]);
    let puts = (1..=5).map(|i| WriteRequest::new().put_request(PutRequest::new(order(i))));
    let requests = BTreeMap::from([("pages".to_owned(), puts.collect())]);
    let written = dynamodb.batch_write_item(BatchWriteItemRequest::new(requests));
    assert_eq!(written.await.unwrap().unprocessed_items, Some([].into()));

    let request = QueryRequest::new("pages")
        .key_condition_expression("customer = :c AND #o > :o")
        .expression_attribute_names([("#o", "order")])
        .expression_attribute_values(item([(":c", s("c-1")), (":o", n(1))]))
        .limit(2);
    let mut pages = dynamodb.query_pages(request.clone());
    let mut counts = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        assert_eq!(
            page.items.map(|items| items.len()),
            Some(page.count as usize)
        );
        counts.push(page.count);
    }
    assert_eq!(counts.iter().sum::<i32>(), 4);
    assert_eq!(counts[..2], [2, 2], "a last page may be empty");
    let items = dynamodb.query_pages(request).items().collect().await;
    assert_eq!(items.unwrap(), [order(2), order(3), order(4), order(5)]);
}

#[tokio::test]
async fn errors_that_carry_items() {
    let Some((dynamodb, _moto)) = moto(Client::builder()).await else {
        return;
    };
    create_table(&dynamodb, "conditions").await;
    let put = PutItemRequest::new("conditions", all_kinds())
        .condition_expression("attribute_not_exists(customer)")
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    dynamodb.put_item(put.clone()).await.unwrap();
    let error = dynamodb.put_item(put).await.unwrap_err();
    let Some(PutItemError::ConditionalCheckFailed(failed)) = error.service() else {
        panic!("{error:?}");
    };
    assert_eq!(failed.item, Some(all_kinds()));
    assert_eq!(
        failed.message.as_deref(),
        Some("The conditional request failed")
    );

    let key = item([("customer", s("c-1")), ("order", n(1))]);
    let check = ConditionCheck::new(key, "conditions", "attribute_exists(#n)")
        .expression_attribute_names([("#n", "no such attribute")])
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    let put = item([("customer", s("c-2")), ("order", n(1))]);
    let request = TransactWriteItemsRequest::new([
        TransactWriteItem::new().put(tinsmith_dynamodb::Put::new(put, "conditions")),
        TransactWriteItem::new().condition_check(check),
    ]);
    let error = dynamodb.transact_write_items(request).await.unwrap_err();
    let Some(TransactWriteItemsError::TransactionCanceled(canceled)) = error.service() else {
        panic!("{error:?}");
    };
    let reasons = canceled.cancellation_reasons.as_deref().unwrap();
    let codes: Vec<_> = reasons
        .iter()
        .map(|reason| reason.code.as_deref())
        .collect();
    assert_eq!(codes, [Some("None"), Some("ConditionalCheckFailed")]);
    assert_eq!(reasons[0].item, None);
    assert_eq!(reasons[1].item, Some(all_kinds()));
    let message = canceled.message.as_deref().unwrap();
    assert!(
        message.ends_with("[None, ConditionalCheckFailed]"),
        "{message}"
    );

    let missing = GetItemRequest::new("no-such-table", Item::new());
    let error = dynamodb.get_item(missing).await.unwrap_err();
    assert_eq!(error.code(), Some("ResourceNotFoundException"));
}

#[tokio::test]
async fn boto3_sends_the_same() {
    let Some((dynamodb, twin)) = Twin::of("dynamodb", Client::builder()).await else {
        return;
    };
    dynamodb
        .put_item(PutItemRequest::new("t", all_kinds()))
        .await
        .unwrap();
    let item = json!({
        "customer": {"S": "c-1"},
        "order": {"N": "1"},
        "text": {"S": ""},
        "number": {"N": "12345678901234567890.123456789"},
        "bytes": {"B": {"$blob": "AP/+"}},
        "strings": {"SS": ["a", "b"]},
        "numbers": {"NS": ["1", "-2.5", "3E+100"]},
        "blobs": {"BS": [{"$blob": "AA=="}, {"$blob": "AQI="}]},
        "map": {"M": {"deep": {"L": [{"S": "größer \"1\"\n"}, {"N": "-1"}]}}},
        "list": {"L": [{"S": "a"}, {"L": []}]},
        "nothing": {"NULL": true},
        "yes": {"BOOL": true},
        "no": {"BOOL": false},
    });
    let sent = twin.sends("PutItem", &json!({"TableName": "t", "Item": item}));
    assert_eq!(sent.body["Item"]["bytes"], json!({"B": "AP/+"}));

    let query = QueryRequest::new("t")
        .key_condition_expression("a = :a")
        .exclusive_start_key([("a".to_owned(), n(1))])
        .scan_index_forward(false)
        .limit(1);
    dynamodb.query(query).await.unwrap();
    twin.sends(
        "Query",
        &json!({
            "TableName": "t",
            "KeyConditionExpression": "a = :a",
            "ExclusiveStartKey": {"a": {"N": "1"}},
            "ScanIndexForward": false,
            "Limit": 1,
        }),
    );
}
