//! A queue, whose service names its errors in a header of their own.

use serde_json::json;
use tinsmith_sqs::{
    Client, CreateQueueRequest, DeleteMessageRequest, GetQueueUrlError, GetQueueUrlRequest,
    MessageAttributeValue, MessageSystemAttributeName, QueueAttributeName, ReceiveMessageRequest,
    SendMessageBatchRequest, SendMessageBatchRequestEntry, SendMessageRequest,
};

use crate::{Twin, moto};

const BODY: &str = "größer \"1\" \u{1F600}";
/// Of `BODY` in UTF-8.
const MD5: &str = "121430784203a5220a13cafb40461504";

async fn create(sqs: &Client, name: &str) -> String {
    let request = CreateQueueRequest::new(name)
        .attributes([(QueueAttributeName::VisibilityTimeout, "30".to_owned())]);
    sqs.create_queue(request).await.unwrap().queue_url.unwrap()
}

#[tokio::test]
async fn a_message_from_sender_to_receiver() {
    let Some((sqs, _moto)) = moto(Client::builder()).await else {
        return;
    };
    let queue = create(&sqs, "orders").await;
    let found = sqs.get_queue_url(GetQueueUrlRequest::new("orders")).await;
    assert_eq!(found.unwrap().queue_url.as_ref(), Some(&queue));

    let attributes = [
        (
            "kind",
            MessageAttributeValue::new("String").string_value("new"),
        ),
        (
            "raw",
            MessageAttributeValue::new("Binary").binary_value(b"\x00\xff"),
        ),
    ];
    let attributes = attributes.map(|(name, value)| (name.to_owned(), value));
    let request = SendMessageRequest::new(&queue, BODY).message_attributes(attributes.clone());
    let sent = sqs.send_message(request).await.unwrap();
    assert_eq!(sent.md5_of_message_body.as_deref(), Some(MD5));

    let receive = ReceiveMessageRequest::new(&queue)
        .message_attribute_names(["All".to_owned()])
        .message_system_attribute_names([MessageSystemAttributeName::All]);
    let received = sqs.receive_message(receive.clone()).await.unwrap();
    let [message] = &received.messages.unwrap()[..] else {
        panic!("one message");
    };
    assert_eq!(message.body.as_deref(), Some(BODY));
    assert_eq!(message.md5_of_body.as_deref(), Some(MD5));
    assert_eq!(message.message_id, sent.message_id);
    assert_eq!(message.message_attributes, Some(attributes.into()));
    assert_eq!(
        message.md5_of_message_attributes,
        sent.md5_of_message_attributes
    );
    let count = MessageSystemAttributeName::ApproximateReceiveCount;
    assert_eq!(message.attributes.as_ref().unwrap()[&count], "1");

    let handle = message.receipt_handle.as_deref().unwrap();
    let delete = DeleteMessageRequest::new(&queue, handle);
    sqs.delete_message(delete).await.unwrap();
    assert_eq!(sqs.receive_message(receive).await.unwrap().messages, None);
}

#[tokio::test]
async fn sends_a_batch() {
    let Some((sqs, _moto)) = moto(Client::builder()).await else {
        return;
    };
    let queue = create(&sqs, "batch").await;
    let entries = [
        SendMessageBatchRequestEntry::new("1", BODY),
        SendMessageBatchRequestEntry::new("2", "two").delay_seconds(0),
    ];
    let request = SendMessageBatchRequest::new(&queue, entries);
    let sent = sqs.send_message_batch(request).await.unwrap();
    let ids: Vec<_> = sent.successful.iter().map(|entry| &*entry.id).collect();
    assert_eq!(ids, ["1", "2"]);
    assert_eq!(sent.successful[0].md5_of_message_body, MD5);
    assert_eq!(sent.failed, []);
}

#[tokio::test]
async fn a_queue_that_does_not_exist() {
    let Some((sqs, _moto)) = moto(Client::builder()).await else {
        return;
    };
    let request = GetQueueUrlRequest::new("no-such-queue");
    let error = sqs.get_queue_url(request).await.unwrap_err();
    let Some(GetQueueUrlError::QueueDoesNotExist(shape)) = error.service() else {
        panic!("{error:?}");
    };
    let message = "The specified queue does not exist.";
    assert_eq!(shape.message.as_deref(), Some(message));
    assert_eq!(
        error.code(),
        Some("AWS.SimpleQueueService.NonExistentQueue")
    );
}

#[tokio::test]
async fn boto3_sends_the_same() {
    let Some((sqs, twin)) = Twin::of("sqs", Client::builder()).await else {
        return;
    };
    let url = "http://127.0.0.1/123456789012/q";
    let attribute = MessageAttributeValue::new("Binary").binary_value(b"\x00\xff");
    let request = SendMessageRequest::new(url, BODY)
        .delay_seconds(0)
        .message_attributes([("a".to_owned(), attribute)]);
    sqs.send_message(request).await.unwrap();
    twin.sends(
        "SendMessage",
        &json!({
            "QueueUrl": url,
            "MessageBody": BODY,
            "DelaySeconds": 0,
            "MessageAttributes": {"a": {"DataType": "Binary", "BinaryValue": {"$blob": "AP8="}}},
        }),
    );
    let request = CreateQueueRequest::new("q")
        .attributes([(QueueAttributeName::FifoQueue, "true".to_owned())])
        .tags([("größer", "")]);
    sqs.create_queue(request).await.unwrap();
    let input = json!({
        "QueueName": "q", "Attributes": {"FifoQueue": "true"}, "tags": {"größer": ""},
    });
    twin.sends("CreateQueue", &input);
}
