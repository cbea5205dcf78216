//! When to try a failed call again, and after how long.
//!
//! This is the standard retry mode of the AWS SDKs in its revision 2.1 ("Retry behavior" in the
//! AWS SDKs and Tools Reference Guide), as a pure state machine: the caller
//! supplies the random number and does the sleeping.
//!
//! ```
//! use std::time::Duration;
//! use tinsmith_core::retry::{AttemptFailure, RetryPolicy, TokenBucket};
//!
//! let bucket = TokenBucket::default(); // one per client
//! let policy = RetryPolicy::default();
//!
//! let mut attempts = policy.begin(&bucket);
//! let response = loop {
//!     match send(attempts.number()) {
//!         Ok(response) => break Ok(response),
//!         Err(failure) => match attempts.next(&failure, fastrand::f64()) {
//!             Ok(delay) => sleep(delay), // then sign anew and send
//!             Err(why) => break Err(why),
//!         },
//!     }
//! };
//! if response.is_ok() {
//!     attempts.success();
//! }
//! # fn send(number: u32) -> Result<(), AttemptFailure<'static>> {
//! #     if number < 2 { Err(AttemptFailure::Timeout) } else { Ok(()) }
//! # }
//! # fn sleep(_: Duration) {}
//! # assert_eq!(response, Ok(()));
//! ```
//!
//! # Quotas
//!
//! The official list of throttling errors holds `LimitExceededException`, because many services
//! call a rate so. KMS calls quotas so, which stay exceeded however long one waits: the number of
//! custom key stores (`CreateCustomKeyStore`), of keys, aliases, grants, tags. The list makes no
//! exception for a service and KMS's model has no `@retryable` to decide first, so such a call is
//! retried as throttled: with three attempts it fails up to 3 s later, having taken 10 tokens.
//!
//! # Not built
//!
//! Two parts of the revision: DynamoDB's own numbers (25 ms base, four attempts), and the delay
//! before a long-polling call reports that the bucket is empty.

mod classify;

pub use classify::{AttemptFailure, Classification, FailedResponse, Retryable, retry_after};

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::error::debug_as_display;

const DEFAULT_MAX_ATTEMPTS: NonZeroU32 = NonZeroU32::new(3).unwrap();
/// The longest computed delay, before the random factor.
const MAX_BACKOFF: Duration = Duration::from_secs(20);
/// How far above the computed delay a service may push it.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(5);

/// The strategy that decides about retries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryMode {
    /// A bounded number of attempts, exponential delays and a token bucket per client.
    #[default]
    Standard,
}

impl FromStr for RetryMode {
    type Err = InvalidRetryMode;

    /// Reads a value of `AWS_RETRY_MODE` or `retry_mode`, in any case.
    ///
    /// `legacy` means whatever a client has always done, which here is the standard mode.
    /// `adaptive` is the standard mode with a limit on the rate of first attempts, which is not
    /// built; the standard mode stands in for it.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.to_ascii_lowercase().as_str() {
            "standard" | "legacy" | "adaptive" => Ok(Self::Standard),
            _ => Err(InvalidRetryMode),
        }
    }
}

/// The text names no retry mode.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct InvalidRetryMode;

impl fmt::Display for InvalidRetryMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a retry mode is one of standard, adaptive, legacy")
    }
}

debug_as_display!(InvalidRetryMode);

impl std::error::Error for InvalidRetryMode {}

/// How a client retries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The strategy.
    pub mode: RetryMode,
    /// How often a call is sent at most, the first time included; one means no retries.
    pub max_attempts: NonZeroU32,
}

impl Default for RetryPolicy {
    /// Standard mode, three attempts.
    fn default() -> Self {
        Self {
            mode: RetryMode::Standard,
            max_attempts: DEFAULT_MAX_ATTEMPTS,
        }
    }
}

impl RetryPolicy {
    /// Begins a call, whose first attempt needs no token of `bucket`.
    pub fn begin<'b>(&self, bucket: &'b TokenBucket) -> Attempts<'b> {
        Attempts {
            bucket,
            max: self.max_attempts.get(),
            number: 1,
            taken: None,
        }
    }
}

/// The attempts of one call.
#[derive(Debug)]
#[must_use = "a call that succeeds must give its tokens back"]
pub struct Attempts<'b> {
    bucket: &'b TokenBucket,
    max: u32,
    number: u32,
    /// What the last retry cost.
    taken: Option<u32>,
}

impl Attempts<'_> {
    /// The number of the current attempt; the first one is 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The current attempt's `amz-sdk-request` header: `attempt=1; max=3`.
    pub fn request_header(&self) -> String {
        format!("attempt={}; max={}", self.number, self.max)
    }

    /// Decides what follows the current attempt's failure: how long to wait before the next
    /// attempt, which then is the current one.
    ///
    /// `random` is between 0 and 1 and spreads the retries of many clients: the computed delay is
    /// `random` × min(2ⁿ⁻¹ × base, 20 s) before retry n, with a base of 50 ms, or 1 s after
    /// throttling. A delay that the service asked for is kept between that and 5 s more.
    ///
    /// # Errors
    ///
    /// A [`GiveUp`] when there must not be another attempt.
    pub fn next(&mut self, failure: &AttemptFailure<'_>, random: f64) -> Result<Duration, GiveUp> {
        let (cost, base) = match failure.classify() {
            Classification::Throttling => (5, Duration::from_secs(1)),
            Classification::Transient | Classification::ClockSkew => {
                (14, Duration::from_millis(50))
            }
            Classification::None => return Err(GiveUp::NotRetryable),
        };
        if self.number >= self.max {
            return Err(GiveUp::MaxAttempts);
        }
        if !self.bucket.take(cost) {
            return Err(GiveUp::NoTokens);
        }
        let delay = backoff(base, self.number, random);
        self.number += 1;
        self.taken = Some(cost);
        Ok(match failure.retry_after() {
            Some(wanted) => wanted.clamp(delay, delay + MAX_RETRY_AFTER),
            None => delay,
        })
    }

    /// Ends the call after an attempt that succeeded: the bucket gets back what the last retry
    /// took, or one token when the first attempt did it.
    pub fn success(self) {
        self.bucket.give_back(self.taken.unwrap_or(1));
    }
}

fn backoff(base: Duration, retry: u32, random: f64) -> Duration {
    let factor = 1u32.checked_shl(retry - 1).unwrap_or(u32::MAX);
    // In this order a NaN becomes 0.
    #[allow(clippy::manual_clamp)]
    let random = random.max(0.0).min(1.0);
    base.saturating_mul(factor).min(MAX_BACKOFF).mul_f64(random)
}

/// Why a failed call is not tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GiveUp {
    /// The failure is of a kind that another attempt would not change.
    NotRetryable,
    /// All attempts are used up.
    MaxAttempts,
    /// The client's token bucket is empty: too many of its calls fail.
    NoTokens,
}

impl fmt::Display for GiveUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotRetryable => "not retryable",
            Self::MaxAttempts => "all attempts used up",
            Self::NoTokens => "too many calls fail, so this one was not retried",
        })
    }
}

/// What keeps a client from retrying when most of its calls fail: every retry takes tokens, every
/// success gives some back. Shared by all calls of a client.
#[derive(Debug)]
pub struct TokenBucket(AtomicU32);

impl TokenBucket {
    /// How many tokens a new, full bucket holds.
    pub const CAPACITY: u32 = 500;

    /// How many tokens there are now.
    pub fn available(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }

    /// Takes `tokens`, or nothing if there are fewer.
    fn take(&self, tokens: u32) -> bool {
        let take = |available: u32| available.checked_sub(tokens);
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
            .is_ok()
    }

    /// Gives `tokens` back; what does not fit is lost.
    fn give_back(&self, tokens: u32) {
        let give = |available: u32| {
            let filled = available.saturating_add(tokens).min(Self::CAPACITY);
            // A full bucket, the usual case, is not written to.
            (filled != available).then_some(filled)
        };
        // An error means that the bucket was full.
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, give);
    }
}

impl Default for TokenBucket {
    fn default() -> Self {
        Self(AtomicU32::new(Self::CAPACITY))
    }
}

#[cfg(test)]
mod tests;
