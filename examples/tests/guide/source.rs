//! What the runtime's source reads: environment variables, profile keys, methods of the builder.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The names by which the runtime can be configured.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// Environment variables. One whose end is the service's name stands with `_` as its end.
    pub(crate) variables: BTreeSet<String>,
    /// Properties of profiles, of `[services]` and of `[sso-session]` sections.
    pub(crate) keys: BTreeSet<String>,
    /// Public methods of the builder that take it.
    pub(crate) methods: BTreeSet<String>,
    /// Reads of the process's variables and of files that do not go through `Environment`.
    pub(crate) direct: Vec<String>,
}

/// The functions whose arguments name a variable, and those that name a profile's key.
const READ_VARIABLE: [&str; 3] = ["var", "given", "variable"];
const READ_KEY: [&str; 7] = [
    "flag",
    "get_nested",
    "owned",
    "property",
    "service_setting",
    "setting",
    "value",
];

impl Settings {
    /// Reads every file of the runtime, tests and documentation apart.
    pub(crate) fn of_runtime(runtime: &Path) -> Self {
        let mut settings = Self::default();
        let source = &runtime.join("client/src");
        let mut folders = vec![source.to_owned(), runtime.join("core/src")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if !path.ends_with("tests.rs") {
                    let text = fs::read_to_string(&path).unwrap();
                    let tokens: TokenStream = text.parse().unwrap();
                    let relative = path.strip_prefix(source).unwrap_or(&path);
                    if !relative.starts_with("environment") && !relative.ends_with("environment.rs")
                    {
                        settings.find_direct(relative, tokens.clone());
                    }
                    settings.read(tokens);
                }
            }
        }
        let builder = fs::read_to_string(source.join("client/builder.rs")).unwrap();
        let builder = builder.lines().filter_map(|line| {
            let (name, rest) = line.trim().strip_prefix("pub fn ")?.split_once('(')?;
            let takes_it = rest.starts_with("mut self") || rest.starts_with("self");
            takes_it.then(|| name.to_owned())
        });
        settings.methods = builder.collect();
        settings
    }

    fn read(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == '#' => {
                    at = skip_attribute(&tokens, at);
                    continue;
                }
                TokenTree::Literal(literal) => {
                    let text = text(&literal.to_string());
                    if text.starts_with("AWS_") && text.chars().all(is_name) {
                        self.variables.insert(text);
                    }
                }
                TokenTree::Ident(ident) => {
                    if let Some(TokenTree::Group(group)) = tokens.get(at + 1) {
                        if group.delimiter() == Delimiter::Parenthesis {
                            let before = tokens[..at].iter().rev().take(2);
                            let before: Vec<String> = before.map(ToString::to_string).collect();
                            self.call(&ident.to_string(), &before, group.stream());
                        }
                    }
                }
                TokenTree::Group(group) => self.read(group.stream()),
                TokenTree::Punct(_) => {}
            }
            at += 1;
        }
    }

    /// Looks for `env::var` and its like, `fs::`, `File::` and functions that open a path.
    fn find_direct(&mut self, path: &Path, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == '#' => {
                    at = skip_attribute(&tokens, at);
                    continue;
                }
                TokenTree::Group(group) => self.find_direct(path, group.stream()),
                TokenTree::Ident(ident) => {
                    let next: String = tokens[at + 1..]
                        .iter()
                        .take(3)
                        .map(ToString::to_string)
                        .collect();
                    let direct = match ident.to_string().as_str() {
                        "env" => next.starts_with("::var"),
                        "fs" | "File" => next.starts_with("::"),
                        name => name.starts_with("pem_file") || name == "from_pem_file",
                    };
                    if direct {
                        self.direct
                            .push(format!("{}: {ident}{next}", path.display()));
                    }
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
            at += 1;
        }
    }

    /// A call of `name`, whose two tokens before it stand in `before`, the nearer one first.
    fn call(&mut self, name: &str, before: &[String], arguments: TokenStream) {
        let of = match before {
            [dot, of] if dot == "." => Some(of.as_str()),
            // `Setting::given` takes a method of the builder.
            [colon, other] if colon == ":" && other == ":" => return,
            _ => None,
        };
        // `get` is also a method of JSON objects and of headers.
        let reads_key = match name {
            "get" => of.is_none_or(|of| of == "profiles"),
            name => READ_KEY.contains(&name),
        };
        for argument in arguments {
            let TokenTree::Literal(literal) = argument else {
                continue;
            };
            let text = text(&literal.to_string());
            if text.is_empty() || !text.chars().all(is_name) {
                continue;
            }
            if READ_VARIABLE.contains(&name) {
                self.variables.insert(text);
            } else if reads_key && text == text.to_lowercase() {
                self.keys.insert(text);
            }
        }
    }
}

/// A string literal's content up to its first placeholder; nothing for another literal.
fn text(literal: &str) -> String {
    let content = literal
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let content = content.unwrap_or_default();
    content.split('{').next().unwrap_or_default().to_owned()
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The place after the attribute at `at`, or after the item behind it if that is for tests only.
fn skip_attribute(tokens: &[TokenTree], at: usize) -> usize {
    let inner = matches!(tokens.get(at + 1), Some(TokenTree::Punct(p)) if p.as_char() == '!');
    let end = at + if inner { 3 } else { 2 };
    let attribute: String = tokens[at..end.min(tokens.len())]
        .iter()
        .map(ToString::to_string)
        .collect();
    let attribute = attribute.replace(' ', "");
    if inner || !(attribute.starts_with("#[cfg(") && attribute.contains("test")) {
        return end;
    }
    let ends_item = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    };
    let length = tokens[end..].iter().position(ends_item);
    length.map_or(tokens.len(), |length| end + length + 1)
}
