//! The loader of models, and the generator behind it.

use tinsmith_codegen::emit::{CrateOptions, Place, Runtime, emit, verify};
use tinsmith_codegen::generate::lower;
use tinsmith_codegen::lower::Options;
use tinsmith_smithy::load::{Source, load};
use tinsmith_smithy::serialize::serialize;

/// The separator between a model and its overlay.
const OVERLAY: &str = "\n---\n";

/// Loads `data`, generates a crate, and checks that every fault is named, that a model without
/// faults is written as it was read, and that its texts stay texts.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let (model, overlay) = match text.split_once(OVERLAY) {
        Some((model, overlay)) => (model, Some(overlay)),
        None => (text, None),
    };
    let mut sources = vec![Source {
        name: "model.json",
        text: model,
    }];
    sources.extend(overlay.map(|text| Source {
        name: "overlay.json",
        text,
    }));
    match load(&sources) {
        Ok(loaded) => {
            let written = serialize(&loaded.model).to_string();
            let again = [Source {
                name: "written.json",
                text: &written,
            }];
            match load(&again) {
                Ok(again) => assert_eq!(again.model.shapes, loaded.model.shapes, "{written}"),
                Err(faults) => panic!("{faults}\n{written}"),
            }
        }
        Err(faults) => {
            assert!(!faults.0.is_empty());
            for fault in &faults.0 {
                assert!(!fault.message.is_empty(), "{fault:?}");
                assert!(!fault.file.is_empty(), "{fault:?}");
            }
            return;
        }
    }
    let options = Options {
        name: Some("fuzzed".to_owned()),
        source: "model.json".to_owned(),
        operations: None,
        service: None,
    };
    let crate_options = CrateOptions {
        runtime: Runtime::version("0"),
        place: Place::Alone,
    };
    let Ok(lowered) = lower(&sources, &options) else {
        return;
    };
    let service = &lowered.service;
    let done =
        emit(service, &crate_options).and_then(|tree| verify(service, &crate_options, &tree));
    assert_eq!(done, Ok(()), "the crate is not what was emitted");
}
