//! Records through a stream.

use serde_json::json;
use tinsmith_kinesis::runtime::Timestamp;
use tinsmith_kinesis::{
    Client, CreateStreamRequest, DescribeStreamSummaryError, DescribeStreamSummaryRequest,
    GetRecordsRequest, GetShardIteratorRequest, ListShardsRequest, PutRecordRequest,
    PutRecordsRequest, PutRecordsRequestEntry, ShardIteratorType, StreamStatus,
};

use crate::{Twin, is_now, moto};

#[tokio::test]
async fn records_through_a_stream() {
    let Some((kinesis, _moto)) = moto(Client::builder()).await else {
        return;
    };
    let create = CreateStreamRequest::new("clicks").shard_count(1);
    kinesis.create_stream(create).await.unwrap();
    let describe = DescribeStreamSummaryRequest::new().stream_name("clicks");
    let stream = kinesis.describe_stream_summary(describe).await.unwrap();
    let stream = stream.stream_description_summary;
    assert_eq!(stream.stream_status, StreamStatus::Active);
    assert_eq!(
        (stream.open_shard_count, stream.retention_period_hours),
        (1, 24)
    );
    assert!(is_now(stream.stream_creation_timestamp), "{stream:?}");

    let all_bytes: Vec<u8> = (0..=255).collect();
    let put = PutRecordRequest::new(all_bytes.clone(), "a").stream_name("clicks");
    let first = kinesis.put_record(put).await.unwrap();
    let entries = [
        PutRecordsRequestEntry::new(b"", "b"),
        PutRecordsRequestEntry::new("größer", "c"),
    ];
    let put = PutRecordsRequest::new(entries).stream_name("clicks");
    let put = kinesis.put_records(put).await.unwrap();
    assert_eq!((put.failed_record_count, put.records.len()), (Some(0), 2));
    assert!(
        put.records.iter().all(|record| record.error_code.is_none()),
        "{put:?}"
    );

    let list = ListShardsRequest::new().stream_name("clicks");
    let shards = kinesis.list_shards(list).await.unwrap().shards.unwrap();
    let shard = &shards[0].shard_id;
    assert_eq!(shard, &first.shard_id);
    let iterator =
        GetShardIteratorRequest::new(shard, ShardIteratorType::TrimHorizon).stream_name("clicks");
    let iterator = kinesis.get_shard_iterator(iterator).await.unwrap();
    let request = GetRecordsRequest::new(iterator.shard_iterator.unwrap());
    let read = kinesis.get_records(request).await.unwrap();
    let found: Vec<_> = read
        .records
        .iter()
        .map(|record| (&*record.partition_key, &*record.data))
        .collect();
    let expected = [("a", &*all_bytes), ("b", b""), ("c", "größer".as_bytes())];
    assert_eq!(found, expected);
    assert_eq!(read.records[0].sequence_number, first.sequence_number);
    assert!(is_now(
        read.records[0].approximate_arrival_timestamp.unwrap()
    ));
    assert_eq!(read.millis_behind_latest, Some(0));
    let request = GetRecordsRequest::new(read.next_shard_iterator.unwrap());
    assert_eq!(kinesis.get_records(request).await.unwrap().records, []);
}

#[tokio::test]
async fn a_stream_that_does_not_exist() {
    let Some((kinesis, _moto)) = moto(Client::builder()).await else {
        return;
    };
    let request = DescribeStreamSummaryRequest::new().stream_name("none");
    let error = kinesis.describe_stream_summary(request).await.unwrap_err();
    let Some(DescribeStreamSummaryError::ResourceNotFound(shape)) = error.service() else {
        panic!("{error:?}");
    };
    let message = shape.message.as_deref().unwrap();
    assert!(message.contains("none"), "{message}");
}

#[tokio::test]
async fn boto3_sends_the_same() {
    let Some((kinesis, twin)) = Twin::of("kinesis", Client::builder()).await else {
        return;
    };
    let entry = PutRecordsRequestEntry::new(b"\xfb\xff\xfe", "k").explicit_hash_key("0");
    let request = PutRecordsRequest::new([entry]).stream_name("s");
    kinesis.put_records(request).await.unwrap();
    let entry = json!({"Data": {"$blob": "+//+"}, "PartitionKey": "k", "ExplicitHashKey": "0"});
    twin.sends(
        "PutRecords",
        &json!({"Records": [entry], "StreamName": "s"}),
    );

    let request = GetShardIteratorRequest::new("shardId-0", ShardIteratorType::AtTimestamp)
        .stream_name("s")
        .timestamp(Timestamp::from_secs(1_700_000_000));
    kinesis.get_shard_iterator(request).await.unwrap();
    let input = json!({
        "StreamName": "s",
        "ShardId": "shardId-0",
        "ShardIteratorType": "AT_TIMESTAMP",
        "Timestamp": {"$time": 1_700_000_000},
    });
    twin.sends("GetShardIterator", &input);
}
