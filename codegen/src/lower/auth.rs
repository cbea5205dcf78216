//! Authentication: the schemes of an operation and the one that is generated.
//!
//! The schemes and their order are those of Smithy's `ServiceIndex` ("Authentication traits" of the
//! specification): the operation's `@auth`, else the service's, else all schemes of the service by
//! id; then none, where there is no other or the operation has `@optionalAuth`.

use crate::ir::Auth;
use tinsmith_smithy::ast::Model;
use tinsmith_smithy::traits::Traits;
use tinsmith_smithy::traits::id;

/// The schemes of Smithy. Those of AWS have a namespace, and a model can define more.
const SCHEMES: &[&str] = &[
    id::HTTP_API_KEY_AUTH,
    id::HTTP_BASIC_AUTH,
    id::HTTP_BEARER_AUTH,
    id::HTTP_DIGEST_AUTH,
];

/// How the requests of an operation are authenticated.
///
/// # Errors
///
/// The ids of its schemes when none of them can be generated.
pub(super) fn of<'m>(
    model: &Model,
    service: &'m Traits,
    operation: &'m Traits,
) -> Result<Auth, Vec<&'m str>> {
    let schemes = effective(model, service, operation);
    let signs = schemes.contains(&id::SIGV4) && service.sigv4_name().is_some();
    match (signs, schemes.contains(&id::NO_AUTH)) {
        (true, false) => Ok(Auth::SigV4),
        (true, true) => Ok(Auth::Optional),
        (false, true) => Ok(Auth::None),
        (false, false) => Err(schemes),
    }
}

/// The ids of an operation's schemes, the preferred one first.
fn effective<'m>(model: &Model, service: &'m Traits, operation: &'m Traits) -> Vec<&'m str> {
    let mut schemes: Vec<&str> = match operation.auth().or_else(|| service.auth()) {
        Some(named) => named.iter().map(String::as_str).collect(),
        None => service.ids().filter(|id| is_scheme(model, id)).collect(),
    };
    if schemes.is_empty() || operation.optional_auth() {
        schemes.push(id::NO_AUTH);
    }
    schemes
}

/// Whether a trait of a service is a scheme. A model need not define AWS's, even those that are newer
/// than this list: to take one for another trait would send requests without authentication.
fn is_scheme(model: &Model, id: &str) -> bool {
    let is_aws = || matches!(id.split_once('#'), Some((id::AWS_AUTH, _)));
    let definition = || model.shapes.get(id);
    SCHEMES.contains(&id)
        || is_aws()
        || definition().is_some_and(|shape| shape.traits.auth_definition())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn traits(value: Value) -> Traits {
        let mut traits = Traits::default();
        for (id, value) in value.as_object().unwrap() {
            traits.insert(id, value.clone()).unwrap();
        }
        traits
    }

    const SIGNS: &str = "aws.auth#sigv4";
    const BEARER: &str = "smithy.api#httpBearerAuth";

    #[track_caller]
    fn check(service: &[&str], service_auth: Option<&[&str]>, operation: Value) -> String {
        let schemes = service.iter().map(|id| (*id, json!({"name": "s"})));
        let auth = service_auth.map(|schemes| ("smithy.api#auth", json!(schemes)));
        let service = traits(schemes.chain(auth).collect());
        let operation = traits(operation);
        match of(&Model::default(), &service, &operation) {
            Ok(auth) => format!("{auth:?}"),
            Err(schemes) => schemes.join(", "),
        }
    }

    #[test]
    fn schemes_of_an_operation() {
        let optional = json!({"smithy.api#optionalAuth": {}});
        let none = json!({"smithy.api#auth": []});
        let both = json!({"smithy.api#auth": [], "smithy.api#optionalAuth": {}});
        let bearer = json!({"smithy.api#auth": [BEARER]});
        let bearer_first = json!({"smithy.api#auth": [BEARER, SIGNS]});
        let optional_bearer = json!({"smithy.api#auth": [BEARER], "smithy.api#optionalAuth": {}});
        let own = json!({"smithy.api#auth": [SIGNS]});
        for (service, service_auth, operation, expected) in [
            (&[SIGNS][..], None, json!({}), "SigV4"),
            (&[SIGNS], None, optional.clone(), "Optional"),
            (&[SIGNS], None, none.clone(), "None"),
            (&[SIGNS], None, both, "None"),
            (&[SIGNS], Some(&[][..]), json!({}), "None"),
            (&[SIGNS], Some(&[]), own, "SigV4"),
            (&[], None, json!({}), "None"),
            (&[], None, optional.clone(), "None"),
            (&[SIGNS, BEARER], None, json!({}), "SigV4"),
            (&[SIGNS, BEARER], Some(&[BEARER, SIGNS]), json!({}), "SigV4"),
            (&[SIGNS, BEARER], Some(&[BEARER]), json!({}), BEARER),
            (&[SIGNS, BEARER], None, bearer.clone(), BEARER),
            (&[SIGNS, BEARER], None, bearer_first, "SigV4"),
            (&[SIGNS, BEARER], None, optional_bearer, "None"),
            (&[BEARER], None, json!({}), BEARER),
            (&[BEARER], None, optional, "None"),
            (&[BEARER], None, none, "None"),
            (
                &["smithy.api#httpApiKeyAuth", "aws.auth#sigv4a"],
                None,
                json!({}),
                "aws.auth#sigv4a, smithy.api#httpApiKeyAuth",
            ),
            (
                &["aws.auth#cognitoUserPools"],
                None,
                json!({}),
                "aws.auth#cognitoUserPools",
            ),
            (&["aws.auth#later"], None, json!({}), "aws.auth#later"),
            (&["aws.authentic#other"], None, json!({}), "None"),
            // Schemes that the service does not have.
            (&[SIGNS], None, bearer, BEARER),
            (&[BEARER], None, json!({"smithy.api#auth": [SIGNS]}), SIGNS),
        ] {
            let found = check(service, service_auth, operation.clone());
            assert_eq!(found, expected, "{service:?} {service_auth:?} {operation}");
        }
    }
}
