//! Pairs of models that differ in a stream of events.

use serde_json::{Value, json};
use tinsmith_codegen::diff::Level::{Major, Minor, Patch};

use super::{Case, case, merge, pair};

/// All pairs of this kind.
pub(super) fn cases() -> Vec<Case> {
    // An operation that answers a stream, with `change` upon it.
    let stream = |change: Value| {
        let mut shapes = json!({
            "Watch": {"type": "operation", "output": {"target": "WatchOutput"}},
            "WatchOutput": {"type": "structure", "members": {"events": {"target": "Events"}}},
            "Events": {"type": "union", "traits": {"streaming": {}}, "members": {
                "found": {"target": "Found"},
                "lost": {"target": "Lost"},
            }},
            "Broken": {"type": "structure", "members": {}, "traits": {"error": "server"}},
        });
        merge(&mut shapes, change);
        shapes
    };
    let from =
        |name, kind, levels, change| pair(name, kind, levels, stream(json!({})), stream(change));
    vec![
        case(
            "operation with events",
            "operation-added",
            (Minor, Major),
            stream(json!({})),
        ),
        from(
            "event",
            "union-member-added",
            (Minor, Major),
            json!({"Events": {"members": {"place": {"target": "Place"}}}}),
        ),
        from(
            "error of a stream",
            "error-added",
            (Major, Major),
            json!({"Events": {"members": {"broken": {"target": "Broken"}}}}),
        ),
        from(
            "error of another type",
            "type-changed",
            (Major, Major),
            json!({"LostError": {"type": "structure", "members": {}, "traits": {"error": "client"}},
                   "Events": {"members": {"lost": {"target": "LostError"}}}}),
        ),
        from(
            "structure of an event",
            "type-changed",
            (Major, Major),
            json!({"Events": {"members": {"found": {"target": "Place"}}}}),
        ),
        from(
            "header of an event",
            "behavior-changed",
            (Patch, Patch),
            json!({"Found": {"members": {"By": {"traits": {"eventHeader": {}}}}}}),
        ),
        pair(
            "stream instead of a list",
            "construction-changed",
            (Major, Major),
            stream(
                json!({"WatchOutput": {"members": {"events": null, "places": {"target": "Places"}}}}),
            ),
            stream(json!({"WatchOutput": {"members": {"places": {"target": "Places"}}}})),
        ),
    ]
}
