//! Credentials from the output of a program (`credential_process`).
//!
//! Source: "Process credential provider" in the AWS SDKs and Tools Reference Guide.

use std::time::Duration;

use super::context::ProviderContext;
use super::error::Errors;
use super::json::Fields;
use super::plan::Process;
use super::{Credentials, CredentialsError, time};
use crate::clock::timeout;

const NAME: &str = "Process";
const ERRORS: Errors = Errors("credential_process");
/// The timeout, long enough for a person to touch a security key or enter a code.
const LIMIT: Duration = Duration::from_secs(60);

/// Runs the program. Errors do not contain its command line, which may contain secrets.
pub(super) async fn provide(
    context: &ProviderContext,
    process: Process,
) -> Result<Credentials, CredentialsError> {
    let running = context.environment.run(&process.command);
    let output = timeout(&*context.clock, LIMIT, running)
        .await
        .ok_or_else(|| ERRORS.unavailable(format!("the program took longer than {LIMIT:?}")))?
        .map_err(|error| ERRORS.unavailable(format!("the program could not be run: {error}")))?;
    if !output.status.success() {
        let message = format!(
            "the program failed ({}), see its own messages",
            output.status
        );
        return Err(ERRORS.refused(message));
    }
    let mut credentials = read_process_output(&output.stdout)?;
    if credentials.account_id().is_none() {
        credentials = credentials.with_account_id(process.account_id);
    }
    credentials.unexpired(context.clock.now())
}

/// Reads the output of such a program.
///
/// # Errors
///
/// Returns an error if it is not in the format of `credential_process`.
// Public only for the fuzz targets, which would need a program for each input.
#[doc(hidden)]
pub fn read_process_output(stdout: &[u8]) -> Result<Credentials, CredentialsError> {
    let fields = Fields::parse(stdout)
        .map_err(|error| ERRORS.response(format!("the program's output is not JSON: {error}")))?;
    if fields.get("Version") != Some("1") {
        return Err(ERRORS.response("the program's output must have \"Version\": 1"));
    }
    let invalid = |why: String| ERRORS.response(format!("the program's output: {why}"));
    let credentials = fields.credentials(["AccessKeyId", "SecretAccessKey"], NAME, invalid)?;
    let expiry = fields.time("Expiration", time::parse, invalid)?;
    Ok(credentials
        .with_session_token(fields.owned("SessionToken"))
        .with_expiry(expiry)
        .with_account_id(fields.owned("AccountId")))
}
