//! A subscriber that keeps everything.

use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Metadata, Subscriber};

/// What this thread logs until it is dropped.
pub(crate) struct Log {
    state: Arc<Mutex<State>>,
    _guard: DefaultGuard,
}

#[derive(Default)]
struct State {
    /// Each span as text; its id is the number of its place.
    spans: Vec<String>,
    entered: Vec<usize>,
    lines: Vec<String>,
}

impl Log {
    pub(crate) fn begin() -> Self {
        let state = Arc::<Mutex<State>>::default();
        let guard = tracing::subscriber::set_default(Keep(state.clone()));
        Self {
            state,
            _guard: guard,
        }
    }

    /// The events, each with its level and the spans around it.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.state.lock().unwrap().lines.clone()
    }
}

struct Keep(Arc<Mutex<State>>);

impl Subscriber for Keep {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields::default();
        span.record(&mut fields);
        let mut state = self.0.lock().unwrap();
        let name = span.metadata().name();
        state.spans.push(format!("{name}{{{}}}", fields.0));
        Id::from_u64(state.spans.len() as u64)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        let mut state = self.0.lock().unwrap();
        state.spans[place(span)].push_str(&fields.0);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let mut state = self.0.lock().unwrap();
        let spans = state.entered.iter().map(|at| state.spans[*at].as_str());
        let spans = spans.collect::<Vec<_>>().join(":");
        let level = event.metadata().level();
        state.lines.push(format!("{level} {spans}: {}", fields.0));
    }

    fn enter(&self, span: &Id) {
        self.0.lock().unwrap().entered.push(place(span));
    }

    fn exit(&self, span: &Id) {
        let left = self.0.lock().unwrap().entered.pop();
        assert_eq!(left, Some(place(span)));
    }
}

fn place(span: &Id) -> usize {
    span.into_u64() as usize - 1
}

/// The message, then `name=value`, separated by spaces.
#[derive(Default)]
struct Fields(String);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let space = if self.0.is_empty() { "" } else { " " };
        let _ = match field.name() {
            "message" => write!(self.0, "{space}{value:?}"),
            name => write!(self.0, "{space}{name}={value:?}"),
        };
    }
}
