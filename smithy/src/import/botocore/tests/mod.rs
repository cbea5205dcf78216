//! Small service models, one for each kind of fact. Every model that comes out is loaded, which
//! validates it.

mod fault;
mod operation;
mod service;
mod shape;

use serde_json::{Value, json};

use crate::import::{BotocoreFiles, Import, from_botocore, to_text};
use crate::load::{Source, load};

fn metadata() -> Value {
    json!({
        "apiVersion": "2020-01-01", "endpointPrefix": "city", "jsonVersion": "1.1", "protocol": "json",
        "serviceFullName": "City Service", "serviceId": "City", "signatureVersion": "v4",
        "targetPrefix": "CityService",
    })
}

/// Imports a service with these sections beside its metadata.
fn try_import(sections: Value) -> Result<Import, String> {
    try_import_with(sections, |_| {})
}

fn try_import_with(
    sections: Value,
    add_files: impl FnOnce(&mut BotocoreFiles<'_>),
) -> Result<Import, String> {
    let mut service = json!({ "metadata": metadata(), "operations": {}, "shapes": {} });
    for (key, value) in sections.as_object().unwrap() {
        service[key] = value.clone();
    }
    let text = service.to_string();
    let service = Source {
        name: "service-2.json",
        text: &text,
    };
    let mut files = BotocoreFiles {
        name: "big-city",
        service,
        paginators: None,
        waiters: None,
        endpoint_rules: None,
        examples: None,
    };
    add_files(&mut files);
    from_botocore(&files).map_err(|faults| faults.to_string())
}

/// The imported model, its ids without the namespace.
fn shapes(sections: Value) -> Value {
    shapes_of(&try_import(sections).unwrap())
}

fn shapes_of(import: &Import) -> Value {
    let text = to_text(&import.model);
    let source = Source {
        name: "model.json",
        text: &text,
    };
    load(&[source]).unwrap();
    let text = text.replace("com.amazonaws.bigcity#", "");
    serde_json::from_str::<Value>(&text).unwrap()["shapes"].take()
}

fn left_out(import: &Import) -> Vec<String> {
    import.left_out.iter().map(ToString::to_string).collect()
}
