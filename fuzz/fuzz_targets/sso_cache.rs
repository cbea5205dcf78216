//! Feeds [`tinsmith_fuzz::sso_cache`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tinsmith_fuzz::sso_cache::run(data));
