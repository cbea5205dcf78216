//! Model to IR: one snapshot for each decision that lowering takes.

use std::fmt::Write as _;

use insta::{assert_debug_snapshot, assert_snapshot};
use serde_json::json;
use tinsmith_codegen::ir::{Binding, Http, Structure, TypeDef, UriPart};

use crate::lowered;
use tinsmith_testing::fixture::{echo, model};

/// The shared structure with this name.
fn structure(defs: &[TypeDef], name: &str) -> Structure {
    let found = defs.iter().find_map(|def| match def {
        TypeDef::Structure(structure) if structure.name == name => Some(structure.clone()),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no structure {name}"))
}

/// `name: type, presence`, a line for each member.
fn lines(structure: &Structure) -> String {
    let mut out = format!("{} {:?}\n", structure.name, structure.constructor);
    for field in &structure.fields {
        writeln!(
            out,
            "  {}: {:?}, {:?}",
            field.name, field.ty, field.presence
        )
        .unwrap();
    }
    out
}

#[test]
fn lowers_each_kind_of_shape() {
    let text = echo(
        json!({
            "boolean": {"target": "Boolean"}, "byte": {"target": "Byte"},
            "short": {"target": "Short"}, "integer": {"target": "Integer"},
            "long": {"target": "Long"}, "float": {"target": "Float"},
            "double": {"target": "Double"}, "bigInteger": {"target": "BigInteger"},
            "bigDecimal": {"target": "BigDecimal"}, "string": {"target": "String"},
            "blob": {"target": "Blob"}, "document": {"target": "Document"},
            "epoch": {"target": "Timestamp"},
            "dateTime": {"target": "Iso"},
            "httpDate": {"target": "Iso", "traits": {"timestampFormat": "http-date"}},
            "enum": {"target": "Size"}, "intEnum": {"target": "Grade"},
            "structure": {"target": "Empty"}, "union": {"target": "Choice"},
            "list": {"target": "Texts"}, "sparseList": {"target": "SparseTexts"},
            "lists": {"target": "Lists"}, "map": {"target": "Counts"},
            "sparseMap": {"target": "SparseMap"},
            "secretText": {"target": "SecretText"}, "secretTexts": {"target": "SecretTexts"},
        }),
        json!({
            "Iso": {"type": "timestamp", "traits": {"timestampFormat": "date-time"}},
            "Size": {"type": "enum", "members": {"SMALL": {"target": "Unit"}}},
            "Grade": {"type": "intEnum", "members": {"ONE": {"target": "Unit", "traits": {"enumValue": 1}}}},
            "Empty": {"type": "structure", "members": {}},
            "Choice": {"type": "union", "members": {"none": {"target": "Unit"}}},
            "Texts": {"type": "list", "member": {"target": "String"}},
            "SparseTexts": {"type": "list", "member": {"target": "String"}, "traits": {"sparse": {}}},
            "Lists": {"type": "list", "member": {"target": "Texts"}},
            "Counts": {"type": "map", "key": {"target": "Size"}, "value": {"target": "Long"}},
            "SparseMap": {"type": "map", "key": {"target": "String"}, "value": {"target": "Empty"}, "traits": {"sparse": {}}},
            "SecretText": {"type": "string", "traits": {"sensitive": {}}},
            "SecretTexts": {"type": "list", "member": {"target": "SecretText"}, "traits": {"sensitive": {}}},
        }),
    );
    assert_snapshot!(lines(&lowered(&text).operations[0].input));
}

#[test]
fn presence_depends_on_the_place_and_the_traits() {
    let members = json!({
        "plain": {"target": "String"},
        "required": {"target": "String", "traits": {"required": {}}},
        "default": {"target": "Integer", "traits": {"default": 7}},
        "zero": {"target": "Integer", "traits": {"default": 0}},
        "null": {"target": "Integer", "traits": {"default": null}},
        "added": {"target": "Integer", "traits": {"default": 7, "addedDefault": {}}},
        "requiredDefault": {"target": "Integer", "traits": {"required": {}, "default": 7}},
        "loose": {"target": "String", "traits": {"required": {}, "clientOptional": {}}},
        "looseDefault": {"target": "Integer", "traits": {"default": 7, "clientOptional": {}}},
        "token": {"target": "String", "traits": {"required": {}, "idempotencyToken": {}}},
    });
    let mut with_nested = members.clone();
    with_nested["nested"] = json!({"target": "Nested"});
    let shapes = json!({"Nested": {"type": "structure", "members": members}});
    let service = lowered(&echo(with_nested, shapes));
    let operation = &service.operations[0];
    let nested = structure(&service.types, "Nested");
    let all = [&operation.input, &operation.output, &nested].map(lines);
    assert_snapshot!(all.join("\n"));
}

#[test]
fn lowers_structure() {
    let text = echo(
        json!({"city": {"target": "City"}}),
        json!({
            "City": {
                "type": "structure",
                "members": {
                    "Name": {"target": "Name", "traits": {"required": {}, "documentation": "Its name."}},
                    "people": {"target": "Integer", "traits": {"deprecated": {"message": "Ask.", "since": "2"}, "range": {"min": 0}}},
                },
                "traits": {"documentation": "A place.", "externalDocumentation": {"More": "https://example.com/"}},
            },
            "Name": {"type": "string", "traits": {"length": {"min": 1, "max": 9}, "pattern": "^[a-z]+$"}},
        }),
    );
    assert_debug_snapshot!(lowered(&text).types);
}

#[test]
fn lowers_union() {
    let text = echo(
        json!({"choice": {"target": "Choice", "traits": {"required": {}}}}),
        json!({"Choice": {
            "type": "union",
            "members": {
                "text": {"target": "String"},
                "nothing": {"target": "Unit"},
                "again": {"target": "Choice"},
                "unknown": {"target": "Integer"},
            },
        }}),
    );
    assert_debug_snapshot!(lowered(&text).types);
}

#[test]
fn lowers_enums() {
    let text = echo(
        json!({"size": {"target": "Size", "traits": {"required": {}}}, "grade": {"target": "Grade"}, "old": {"target": "Old"}}),
        json!({
            "Size": {"type": "enum", "members": {
                "SMALL": {"target": "Unit", "traits": {"enumValue": "small", "documentation": "Little."}},
                "UNKNOWN": {"target": "Unit"},
            }},
            "Grade": {"type": "intEnum", "members": {
                "LOW": {"target": "Unit", "traits": {"enumValue": -1, "deprecated": {}}},
            }},
            "Old": {"type": "string", "traits": {"enum": [{"value": "a b", "name": "A_B"}]}},
        }),
    );
    assert_debug_snapshot!(lowered(&text).types);
}

#[test]
fn lowers_errors() {
    let text = model(json!({
        "Do": {"type": "operation", "errors": [{"target": "Slow"}, {"target": "OldError"}, {"target": "Plain"}, {"target": "Slow"}]},
        "Slow": {
            "type": "structure",
            "members": {"Message": {"target": "String", "traits": {"required": {}}}, "after": {"target": "Integer"}},
            "traits": {"error": "server", "httpError": 503, "retryable": {"throttling": true}},
        },
        "OldError": {"type": "structure", "members": {"message": {"target": "Secret"}}, "traits": {"error": "client"}},
        "Plain": {"type": "structure", "members": {"message": {"target": "String"}}, "traits": {"error": "client", "aws.protocols#awsQueryError": {"code": "Plain.Old", "httpResponseCode": 404}}},
        "Secret": {"type": "string", "traits": {"sensitive": {}}},
    }));
    let service = lowered(&text);
    assert_debug_snapshot!((&service.operations[0].error, &service.errors));
}

#[test]
fn lowers_operation_with_everything() {
    let text = model(json!({
        "Service": {
            "type": "service",
            "version": "2026-01-01",
            "resources": [{"target": "City"}],
            "traits": {
                "aws.protocols#awsJson1_0": {},
                "aws.auth#sigv4": {"name": "cities"},
                "title": "City Service",
                "paginated": {"inputToken": "next", "pageSize": "size"},
            },
        },
        "City": {"type": "resource", "identifiers": {}, "list": {"target": "ListCities"}},
        "ListCities": {
            "type": "operation",
            "input": {"target": "ListCitiesInput"},
            "output": {"target": "ListCitiesOutput"},
            "traits": {
                "documentation": "Lists cities.",
                "paginated": {"outputToken": "page.token.next", "items": "page.cities"},
                "endpoint": {"hostPrefix": "{tenant}-{zone}.list."},
                "requestCompression": {"encodings": ["gzip"]},
                "httpChecksumRequired": {},
                "optionalAuth": {},
                "deprecated": {},
            },
        },
        "ListCitiesInput": {"type": "structure", "members": {
            "tenant": {"target": "String", "traits": {"required": {}, "hostLabel": {}}},
            "zone": {"target": "Secret", "traits": {"required": {}, "hostLabel": {}}},
            "next": {"target": "String"},
            "size": {"target": "Integer"},
            "token": {"target": "Secret", "traits": {"idempotencyToken": {}}},
        }},
        "ListCitiesOutput": {"type": "structure", "members": {"page": {"target": "Page"}}},
        "Page": {"type": "structure", "members": {
            "cities": {"target": "Cities", "traits": {"required": {}}},
            "token": {"target": "Token"},
        }},
        "Token": {"type": "structure", "members": {"next": {"target": "String"}}},
        "Cities": {"type": "map", "key": {"target": "String"}, "value": {"target": "Secret"}},
        "Secret": {"type": "string", "traits": {"sensitive": {}}},
    }));
    let mut service = lowered(&text);
    service.types.clear();
    assert_debug_snapshot!(service);
}

#[test]
fn tokens_of_different_types_make_no_paginator() {
    let text = model(json!({
        "ListCities": {
            "type": "operation",
            "input": {"target": "ListCitiesInput"},
            "output": {"target": "ListCitiesOutput"},
            "traits": {"paginated": {"inputToken": "next", "outputToken": "more"}},
        },
        "ListCitiesInput": {"type": "structure", "members": {"next": {"target": "Cursor"}}},
        "ListCitiesOutput": {"type": "structure", "members": {"more": {"target": "String"}}},
        "Cursor": {"type": "structure", "members": {}},
    }));
    let service = lowered(&text);
    assert!(service.operations[0].pagination.is_none());
    assert_eq!(service.notices.len(), 1);
    assert!(service.notices[0].starts_with("ListCities has no paginator: "));
}

#[test]
fn cycles_are_boxed_once_and_never_required_all_around() {
    let text = echo(
        json!({"tree": {"target": "Tree"}, "egg": {"target": "Egg"}}),
        json!({
            "Tree": {"type": "structure", "members": {
                "left": {"target": "Tree"},
                "list": {"target": "Trees"},
                "graft": {"target": "Graft"},
            }},
            "Trees": {"type": "list", "member": {"target": "Tree"}},
            "Graft": {"type": "union", "members": {"tree": {"target": "Tree"}, "none": {"target": "Unit"}}},
            "Egg": {"type": "structure", "members": {"hen": {"target": "Hen", "traits": {"required": {}}}}},
            "Hen": {"type": "structure", "members": {"egg": {"target": "Egg", "traits": {"required": {}}}}},
        }),
    );
    let types = lowered(&text).types;
    let all = ["Tree", "Egg", "Hen"].map(|name| lines(&structure(&types, name)));
    let graft = types.iter().find_map(|def| match def {
        TypeDef::Union(union) => Some(format!("{} {:?}", union.name, union.variants[0].ty)),
        _ => None,
    });
    assert_snapshot!(format!("{}\n{}", all.join("\n"), graft.unwrap()));
}

#[test]
fn what_a_secret_holds_is_wiped_and_a_response_with_one_is_marked() {
    let text = model(json!({
        "Send": {"type": "operation", "input": {"target": "Card"}},
        "Get": {"type": "operation", "output": {"target": "Wallet"}},
        "Plain": {"type": "operation", "output": {"target": "Note"}},
        "Wallet": {"type": "structure", "members": {"cards": {"target": "Cards"}}},
        "Cards": {"type": "list", "member": {"target": "Card"}},
        "Card": {
            "type": "structure",
            "members": {"holder": {"target": "Note"}, "kind": {"target": "Kind"}, "pin": {"target": "Integer"}},
            "traits": {"sensitive": {}},
        },
        "Note": {"type": "structure", "members": {"size": {"target": "Size"}}},
        "Kind": {"type": "enum", "members": {"GOLD": {"target": "Unit"}}},
        "Size": {"type": "intEnum", "members": {"ONE": {"target": "Unit", "traits": {"enumValue": 1}}}},
    }));
    let service = lowered(&text);
    let mut out = String::new();
    for operation in &service.operations {
        let marked = operation.sensitive_output;
        writeln!(out, "{}: sensitive output {marked}", operation.wire_name).unwrap();
        out.push_str(&lines(&operation.input));
    }
    for def in &service.types {
        let (usage, wipe) = match def {
            TypeDef::Structure(x) => (Some(x.usage), x.wipe),
            TypeDef::Union(x) => (Some(x.usage), x.wipe),
            TypeDef::EventStream(_) => (None, false),
            TypeDef::Enum(x) => (None, x.wipe),
        };
        writeln!(out, "{}: wipe {wipe}, {usage:?}", def.name()).unwrap();
    }
    assert_snapshot!(out);
}

/// A structure that callers make has `new` where a member is required; one that they only receive
/// has a value for a member that is missing.
#[test]
fn constructors_follow_from_usage() {
    let member = json!({"target": "Part", "traits": {"required": {}}});
    let text = model(json!({
        "Do": {"type": "operation", "input": {"target": "In"}, "output": {"target": "Out"}},
        "In": {"type": "structure", "members": {"sent": {"target": "Sent"}, "both": {"target": "Both"}}},
        "Out": {"type": "structure", "members": {"got": {"target": "Got", "traits": {"required": {}}}, "both": {"target": "Both", "traits": {"required": {}}}}},
        "Sent": {"type": "structure", "members": {"part": member}},
        "Got": {"type": "structure", "members": {"part": member, "size": {"target": "Size", "traits": {"default": "big"}}}},
        "Both": {"type": "structure", "members": {"part": member}},
        "Part": {"type": "structure", "members": {}},
        "Size": {"type": "enum", "members": {"BIG": {"target": "Unit", "traits": {"enumValue": "big"}}}},
    }));
    let service = lowered(&text);
    let own = [&service.operations[0].input, &service.operations[0].output].map(lines);
    let shared =
        ["Sent", "Got", "Both", "Part"].map(|name| lines(&structure(&service.types, name)));
    assert_snapshot!(format!("{}\n{}", own.join("\n"), shared.join("\n")));
}

#[test]
fn awsjson_ignores_json_names_and_http_bindings() {
    let service = lowered(&model(json!({
        "Do": {
            "type": "operation", "input": {"target": "In"},
            "traits": {"http": {"method": "GET", "uri": "/{Id}", "code": 202}},
        },
        "In": {"type": "structure", "members": {"Id": {
            "target": "String", "traits": {"jsonName": "id", "httpLabel": {}, "required": {}},
        }}},
    })));
    let operation = &service.operations[0];
    let field = &operation.input.fields[0];
    assert_eq!((&*field.member, &*field.wire), ("Id", "Id"));
    assert_eq!(field.binding, Binding::Body);
    let http = Http {
        method: "POST".to_owned(),
        uri: vec![UriPart::Literal("/".to_owned())],
        query: Vec::new(),
        status: 200,
    };
    assert_eq!(operation.http, http);
}
