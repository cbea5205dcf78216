//! The documentation of a client's method: what it does, what can go wrong, how it is called.

use crate::docs::first_sentence;
use crate::ir::{Block, ErrorVariant, EventStreamField, Link, Operation, OperationError, Run};
use crate::output::rustdoc;

use super::context::{Context, WIDTH};
use super::{crate_name, example};

/// The documentation of an operation's method.
pub(super) fn lines(operation: &Operation, cx: &Context<'_>) -> Vec<String> {
    let mut lines = cx.lines(&operation.docs);
    if lines.is_empty() {
        lines.push(format!("Calls {}.", operation.wire_name));
    }
    if let Some(stream) = &operation.output.event_stream {
        lines.extend(stream_example(operation, stream, cx));
    }
    heading(&mut lines, "# Errors");
    lines.extend(errors(&operation.error, cx));
    if let Some(example) = &operation.example {
        heading(&mut lines, "# Examples");
        lines.extend(example::operation(operation, example, cx.service));
    }
    lines
}

/// Begins a section.
pub(super) fn heading(lines: &mut Vec<String>, text: &str) {
    lines.extend(["", text, ""].map(str::to_owned));
}

/// How the stream of a response is read.
fn stream_example(
    operation: &Operation,
    stream: &EventStreamField,
    cx: &Context<'_>,
) -> Vec<String> {
    let (method, field) = (&operation.method, &stream.name);
    let request = &operation.input.name;
    let krate = crate_name(cx.service);
    let mut lines = vec![
        String::new(),
        "The answer holds a stream of events, read until it ends:".to_owned(),
        String::new(),
        "```no_run".to_owned(),
        format!("# use {krate}::{{Client, {request}}};"),
        "# type Outcome = Result<(), Box<dyn std::error::Error>>;".to_owned(),
        format!("# async fn read(client: Client, request: {request}) -> Outcome {{"),
        format!("let mut answer = client.{method}(request).await?;"),
        format!("while let Some(event) = answer.{field}.next().await {{"),
        "    println!(\"{:?}\", event?);".to_owned(),
        "}".to_owned(),
        "# Ok(())".to_owned(),
        "# }".to_owned(),
        "```".to_owned(),
    ];
    if !cx.service.streams_over_http1 {
        lines.push(String::new());
        let text = "The model asks for HTTP/2 for this stream; the transport of the runtime speaks HTTP/1.1.";
        lines.push(text.to_owned());
    }
    lines
}

/// A list of the modelled errors.
fn errors(error: &OperationError, cx: &Context<'_>) -> Vec<String> {
    if error.variants.is_empty() {
        let none = "None of its own; [`Error`](crate::Error) says what any call may meet with.";
        return vec![none.to_owned()];
    }
    let path = |name: &str| match name.strip_prefix(&error.name) {
        Some(variant) if variant.starts_with("::") => Some(name.to_owned()),
        _ => cx.path(name),
    };
    let items = error.variants.iter().map(|variant| {
        let list = Block::List {
            start: None,
            items: vec![vec![item(error, variant, cx)]],
        };
        rustdoc::lines(&[list], &path, WIDTH)
    });
    items.flatten().collect()
}

/// Variant, status, whether it is retried, when it occurs.
fn item(error: &OperationError, variant: &ErrorVariant, cx: &Context<'_>) -> Block {
    let name = &variant.variant;
    let link = Link::Name(format!("{}::{name}", error.name));
    let retried = if variant.is_retried { ", retried" } else { "" };
    let shape = cx.errors.get(variant.type_name.as_str());
    let summary = shape.map(|shape| first_sentence(&shape.structure.docs));
    let summary = summary.unwrap_or_default();
    let colon = if summary.is_empty() { "" } else { ": " };
    let facts = format!(" ({}{retried}){colon}", variant.status);
    let mut text = vec![Run::code(name).to(link), Run::plain(facts)];
    text.extend(summary);
    Block::Paragraph(text)
}
