//! Clients of services whose models are not committed, and their scenarios in interop/services.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs;
use std::path::Path;

use tinsmith_smithy::import;
use tinsmith_smithy::load::Source;
use toml::Table;

use crate::conformance::workspace;
use crate::output::count;
use crate::{Failure, codegen, model_import, test};

/// The crate of the scenarios, next to the clients.
const STORIES: &str = "stories";

/// The profile of this workspace, so that shared dependencies are built once.
const PROFILE: [&str; 4] = [
    "profile.dev.debug='line-tables-only'",
    "profile.dev.package.proc-macro2.opt-level=1",
    "profile.dev.package.serde_json.opt-level=1",
    "profile.dev.package.syn.opt-level=1",
];

/// The names of services in botocore, and the operations that the scenarios call.
type Services = BTreeMap<String, Vec<String>>;

/// Generates the clients from the models of `python`'s botocore and runs the scenarios.
pub(super) fn check(root: &Path, python: &Path) -> Result<(), Failure> {
    let folder = root.join("target").join("interop").join("services");
    let list = root.join("interop/services/operations.toml");
    let services: Services = read(&list)?.try_into().map_err(|e| failed(&list, &e))?;
    let package = model_import::package_of(python)?;
    for (name, operations) in &services {
        let import = model_import::from_botocore(name, &package)?;
        let source = Source {
            name: &format!("botocore's {name}"),
            text: &import::to_text(&import.model),
        };
        let only = Some(operations.clone());
        let made = codegen::generate_member(root, source, &folder.join(name), name, only)?;
        outln!("{name}: {}", count(made, "operation"));
    }
    let stories = folder.join(STORIES);
    fs::create_dir_all(&stories).map_err(|e| failed(&stories, &e))?;
    let path = stories.join("Cargo.toml");
    fs::write(&path, manifest(&services, &lints(root)?)).map_err(|e| failed(&path, &e))?;
    let members = services.keys().map(String::as_str).chain([STORIES]);
    let members: Vec<String> = members.map(str::to_owned).collect();
    workspace(root, &folder, &members)?;

    let cargo = |command: &[&str], last: &[&str]| {
        let target = root.join("target").display().to_string();
        let profile = PROFILE.iter().flat_map(|setting| ["--config", setting]);
        let mut arguments = command.to_vec();
        arguments.extend(["--target-dir", &target].into_iter().chain(profile));
        arguments.extend(last);
        let variables = [("TINSMITH_PYTHON", python.display().to_string())];
        test::cargo(&folder, &arguments, &variables)
    };
    let deny = ["--", "--deny", "warnings"];
    cargo(&["clippy", "--quiet", "--workspace", "--tests"], &deny)?;
    cargo(&["test", "--package", STORIES], &[])
}

/// Returns the manifest of the scenarios.
///
/// Their sources are in this workspace, where `cargo fmt` formats them; their dependencies are not.
fn manifest(services: &Services, lints: &str) -> String {
    let mut clients = String::new();
    for name in services.keys() {
        clients.push_str(&format!(
            "tinsmith-{name} = {{ path = \"../{name}\", default-features = false, \
             features = [\"hyper\"] }}\n"
        ));
    }
    format!(
        r#"[package]
name = "{STORIES}"
version = "0.0.0"
edition = "2024"
publish = false

[[test]]
name = "services"
path = "../../../../interop/services/main.rs"

[dev-dependencies]
{clients}serde_json = "1"
tinsmith-interop = {{ path = "../../../../interop" }}
tinsmith-client = {{ path = "../../../../runtime/client", default-features = false }}
tokio = {{ version = "1", default-features = false, features = ["macros", "rt-multi-thread"] }}

{lints}"#
    )
}

/// Returns the lints of this workspace for a crate outside of it.
fn lints(root: &Path) -> Result<String, Failure> {
    let manifest = read(&root.join("Cargo.toml"))?;
    let lints = manifest
        .get("workspace")
        .and_then(|table| table.get("lints"));
    let lints = lints.into_iter().map(|lints| ("lints", lints));
    toml::to_string(&lints.collect::<BTreeMap<_, _>>()).map_err(Failure::work)
}

fn read(path: &Path) -> Result<Table, Failure> {
    let text = fs::read_to_string(path).map_err(|e| failed(path, &e))?;
    text.parse().map_err(|e| failed(path, &e))
}

fn failed(path: &Path, error: &dyn Display) -> Failure {
    Failure::Work(format!("{}: {error}", path.display()))
}
