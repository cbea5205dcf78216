//! Feeds [`tinsmith_fuzz::model`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tinsmith_fuzz::model::run(data));
