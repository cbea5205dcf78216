//! Named patches for what a model does not say and every SDK does in code of its own.
//!
//! A patch belongs to one service. When the model of that service no longer has what the patch
//! stands on, that is an error: the patch must be looked at again, and may be gone.

use serde_json::{Map, Value};

use tinsmith_smithy::ast::{Model, ShapeId, ShapeKind};
use tinsmith_smithy::diagnostic::{Diagnostic, Diagnostics};
use tinsmith_smithy::traits::{Traits, id};

/// A patch and the service that it belongs to.
struct Fixup {
    service: &'static str,
    apply: fn(&mut Model) -> Result<(), Diagnostic>,
}

const FIXUPS: &[Fixup] = &[Fixup {
    service: "com.amazonaws.machinelearning#AmazonML_20141212",
    apply: predict_endpoint,
}];

/// Applies the patches of the services in `model`.
///
/// # Errors
///
/// A patch that no longer applies, with the shape that it looked for.
pub fn apply(model: &mut Model) -> Result<(), Diagnostics> {
    for fixup in FIXUPS {
        if model.shapes.contains_key(fixup.service) {
            (fixup.apply)(model)?;
        }
    }
    Ok(())
}

/// Each model of Amazon Machine Learning has its own endpoint for predictions, which a caller gets
/// from GetMLModel and gives to Predict. The API reference of Predict says so of the member; no
/// trait does.
fn predict_endpoint(model: &mut Model) -> Result<(), Diagnostic> {
    const OPERATION: &str = "com.amazonaws.machinelearning#Predict";
    const MEMBER: &str = "PredictEndpoint";
    let input = match model.shapes.get(OPERATION).map(|shape| &shape.kind) {
        Some(ShapeKind::Operation(operation)) => operation.input.clone(),
        _ => None,
    };
    let member = input
        .as_ref()
        .and_then(|input| member_traits(model, input, MEMBER));
    match member {
        Some(traits) => traits
            .insert(id::OWN_ENDPOINT, Value::Object(Map::new()))
            .map_err(|fault| Diagnostic::shape(OPERATION, fault)),
        None => Err(Diagnostic::shape(
            OPERATION,
            format!(
                "its input no longer has the member `{MEMBER}`; mend the patch in codegen/src/fixups.rs"
            ),
        )),
    }
}

fn member_traits<'m>(
    model: &'m mut Model,
    structure: &ShapeId,
    member: &str,
) -> Option<&'m mut Traits> {
    match &mut model.shapes.get_mut(structure)?.kind {
        ShapeKind::Structure(members) => Some(&mut members.get_mut(member)?.traits),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tinsmith_smithy::load::{Source, load};

    fn model(member: &str) -> Model {
        let text = r##"{"smithy": "2.0", "shapes": {
            "com.amazonaws.machinelearning#AmazonML_20141212": {"type": "service",
                "version": "1", "operations": [{"target": "com.amazonaws.machinelearning#Predict"}]},
            "com.amazonaws.machinelearning#Predict": {"type": "operation",
                "input": {"target": "com.amazonaws.machinelearning#PredictInput"}},
            "com.amazonaws.machinelearning#PredictInput": {"type": "structure",
                "members": {"MEMBER": {"target": "smithy.api#String"}}}
        }}"##
            .replace("MEMBER", member);
        let source = Source {
            name: "m.json",
            text: &text,
        };
        load(&[source]).unwrap().model
    }

    #[test]
    fn predict_goes_to_its_own_endpoint() {
        let mut model = model("PredictEndpoint");
        apply(&mut model).unwrap();
        let input = ShapeId::new("com.amazonaws.machinelearning#PredictInput").unwrap();
        let traits = member_traits(&mut model, &input, "PredictEndpoint").unwrap();
        assert!(traits.own_endpoint());
    }

    #[test]
    fn a_patch_that_no_longer_applies_is_a_fault() {
        let fault = apply(&mut model("Endpoint")).unwrap_err().to_string();
        assert!(
            fault.contains("#Predict: its input no longer has"),
            "{fault}"
        );
    }

    #[test]
    fn other_services_are_left_alone() {
        let mut model = Model::default();
        apply(&mut model).unwrap();
        assert_eq!(model, Model::default());
    }
}
