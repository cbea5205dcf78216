//! Every documentation text of the real models, converted and read back.
//!
//! The models stay outside the repository: `TINSMITH_SHARED` names the directory that holds
//! `models/`.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use heck::ToSnakeCase;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::Value;
use tinsmith_codegen::docs::{first_sentence, parse};
use tinsmith_codegen::ir::Block;
use tinsmith_codegen::output::rustdoc;

const WIDTH: usize = 100;

/// A model's documentation texts, each once, and the names its documentation may link to.
struct Model {
    name: String,
    texts: BTreeSet<String>,
    operations: BTreeSet<String>,
    types: BTreeSet<String>,
}

impl Model {
    /// Operations are methods of `Client`, which is in scope, and so are the types.
    fn lines(&self, docs: &[Block]) -> Vec<String> {
        rustdoc::lines(docs, &|name| self.resolve(name), WIDTH)
    }

    fn resolve(&self, name: &str) -> Option<String> {
        if self.operations.contains(name) {
            return Some(format!("Client::{}", name.to_snake_case()));
        }
        self.types.contains(name).then(|| name.to_owned())
    }
}

fn models() -> Option<Vec<Model>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(tinsmith_testing::shared("models")?)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "no models");
    Some(paths.iter().map(|path| read(path)).collect())
}

fn read(path: &Path) -> Model {
    let json: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let mut model = Model {
        name: path.file_stem().unwrap().to_str().unwrap().to_snake_case(),
        texts: BTreeSet::new(),
        operations: BTreeSet::new(),
        types: BTreeSet::new(),
    };
    for (id, shape) in json["shapes"].as_object().unwrap() {
        let name = id.split_once('#').unwrap().1.to_owned();
        match shape["type"].as_str().unwrap() {
            "operation" => model.operations.insert(name),
            "structure" | "union" | "enum" => model.types.insert(name),
            _ => continue,
        };
    }
    collect(&json, &mut model.texts);
    model
}

fn collect(value: &Value, texts: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(text) if key == "smithy.api#documentation" => {
                        texts.insert(text.clone());
                    }
                    _ => collect(value, texts),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, texts)),
        _ => {}
    }
}

/// The text of AWS's HTML, by a way of its own: tags of the known names are cut out, block tags
/// leave a space, everything else is text.
fn html_text(html: &str) -> String {
    const BLOCK: [&str; 11] = [
        "p",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "note",
        "important",
        "fullname",
        "br",
    ];
    const INLINE: [&str; 4] = ["a", "b", "code", "i"];
    let mut text = String::new();
    for (number, part) in html.split('<').enumerate() {
        if number == 0 {
            text.push_str(part);
            continue;
        }
        let name_end = part.find(['>', ' ', '\n']).unwrap_or(part.len());
        let name = part[..name_end].trim_start_matches('/');
        match part.find('>') {
            Some(end) if BLOCK.contains(&name) => {
                text.push(' ');
                match &part[..name_end] {
                    "note" => text.push_str("Note: "),
                    "important" => text.push_str("Important: "),
                    _ => {}
                }
                text.push_str(&part[end + 1..]);
            }
            Some(end) if INLINE.contains(&name) => text.push_str(&part[end + 1..]),
            _ => {
                text.push('<');
                text.push_str(part);
            }
        }
    }
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    fold(&text)
}

fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The options that rustdoc parses with, except for typographic quotes.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
}

/// The text of Markdown, or the first thing in it that must not be there.
fn markdown_text(markdown: &str) -> Result<String, String> {
    let mut text = String::new();
    let mut unresolved = |link: pulldown_cmark::BrokenLink<'_>| {
        Some((link.reference.into_string().into(), "".into()))
    };
    for event in Parser::new_with_broken_link_callback(markdown, options(), Some(&mut unresolved)) {
        match event {
            Event::Text(t) | Event::Code(t) => text.push_str(&t),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::Start(Tag::Link { dest_url, .. }) if dest_url.trim().is_empty() => {
                return Err("an empty link".to_owned());
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let fence = pulldown_cmark::CodeBlockKind::Fenced("text".into());
                if kind != fence {
                    return Err(format!("a code block that rustdoc may run: {kind:?}"));
                }
                text.push(' ');
            }
            Event::Start(Tag::Link { .. } | Tag::Emphasis | Tag::Strong)
            | Event::End(TagEnd::Link | TagEnd::Emphasis | TagEnd::Strong) => {}
            Event::Start(Tag::Paragraph | Tag::List(_) | Tag::Item | Tag::BlockQuote(None))
            | Event::End(_) => text.push(' '),
            other => return Err(format!("{other:?}")),
        }
    }
    Ok(fold(&text))
}

/// A line may be longer than the width only for the sake of a link or of a single long word.
fn too_long(line: &str) -> bool {
    let words = line.trim_start_matches(['>', '-', ' ']).split(' ').count();
    line.chars().count() > WIDTH && words > 1 && !line.contains("](")
}

#[test]
fn real_documentation_keeps_its_text_and_nothing_else() {
    let Some(models) = models() else { return };
    let mut faults = Vec::new();
    let mut texts = 0;
    for model in &models {
        for html in &model.texts {
            texts += 1;
            let lines = model.lines(&parse(html));
            let markdown = lines.join("\n");
            let found = match markdown_text(&markdown) {
                Ok(text) if text != html_text(html) => {
                    format!("text differs:\n{}\n{text}", html_text(html))
                }
                Ok(_) => match lines.iter().find(|line| too_long(line)) {
                    Some(line) => format!("long: {line}"),
                    None => continue,
                },
                Err(event) => event,
            };
            faults.push(format!(
                "{}: {found}\n--- from\n{html}\n--- to\n{markdown}\n",
                model.name
            ));
        }
    }
    let shown: String = faults.iter().take(3).cloned().collect();
    assert!(
        faults.is_empty(),
        "{} of {texts} texts:\n{shown}",
        faults.len()
    );
    assert!(texts > 8_000, "only {texts} texts");
}

#[test]
fn first_sentences_are_one_line_of_whole_markdown() {
    let Some(models) = models() else { return };
    for model in &models {
        for html in &model.texts {
            let sentence = first_sentence(&parse(html));
            assert!(sentence.iter().all(|run| !run.text.contains('\n')));
            let sentence = model.lines(&[Block::Paragraph(sentence)]).join("\n");
            let text = markdown_text(&sentence).unwrap_or_else(|e| panic!("{e}: {sentence}"));
            assert!(!text.contains("]("), "cut within a link: {sentence}");
            assert!(
                !text.contains('`') || sentence.contains("``"),
                "cut within code: {sentence}"
            );
        }
    }
}

/// One module of Rust that shows every text of a model, with the items its links lead to.
fn module(model: &Model) -> String {
    let mut source = format!("/// Texts of a model.\npub mod {} {{\n", model.name);
    source.push_str("    /// The client.\n    pub struct Client;\n    impl Client {\n");
    for operation in &model.operations {
        let name = operation.to_snake_case();
        source.push_str(&format!(
            "        /// An operation.\n        pub fn {name}(&self) {{}}\n"
        ));
    }
    source.push_str("    }\n");
    for name in &model.types {
        source.push_str(&format!("    /// A type.\n    pub struct {name};\n"));
    }
    source.push_str("    /// Texts.\n    pub struct TextsOfModel {\n");
    for (number, html) in model.texts.iter().enumerate() {
        let lines = model.lines(&parse(html));
        for line in &lines {
            source.push_str(&format!(
                "        ///{}{line}\n",
                if line.is_empty() { "" } else { " " }
            ));
        }
        if !lines.is_empty() {
            source.push_str(&format!("        pub text_{number}: (),\n"));
        }
    }
    source.push_str("    }\n}\n");
    source
}

/// A model of texts that no author wrote: what HTML and Markdown are made of, in random order.
fn soup(texts: usize) -> Model {
    const PIECES: [&str; 54] = [
        " ",
        " ",
        " ",
        "\n",
        "\n\n",
        "    ",
        "2",
        "1a",
        "3_",
        "4 é",
        "5_6",
        "[`Key`]",
        "<region>",
        "<T>",
        "<",
        ">",
        "&",
        "*",
        "**",
        "_",
        "`",
        "``",
        "```",
        "~~~",
        "[",
        "]",
        "(Key)",
        "[7]",
        "- ",
        "1. ",
        "# ",
        "> ",
        "|",
        "|-|",
        "---",
        "===",
        "\\",
        "!",
        ":",
        "https://a.bc/d",
        "\u{202e}",
        "\u{200b}",
        "[^a]",
        "<br>",
        "<p>",
        "</p>",
        "<ul><li>",
        "</li></ul>",
        "<note>",
        "<code>",
        "</code>",
        "<a>",
        "</a>",
        "<b>",
    ];
    let mut random = fastrand::Rng::with_seed(1);
    let mut text = || {
        (0..random.usize(..30))
            .map(|_| PIECES[random.usize(..PIECES.len())])
            .collect::<String>()
    };
    Model {
        name: "soup".to_owned(),
        texts: (0..texts).map(|_| text()).collect(),
        operations: BTreeSet::new(),
        types: BTreeSet::from(["Key".to_owned()]),
    }
}

#[test]
fn rustdoc_and_clippy_have_nothing_to_say() {
    let Some(models) = models() else { return };
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("docs");
    fs::create_dir_all(dir.join("src")).unwrap();
    let manifest =
        "[package]\nname = \"texts\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n";
    fs::write(dir.join("Cargo.toml"), manifest).unwrap();
    let mut source = String::from("//! Texts of models.\n#![warn(missing_docs)]\n\n");
    source.extend(models.iter().map(module));
    source.push_str(&module(&soup(2_000)));
    fs::write(dir.join("src/lib.rs"), source).unwrap();
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .current_dir(&dir)
            .env("CARGO_TARGET_DIR", dir.join("target"))
            .env("RUSTDOCFLAGS", "-D warnings")
            .env_remove("RUSTFLAGS")
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        let shown: Vec<_> = errors.lines().take(60).collect();
        assert!(
            output.status.success(),
            "{arguments:?}\n{}",
            shown.join("\n")
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    run(&["doc", "--offline", "--quiet"]);
    run(&["clippy", "--offline", "--quiet", "--", "-D", "warnings"]);
    let tests = run(&["test", "--offline", "--doc", "--quiet", "--", "--list"]);
    assert!(
        !tests.contains(": test"),
        "a text became a doctest: {tests}"
    );
}
