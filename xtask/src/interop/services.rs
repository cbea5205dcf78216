//! Clients of services whose models are not committed, and their stories in interop/services.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tinsmith_codegen::import;
use tinsmith_codegen::load::Source;

use crate::conformance::workspace;
use crate::{Failure, codegen, model_import, test};

/// The crate that holds the stories, beside the clients.
const STORIES: &str = "stories";

/// Makes the clients from the models of `python`'s botocore and runs the stories.
pub(super) fn check(root: &Path, python: &Path) -> Result<(), Failure> {
    let folder = root.join("target").join("interop").join("services");
    let package = model_import::package_of(python)?;
    let services = services(root)?;
    for (name, operations) in &services {
        let import = model_import::from_botocore(name, &package)?;
        let source = Source {
            name: &format!("botocore's {name}"),
            text: &import::to_text(&import.model),
        };
        let out = folder.join(name);
        codegen::generate_member(root, source, &out, name, Some(operations.clone()))?;
    }
    write(
        &folder.join(STORIES).join("Cargo.toml"),
        &manifest(&services),
    )?;
    let members = services.keys().map(String::as_str).chain([STORIES]);
    let members: Vec<String> = members.map(str::to_owned).collect();
    workspace(root, &folder, &members)?;
    let target = root.join("target").display().to_string();
    test::cargo(
        &folder,
        &["test", "--package", STORIES, "--target-dir", &target],
        &[
            ("TINSMITH_PYTHON", python.display().to_string()),
            // As in the workspace, so that what both need is built once.
            ("CARGO_PROFILE_DEV_DEBUG", "line-tables-only".to_owned()),
        ],
    )
}

/// The services, by their names in botocore, and the operations that their stories call.
fn services(root: &Path) -> Result<BTreeMap<String, Vec<String>>, Failure> {
    let path = root.join("interop/services/operations.toml");
    let at = |e: &dyn std::fmt::Display| Failure::Work(format!("{}: {e}", path.display()));
    let text = fs::read_to_string(&path).map_err(|e| at(&e))?;
    toml::from_str(&text).map_err(|e| at(&e))
}

/// The manifest of the stories.
///
/// Their sources stand in the workspace, where cargo fmt sees them; what they depend on does not.
fn manifest(services: &BTreeMap<String, Vec<String>>) -> String {
    let clients: String = services
        .keys()
        .map(|name| {
            format!(
                "tinsmith-{name} = {{ path = \"../{name}\", default-features = false, features = [\"hyper\"] }}\n"
            )
        })
        .collect();
    format!(
        r#"[package]
name = "{STORIES}"
version = "0.0.0"
edition = "2024"
publish = false
autotests = false

[[test]]
name = "services"
path = "../../../../interop/services/main.rs"

[dev-dependencies]
{clients}serde_json = "1"
tinsmith-interop = {{ path = "../../../../interop" }}
tinsmith-runtime = {{ path = "../../../../runtime", default-features = false }}
tokio = {{ version = "1", default-features = false, features = ["macros", "rt-multi-thread"] }}
"#
    )
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let at = |e| Failure::Work(format!("{}: {e}", path.display()));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(at)?;
    }
    fs::write(path, text).map_err(at)
}
