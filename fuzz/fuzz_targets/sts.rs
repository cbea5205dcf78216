//! Feeds [`tinsmith_fuzz::sts`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tinsmith_fuzz::sts::run(data));
