//! The peers themselves: they end when they should and say what is wrong.

use std::net::TcpStream;
use std::panic::catch_unwind;

use tinsmith_interop::moto::Moto;
use tinsmith_interop::python;

#[test]
fn moto_ends_with_a_test_that_panics() {
    let Some(python) = python::find() else { return };
    let url = catch_unwind(|| {
        let moto = Moto::start(&python).unwrap();
        let url = moto.url();
        TcpStream::connect(address(&url)).unwrap();
        std::panic::resume_unwind(Box::new(url))
    });
    let url = *url.unwrap_err().downcast::<String>().unwrap();
    assert!(
        TcpStream::connect(address(&url)).is_err(),
        "{url} still listens"
    );
}

#[test]
fn a_server_that_does_not_start_says_why() {
    // Anything that prints to standard error and ends.
    let error = Moto::start("cargo".as_ref())
        .map(|moto| moto.url())
        .unwrap_err();
    let text = error.to_string();
    assert!(text.contains("it named no port"), "{text}");
    assert!(text.contains("moto_server.py"), "{text}");
}

fn address(url: &str) -> &str {
    url.strip_prefix("http://").unwrap()
}
