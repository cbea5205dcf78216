// The program around the tests of endpoint rules: for each suite there is a function that makes the
// cases, and `main` calls `check` with each.

use tinsmith_core::endpoint::{AuthScheme, Endpoint, EndpointError, Property};

struct Case {
    answer: Result<Endpoint, EndpointError>,
    expected: Result<(&'static str, Endpoint), &'static str>,
}

impl Case {
    fn passes(&self) -> bool {
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

fn check(suite: &str, cases: Vec<Case>) {
    for case in cases {
        if case.passes() {
            println!("{suite}\tpassed");
        } else {
            println!("{suite}\t{:?}, not {:?}", case.answer, case.expected);
        }
    }
}
