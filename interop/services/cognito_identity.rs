//! An identity pool; whoever asks it for an identity has no credentials yet.

use serde_json::json;
use tinsmith_cognito_identity::{
    Client, CognitoIdentityProvider, CreateIdentityPoolRequest, DescribeIdentityPoolError,
    DescribeIdentityPoolRequest, GetCredentialsForIdentityRequest, GetIdRequest,
};

use crate::{Twin, moto};

#[tokio::test]
async fn from_a_pool_to_credentials() {
    let Some((cognito, _moto)) = moto(Client::builder()).await else {
        return;
    };
    let provider = CognitoIdentityProvider::new()
        .provider_name("cognito-idp.us-east-1.amazonaws.com/us-east-1_abc")
        .client_id("client")
        .server_side_token_check(true);
    let create = CreateIdentityPoolRequest::new("app", true)
        .developer_provider_name("login.app")
        .supported_login_providers([("graph.example.com", "1234")])
        .cognito_identity_providers([provider]);
    let created = cognito.create_identity_pool(create).await.unwrap();
    assert_eq!(created.identity_pool_name, "app");
    assert!(created.allow_unauthenticated_identities);
    let pool = created.identity_pool_id;
    let described = DescribeIdentityPoolRequest::new(&pool);
    let described = cognito.describe_identity_pool(described).await.unwrap();
    assert_eq!(described.identity_pool_id, pool);
    assert_eq!(
        described.developer_provider_name.as_deref(),
        Some("login.app")
    );
    assert_eq!(
        described.cognito_identity_providers,
        created.cognito_identity_providers
    );

    // Unsigned, see below.
    let identity = cognito.get_id(GetIdRequest::new(&pool)).await.unwrap();
    let identity = identity.identity_id.unwrap();
    assert!(identity.starts_with("us-east-1:"), "{identity}");
    let request = GetCredentialsForIdentityRequest::new(&identity);
    let given = cognito.get_credentials_for_identity(request).await.unwrap();
    assert_eq!(given.identity_id, Some(identity));
    let text = format!("{given:?}");
    let credentials = given.credentials.unwrap();
    let secret = credentials.secret_key.unwrap();
    assert!(!secret.is_empty());
    assert!(!text.contains(secret.as_str()), "{text}");
    assert!(credentials.expiration.is_some());
}

#[tokio::test]
async fn a_pool_that_does_not_exist() {
    let Some((cognito, _moto)) = moto(Client::builder()).await else {
        return;
    };
    let request = DescribeIdentityPoolRequest::new("us-east-1:none");
    let error = cognito.describe_identity_pool(request).await.unwrap_err();
    assert!(
        matches!(
            error.service(),
            Some(DescribeIdentityPoolError::ResourceNotFound(_))
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn boto3_sends_the_same() {
    let Some((cognito, twin)) = Twin::of("cognito-identity", Client::builder()).await else {
        return;
    };
    let request = CreateIdentityPoolRequest::new("a", false);
    cognito.create_identity_pool(request).await.unwrap();
    let input = json!({"IdentityPoolName": "a", "AllowUnauthenticatedIdentities": false});
    assert!(twin.sends("CreateIdentityPool", &input).is_signed());

    // These come before there are credentials, so both leave theirs aside.
    let logins = [("login.app".to_owned(), "token".into())];
    let request = GetIdRequest::new("eu-central-1:a").logins(logins);
    cognito.get_id(request).await.unwrap();
    let input = json!({"IdentityPoolId": "eu-central-1:a", "Logins": {"login.app": "token"}});
    assert!(!twin.sends("GetId", &input).is_signed());
    let request = GetCredentialsForIdentityRequest::new("eu-central-1:a");
    cognito.get_credentials_for_identity(request).await.unwrap();
    let input = json!({"IdentityId": "eu-central-1:a"});
    assert!(!twin.sends("GetCredentialsForIdentity", &input).is_signed());
}
