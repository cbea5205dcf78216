//! boto3, driven line by line.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::python;

/// A Python process that calls services with boto3, without retries. It ends when dropped.
///
/// Services have the names of boto3's clients. Bytes are `{"$blob": BASE64}`, times
/// `{"$time": SECONDS}`.
pub struct Boto3 {
    process: Child,
    answers: BufReader<ChildStdout>,
}

impl Boto3 {
    /// Starts it. What Python says when it fails goes to standard error.
    ///
    /// # Errors
    ///
    /// When Python does not start.
    pub fn start(python: &OsStr) -> io::Result<Self> {
        let mut process = python::script(python, "boto3_calls.py")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = process
            .stdout
            .take()
            .ok_or_else(|| io::Error::other("no stdout"))?;
        Ok(Self {
            process,
            answers: BufReader::new(stdout),
        })
    }

    /// The operations of a service that boto3 knows, each with the members of its input.
    ///
    /// # Errors
    ///
    /// When Python has no boto3, or boto3 no such service.
    pub fn operations(&mut self, service: &str) -> io::Result<BTreeMap<String, BTreeSet<String>>> {
        let outcome = self.ask(&json!({"service": service}))?;
        Ok(serde_json::from_value(outcome)?)
    }

    /// Calls an operation: `{"output": ...}`, or `{"error": {"Code", "Message"}, "status": ...}`.
    ///
    /// # Errors
    ///
    /// When boto3 refuses the input or the response, with its reason.
    pub fn call(
        &mut self,
        endpoint: &str,
        service: &str,
        operation: &str,
        input: &Value,
    ) -> io::Result<Value> {
        self.ask(&json!({
            "endpoint": endpoint, "service": service, "operation": operation, "input": input,
        }))
    }

    /// Walks all pages of an operation: `{"output": ...}` with the items of all.
    ///
    /// # Errors
    ///
    /// As [`Boto3::call`].
    pub fn pages(
        &mut self,
        endpoint: &str,
        service: &str,
        operation: &str,
        input: &Value,
    ) -> io::Result<Value> {
        self.ask(&json!({
            "endpoint": endpoint, "service": service, "operation": operation, "input": input,
            "pages": true,
        }))
    }

    fn ask(&mut self, call: &Value) -> io::Result<Value> {
        if let Some(stdin) = &mut self.process.stdin {
            writeln!(stdin, "{call}")?;
        }
        let outcome: Value = serde_json::from_str(&self.line()?)?;
        match outcome["refused"].as_str() {
            Some(reason) => Err(io::Error::other(format!("{call}: {reason}"))),
            None => Ok(outcome),
        }
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        match self.answers.read_line(&mut line)? {
            0 => Err(io::Error::other(
                "boto3's process ended; see standard error",
            )),
            _ => Ok(line),
        }
    }
}

impl Drop for Boto3 {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
