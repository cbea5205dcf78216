//! The shared `config` and `credentials` files that all AWS SDKs and the AWS CLI read.
//!
//! Source: "Shared config and credentials files" in the AWS SDKs and Tools Reference Guide.

mod error;
mod parse;
mod section;

use std::collections::{BTreeMap, BTreeSet};
use std::io;

pub use error::{ParseError, ProfileError};
pub use parse::{FileKind, IgnoredSection, Sections, parse};
pub use section::Section;
#[cfg(feature = "default-chain")]
pub(crate) use section::shown_name;

use crate::environment::Environment;

/// The profile that is used if none is selected.
const DEFAULT_PROFILE: &str = "default";

/// The paths of the two files.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileLocations {
    /// `AWS_CONFIG_FILE`, else `.aws/config` in the home directory; `None` without a home.
    pub config: Option<String>,
    /// `AWS_SHARED_CREDENTIALS_FILE`, else `.aws/credentials` in the home directory.
    pub credentials: Option<String>,
}

impl FileLocations {
    /// Returns the paths for `environment`.
    pub fn new(environment: &Environment) -> Self {
        let locate = |variable, name| match environment.var(variable) {
            Some(path) => Some(environment.expand_home(&path)),
            None => environment.home_path(&[".aws", name]),
        };
        Self {
            config: locate("AWS_CONFIG_FILE", "config"),
            credentials: locate("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
        }
    }
}

/// All profiles of both files, and the selected one.
///
/// Values are wiped from memory on drop and not shown by `Debug`, because any of them may be
/// secret.
#[derive(Clone, Debug)]
pub struct ProfileSet {
    selected: String,
    explicit: bool,
    sections: Sections,
    faults: Vec<ProfileError>,
}

impl ProfileSet {
    /// Reads the files of `environment`. The selected profile is `name`, or else `AWS_PROFILE`, or
    /// else `default`. A file that does not exist counts as empty. So does a file that cannot be
    /// used, unless a profile was selected explicitly; see [`faults`](Self::faults).
    ///
    /// # Errors
    ///
    /// Returns an error if a profile was selected explicitly, and a file exists but cannot be read
    /// or is malformed: the profile may be in that file.
    pub fn load(environment: &Environment, name: Option<&str>) -> Result<Self, ProfileError> {
        let explicit = match name {
            Some(name) => Some(name.to_owned()),
            None => environment.var("AWS_PROFILE"),
        };
        let mut set = Self::new(Sections::default(), explicit.as_deref());
        let locations = FileLocations::new(environment);
        for (path, kind) in [
            (locations.config, FileKind::Config),
            (locations.credentials, FileKind::Credentials),
        ] {
            let Some(path) = path else { continue };
            match load_file(environment, &path, kind) {
                Ok(sections) => set.sections.merge(sections),
                Err(error) if set.explicit => return Err(error),
                Err(error) => set.faults.push(error),
            }
        }
        Ok(set)
    }

    /// Same as [`load`](Self::load), without blocking the caller's thread.
    pub(crate) async fn load_off_thread(
        environment: &Environment,
        name: Option<&str>,
    ) -> Result<Self, ProfileError> {
        let name = name.map(str::to_owned);
        environment
            .off_thread(move |environment| Self::load(environment, name.as_deref()))
            .await
    }

    /// Creates a set of sections with the profile `name` selected, or `default`.
    pub fn new(sections: Sections, name: Option<&str>) -> Self {
        Self {
            selected: name.unwrap_or(DEFAULT_PROFILE).to_owned(),
            explicit: name.is_some(),
            sections,
            faults: Vec::new(),
        }
    }

    /// Returns the files that exist but cannot be used, which count as empty. A setting that is
    /// missing may be in one of them.
    pub fn faults(&self) -> &[ProfileError] {
        &self.faults
    }

    /// Returns the name of the selected profile, which need not exist.
    pub fn selected_name(&self) -> &str {
        &self.selected
    }

    /// Returns whether the profile was selected explicitly. It must then exist, while `default` may
    /// be missing.
    pub fn selected_explicitly(&self) -> bool {
        self.explicit
    }

    /// Returns the selected profile, if it exists.
    pub fn selected(&self) -> Option<&Section> {
        self.profile(&self.selected)
    }

    /// Returns a property of the selected profile, such as `get("region")`.
    pub fn get(&self, property: &str) -> Option<&str> {
        self.selected()?.get(property)
    }

    /// Returns a nested property of the selected profile, such as
    /// `get_nested("s3", "addressing_style")`.
    pub fn get_nested(&self, property: &str, nested: &str) -> Option<&str> {
        self.selected()?.get_nested(property, nested)
    }

    /// Returns a setting of a service in the `[services]` section that the selected profile names,
    /// such as `service_setting("kms", "endpoint_url")`. `service` is the service ID in lower case
    /// with `_` for spaces.
    pub fn service_setting(&self, service: &str, property: &str) -> Option<&str> {
        self.services(self.get("services")?)?
            .get_nested(service, property)
    }

    /// Returns a profile by name.
    pub fn profile(&self, name: &str) -> Option<&Section> {
        self.sections.profiles.get(name)
    }

    /// Returns an `[sso-session]` section by name.
    pub fn sso_session(&self, name: &str) -> Option<&Section> {
        self.sections.sso_sessions.get(name)
    }

    /// Returns a `[services]` section by name.
    pub fn services(&self, name: &str) -> Option<&Section> {
        self.sections.services.get(name)
    }

    /// Returns the ignored sections of both files, which may explain why a profile is missing.
    pub fn ignored(&self) -> &BTreeSet<IgnoredSection> {
        &self.sections.ignored
    }

    /// Returns a hint for an error message: an ignored section that was probably meant to have this
    /// name.
    pub(crate) fn why_missing(&self, name: &str) -> String {
        let mut ignored = self.ignored().iter();
        let section = ignored.find(|section| section.name.contains(name));
        section.map_or_else(String::new, |section| format!("; {section}"))
    }

    /// Returns all profiles by name.
    pub fn profiles(&self) -> &BTreeMap<String, Section> {
        &self.sections.profiles
    }
}

fn load_file(
    environment: &Environment,
    path: &str,
    kind: FileKind,
) -> Result<Sections, ProfileError> {
    use io::ErrorKind::{NotADirectory, NotFound};

    let content = match environment.read(path) {
        Ok(content) => content,
        // A service account may have the home directory `/dev/null`, which contains no files.
        Err(error) if matches!(error.kind(), NotFound | NotADirectory) => {
            return Ok(Sections::default());
        }
        Err(error) => return Err(ProfileError::unreadable(path, &error)),
    };
    let text = std::str::from_utf8(&content).map_err(|_| ProfileError::not_utf8(path))?;
    parse(text, kind).map_err(|error| ProfileError::malformed(path, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_selected_profile_answers() {
        let environment = Environment::fake(
            [("HOME", "/h"), ("AWS_PROFILE", "dev")],
            [(
                "/h/.aws/config",
                "[profile dev]\nregion = eu-west-1\nservices = local\ns3 =\n  style = path # why\n\
                 [services local]\nkms =\n  endpoint_url = http://localhost:1\n",
            )],
        );
        let profiles = ProfileSet::load(&environment, None).unwrap();
        assert_eq!(profiles.get("region"), Some("eu-west-1"));
        assert_eq!(profiles.get("REGION"), Some("eu-west-1"));
        assert_eq!(profiles.get_nested("s3", "style"), Some("path"));
        let endpoint = profiles.service_setting("kms", "endpoint_url");
        assert_eq!(endpoint, Some("http://localhost:1"));
        assert!(profiles.selected_explicitly());

        let other = ProfileSet::load(&environment, Some("other")).unwrap();
        assert_eq!(other.selected_name(), "other");
        assert!(other.selected().is_none());
    }

    #[test]
    fn without_a_home_there_are_no_files() {
        let profiles = ProfileSet::load(&Environment::empty(), None).unwrap();
        assert!(profiles.profiles().is_empty());
        assert!(!profiles.selected_explicitly());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_cannot_exist_counts_as_empty() {
        for path in ["/dev/null/.aws/config", "/no/such/config"] {
            let sections = load_file(&Environment::process(), path, FileKind::Config);
            assert_eq!(sections, Ok(Sections::default()));
        }
        let folder = load_file(&Environment::process(), "/", FileKind::Config);
        assert_eq!(
            folder.unwrap_err().to_string(),
            "could not read profile file /: it is a directory"
        );
    }

    #[test]
    fn faults_name_file_and_line() {
        let environment = Environment::fake(
            [("AWS_CONFIG_FILE", "c")],
            [("c", "[default]\nregion = x\nsecret")],
        );
        let error = ProfileSet::load(&environment, Some("default"))
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("could not parse profile file c, line 3: "),
            "{error}"
        );
        assert!(!error.contains("secret"), "{error}");
        let environment = Environment::fake([("AWS_CONFIG_FILE", "c")], [("c", b"\xff".to_vec())]);
        let error = ProfileSet::load(&environment, Some("default"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("not UTF-8"), "{error}");
    }

    #[test]
    fn unusable_file_counts_as_empty_unless_a_profile_was_named() {
        let files = [
            ("c", "[default]\nregion = r\n[other]\noops"),
            ("k", "[default]\noutput = o"),
        ];
        let variables = [
            ("AWS_CONFIG_FILE", "c"),
            ("AWS_SHARED_CREDENTIALS_FILE", "k"),
        ];
        let profiles = ProfileSet::load(&Environment::fake(variables, files), None).unwrap();
        assert_eq!(profiles.faults().len(), 1);
        assert_eq!(
            (profiles.get("region"), profiles.get("output")),
            (None, Some("o"))
        );
        let named = [("AWS_PROFILE", "default"), variables[0], variables[1]];
        assert!(ProfileSet::load(&Environment::fake(named, files), None).is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in r"([\[\]=#; \ta-c]{0,6}\n|profile |\PC){0,12}") {
            for kind in [FileKind::Config, FileKind::Credentials] {
                if let Ok(sections) = parse(&text, kind) {
                    for profile in sections.profiles.values() {
                        for name in profile.names() {
                            let _ = profile.get_nested(name, "a");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn debug_shows_names_only() {
        let sections = parse("[a]\naws_secret_access_key = hidden", FileKind::Credentials).unwrap();
        let shown = format!("{:?}", ProfileSet::new(sections, None));
        assert!(shown.contains("aws_secret_access_key"), "{shown}");
        assert!(!shown.contains("hidden"), "{shown}");
    }
}
