//! temporary
/// temporary
pub fn to_markdown(
    _text: &str,
    _resolve: &dyn Fn(&str) -> Option<String>,
    _width: usize,
) -> Vec<String> {
    vec!["Documentation.".into()]
}
