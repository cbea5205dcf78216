//! The programs that are built to see what building costs, and how large what is built gets.
//!
//! All call DisconnectCustomKeyStore: with the generated client, with the official one, and by hand
//! with a baseline of the dependencies that every client needs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Result;
use crate::codegen::crate_root;
use crate::measure::children_cpu;
use crate::six;

/// A program to build.
#[derive(Clone, Copy)]
pub struct Program {
    /// Its name in the tables.
    pub title: &'static str,
    /// Its place under bench/programs, or `six`.
    pub folder: &'static str,
    /// Its features.
    pub features: &'static str,
    /// The TLS provider, by which programs are compared.
    pub tls: &'static str,
    /// The crate of its client.
    pub client: Option<&'static str>,
}

const AWS_LC: &str = "aws-lc-rs";
const RING: &str = "ring";
/// The folder of the program that is made for the table, below the target directory.
const SIX: &str = "six";

/// The baseline, and the generated client: with what it has on by default, and like the official
/// one without sources of credentials other than environment variables.
const OWN: [Program; 6] = [
    Program {
        title: "floor",
        folder: "floor",
        features: AWS_LC,
        tls: AWS_LC,
        client: None,
    },
    Program {
        title: "Tinsmith",
        folder: "ours",
        features: "aws-lc-rs,default-chain",
        tls: AWS_LC,
        client: Some("tinsmith-kms"),
    },
    Program {
        title: "Tinsmith, trimmed",
        folder: "ours",
        features: AWS_LC,
        tls: AWS_LC,
        client: Some("tinsmith-kms"),
    },
    Program {
        title: "Tinsmith, trimmed, six operations",
        folder: SIX,
        features: AWS_LC,
        tls: AWS_LC,
        client: Some("tinsmith-kms"),
    },
    Program {
        title: "floor",
        folder: "floor",
        features: RING,
        tls: RING,
        client: None,
    },
    Program {
        title: "Tinsmith",
        folder: "ours",
        features: "ring,default-chain",
        tls: RING,
        client: Some("tinsmith-kms"),
    },
];

/// The official client, with the least that sends requests and with what it has on by default.
const PEERS: [Program; 2] = [
    Program {
        title: "aws-sdk-kms 1.129, trimmed",
        folder: "peer",
        features: "",
        tls: AWS_LC,
        client: Some("aws-sdk-kms"),
    },
    Program {
        title: "aws-sdk-kms 1.129, default",
        folder: "peer",
        features: "full",
        tls: AWS_LC,
        client: Some("aws-sdk-kms"),
    },
];

/// The programs, with the baseline of each TLS provider first.
///
/// # Errors
///
/// When the one with six operations cannot be generated.
pub fn all(with_peer: bool) -> Result<Vec<Program>> {
    let mut programs = OWN.to_vec();
    if with_peer {
        programs.splice(4..4, PEERS);
    }
    for program in programs.iter().filter(|program| program.folder == SIX) {
        six::write(&program.source_folder())?;
    }
    Ok(programs)
}

/// How a program is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// `cargo build`.
    Debug,
    /// `cargo build --release`, stripped.
    Release,
}

/// CPU time of all processes, and wall time.
#[derive(Clone, Copy, Default)]
pub struct Cost {
    /// User and system.
    pub cpu: Duration,
    /// As a clock on the wall shows it.
    pub wall: Duration,
}

impl Program {
    fn target(self) -> PathBuf {
        let name = [self.folder, &self.features.replace(',', "-")].join("-");
        bench()
            .join("target/programs")
            .join(name.trim_end_matches('-'))
    }

    /// Builds from nothing.
    pub fn build_clean(self, profile: Profile) -> Result<Cost> {
        let folder = match profile {
            Profile::Debug => "debug",
            Profile::Release => "release",
        };
        let folder = self.target().join(folder);
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        self.build(profile)
    }

    /// Builds what is not up to date.
    pub fn build(self, profile: Profile) -> Result<Cost> {
        self.cargo(&["build"], profile)
    }

    /// Builds the program again after a change to its client's crate; `None` without a client.
    pub fn rebuild(self, profile: Profile) -> Result<Option<Cost>> {
        let Some(client) = self.client else {
            return Ok(None);
        };
        self.build(profile)?;
        self.cargo(&["clean", "--package", client], profile)?;
        self.build(profile).map(Some)
    }

    fn cargo(self, words: &[&str], profile: Profile) -> Result<Cost> {
        let mut command = Command::new("cargo");
        command
            .args(words)
            .arg("--quiet")
            .arg("--manifest-path")
            .arg(self.manifest())
            .arg("--target-dir")
            .arg(self.target())
            .args(["--config", "profile.release.strip=true"])
            .args(["--config", "profile.release.debug=false"])
            .stdin(Stdio::null());
        if words.first() == Some(&"build") {
            command.args(["--features", self.features]);
        }
        if profile == Profile::Release {
            command.arg("--release");
        }
        let (cpu, wall) = (children_cpu()?, Instant::now());
        let output = command.output()?;
        if !output.status.success() {
            let shown = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(format!("cargo {}: {shown}", words.join(" ")).into());
        }
        Ok(Cost {
            cpu: children_cpu()? - cpu,
            wall: wall.elapsed(),
        })
    }

    fn manifest(self) -> PathBuf {
        self.source_folder().join("Cargo.toml")
    }

    fn source_folder(self) -> PathBuf {
        match self.folder {
            SIX => bench().join("target/programs/six"),
            folder => bench().join("programs").join(folder),
        }
    }

    /// How many packages are in its tree, itself not counted.
    pub fn crates(self) -> Result<usize> {
        let output = Command::new("cargo")
            .args([
                "tree",
                "--edges",
                "normal,build",
                "--prefix",
                "none",
                "--no-dedupe",
            ])
            .args(["--features", self.features, "--manifest-path"])
            .arg(self.manifest())
            .output()?;
        let text = String::from_utf8(output.stdout)?;
        let mut names: Vec<&str> = text
            .lines()
            .map(|line| line.trim_end_matches(" (*)"))
            .collect();
        names.sort_unstable();
        names.dedup();
        if !output.status.success() || names.is_empty() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        Ok(names.len() - 1)
    }

    /// Bytes of the stripped program, which is built if need be.
    pub fn binary(self) -> Result<u64> {
        self.build(Profile::Release)?;
        let name = format!("program-{}", self.folder);
        Ok(fs::metadata(self.target().join("release").join(name))?.len())
    }

    /// Bytes of the client's library.
    pub fn rlib(self) -> Result<Option<u64>> {
        let Some(client) = self.client else {
            return Ok(None);
        };
        let prefix = format!("lib{}-", client.replace('-', "_"));
        for entry in fs::read_dir(self.target().join("release/deps"))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with(&prefix) && name.ends_with(".rlib") {
                return Ok(Some(entry.metadata()?.len()));
            }
        }
        Ok(None)
    }

    /// Lines and bytes of the Rust source of the client's crate.
    pub fn source(self) -> Result<Option<(usize, usize)>> {
        let Some(client) = self.client else {
            return Ok(None);
        };
        let output = Command::new("cargo")
            .args(["metadata", "--format-version", "1", "--manifest-path"])
            .arg(self.manifest())
            .output()?;
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        let packages = metadata["packages"].as_array().into_iter().flatten();
        let manifest = packages
            .filter(|package| package["name"] == client)
            .find_map(|package| package["manifest_path"].as_str());
        let folder = manifest
            .and_then(|path| Path::new(path).parent())
            .ok_or("no such package")?;
        lines_and_bytes(&folder.join("src")).map(Some)
    }
}

fn bench() -> PathBuf {
    crate_root().join("bench")
}

/// Of all Rust files below a folder.
pub fn lines_and_bytes(folder: &Path) -> Result<(usize, usize)> {
    let (mut lines, mut bytes) = (0, 0);
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            let (more_lines, more_bytes) = lines_and_bytes(&path)?;
            lines += more_lines;
            bytes += more_bytes;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(path)?;
            lines += text.lines().count();
            bytes += text.len();
        }
    }
    Ok((lines, bytes))
}
