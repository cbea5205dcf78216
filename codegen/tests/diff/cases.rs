//! Pairs of models, one for each kind of change.

mod events;

use serde_json::{Value, json};
use tinsmith_codegen::diff::Level::{self, Major, Minor, Patch};

use tinsmith_testing::fixture::model;

/// An old model and a new one.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) old: String,
    pub(crate) new: String,
    /// The kind of change that must be among those found.
    pub(crate) kind: &'static str,
    /// The verdict from old to new.
    pub(crate) forward: Level,
    /// The verdict from new to old.
    pub(crate) backward: Level,
}

/// What most cases share: an operation whose input and output and error have members, and a shape of
/// each kind that they reach.
fn base() -> Value {
    json!({
        "Do": {"type": "operation", "input": {"target": "DoInput"}, "output": {"target": "DoOutput"},
               "errors": [{"target": "Lost"}]},
        "DoInput": {"type": "structure", "members": {
            "Id": {"target": "String", "traits": {"required": {}}},
            "Count": {"target": "Integer", "traits": {"required": {}}},
            "Note": {"target": "String"},
            "Token": {"target": "String"},
            "Place": {"target": "Place"},
            "Choice": {"target": "Choice"},
            "Color": {"target": "Color"},
            "Size": {"target": "Size"},
        }},
        "DoOutput": {"type": "structure", "members": {
            "Name": {"target": "String"},
            "Next": {"target": "String"},
            "Places": {"target": "Places"},
            "Found": {"target": "Found"},
            "When": {"target": "Timestamp"},
        }},
        "Lost": {"type": "structure", "members": {"message": {"target": "String"}},
                 "traits": {"error": "client"}},
        "Place": {"type": "structure", "members": {"Street": {"target": "String"}}},
        "Places": {"type": "list", "member": {"target": "Place"}},
        "Found": {"type": "structure", "members": {"By": {"target": "String"}}},
        "Choice": {"type": "union", "members": {"One": {"target": "String"}, "Two": {"target": "Integer"}}},
        "Color": {"type": "enum", "members": {
            "RED": {"target": "Unit", "traits": {"enumValue": "red"}},
        }},
        "Size": {"type": "intEnum", "members": {
            "SMALL": {"target": "Unit", "traits": {"enumValue": 1}},
        }},
    })
}

/// The base with JSON Merge Patch (RFC 7396) `change` upon it; a member that is new stands last.
fn with(change: Value) -> String {
    let mut shapes = base();
    merge(&mut shapes, change);
    model(shapes)
}

fn merge(target: &mut Value, change: Value) {
    match change {
        Value::Object(change) => {
            if !target.is_object() {
                *target = json!({});
            }
            let target = target.as_object_mut().unwrap();
            for (key, value) in change {
                if value.is_null() {
                    target.shift_remove(&key);
                } else {
                    merge(target.entry(key).or_insert(Value::Null), value);
                }
            }
        }
        other => *target = other,
    }
}

fn input(members: Value) -> Value {
    json!({"DoInput": {"members": members}})
}

fn output(members: Value) -> Value {
    json!({"DoOutput": {"members": members}})
}

/// From the base to the base with `change`.
fn case(name: &'static str, kind: &'static str, levels: (Level, Level), change: Value) -> Case {
    pair(name, kind, levels, json!({}), change)
}

fn pair(
    name: &'static str,
    kind: &'static str,
    (forward, backward): (Level, Level),
    old: Value,
    new: Value,
) -> Case {
    Case {
        name,
        old: with(old),
        new: with(new),
        kind,
        forward,
        backward,
    }
}

/// All pairs.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases = operations();
    cases.extend(members());
    cases.extend(shapes());
    cases.extend(events::cases());
    cases.extend(quiet());
    cases.extend(meanings());
    cases
}

/// Names of the old crate that the new one gives to something else.
fn meanings() -> Vec<Case> {
    let value = |value: Value| json!({"target": "Unit", "traits": {"enumValue": value}});
    let text = json!({"target": "String"});
    let empty = json!({"type": "operation"});
    let error =
        json!({"type": "structure", "members": {"message": text}, "traits": {"error": "client"}});
    let both = |name, old, new| pair(name, "meaning-changed", (Major, Major), old, new);
    // `a_b` is called so in Rust until `aB` stands before it.
    let taken =
        |name, old: Value, new: Value| pair(name, "meaning-changed", (Major, Major), old, new);
    vec![
        both(
            "name on the wire of a member",
            json!({}),
            output(json!({"Name": null, "name": text})),
        ),
        both(
            "name on the wire of a union's member",
            json!({}),
            json!({"Choice": {"members": {"One": null, "one": text}}}),
        ),
        both(
            "value of an enum",
            json!({}),
            json!({"Color": {"members": {"RED": value(json!("Red"))}}}),
        ),
        both(
            "value of an intEnum",
            json!({}),
            json!({"Size": {"members": {"SMALL": value(json!(2))}}}),
        ),
        taken(
            "name taken by another member",
            input(json!({"a_b": text})),
            input(json!({"a_b": null, "aB": text, "A_b": text})),
        ),
        taken(
            "name taken by another operation",
            json!({"DoIt": empty}),
            json!({"DO_IT": empty, "DoIt": empty}),
        ),
        taken(
            "name taken by another error",
            json!({"Do": {"errors": [{"target": "GoneException"}]}, "GoneException": error}),
            json!({"Do": {"errors": [{"target": "GoneException"}, {"target": "GoneError"}]}, "GoneError": error, "GoneException": error}),
        ),
    ]
}

fn operations() -> Vec<Case> {
    let other = json!({"type": "operation", "input": {"target": "DoInput"}});
    let extra = json!({"type": "structure", "members": {"Why": {"target": "String"}},
                       "traits": {"error": "server"}});
    let paginated = json!({"inputToken": "Token", "outputToken": "Next"});
    let with_items = json!({"inputToken": "Token", "outputToken": "Next", "items": "Places"});
    vec![
        case(
            "operation",
            "operation-added",
            (Minor, Major),
            json!({"Other": other}),
        ),
        pair(
            "output",
            "output-added",
            (Minor, Major),
            json!({"Do": {"output": null}}),
            json!({}),
        ),
        pair(
            "input",
            "input-added",
            (Major, Major),
            json!({"Do": {"input": null}}),
            json!({}),
        ),
        case(
            "error",
            "error-added",
            (Major, Major),
            json!({"Do": {"errors": [{"target": "Lost"}, {"target": "Extra"}]}, "Extra": extra}),
        ),
        case(
            "pagination",
            "pagination-changed",
            (Minor, Major),
            json!({"Do": {"traits": {"paginated": paginated}}}),
        ),
        pair(
            "type of the token",
            "pagination-changed",
            (Major, Major),
            json!({"Do": {"traits": {"paginated": paginated}}}),
            json!({"Do": {"traits": {"paginated": paginated}}, "DoInput": {"members": {"Token": {"target": "Long"}}},
                   "DoOutput": {"members": {"Next": {"target": "Long"}}}}),
        ),
        pair(
            "items of pages",
            "pagination-changed",
            (Minor, Major),
            json!({"Do": {"traits": {"paginated": paginated}}}),
            json!({"Do": {"traits": {"paginated": with_items}}}),
        ),
    ]
}

fn members() -> Vec<Case> {
    let required = json!({"traits": {"required": {}}});
    let note = json!({"target": "String", "traits": {"required": {}}});
    vec![
        case(
            "optional input",
            "member-added",
            (Minor, Major),
            input(json!({"New": {"target": "Blob"}})),
        ),
        case(
            "required input",
            "member-added",
            (Major, Major),
            input(json!({"New": note})),
        ),
        case(
            "output member",
            "member-added",
            (Minor, Major),
            output(json!({"New": {"target": "Long"}})),
        ),
        case(
            "required output member",
            "member-added",
            (Minor, Major),
            output(json!({"New": {"target": "Color", "traits": {"required": {}}}})),
        ),
        case(
            "no longer required input",
            "no-longer-required",
            (Major, Major),
            input(json!({"Id": {"traits": null}})),
        ),
        case(
            "nothing required",
            "construction-changed",
            (Major, Major),
            input(json!({"Id": {"traits": null}, "Count": {"traits": null}})),
        ),
        case(
            "required output",
            "now-required",
            (Major, Major),
            output(json!({"Name": required})),
        ),
        case(
            "required in a nested structure",
            "construction-changed",
            (Major, Major),
            json!({"Place": {"members": {"Street": required}}, "DoInput": {"members": {"Place": required}}}),
        ),
        case(
            "type",
            "type-changed",
            (Major, Major),
            input(json!({"Note": {"target": "Blob"}})),
        ),
        case(
            "type of a required member",
            "type-changed",
            (Major, Major),
            input(json!({"Id": {"target": "Long"}})),
        ),
        case(
            "enum instead of string",
            "type-changed",
            (Major, Major),
            output(json!({"Name": {"target": "Color"}})),
        ),
        case(
            "sparse list",
            "type-changed",
            (Major, Major),
            json!({"Places": {"traits": {"sparse": {}}}}),
        ),
        pair(
            "recursion",
            "type-changed",
            (Major, Major),
            json!({"Place": {"members": {"Inner": {"target": "Found"}}},
                   "Found": {"members": {"Outer": {"target": "String"}}}}),
            json!({"Place": {"members": {"Inner": {"target": "Found"}}},
                   "Found": {"members": {"Outer": {"target": "Place"}}}}),
        ),
        pair(
            "sensitive",
            "sensitivity-changed",
            (Major, Major),
            json!({"Secret": {"type": "string"}, "DoInput": {"members": {"Note": {"target": "Secret"}}}}),
            json!({"Secret": {"type": "string", "traits": {"sensitive": {}}},
                   "DoInput": {"members": {"Note": {"target": "Secret"}}}}),
        ),
        pair(
            "sensitive structure",
            "sensitivity-changed",
            (Major, Major),
            json!({}),
            json!({"Place": {"traits": {"sensitive": {}}}}),
        ),
        case(
            "default",
            "default-changed",
            (Major, Major),
            output(json!({"Name": {"traits": {"default": "x"}}})),
        ),
        pair(
            "other default",
            "default-changed",
            (Minor, Minor),
            output(json!({"Name": {"traits": {"default": "x"}}})),
            output(json!({"Name": {"traits": {"default": "y"}}})),
        ),
        pair(
            "order of required members",
            "construction-changed",
            (Major, Major),
            input(
                json!({"Id": null, "Count": null, "A": note, "B": {"target": "Color", "traits": {"required": {}}}}),
            ),
            input(
                json!({"Id": null, "Count": null, "B": {"target": "Color", "traits": {"required": {}}}, "A": note}),
            ),
        ),
        case(
            "deprecated members",
            "deprecation-changed",
            (Minor, Patch),
            json!({"DoInput": {"members": {"Note": {"traits": {"deprecated": {}}}}},
                   "Choice": {"members": {"One": {"traits": {"deprecated": {"message": "use Two"}}}}},
                   "Color": {"members": {"RED": {"traits": {"deprecated": {}}}}}}),
        ),
        pair(
            "message of a deprecation",
            "deprecation-changed",
            (Patch, Patch),
            input(json!({"Note": {"traits": {"deprecated": {"message": "use Id"}}}})),
            input(json!({"Note": {"traits": {"deprecated": {"message": "use Token"}}}})),
        ),
        pair(
            "clash of names",
            "member-renamed",
            (Major, Major),
            output(json!({"fooBar": {"target": "Long"}})),
            output(json!({"FooBar": {"target": "Blob"}, "fooBar": {"target": "Long"}})),
        ),
    ]
}

fn shapes() -> Vec<Case> {
    let renamed = json!({"type": "structure", "members": {"By": {"target": "String"}}});
    vec![
        case(
            "renamed shape",
            "shape-renamed",
            (Major, Major),
            json!({"Found": null, "Discovery": renamed, "DoOutput": {"members": {"Found": {"target": "Discovery"}}}}),
        ),
        case(
            "kind of shape",
            "shape-changed",
            (Major, Major),
            json!({"Found": {"type": "union"}}),
        ),
        case(
            "new shape",
            "shape-added",
            (Minor, Major),
            json!({"Extra": renamed, "DoOutput": {"members": {"Extra": {"target": "Extra"}}}}),
        ),
        case(
            "response shape in a request",
            "construction-changed",
            (Minor, Major),
            input(json!({"Found": {"target": "Found"}})),
        ),
        case(
            "enum value",
            "value-added",
            (Minor, Major),
            json!({"Color": {"members": {"BLUE": {"target": "Unit", "traits": {"enumValue": "blue"}}}}}),
        ),
        case(
            "int enum value",
            "value-added",
            (Minor, Major),
            json!({"Size": {"members": {"LARGE": {"target": "Unit", "traits": {"enumValue": 2}}}}}),
        ),
        case(
            "union member",
            "union-member-added",
            (Minor, Major),
            json!({"Choice": {"members": {"Three": {"target": "Blob"}}}}),
        ),
        case(
            "deprecated union member",
            "union-member-added",
            (Minor, Major),
            json!({"Choice": {"members": {"Three": {"target": "Blob", "traits": {"deprecated": {}}}}}}),
        ),
        case(
            "type of a union member",
            "type-changed",
            (Major, Major),
            json!({"Choice": {"members": {"Two": {"target": "Unit"}}}}),
        ),
        case(
            "union with a default",
            "construction-changed",
            (Major, Major),
            output(json!({"Name": {"target": "Choice", "traits": {"required": {}}}})),
        ),
        case(
            "member of an error",
            "member-added",
            (Minor, Major),
            json!({"Lost": {"members": {"Where": {"target": "String"}}}}),
        ),
        case(
            "deprecated operation and shapes",
            "deprecation-changed",
            (Minor, Patch),
            json!({"Do": {"traits": {"deprecated": {}}}, "Place": {"traits": {"deprecated": {}}},
                   "Choice": {"traits": {"deprecated": {}}}, "Color": {"traits": {"deprecated": {}}}}),
        ),
    ]
}

/// What no caller notices.
fn quiet() -> Vec<Case> {
    let quiet = |name, kind, change| case(name, kind, (Patch, Patch), change);
    vec![
        quiet(
            "documentation",
            "documentation-changed",
            json!({"Do": {"traits": {"documentation": "Does."}},
                   "Place": {"members": {"Street": {"traits": {"documentation": "A street."}}}}}),
        ),
        quiet(
            "constraint",
            "constraint-changed",
            input(json!({"Note": {"traits": {"length": {"max": 9}}}})),
        ),
        quiet(
            "format of a timestamp",
            "type-changed",
            output(json!({"When": {"traits": {"timestampFormat": "date-time"}}})),
        ),
        quiet(
            "idempotency token",
            "behavior-changed",
            input(json!({"Token": {"traits": {"idempotencyToken": {}}}})),
        ),
        quiet(
            "host prefix",
            "behavior-changed",
            json!({"Do": {"traits": {"endpoint": {"hostPrefix": "data."}}}}),
        ),
        quiet(
            "fault and status",
            "behavior-changed",
            json!({"Lost": {"traits": {"error": "server", "httpError": 503}}}),
        ),
        quiet(
            "retries",
            "behavior-changed",
            json!({"Lost": {"traits": {"retryable": {"throttling": true}}}}),
        ),
    ]
}
