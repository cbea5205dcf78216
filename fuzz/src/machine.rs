//! A machine of the fuzzer's own for the sources of credentials: variables, files, and a network
//! where every request gets the same response.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tinsmith_client::clock::VirtualClock;
use tinsmith_client::credentials::{
    Credentials, CredentialsError, ProvideCredentials, ProviderContext,
};
use tinsmith_client::environment::Environment;
use tinsmith_client::transport::mock::MockTransport;

/// 2026-01-01T00:00:00Z
const NOW: Duration = Duration::from_secs(1_767_225_600);

/// Sources over `environment` and `network`. Pauses between attempts take no time.
pub fn context(environment: Environment, network: &MockTransport) -> ProviderContext {
    let clock = VirtualClock::new(SystemTime::UNIX_EPOCH + NOW);
    ProviderContext::new(environment, Arc::new(network.clone()), Arc::new(clock))
        .with_region("eu-central-1".to_owned())
}

/// Asks a source, and checks what must hold of any outcome.
pub fn ask(source: &dyn ProvideCredentials) -> Result<Credentials, CredentialsError> {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let outcome = runtime
        .expect("a runtime without drivers takes nothing from the system")
        .block_on(source.provide());
    check(&outcome);
    outcome
}

/// Credentials have both keys, and an error is one harmless line.
pub fn check(outcome: &Result<Credentials, CredentialsError>) {
    match outcome {
        Ok(credentials) => {
            assert!(!credentials.access_key_id().is_empty());
            assert!(!credentials.secret_access_key().is_empty());
        }
        Err(error) => {
            let text = error.to_string();
            assert!(!text.contains(char::is_control), "{text:?}");
        }
    }
}
