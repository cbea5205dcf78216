//! Feeds [`tinsmith_fuzz::json`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tinsmith_fuzz::json::run(data));
