// The program around the tests of endpoint rules, completed by `cargo xtask conformance`: a function
// `NAME() -> Vec<Case>` for each suite, and a `main` that calls `check` with each.

use tinsmith_runtime::endpoint::{AuthScheme, Endpoint, EndpointError, Property};

struct Case {
    title: &'static str,
    answer: Result<Endpoint, EndpointError>,
    expected: Result<(&'static str, Endpoint), &'static str>,
    /// It must fail, and with an endpoint.
    is_outdated: bool,
}

impl Case {
    fn new(
        title: &'static str,
        answer: Result<Endpoint, EndpointError>,
        expected: Result<(&'static str, Endpoint), &'static str>,
        is_outdated: bool,
    ) -> Self {
        Self { title, answer, expected, is_outdated }
    }

    fn passes(&self) -> bool {
        if self.is_outdated {
            return self.answer.is_ok() && self.expected.is_err();
        }
        match (&self.answer, &self.expected) {
            (Ok(answer), Ok((url, endpoint))) => {
                // `http::Uri` writes the empty path as `/`.
                let text = answer.uri.to_string();
                (text == *url || text.strip_suffix('/') == Some(url)) && answer == endpoint
            }
            (Err(EndpointError::NoMatch), Err("no match")) => true,
            (Err(EndpointError::InvalidUrl(_) | EndpointError::InvalidHost(_)), Err("refused")) => true,
            (Err(EndpointError::Rule(message)), Err(expected)) => message == expected,
            _ => false,
        }
    }
}

fn check(name: &str, cases: Vec<Case>) {
    let (passed, failed): (Vec<&Case>, Vec<&Case>) = cases.iter().partition(|case| case.passes());
    let outdated = passed.iter().filter(|case| case.is_outdated).count();
    println!("suite\t{name}\t{}\t{outdated}", passed.len() - outdated);
    for case in failed {
        println!("failed\t{name}\t{}: {:?}, not {:?}", case.title, case.answer, case.expected);
    }
}
