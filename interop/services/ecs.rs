//! A cluster and the definition of a task.

use serde_json::json;
use tinsmith_ecs::{
    Client, Compatibility, ContainerDefinition, CreateClusterRequest, DescribeClustersRequest,
    DescribeTaskDefinitionError, DescribeTaskDefinitionRequest, KeyValuePair,
    ListTaskDefinitionsRequest, NetworkMode, PortMapping, RegisterTaskDefinitionRequest, Tag,
    TaskDefinition, TransportProtocol,
};

use crate::{Twin, moto};

fn container() -> ContainerDefinition {
    ContainerDefinition::new()
        .name("web")
        .image("nginx:1")
        .cpu(256)
        .memory(512)
        .essential(true)
        .command(["serve", "größer"].map(str::to_owned))
        .environment([KeyValuePair::new().name("PASSWORD").value("hunter-1")].to_vec())
        .port_mappings([PortMapping::new()
            .container_port(80)
            .host_port(8080)
            .protocol(TransportProtocol::Tcp)])
}

#[tokio::test]
async fn creates_and_lists_clusters() {
    let Some((ecs, _moto)) = moto(Client::builder()).await else {
        return;
    };
    let create = CreateClusterRequest::new()
        .cluster_name("app")
        .tags([Tag::new().key("a").value("1")]);
    let created = ecs.create_cluster(create).await.unwrap().cluster.unwrap();
    assert_eq!(created.cluster_name.as_deref(), Some("app"));
    assert_eq!(created.status.as_deref(), Some("ACTIVE"));
    let describe = DescribeClustersRequest::new().clusters(["app", "none"].map(str::to_owned));
    let described = ecs.describe_clusters(describe).await.unwrap();
    let [cluster] = &described.clusters.unwrap()[..] else {
        panic!("one cluster");
    };
    assert_eq!(cluster.cluster_arn, created.cluster_arn);
    assert_eq!(
        (cluster.running_tasks_count, cluster.active_services_count),
        (0, 0)
    );
    let [failure] = &described.failures.unwrap()[..] else {
        panic!("one failure");
    };
    assert_eq!(failure.reason.as_deref(), Some("MISSING"));
    let arn = failure.arn.as_deref().unwrap();
    assert!(arn.ends_with(":cluster/none"), "{arn}");
}

async fn register(ecs: &Client, family: &str) -> TaskDefinition {
    let request = RegisterTaskDefinitionRequest::new(family, [container()])
        .network_mode(NetworkMode::Awsvpc)
        .requires_compatibilities([Compatibility::Fargate])
        .cpu("256")
        .memory("512");
    assert!(!format!("{request:?}").contains("hunter"), "{request:?}");
    let response = ecs.register_task_definition(request).await.unwrap();
    response.task_definition.unwrap()
}

#[tokio::test]
async fn registers_task_definitions() {
    let Some((ecs, _moto)) = moto(Client::builder()).await else {
        return;
    };
    for revision in 1..=3 {
        assert_eq!(register(&ecs, "web").await.revision, revision);
    }
    let request = DescribeTaskDefinitionRequest::new("web:3");
    let found = ecs.describe_task_definition(request).await.unwrap();
    let found = found.task_definition.unwrap();
    assert_eq!((found.family.as_deref(), found.revision), (Some("web"), 3));
    assert_eq!(found.network_mode, Some(NetworkMode::Awsvpc));
    assert_eq!(
        found.requires_compatibilities,
        Some(vec![Compatibility::Fargate])
    );
    let [web] = &found.container_definitions.unwrap()[..] else {
        panic!("one container");
    };
    let sent = container();
    assert_eq!((&web.name, &web.image), (&sent.name, &sent.image));
    assert_eq!(
        (web.cpu, web.memory, web.essential),
        (256, Some(512), Some(true))
    );
    assert_eq!(web.command, sent.command);
    assert_eq!(web.environment, sent.environment);
    assert_eq!(web.port_mappings, sent.port_mappings);
    assert!(!format!("{web:?}").contains("hunter"), "{web:?}");

    let request = ListTaskDefinitionsRequest::new()
        .family_prefix("web")
        .max_results(2);
    let arns = ecs.list_task_definitions_pages(request).items();
    let arns = arns.collect().await.unwrap();
    assert_eq!(arns.len(), 3);
    assert!(arns[2].ends_with(":task-definition/web:3"), "{arns:?}");

    let missing = DescribeTaskDefinitionRequest::new("none");
    let error = ecs.describe_task_definition(missing).await.unwrap_err();
    assert!(
        matches!(
            error.service(),
            Some(DescribeTaskDefinitionError::Client(_))
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn boto3_sends_the_same() {
    let Some((ecs, twin)) = Twin::of("ecs", Client::builder()).await else {
        return;
    };
    let request = RegisterTaskDefinitionRequest::new("web", [container()]);
    ecs.register_task_definition(request).await.unwrap();
    let container = json!({
        "name": "web",
        "image": "nginx:1",
        "cpu": 256,
        "memory": 512,
        "essential": true,
        "command": ["serve", "größer"],
        "environment": [{"name": "PASSWORD", "value": "hunter-1"}],
        "portMappings": [{"containerPort": 80, "hostPort": 8080, "protocol": "tcp"}],
    });
    let input = json!({"family": "web", "containerDefinitions": [container]});
    twin.sends("RegisterTaskDefinition", &input);
}
