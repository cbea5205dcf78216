//! rustc's judgement, without cargo: metadata only, against the runtime's metadata.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use serde_json::Value;
use tinsmith_codegen::output::tree::FileTree;

/// Compiles crates in a folder of one test's own.
pub(crate) struct Compiler {
    folder: PathBuf,
    /// The metadata of the runtime's crates; their dependencies lie beside it.
    runtime: Vec<(&'static str, PathBuf)>,
}

impl Compiler {
    /// Checks the runtime and empties the folder.
    pub(crate) fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("diff")
            .join(test);
        let _ = fs::remove_dir_all(&folder);
        Self {
            folder,
            runtime: runtime(),
        }
    }

    /// The metadata of a generated crate.
    #[track_caller]
    pub(crate) fn library(&self, name: &str, tree: &FileTree) -> PathBuf {
        let folder = self.folder.join(name);
        tree.write(&folder).unwrap();
        let out = folder.join("libfixture.rmeta");
        let source = folder.join("src/lib.rs");
        let result = self.rustc(&source, "fixture", &out, &self.runtime);
        result.unwrap_or_else(|errors| panic!("{name}: {errors}"));
        out
    }

    /// Whether a caller compiles against a crate, or why not.
    pub(crate) fn caller(&self, name: &str, text: &str, library: &Path) -> Result<(), String> {
        let source = self.folder.join(format!("{name}.rs"));
        fs::write(&source, text).unwrap();
        let out = source.with_extension("rmeta");
        let library = ("fixture", library.to_owned());
        self.rustc(&source, "caller", &out, &[library])
    }

    fn rustc(
        &self,
        source: &Path,
        name: &str,
        out: &Path,
        dependencies: &[(&str, PathBuf)],
    ) -> Result<(), String> {
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let output = Command::new(rustc)
            .args(["--edition=2024", "--crate-type=lib", "--emit=metadata"])
            .args(["--cap-lints=allow", "--error-format=short"])
            .args(["--crate-name", name])
            .args(dependencies.iter().flat_map(|(name, metadata)| {
                [
                    "--extern".to_owned(),
                    format!("{name}={}", metadata.display()),
                ]
            }))
            .arg("-L")
            .arg(format!(
                "dependency={}",
                self.runtime[0].1.parent().unwrap().display()
            ))
            .arg("-o")
            .arg(out)
            .arg(source)
            .env("CARGO_PKG_VERSION", "0.0.0")
            .output()
            .unwrap();
        if output.status.success() {
            Ok(())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }
}

/// Has cargo check the runtime without a transport, and returns the metadata of its crates.
fn runtime() -> Vec<(&'static str, PathBuf)> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "check",
            "--package=tinsmith-client",
            "--no-default-features",
        ])
        .arg("--message-format=json")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let artifacts: Vec<Value> = stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let metadata = |name: &'static str| {
        let file = artifacts
            .iter()
            .filter(|message| message["target"]["name"] == name)
            .find_map(|message| Some(message["filenames"][0].as_str()?.to_owned()));
        let stderr = String::from_utf8_lossy(&output.stderr);
        let file = file.unwrap_or_else(|| panic!("no metadata of {name}: {stderr}"));
        (name, PathBuf::from(file))
    };
    ["tinsmith_client", "tinsmith_core"].map(metadata).to_vec()
}

/// Runs `work` for each item on all processors; the results stand in the items' order.
pub(crate) fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let next = Mutex::new(items.iter().enumerate());
    let done = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let Some((index, item)) = next.lock().unwrap().next() else {
                        break;
                    };
                    let result = work(item);
                    done.lock().unwrap().insert(index, result);
                }
            });
        }
    });
    done.into_inner().unwrap().into_values().collect()
}
