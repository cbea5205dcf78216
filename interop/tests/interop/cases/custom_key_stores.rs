//! The six operations of custom key stores, which no free server offers.

use serde_json::json;
use tinsmith_kms::{
    ConnectCustomKeyStoreRequest, CreateCustomKeyStoreRequest, CustomKeyStoreType,
    DeleteCustomKeyStoreRequest, DescribeCustomKeyStoresRequest, DisconnectCustomKeyStoreRequest,
    UpdateCustomKeyStoreRequest, XksProxyAuthenticationCredentialType, XksProxyConnectivityType,
};

use super::{Case, case};

const STORE: &str = "cks-1234567890abcdef0";
const CERTIFICATE: &str =
    "-----BEGIN CERTIFICATE-----\nMIIB\t\"é\u{1F511}\"\n-----END CERTIFICATE-----\n";

pub(super) fn cases() -> Vec<Case> {
    let credential = || {
        XksProxyAuthenticationCredentialType::new(
            "ABCDE12345670EXAMPLE",
            "DXjSUawnel2fr6SKC7G25CNxTyWKE5PF9XX6H/u9pSo=",
        )
    };
    let credential_json = json!({
        "AccessKeyId": "ABCDE12345670EXAMPLE",
        "RawSecretAccessKey": "DXjSUawnel2fr6SKC7G25CNxTyWKE5PF9XX6H/u9pSo=",
    });
    vec![
        case(
            json!({"CustomKeyStoreId": STORE}),
            ConnectCustomKeyStoreRequest::new(STORE),
        ),
        case(
            json!({"CustomKeyStoreName": "plain"}),
            CreateCustomKeyStoreRequest::new("plain"),
        ),
        case(
            json!({
                "CustomKeyStoreName": "a store",
                "CloudHsmClusterId": "cluster-1a23b4cdefg",
                "TrustAnchorCertificate": CERTIFICATE,
                "KeyStorePassword": "kmsPswd\\/",
                "CustomKeyStoreType": "EXTERNAL_KEY_STORE",
                "XksProxyUriEndpoint": "https://myproxy.xks.example.com",
                "XksProxyUriPath": "/kms/xks/v1",
                "XksProxyVpcEndpointServiceName": "com.amazonaws.vpce.us-east-1.vpce-svc-example",
                "XksProxyVpcEndpointServiceOwner": "111122223333",
                "XksProxyAuthenticationCredential": credential_json,
                "XksProxyConnectivity": "VPC_ENDPOINT_SERVICE",
            }),
            CreateCustomKeyStoreRequest::new("a store")
                .cloud_hsm_cluster_id("cluster-1a23b4cdefg")
                .trust_anchor_certificate(CERTIFICATE)
                .key_store_password("kmsPswd\\/")
                .custom_key_store_type(CustomKeyStoreType::ExternalKeyStore)
                .xks_proxy_uri_endpoint("https://myproxy.xks.example.com")
                .xks_proxy_uri_path("/kms/xks/v1")
                .xks_proxy_vpc_endpoint_service_name(
                    "com.amazonaws.vpce.us-east-1.vpce-svc-example",
                )
                .xks_proxy_vpc_endpoint_service_owner("111122223333")
                .xks_proxy_authentication_credential(credential())
                .xks_proxy_connectivity(XksProxyConnectivityType::VpcEndpointService),
        ),
        case(
            json!({"CustomKeyStoreId": STORE}),
            DeleteCustomKeyStoreRequest::new(STORE),
        ),
        case(json!({}), DescribeCustomKeyStoresRequest::new()),
        case(
            json!({
                "CustomKeyStoreId": STORE,
                "CustomKeyStoreName": "a store",
                "Limit": 1000,
                "Marker": "AAEBATi+/=",
            }),
            DescribeCustomKeyStoresRequest::new()
                .custom_key_store_id(STORE)
                .custom_key_store_name("a store")
                .limit(1000)
                .marker("AAEBATi+/="),
        ),
        case(
            json!({"CustomKeyStoreId": STORE}),
            DisconnectCustomKeyStoreRequest::new(STORE),
        ),
        case(
            json!({
                "CustomKeyStoreId": STORE,
                "NewCustomKeyStoreName": "another name",
                "KeyStorePassword": "kmsPswd",
                "CloudHsmClusterId": "cluster-1a23b4cdefg",
                "XksProxyUriEndpoint": "https://myproxy.xks.example.com",
                "XksProxyUriPath": "/prefix/kms/xks/v1",
                "XksProxyVpcEndpointServiceName": "com.amazonaws.vpce.us-east-1.vpce-svc-example",
                "XksProxyVpcEndpointServiceOwner": "111122223333",
                "XksProxyAuthenticationCredential": credential_json,
                "XksProxyConnectivity": "PUBLIC_ENDPOINT",
            }),
            UpdateCustomKeyStoreRequest::new(STORE)
                .new_custom_key_store_name("another name")
                .key_store_password("kmsPswd")
                .cloud_hsm_cluster_id("cluster-1a23b4cdefg")
                .xks_proxy_uri_endpoint("https://myproxy.xks.example.com")
                .xks_proxy_uri_path("/prefix/kms/xks/v1")
                .xks_proxy_vpc_endpoint_service_name(
                    "com.amazonaws.vpce.us-east-1.vpce-svc-example",
                )
                .xks_proxy_vpc_endpoint_service_owner("111122223333")
                .xks_proxy_authentication_credential(credential())
                .xks_proxy_connectivity(XksProxyConnectivityType::PublicEndpoint),
        ),
    ]
}
