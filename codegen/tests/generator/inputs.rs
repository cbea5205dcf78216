//! Members of a request that are used beyond its body: strings, enums and secrets alike.

use serde_json::{Value, json};
use tinsmith_codegen::ir::{EndpointValue, Presence, Type};

use crate::{generated, lowered, try_generate};
use tinsmith_testing::fixture::model;

/// A model with the operation `Do`, whose input has these members.
fn operation(members: Value, traits: Value) -> String {
    model(json!({
        "Do": {"type": "operation", "input": {"target": "In"}, "traits": traits},
        "In": {"type": "structure", "members": members},
        "Kind": {"type": "enum", "members": {
            "A": {"target": "Unit", "traits": {"enumValue": "a"}},
        }},
        "Secret": {"type": "string", "traits": {"sensitive": {}}},
        "Names": {"type": "list", "member": {"target": "Secret"}},
    }))
}

/// Code without white space and without the comma after a last item.
fn squeezed(code: &str) -> String {
    code.split_whitespace()
        .collect::<String>()
        .replace(",)", ")")
}

#[track_caller]
fn fault(text: &str) -> String {
    try_generate(text, None).unwrap_err().to_string()
}

#[test]
fn labels_of_the_host_are_text() {
    let label = |target: &str| {
        let traits = json!({"hostLabel": {}, "required": {}});
        let members = json!({"label": {"target": target, "traits": traits}});
        operation(members, json!({"endpoint": {"hostPrefix": "{label}."}}))
    };
    for target in ["String", "Kind", "Secret"] {
        let tree = generated(&label(target)).tree;
        let (_, file) = tree
            .files()
            .find(|(path, _)| path.ends_with("do_.rs"))
            .unwrap();
        let expected = "operation::host_label(\"label\", self.label.as_ref())?";
        assert!(
            squeezed(file).contains(&squeezed(expected)),
            "{target}: {file}"
        );
    }
    let expected = "a#Do: the host prefix names `label`, which is not a string";
    let found = fault(&label("Integer"));
    assert!(found.ends_with(expected), "{found}");
}

#[test]
fn an_empty_host_prefix_is_none() {
    let text = operation(json!({}), json!({"endpoint": {"hostPrefix": ""}}));
    assert_eq!(lowered(&text).operations[0].host_prefix, None);
}

#[test]
fn rejects_what_is_no_host_name() {
    for (prefix, odd) in [
        ("{label", '{'),
        ("{label}.}", '}'),
        ("a b.", ' '),
        ("a/", '/'),
        ("\u{e9}.", '\u{e9}'),
        ("x\n.", '\n'),
    ] {
        let label = json!({"target": "String", "traits": {"hostLabel": {}, "required": {}}});
        let traits = json!({"endpoint": {"hostPrefix": prefix}});
        let found = fault(&operation(json!({"label": label}), traits));
        let expected = format!("a#Do: the host prefix has {odd:?}, which cannot be in a host name");
        assert!(found.ends_with(&expected), "{found}");
    }
}

#[test]
fn endpoint_parameters_that_are_keywords() {
    let parameters = ["Gen", "Self", "Type", "Yield", "Query", "Params"];
    let members = parameters.map(|name| {
        let traits = json!({"smithy.rules#contextParam": {"name": name}});
        (
            name.to_owned(),
            json!({"target": "String", "traits": traits}),
        )
    });
    let declared = parameters.map(|name| (name.to_owned(), json!({"type": "string"})));
    let is_set = |name| json!({"fn": "isSet", "argv": [{"ref": name}]});
    let rules = json!({
        "version": "1.0",
        "parameters": Value::Object(declared.into_iter().collect()),
        "rules": [{
            "type": "endpoint",
            "conditions": parameters.map(is_set),
            "endpoint": {"url": "https://{Gen}.{Self}.{Type}.{Yield}.{Query}.{Params}"},
        }],
    });
    let text = model(json!({
        "Service": {
            "type": "service", "version": "1", "operations": [{"target": "Do"}],
            "traits": {"aws.protocols#awsJson1_1": {}, "smithy.rules#endpointRuleSet": rules},
        },
        "Do": {"type": "operation", "input": {"target": "In"}},
        "In": {"type": "structure", "members": Value::Object(members.into_iter().collect())},
    }));
    let tree = generated(&text).tree;
    let (_, file) = tree
        .files()
        .find(|(path, _)| path.ends_with("endpoint.rs"))
        .unwrap();
    for field in ["r#gen", "self_", "r#type", "r#yield", "query"] {
        let declared = format!("pub(crate) {field}: Option<String>");
        let set = format!("params.{field} = Some(value.clone())");
        assert!(file.contains(&declared), "{declared}: {file}");
        assert!(file.contains(&set), "{set}: {file}");
    }
}

/// Smithy allows one token, yet a model may have more.
#[test]
fn fills_every_token() {
    let traits = json!({"idempotencyToken": {}, "required": {}});
    let member = |target: &str| json!({"target": target, "traits": traits});
    let members = json!({"kind": member("Kind"), "one": member("String"), "two": member("Secret")});
    let text = operation(members, json!({}));
    let tree = generated(&text).tree;
    let (_, file) = tree
        .files()
        .find(|(path, _)| *path == "src/operation/do_.rs")
        .unwrap();
    let fill = "fn fill_idempotency_token(&mut self, token: fn() -> String) {\n        \
                self.one.get_or_insert_with(token);\n        \
                self.two.get_or_insert_with(|| token().into());\n    }\n";
    assert!(file.contains(fill), "{file}");
    let told = "If it is left out, the client sends a random UUID.";
    assert_eq!(file.matches(told).count(), 2, "{file}");
}

#[test]
fn default_of_built_in_parameter_applies_without_setting() {
    let region =
        json!({"type": "string", "builtIn": "AWS::Region", "required": true, "default": "a"});
    let rules = json!({
        "version": "1.0",
        "parameters": {"Region": region},
        "rules": [{"type": "endpoint", "conditions": [], "endpoint": {"url": "https://{Region}"}}],
    });
    let text = model(json!({
        "Service": {
            "type": "service", "version": "1", "operations": [],
            "traits": {"aws.protocols#awsJson1_1": {}, "smithy.rules#endpointRuleSet": rules},
        },
    }));
    let tree = generated(&text).tree;
    let mut files = tree.files();
    let (_, file) = files
        .find(|(path, _)| path.ends_with("endpoint.rs"))
        .unwrap();
    let set = r#"region: query.region.map_or_else(|| "a".to_owned(), str::to_owned),"#;
    assert!(file.contains(set), "{file}");
}

/// No enum has a random UUID, so the caller gives the token.
#[test]
fn tokens_that_a_client_can_fill() {
    let traits = json!({"idempotencyToken": {}, "required": {}});
    for (target, filled) in [("String", true), ("Secret", true), ("Kind", false)] {
        let members = json!({"token": {"target": target, "traits": traits}});
        let service = lowered(&operation(members, json!({})));
        let operation = &service.operations[0];
        assert_eq!(
            operation.input.fields[0].idempotency_token, filled,
            "{target}"
        );
        let presence = match filled {
            true => Presence::Optional,
            false => Presence::Required,
        };
        assert_eq!(operation.input.fields[0].presence, presence, "{target}");
    }
}

#[test]
fn parameters_of_the_endpoint() {
    let parameter = |target: &str| {
        let traits = json!({"smithy.rules#contextParam": {"name": "P"}, "required": {}});
        operation(
            json!({"p": {"target": target, "traits": traits}}),
            json!({}),
        )
    };
    for (target, expected) in [
        ("Secret", "EndpointInput::String(self.p.to_string())"),
        ("Kind", "EndpointInput::String(self.p.to_string())"),
        ("Boolean", "EndpointInput::Boolean(self.p)"),
        (
            "Names",
            "EndpointInput::Strings(self.p.iter().map(|item| item.to_string()).collect())",
        ),
    ] {
        let service = lowered(&parameter(target));
        let inputs = &service.operations[0].endpoint_inputs;
        assert!(matches!(inputs[0].value, EndpointValue::Field(..)));
        let tree = generated(&parameter(target)).tree;
        let (_, file) = tree
            .files()
            .find(|(path, _)| path.ends_with("do_.rs"))
            .unwrap();
        assert!(
            squeezed(file).contains(&squeezed(expected)),
            "{target}: {file}"
        );
    }
    let found = fault(&parameter("Integer"));
    assert!(
        found.contains("`p` is the endpoint parameter `P`, but"),
        "{found}"
    );
}

/// Nothing can be moved out of a secret: the items are copied.
#[test]
fn items_within_something_sensitive() {
    let pages = |traits: Value| {
        let text = model(json!({
            "List": {
                "type": "operation", "input": {"target": "In"}, "output": {"target": "Out"},
                "traits": {"paginated": {"inputToken": "t", "outputToken": "t", "items": "o.items"}},
            },
            "In": {"type": "structure", "members": {"t": {"target": "String"}}},
            "Out": {"type": "structure", "traits": traits, "members": {
                "t": {"target": "String"}, "o": {"target": "Inner"},
            }},
            "Inner": {"type": "structure", "members": {"items": {"target": "Items"}}},
            "Items": {"type": "list", "member": {"target": "String"}},
        }));
        lowered(&text).operations[0].pagination.clone().unwrap()
    };
    let open = pages(json!({}));
    assert!(!open.copies_items);
    let secret = pages(json!({"sensitive": {}}));
    assert!(secret.copies_items);
    assert!(matches!(secret.output_type, Type::Sensitive(_)));
}
