use super::*;

fn settings(vars: &[(&str, &str)]) -> Result<ProxySettings, TransportBuildError> {
    ProxySettings::from_vars(|name| {
        let (_, value) = vars.iter().find(|(given, _)| *given == name)?;
        Some((*value).to_owned())
    })
}

/// The proxy's address for a URI, without its scheme.
fn proxy(settings: &ProxySettings, uri: &str) -> Option<String> {
    let origin = Origin::of(uri.parse().unwrap()).unwrap();
    let proxy = settings.proxy_for(&origin)?;
    Some(proxy.uri.authority().unwrap().to_string())
}

#[test]
fn variables_and_their_order() {
    type Case<'a> = (&'a [(&'a str, &'a str)], Option<&'a str>, Option<&'a str>);
    let cases: &[Case] = &[
        (&[], None, None),
        (&[("HTTPS_PROXY", "http://p:1")], Some("p:1"), None),
        (&[("HTTP_PROXY", "http://p:1/")], None, Some("p:1")),
        (
            &[("http_proxy", "p:1"), ("https_proxy", "q")],
            Some("q"),
            Some("p:1"),
        ),
        (
            &[("https_proxy", "low"), ("HTTPS_PROXY", "up")],
            Some("low"),
            None,
        ),
        (&[("ALL_PROXY", "a:1")], Some("a:1"), Some("a:1")),
        (
            &[("all_proxy", "a:1"), ("HTTPS_PROXY", "s:2")],
            Some("s:2"),
            Some("a:1"),
        ),
        (
            &[("HTTPS_PROXY", " "), ("ALL_PROXY", "a:1")],
            Some("a:1"),
            Some("a:1"),
        ),
        (
            &[("HTTPS_PROXY", "http://[::1]:3128")],
            Some("[::1]:3128"),
            None,
        ),
        (
            &[("HTTP_PROXY", "p:1"), ("REQUEST_METHOD", "GET")],
            None,
            None,
        ),
        (
            &[
                ("http_proxy", "p:1"),
                ("HTTPS_PROXY", "q"),
                ("REQUEST_METHOD", "GET"),
            ],
            Some("q"),
            Some("p:1"),
        ),
    ];
    for (vars, https, http) in cases {
        let settings = settings(vars).unwrap();
        assert_eq!(
            proxy(&settings, "https://x.test/").as_deref(),
            *https,
            "{vars:?}"
        );
        assert_eq!(
            proxy(&settings, "http://x.test/").as_deref(),
            *http,
            "{vars:?}"
        );
    }
}

#[test]
fn what_is_no_proxy_address_is_an_error() {
    let bad = [
        "socks5://p:1",
        "https://p:1",
        "http://",
        "http://u:secret@",
        "http://p:port",
        "http://p:99999",
        "p:",
        "http://se cret/",
    ];
    for address in bad {
        let error = settings(&[("HTTPS_PROXY", address)]).unwrap_err();
        assert!(
            error.to_string().starts_with("HTTPS_PROXY is not "),
            "{address}: {error}"
        );
        assert!(!format!("{error:?}").contains("cret"), "{error:?}");
    }
    // One that is not used is not looked at.
    let unused = [
        ("ALL_PROXY", "socks5://p:1"),
        ("http_proxy", "p"),
        ("https_proxy", "q"),
    ];
    assert!(settings(&unused).is_ok());
}

#[test]
fn no_proxy_excludes_hosts() {
    let cases = [
        ("*", "https://x.test/", false),
        ("x.test", "https://x.test/", false),
        ("X.TEST", "https://a.x.Test/", false),
        ("x.test", "https://a.x.test/", false),
        (".x.test", "https://a.x.test/", false),
        (".x.test", "https://x.test/", false),
        ("*.x.test", "https://a.x.test/", false),
        ("x.test.", "https://x.test./", false),
        ("x.test", "https://ax.test/", true),
        ("a.x.test", "https://x.test/", true),
        ("test", "https://x.test/", false),
        ("y.test, x.test", "https://x.test/", false),
        ("y.test x.test", "https://x.test/", false),
        ("y.test\nx.test\r\n", "https://x.test/", false),
        ("x.test:443", "https://x.test/", false),
        ("x.test:444", "https://x.test/", true),
        ("x.test:8443", "https://x.test:8443/", false),
        ("x.test:port", "https://x.test/", true),
        ("10.1.2.3", "https://10.1.2.3/", false),
        ("10.1.2.3", "https://10.1.2.4/", true),
        ("10.1.2.3:443", "https://10.1.2.3/", false),
        ("10.1.2.3:444", "https://10.1.2.3/", true),
        ("10.0.0.0/8", "https://10.200.2.3/", false),
        ("10.1.0.0/15", "https://10.2.0.0/", true),
        ("0.0.0.0/0", "https://10.2.0.0/", false),
        ("0.0.0.0/0", "https://x.test/", true),
        ("10.0.0.0/33", "https://10.0.0.0/", true),
        ("10.0.0.0/8", "https://[::a00:1]/", true),
        ("fd00::/8", "https://[fd12::1]/", false),
        ("fd00::/8", "https://[fc00::1]/", true),
        ("[fd00::]/8", "https://[fd12::1]/", false),
        ("[fd12::1]", "https://[fd12::1]/", false),
        ("fd12::1", "https://[fd12::1]/", false),
        ("[fd12::1]:443", "https://[fd12::1]/", false),
        ("[fd12::1]:444", "https://[fd12::1]/", true),
        ("2.3", "https://10.1.2.3/", true),
        (", ,", "https://x.test/", true),
        (".", "https://x.test/", true),
    ];
    for (list, uri, proxied) in cases {
        let settings = ProxySettings::all("p:1").unwrap().except(list);
        assert_eq!(proxy(&settings, uri).is_some(), proxied, "{list} for {uri}");
        let settings = self::settings(&[("ALL_PROXY", "p:1"), ("NO_PROXY", list)]).unwrap();
        assert_eq!(proxy(&settings, uri).is_some(), proxied, "{list} for {uri}");
    }
}

#[test]
fn loopback_is_proxied_only_by_an_explicit_proxy_and_link_local_never() {
    let from_env = settings(&[("ALL_PROXY", "p:1")]).unwrap();
    let explicit = ProxySettings::all("p:1").unwrap();
    for host in [
        "localhost",
        "LOCALHOST.",
        "127.0.0.1",
        "127.8.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
    ] {
        let uri = format!("http://{host}/");
        assert_eq!(proxy(&from_env, &uri), None, "{host}");
        assert_eq!(proxy(&explicit, &uri).as_deref(), Some("p:1"), "{host}");
    }
    for host in [
        "169.254.169.254",
        "169.254.169.254.",
        "169.254.170.2",
        "169.254.170.23:80",
        "[fd00:ec2::254]",
        "[fd00:ec2::23]",
        "[fe80::1]",
        "[febf::1]",
        "[fe80::1%25eth0]",
        "[::ffff:169.254.169.254]",
        "[::ffff:a9fe:a9fe]",
        "2852039166",
        "0xA9.0xFE.0251.254",
        "instance-data",
        "Instance-Data.ec2.internal.",
        "instance-data.eu-west-1.compute.internal",
    ] {
        for scheme in ["http", "https"] {
            let uri = format!("{scheme}://{host}/");
            assert_eq!(proxy(&from_env, &uri), None, "{uri}");
            assert_eq!(proxy(&explicit, &uri), None, "{uri}");
        }
    }
    for host in [
        "169.255.0.1",
        "[fd00:ec3::254]",
        "[fec0::1]",
        "169.254.169.254.example",
        "instance-data.example",
        "instance-database",
    ] {
        let uri = format!("http://{host}/");
        assert!(proxy(&from_env, &uri).is_some(), "{uri}");
        assert!(proxy(&explicit, &uri).is_some(), "{uri}");
    }
    assert_eq!(proxy(&ProxySettings::none(), "http://x.test/"), None);
}

#[test]
fn credentials_are_decoded_and_never_shown() {
    let cases = [
        (
            "http://Aladdin:opensesame@p:1",
            "Basic QWxhZGRpbjpvcGVuc2VzYW1l",
        ),
        ("Aladdin:open%73esame@p:1", "Basic QWxhZGRpbjpvcGVuc2VzYW1l"),
        ("http://user@p:1/", "Basic dXNlcjo="),
        ("http://u:a/b@c%zz%4@p:1", "Basic dTphL2JAYyV6eiU0"),
        ("http://u:%F0%9F%94%91@p:1", "Basic dTrwn5SR"),
    ];
    for (address, expected) in cases {
        let settings = ProxySettings::all(address).unwrap();
        assert_eq!(proxy(&settings, "http://x.test/").as_deref(), Some("p:1"));
        let proxy = settings.http.as_ref().unwrap();
        assert_eq!(proxy.authorization().unwrap(), expected, "{address}");
        assert!(proxy.authorization().unwrap().is_sensitive());
        let shown = format!("{settings:?}");
        assert!(
            shown.contains("[redacted]") && !shown.contains("opensesame"),
            "{shown}"
        );
        assert!(!shown.contains("Basic") && !shown.contains('@'), "{shown}");
    }
    assert!(Proxy::parse("p:1", "").unwrap().authorization().is_none());
}
