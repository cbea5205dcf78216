//! `paginators-1.json` as the `paginated` trait.

use serde_json::{Value, json};

use super::super::json::{Object, text};
use super::Importer;

impl Importer<'_> {
    /// Gives operations their paginators.
    ///
    /// The keys that only botocore knows (`more_results`, `non_aggregate_keys`) say nothing that
    /// a client needs: the pages end where the token does.
    pub(super) fn paginators(&mut self, paginators: &Object) {
        for (operation, paginator) in paginators {
            if !self.operations.contains_key(operation) {
                self.leave_out(operation, "the paginator of an operation that is missing");
                continue;
            }
            match paginator.as_object().and_then(paginated) {
                Some(value) => self.apply(operation, "smithy.api#paginated", value),
                None => self.leave_out(
                    operation,
                    "its paginator: Smithy has one token, at a path of members",
                ),
            }
        }
    }
}

/// The trait's value; `None` when Smithy has no way to say it.
fn paginated(paginator: &Object) -> Option<Value> {
    let mut value = json!({
        "inputToken": text(paginator, "input_token").filter(|name| is_path(name))?,
        "outputToken": text(paginator, "output_token").filter(|path| is_path(path))?,
    });
    // Of several results the first is what botocore pages through.
    let items = match paginator.get("result_key") {
        Some(Value::Array(keys)) => keys.first().and_then(Value::as_str),
        key => key.and_then(Value::as_str),
    };
    if let Some(items) = items.filter(|path| is_path(path)) {
        value["items"] = items.into();
    }
    if let Some(size) = text(paginator, "limit_key").filter(|name| is_path(name)) {
        value["pageSize"] = size.into();
    }
    Some(value)
}

/// Whether a JMESPath expression is nothing but names with dots between.
fn is_path(expression: &str) -> bool {
    expression
        .split('.')
        .all(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paginated_of(paginator: Value) -> Option<Value> {
        paginated(paginator.as_object().unwrap())
    }

    #[test]
    fn keys_have_other_names() {
        let value = paginated_of(json!({
            "limit_key": "Limit", "input_token": "Marker", "output_token": "Page.NextMarker",
            "more_results": "Truncated", "result_key": "Aliases",
        }));
        let expected = json!({
            "inputToken": "Marker", "outputToken": "Page.NextMarker",
            "items": "Aliases", "pageSize": "Limit",
        });
        assert_eq!(value, Some(expected));
    }

    #[test]
    fn of_several_results_the_first_counts() {
        let value = paginated_of(
            json!({"input_token": "a", "output_token": "b", "result_key": ["c", "d"]}),
        );
        assert_eq!(
            value,
            Some(json!({"inputToken": "a", "outputToken": "b", "items": "c"}))
        );
        let none =
            paginated_of(json!({"input_token": "a", "output_token": "b", "result_key": "c[].d"}));
        assert_eq!(none, Some(json!({"inputToken": "a", "outputToken": "b"})));
    }

    #[test]
    fn several_tokens_and_expressions_cannot_be_said() {
        assert_eq!(
            paginated_of(json!({"input_token": ["a", "b"], "output_token": ["a", "b"]})),
            None
        );
        assert_eq!(
            paginated_of(json!({"input_token": "a", "output_token": "b || c[-1].d"})),
            None
        );
    }
}
