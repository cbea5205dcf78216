//! Feeds [`tinsmith_fuzz::error`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tinsmith_fuzz::error::run(data));
