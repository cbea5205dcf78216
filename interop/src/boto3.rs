//! boto3, driven line by line.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::python;

/// A Python process that calls KMS with boto3, without retries. It ends when dropped.
///
/// Bytes stand as `{"$blob": BASE64}`, times as `{"$time": SECONDS}`.
pub struct Boto3 {
    process: Child,
    answers: BufReader<ChildStdout>,
    operations: BTreeMap<String, Vec<String>>,
}

impl Boto3 {
    /// Starts it. What Python says when it fails goes to standard error.
    ///
    /// # Errors
    ///
    /// When Python does not start or has no boto3.
    pub fn start(python: &OsStr) -> io::Result<Self> {
        let mut process = python::script(python, "boto3_calls.py")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = process
            .stdout
            .take()
            .ok_or_else(|| io::Error::other("no stdout"))?;
        let mut boto3 = Self {
            process,
            answers: BufReader::new(stdout),
            operations: BTreeMap::new(),
        };
        let line = boto3.line()?;
        boto3.operations = serde_json::from_str(&line)?;
        Ok(boto3)
    }

    /// The operations that boto3 knows, each with the members of its input.
    pub fn operations(&self) -> &BTreeMap<String, Vec<String>> {
        &self.operations
    }

    /// Calls an operation: `{"output": ...}`, or `{"error": {"Code", "Message"}, "status": ...}`.
    ///
    /// # Errors
    ///
    /// When boto3 refuses the input or the response, with its reason.
    pub fn call(&mut self, endpoint: &str, operation: &str, input: &Value) -> io::Result<Value> {
        self.ask(&json!({"endpoint": endpoint, "operation": operation, "input": input}))
    }

    /// Walks all pages of an operation: `{"output": ...}` with the items of all.
    ///
    /// # Errors
    ///
    /// As [`Boto3::call`].
    pub fn pages(&mut self, endpoint: &str, operation: &str, input: &Value) -> io::Result<Value> {
        self.ask(
            &json!({"endpoint": endpoint, "operation": operation, "input": input, "pages": true}),
        )
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
