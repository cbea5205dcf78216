//! The settings of proxies.

use tinsmith_client::http::Uri;
use tinsmith_client::transport::ProxySettings;

/// A password that is in no message by chance.
const PASSWORD: &str = "xQ7-secret";

/// Takes the first line of `data` for the address of a proxy, the second for `NO_PROXY`, and each
/// further line for an address that is asked for.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let mut lines = text.lines();
    let address = lines.next().unwrap_or_default();
    let exceptions = lines.next().unwrap_or_default();
    let uris: Vec<Uri> = lines.filter_map(|line| line.parse().ok()).collect();
    let local = ["http://localhost:1/", "http://169.254.169.254/"].map(Uri::from_static);

    for (variable, value) in [("no_proxy", exceptions), ("NO_PROXY", "*")] {
        let settings = settings(address, variable, value);
        let Ok(settings) = settings else { continue };
        for uri in uris.iter().chain(&local) {
            let proxied = settings.is_proxied(uri);
            assert!(!(proxied && local.contains(uri)), "{uri} is local");
            assert!(!(proxied && value == "*"), "{uri} is an exception");
        }
    }
    if let Ok(settings) = ProxySettings::all(address) {
        let settings = settings.except(exceptions);
        for uri in &uris {
            let _ = settings.is_proxied(uri);
        }
    }

    let (scheme, rest) = address.split_once("://").unwrap_or(("http", address));
    let secret = format!("{scheme}://user:{PASSWORD}@{rest}");
    let shown = match settings(&secret, "no_proxy", exceptions) {
        Ok(settings) => format!("{settings:?}"),
        Err(error) => format!("{error} {error:?}"),
    };
    assert!(!shown.contains(PASSWORD), "{shown}");
}

fn settings(
    address: &str,
    variable: &str,
    exceptions: &str,
) -> Result<ProxySettings, tinsmith_client::transport::TransportBuildError> {
    ProxySettings::from_vars(|name| match name {
        "all_proxy" => Some(address.to_owned()),
        name if name == variable => Some(exceptions.to_owned()),
        _ => None,
    })
}
