//! An item to text.

use quote::ToTokens as _;

use super::DOC_LINE_END;

/// The text of an item.
pub(super) fn text(item: syn::Item) -> String {
    match item {
        syn::Item::Macro(syn::ItemMacro { mac, .. })
            if matches!(mac.delimiter, syn::MacroDelimiter::Brace(_)) =>
        {
            call(&mac)
        }
        item => separate(&prettyplease::unparse(&syn::File {
            shebang: None,
            frontmatter: None,
            attrs: Vec::new(),
            items: vec![item],
        })),
    }
}

/// The longest line of a macro, in characters.
const WIDTH: usize = 100;

/// A macro with braces, whose inside prettyplease leaves as it is: filled at its commas.
fn call(mac: &syn::Macro) -> String {
    let path = mac.path.to_token_stream().to_string().replace(' ', "");
    let tokens = mac.tokens.to_string();
    let tokens = tokens.replace(" :", ":").replace("# [", "#[");
    let mut lines: Vec<String> = Vec::new();
    for part in tokens.split_inclusive(" ,") {
        let part = part.trim().replace(" ,", ",").replace(" (", "(");
        match lines.last_mut() {
            Some(line) if line.len() + 1 + part.len() <= WIDTH => {
                line.push(' ');
                line.push_str(&part);
            }
            _ => lines.push(format!("    {part}")),
        }
    }
    format!("{path}! {{\n{}\n}}\n", lines.join("\n"))
}

/// A blank line between the functions of an `impl`, which prettyplease leaves out, and the lines of
/// documentation each on its own.
fn separate(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut after_function = false;
    for line in text.lines() {
        // `const` and `type` stand together, apart from the first function.
        let starts = ["    fn ", "    pub fn ", "    pub(crate) fn "];
        let after_constant = out.ends_with(";\n") && starts.iter().any(|s| line.starts_with(s));
        if (after_function && line.starts_with("    ")) || after_constant {
            out.push('\n');
        }
        after_function = line == "    }";
        push_line(&mut out, line);
    }
    out
}

/// Adds a line, or the lines of documentation in it.
fn push_line(out: &mut String, line: &str) {
    let mut parts = line.split(DOC_LINE_END);
    out.push_str(parts.next().unwrap_or_default());
    out.push('\n');
    let indent = line.len() - line.trim_start().len();
    for part in parts {
        out.extend(std::iter::repeat_n(' ', indent));
        out.push_str("///");
        out.push_str(part);
        out.push('\n');
    }
}
