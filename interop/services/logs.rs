//! Events into a stream of logs and out again.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;
use tinsmith_logs::{
    Client, CreateLogGroupRequest, CreateLogStreamRequest, DescribeLogStreamsRequest,
    FilterLogEventsRequest, GetLogEventsRequest, InputLogEvent, PutLogEventsError,
    PutLogEventsRequest,
};

use crate::{Twin, moto};

/// In milliseconds.
fn now() -> i64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    since_epoch.as_millis().try_into().unwrap()
}

#[tokio::test]
async fn events_in_and_out() {
    let Some((logs, _moto)) = moto(Client::builder()).await else {
        return;
    };
    let (group, stream) = ("/app/web", "host-1");
    let create = CreateLogGroupRequest::new(group).tags([("a", "1")]);
    logs.create_log_group(create).await.unwrap();
    let create = CreateLogStreamRequest::new(group, stream);
    logs.create_log_stream(create).await.unwrap();
    let first = now();
    let texts = ["start", "error: größer", "error: \u{1b}[0m", "end"];
    let events: Vec<_> = (first..)
        .zip(texts)
        .map(|(time, text)| InputLogEvent::new(time, text))
        .collect();
    let put = PutLogEventsRequest::new(group, stream, events);
    let put = logs.put_log_events(put).await.unwrap();
    assert_eq!(put.rejected_log_events_info, None);

    let get = GetLogEventsRequest::new(stream)
        .log_group_name(group)
        .start_from_head(true);
    let found = logs.get_log_events(get).await.unwrap().events.unwrap();
    let found: Vec<_> = found
        .iter()
        .map(|event| (event.timestamp.unwrap(), event.message.as_deref().unwrap()))
        .collect();
    assert_eq!(found, (first..).zip(texts).collect::<Vec<_>>());

    let filter = FilterLogEventsRequest::new()
        .log_group_name(group)
        .filter_pattern("error")
        .start_time(first)
        .limit(1);
    let found = logs.filter_log_events_pages(filter).items();
    let found = found.collect().await.unwrap();
    let found: Vec<_> = found
        .iter()
        .map(|event| event.message.as_deref().unwrap())
        .collect();
    assert_eq!(found, texts[1..3]);

    let describe = DescribeLogStreamsRequest::new().log_group_name(group);
    let streams = logs.describe_log_streams(describe).await.unwrap();
    let [found] = &streams.log_streams.unwrap()[..] else {
        panic!("one stream");
    };
    assert_eq!(found.log_stream_name.as_deref(), Some(stream));
    assert_eq!(found.first_event_timestamp, Some(first));
    assert_eq!(found.last_event_timestamp, Some(first + 3));
}

/// The model gives this error no members, and the service a message all the same.
#[tokio::test]
async fn a_group_that_does_not_exist() {
    let Some((logs, _moto)) = moto(Client::builder()).await else {
        return;
    };
    let request = PutLogEventsRequest::new("none", "none", [InputLogEvent::new(now(), "a")]);
    let error = logs.put_log_events(request).await.unwrap_err();
    assert!(
        matches!(
            error.service(),
            Some(PutLogEventsError::ResourceNotFound(_))
        ),
        "{error:?}"
    );
    let text = error.to_string();
    assert!(
        text.contains("The specified log group does not exist."),
        "{text}"
    );
}

#[tokio::test]
async fn boto3_sends_the_same() {
    let Some((logs, twin)) = Twin::of("logs", Client::builder()).await else {
        return;
    };
    let event = InputLogEvent::new(1_700_000_000_123, "\u{1b}\u{2028}");
    let request = PutLogEventsRequest::new("g", "s", [event]);
    logs.put_log_events(request).await.unwrap();
    let event = json!({"timestamp": 1_700_000_000_123_i64, "message": "\u{1b}\u{2028}"});
    let input = json!({"logGroupName": "g", "logStreamName": "s", "logEvents": [event]});
    twin.sends("PutLogEvents", &input);
    let request = FilterLogEventsRequest::new()
        .log_group_name("g")
        .start_time(0);
    logs.filter_log_events(request).await.unwrap();
    let input = json!({"logGroupName": "g", "startTime": 0});
    twin.sends("FilterLogEvents", &input);
}
