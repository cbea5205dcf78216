//! Parameters in a tree.

use serde_json::json;
use tinsmith_ssm::{
    Client, GetParameterError, GetParameterRequest, GetParametersByPathRequest, ParameterType,
    PutParameterError, PutParameterRequest,
};

use crate::{Twin, is_now, moto};

#[tokio::test]
async fn secure_parameters_by_path() {
    let Some((ssm, _moto)) = moto(Client::builder()).await else {
        return;
    };
    let names: Vec<String> = (0..5).map(|i| format!("/app/db/{i}")).collect();
    for name in &names {
        let request = PutParameterRequest::new(name, format!("hunter-{name}"))
            .r#type(ParameterType::SecureString);
        assert!(!format!("{request:?}").contains("hunter"), "{request:?}");
        let put = ssm.put_parameter(request).await.unwrap();
        assert_eq!(put.version, Some(1));
    }
    let request = GetParametersByPathRequest::new("/app")
        .recursive(true)
        .with_decryption(true)
        .max_results(2);
    let mut pages = ssm.get_parameters_by_path_pages(request.clone());
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await {
        sizes.push(page.unwrap().parameters.unwrap().len());
    }
    assert_eq!(sizes, [2, 2, 1]);
    let found = ssm.get_parameters_by_path_pages(request).items();
    let found = found.collect().await.unwrap();
    assert!(!format!("{found:?}").contains("hunter"), "{found:?}");
    for (parameter, name) in found.iter().zip(&names) {
        assert_eq!(parameter.name.as_ref(), Some(name));
        assert_eq!(parameter.r#type, Some(ParameterType::SecureString));
        let value = parameter.value.as_deref();
        assert_eq!(value, Some(&format!("hunter-{name}")));
        assert!(
            is_now(parameter.last_modified_date.unwrap()),
            "{parameter:?}"
        );
    }
    assert_eq!(found.len(), names.len());

    // Not decrypted, it is something else.
    let request = GetParameterRequest::new(&names[0]).with_decryption(false);
    let sealed = ssm.get_parameter(request).await.unwrap().parameter.unwrap();
    assert_ne!(sealed.value, found[0].value);
}

#[tokio::test]
async fn what_is_there_and_what_is_not() {
    let Some((ssm, _moto)) = moto(Client::builder()).await else {
        return;
    };
    let request = PutParameterRequest::new("/one", "größer").r#type(ParameterType::String);
    ssm.put_parameter(request.clone()).await.unwrap();
    let error = ssm.put_parameter(request.clone()).await.unwrap_err();
    assert!(
        matches!(
            error.service(),
            Some(PutParameterError::ParameterAlreadyExists(_))
        ),
        "{error:?}"
    );
    let put = ssm.put_parameter(request.overwrite(true)).await.unwrap();
    assert_eq!(put.version, Some(2));
    let missing = GetParameterRequest::new("/none");
    let error = ssm.get_parameter(missing).await.unwrap_err();
    let Some(GetParameterError::ParameterNotFound(shape)) = error.service() else {
        panic!("{error:?}");
    };
    assert_eq!(shape.message.as_deref(), Some("Parameter /none not found."));
}

#[tokio::test]
async fn boto3_sends_the_same() {
    let Some((ssm, twin)) = Twin::of("ssm", Client::builder()).await else {
        return;
    };
    let request = PutParameterRequest::new("/a", "\u{7f}\t").r#type(ParameterType::StringList);
    ssm.put_parameter(request).await.unwrap();
    let input = json!({"Name": "/a", "Value": "\u{7f}\t", "Type": "StringList"});
    twin.sends("PutParameter", &input);
    let request = GetParametersByPathRequest::new("/")
        .recursive(false)
        .max_results(10);
    ssm.get_parameters_by_path(request).await.unwrap();
    let input = json!({"Path": "/", "Recursive": false, "MaxResults": 10});
    twin.sends("GetParametersByPath", &input);
}
