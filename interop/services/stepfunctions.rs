//! A state machine and one of its executions.

use serde_json::json;
use tinsmith_stepfunctions::{
    Client, CreateStateMachineRequest, DescribeExecutionError, DescribeExecutionRequest,
    DescribeStateMachineRequest, ExecutionStatus, StartExecutionRequest, StateMachineStatus,
    StateMachineType, Tag,
};

use crate::{Twin, is_now, moto};

const DEFINITION: &str =
    r#"{"StartAt": "größer", "States": {"größer": {"Type": "Pass", "End": true}}}"#;
const ROLE: &str = "arn:aws:iam::123456789012:role/app";

#[tokio::test]
async fn runs_an_execution() {
    let Some((sfn, _moto)) = moto(Client::builder()).await else {
        return;
    };
    let create = CreateStateMachineRequest::new("orders", DEFINITION, ROLE)
        .tags([Tag::new().key("a").value("1")]);
    assert!(!format!("{create:?}").contains("StartAt"), "{create:?}");
    let created = sfn.create_state_machine(create).await.unwrap();
    assert!(is_now(created.creation_date), "{created:?}");
    let machine = created.state_machine_arn;

    let describe = DescribeStateMachineRequest::new(&machine);
    let described = sfn.describe_state_machine(describe).await.unwrap();
    assert_eq!(described.name, "orders");
    assert_eq!(described.definition.as_str(), DEFINITION);
    assert_eq!(described.role_arn, ROLE);
    assert_eq!(described.r#type, StateMachineType::Standard);
    assert_eq!(described.status, Some(StateMachineStatus::Active));
    assert_eq!(described.creation_date, created.creation_date);

    let start = StartExecutionRequest::new(&machine)
        .name("first")
        .input(r#"{"order": 1}"#);
    let started = sfn.start_execution(start).await.unwrap();
    let describe = DescribeExecutionRequest::new(&started.execution_arn);
    let execution = sfn.describe_execution(describe).await.unwrap();
    assert_eq!(execution.name.as_deref(), Some("first"));
    assert_eq!(execution.state_machine_arn, machine);
    assert_eq!(execution.status, ExecutionStatus::Running);
    assert_eq!(execution.start_date, started.start_date);
    assert!(is_now(execution.start_date), "{execution:?}");
    assert_eq!(execution.stop_date, None);
    let input = execution.input.as_deref().map(String::as_str);
    assert_eq!(input, Some(r#"{"order": 1}"#));
}

#[tokio::test]
async fn an_execution_that_does_not_exist() {
    let Some((sfn, _moto)) = moto(Client::builder()).await else {
        return;
    };
    let arn = "arn:aws:states:us-east-1:123456789012:execution:none:none";
    let request = DescribeExecutionRequest::new(arn);
    let error = sfn.describe_execution(request).await.unwrap_err();
    let Some(DescribeExecutionError::ExecutionDoesNotExist(shape)) = error.service() else {
        panic!("{error:?}");
    };
    let message = shape.message.as_deref().unwrap();
    assert!(message.contains(arn), "{message}");
}

#[tokio::test]
async fn boto3_sends_the_same() {
    let Some((sfn, twin)) = Twin::of("stepfunctions", Client::builder()).await else {
        return;
    };
    let request = CreateStateMachineRequest::new("a", DEFINITION, ROLE)
        .r#type(StateMachineType::Express)
        .publish(false);
    sfn.create_state_machine(request).await.unwrap();
    let input = json!({
        "name": "a",
        "definition": DEFINITION,
        "roleArn": ROLE,
        "type": "EXPRESS",
        "publish": false,
    });
    twin.sends("CreateStateMachine", &input);
}
