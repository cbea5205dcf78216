//! Feeds [`tinsmith_fuzz::response`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tinsmith_fuzz::response::run(data));
