//! Looks through all memory for secrets of credentials after the last of them was dropped.
#![cfg(all(target_os = "linux", feature = "default-chain"))]
#![allow(
    clippy::unwrap_used,
    reason = "clippy.toml allows it in tests, but not in their helpers"
)]

#[allow(dead_code, reason = "the other tests use the rest")]
#[path = "client/world.rs"]
mod world;

use std::collections::VecDeque;
use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use tinsmith_client::BoxFuture;
use tinsmith_client::credentials::{
    CachingProvider, Credentials, CredentialsError, DefaultChain, ProvideCredentials,
    ProviderContext,
};
use tinsmith_client::environment::Environment;
use tinsmith_client::sensitive::Sensitive;
use tinsmith_client::transport::{SensitiveResponse, Transport, TransportError};

use world::{FakeClock, block_on};

/// 2022-05-02T18:36:00Z
const NOW: u64 = 1_651_516_560;
/// What the secrets are made of, each byte changed: the search must not find its own pattern.
const CHANGED: [u8; 16] = *b"q5;k8bj2;k81Z#tp";
const CHANGE: u8 = 0x0a;

/// The text with a secret for each `%`, in memory that is wiped or owned by the response alone.
fn with_secrets(text: &str) -> Vec<u8> {
    let secrets = text.matches('%').count();
    let mut bytes = Vec::with_capacity(text.len() + secrets * CHANGED.len());
    for byte in text.bytes() {
        match byte {
            b'%' => bytes.extend(CHANGED.iter().map(|byte| byte ^ CHANGE)),
            _ => bytes.push(byte),
        }
    }
    bytes
}

/// How many secrets there are in the memory of this process.
fn secrets() -> usize {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let memory = File::open("/proc/self/mem").unwrap();
    let mut buffer = vec![0; 1 << 20];
    let own = buffer.as_ptr() as u64..buffer.as_ptr() as u64 + buffer.len() as u64;
    let mut found = 0;
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let mut range = range(line);
        while range.start < range.end {
            let length = buffer.len().min((range.end - range.start) as usize);
            let Ok(length) = memory.read_at(&mut buffer[..length], range.start) else {
                break;
            };
            found += buffer[..length]
                .windows(CHANGED.len())
                .enumerate()
                .filter(|(at, _)| !own.contains(&(range.start + *at as u64)))
                .filter(|(_, window)| {
                    let mut pairs = window.iter().zip(&CHANGED);
                    pairs.all(|(byte, changed)| byte ^ CHANGE == *changed)
                })
                .count();
            // A secret may lie across the end of what was read.
            let step = if length > CHANGED.len() {
                length - CHANGED.len() + 1
            } else {
                length
            };
            range.start += step.max(1) as u64;
        }
    }
    // What was read must not be found the next time.
    buffer.fill(0);
    std::hint::black_box(&buffer);
    found
}

fn range(line: &str) -> Range<u64> {
    let (range, _) = line.split_once(' ').unwrap();
    let (start, end) = range.split_once('-').unwrap();
    let number = |text| u64::from_str_radix(text, 16).unwrap();
    number(start)..number(end)
}

/// Responds with secrets in their order.
#[derive(Debug)]
struct Secrets(Mutex<VecDeque<&'static str>>);

impl Transport for Secrets {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let marked = request.extensions().get::<SensitiveResponse>().is_some();
        assert!(marked, "a transport keeps copies of the response");
        let body = self.0.lock().unwrap().pop_front().unwrap();
        let body = Bytes::from(with_secrets(body));
        Box::pin(std::future::ready(Ok(Response::new(body))))
    }
}

type Outcome = Result<Credentials, CredentialsError>;

fn ask(variables: &[(&str, &str)], files: &[(&str, &str)], bodies: &[&'static str]) -> Outcome {
    let files = files.iter().map(|(path, text)| (*path, with_secrets(text)));
    let environment = Environment::fake(variables.iter().copied(), files).allow_programs();
    let transport = Secrets(Mutex::new(bodies.iter().copied().collect()));
    let clock = FakeClock::at(NOW);
    let context = ProviderContext::new(environment, Arc::new(transport), Arc::clone(&clock) as _);
    let cache = CachingProvider::new(Arc::new(DefaultChain::new(context)), clock);
    block_on(cache.provide())
}

const KEYS: &str = r#"{"AccessKeyId": "AKID", "SecretAccessKey": "%", "Token": "%\/+",
    "Other": {"a": ["%"]}, "Expiration": "2022-05-02T19:36:00Z"}"#;
const ASSUMED: &str = "<AssumeRoleResult><Credentials><AccessKeyId>AKID</AccessKeyId>\
    <SecretAccessKey>%&amp;</SecretAccessKey><SessionToken>%</SessionToken>\
    <Expiration>2022-05-02T19:36:00Z</Expiration></Credentials></AssumeRoleResult>";
const SSO: &str = "[default]\nsso_session = dev\nsso_account_id = 1\nsso_role_name = r\n\
    [sso-session dev]\nsso_region = us-east-1\nsso_start_url = https://x\n";
const SSO_CACHE: &str = "/h/.aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json";
const SSO_TOKEN: &str = r#"{"accessToken": "%", "expiresAt": "2022-05-02T18:00:00Z",
    "refreshToken": "%", "clientId": "id", "clientSecret": "%",
    "registrationExpiresAt": "2022-06-01T00:00:00Z"}"#;

/// Each test looks through the memory of all.
static ALONE: Mutex<()> = Mutex::new(());

/// Responds to each request with `bodies` in their order, in many parts, each of which is wiped.
#[cfg(feature = "hyper")]
fn serve(bodies: &'static [&'static str]) -> std::net::SocketAddr {
    use std::io::{Read, Write};

    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        socket.set_nodelay(true).unwrap();
        for body in bodies {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                socket.read_exact(&mut byte).unwrap();
                head.push(byte[0]);
            }
            let body = Sensitive::from(with_secrets(body));
            let length = body.len();
            write!(
                socket,
                "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n"
            )
            .unwrap();
            for part in body.chunks(50) {
                socket.write_all(part).unwrap();
                std::thread::sleep(Duration::from_millis(2));
            }
        }
    });
    address
}

#[cfg(feature = "hyper")]
#[test]
fn no_secret_is_left_in_the_transport() {
    use tinsmith_client::clock::SystemClock;
    use tinsmith_client::transport::HyperTransport;

    // The secrets are in the last part, which nothing overwrites.
    const KEYS: &str = r#"{"AccessKeyId": "AKID", "Expiration": "9999-05-02T19:36:00Z",
        "Other": "%%%%%%%%%%%%%%%%%%%%%%%%%", "SecretAccessKey": "%", "Token": "%"}"#;
    let _alone = ALONE.lock();
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().unwrap();
    let instance: &[&str] = &["t", "role", KEYS];
    for (variable, bodies) in [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", &[KEYS][..]),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT", instance),
    ] {
        let url = format!("http://{}", serve(bodies));
        let environment = Environment::fake([(variable, url.as_str())], [("none", "")]);
        let transport = Arc::new(HyperTransport::builder().build().unwrap());
        let clock = Arc::new(SystemClock::new());
        let context = ProviderContext::new(environment, Arc::clone(&transport) as _, clock);
        let chain = DefaultChain::new(context);
        let credentials = runtime.block_on(chain.provide()).unwrap();
        // The connection stays open, and has memory of its own.
        assert_eq!(secrets(), 2, "{variable}: a key and a token");
        drop(credentials);
        assert_eq!(secrets(), 0, "{variable}");
    }
}

#[test]
fn no_secret_outlives_the_credentials() {
    let _alone = ALONE.lock();
    let printed = std::env::temp_dir().join(format!("tinsmith-{:x}", fastrand::u64(..)));
    let text = r#"{"Version": 1, "AccessKeyId": "AKID", "SecretAccessKey": "%",
                   "SessionToken": "%\n"}"#;
    std::fs::write(&printed, &*Sensitive::from(with_secrets(text))).unwrap();
    let process = format!(
        "[default]\ncredential_process = cat {}\n",
        printed.display()
    );

    let region = ("AWS_REGION", "eu-west-1");
    let container = [("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"), region];
    let web_identity = [
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "t"),
        ("AWS_ROLE_ARN", "r"),
        region,
    ];
    let sources: [(&str, Outcome, bool); 9] = [
        ("instance", ask(&[], &[], &["%", "role", KEYS]), true),
        ("container", ask(&container, &[], &[KEYS]), true),
        ("role", ask(&web_identity, &[("t", "%")], &[ASSUMED]), true),
        (
            "process",
            ask(&[("AWS_CONFIG_FILE", "c")], &[("c", &process)], &[]),
            true,
        ),
        (
            "SSO",
            ask(
                &[("HOME", "/h")],
                &[("/h/.aws/config", SSO), (SSO_CACHE, SSO_TOKEN)],
                &[
                    r#"{"accessToken": "%", "expiresIn": 3600, "refreshToken": "%"}"#,
                    r#"{"roleCredentials": {"accessKeyId": "AKID", "secretAccessKey": "%",
                        "sessionToken": "%", "expiration": 1651520160000}}"#,
                ],
            ),
            true,
        ),
        // What is no good is wiped, too.
        (
            "without expiry",
            ask(
                &[],
                &[],
                &[
                    "t",
                    "role",
                    r#"{"AccessKeyId": "AKID", "SecretAccessKey": "%", "Token": "%"}"#,
                ],
            ),
            false,
        ),
        (
            "cut short",
            ask(
                &container,
                &[],
                &[r#"{"AccessKeyId": "AKID", "SecretAccessKey": "%\n", "a"#],
            ),
            false,
        ),
        (
            "without token",
            ask(
                &web_identity,
                &[("t", "%")],
                &[
                    "<Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>%&amp;\
                   </SecretAccessKey><Expiration>2022-05-02T19:36:00Z</Expiration></Credentials>",
                ],
            ),
            false,
        ),
        ("not for us", ask(&container, &[], &["%"]), false),
    ];
    std::fs::remove_file(&printed).unwrap();
    for (name, outcome, expected) in &sources {
        assert_eq!(outcome.is_ok(), *expected, "{name}: {outcome:?}");
    }
    let alive = sources.iter().filter(|(_, outcome, _)| outcome.is_ok());
    assert_eq!(secrets(), 2 * alive.count(), "a key and a token each");
    drop(sources);
    assert_eq!(secrets(), 0);
}
