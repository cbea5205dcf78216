//! The documentation of a client's method: what it does, what can go wrong, how it is called.

use crate::docs;
use crate::ir::{Block, EventStreamField, Link, Operation, OperationError, Run};
use crate::output::rustdoc;

use super::WIDTH;
use super::context::Context;
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
    if let Some(id) = &cx.service.doc_id {
        let page = format!(
            "https://docs.aws.amazon.com/goto/WebAPI/{id}/{}",
            operation.wire_name
        );
        lines.push(String::new());
        lines.extend(cx.lines(&[docs::link("AWS API reference", &page)]));
    }
    heading(&mut lines, "# Errors");
    lines.extend(errors(&operation.error));
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
        "The response holds a stream of events, read until it ends:".to_owned(),
        String::new(),
        "```no_run".to_owned(),
        format!("# use {krate}::{{Client, {request}}};"),
        "# type Outcome = Result<(), Box<dyn std::error::Error>>;".to_owned(),
        format!("# async fn read(client: Client, request: {request}) -> Outcome {{"),
        format!("let mut response = client.{method}(request).await?;"),
        format!("while let Some(event) = response.{field}.next().await {{"),
        "    println!(\"{:?}\", event?);".to_owned(),
        "}".to_owned(),
        "# Ok(())".to_owned(),
        "# }".to_owned(),
        "```".to_owned(),
    ];
    if !cx.service.streams_over_http1 {
        lines.push(String::new());
        let text =
            "The model requires HTTP/2 for this stream; the runtime's transport uses HTTP/1.1.";
        lines.push(text.to_owned());
    }
    lines
}

/// The modeled errors by name; their enum explains them.
fn errors(error: &OperationError) -> Vec<String> {
    if error.variants.is_empty() {
        return [
            "This operation has no modeled errors. See [`Error`](crate::Error) for the errors of every",
            "call.",
        ]
        .map(str::to_owned)
        .to_vec();
    }
    let link = Run::code(&error.name).to(Link::Name(error.name.clone()));
    let mut text = vec![link, Run::plain(" lists the modeled errors: ")];
    for (at, variant) in error.variants.iter().enumerate() {
        text.extend((at > 0).then(|| Run::plain(", ")));
        text.push(Run::code(&variant.variant));
    }
    text.push(Run::plain("."));
    let own = |name: &str| (name == error.name).then(|| name.to_owned());
    rustdoc::lines(&[Block::Paragraph(text)], &own, WIDTH)
}
