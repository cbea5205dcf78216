//! Feeds [`tinsmith_fuzz::event_stream`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tinsmith_fuzz::event_stream::run(data));
