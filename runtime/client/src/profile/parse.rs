//! The format of the shared files. It differs from INI: comments depend on the text before them, a
//! value may contain nested properties, and equal sections are merged.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::error::ParseError;
use super::section::{Section, strip_comment};

/// The kind of a file. The two files name profiles differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// `~/.aws/config`: `[profile name]`, `[default]`, `[sso-session name]`, `[services name]`.
    Config,
    /// `~/.aws/credentials`: `[name]`, profiles only.
    Credentials,
}

/// The sections of one or both files, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sections {
    /// Profiles.
    pub profiles: BTreeMap<String, Section>,
    /// SSO sessions, which only the config file has.
    pub sso_sessions: BTreeMap<String, Section>,
    /// Services definitions, which only the config file has.
    pub services: BTreeMap<String, Section>,
    /// The ignored sections.
    pub ignored: BTreeSet<IgnoredSection>,
}

/// An ignored section: its kind is unknown or its name is invalid.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct IgnoredSection {
    /// The kind of its file.
    pub kind: FileKind,
    /// The number of the line, counted from 1.
    pub line: usize,
    /// The text between the brackets, up to 64 characters.
    pub name: String,
}

impl fmt::Display for IgnoredSection {
    /// Describes the error and the correct form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, line, name } = self;
        write!(f, "section `[{name}]` at line {line} is ignored: ")?;
        match kind {
            FileKind::Config if is_name(name) => {
                return write!(f, "in the config file a profile is `[profile {name}]`");
            }
            FileKind::Config => {
                f.write_str("expected `[profile NAME]`, `[sso-session NAME]` or `[services NAME]`")?
            }
            FileKind::Credentials => match name.strip_prefix("profile ").filter(|n| is_name(n)) {
                Some(name) => {
                    return write!(f, "in the credentials file a profile is `[{name}]`");
                }
                None => f.write_str("expected `[NAME]`")?,
            },
        }
        f.write_str(" with a name of ASCII letters, digits and `-/.%@_:+`")
    }
}

impl Sections {
    /// Adds the sections of `other`. Equal sections are merged; the properties of `other` win, like
    /// those of the credentials file over those of the config file.
    pub fn merge(&mut self, other: Self) {
        merge(&mut self.profiles, other.profiles);
        merge(&mut self.sso_sessions, other.sso_sessions);
        merge(&mut self.services, other.services);
        self.ignored.extend(other.ignored);
    }
}

fn merge(into: &mut BTreeMap<String, Section>, from: BTreeMap<String, Section>) {
    for (name, section) in from {
        into.entry(name).or_default().merge(section);
    }
}

/// Parses the text of a shared file.
///
/// Sections and properties with an invalid name are ignored, as by all AWS tools, and so are
/// sections of unknown kind. [`Sections::ignored`] lists these sections.
///
/// # Errors
///
/// Returns an error with the line if a text is not a section, property, continuation or comment.
pub fn parse(text: &str, kind: FileKind) -> Result<Sections, ParseError> {
    let mut parser = Parser {
        kind,
        sections: Sections::default(),
        plain_default: None,
        state: State::Start,
        value: Vec::new(),
    };
    // Some editors on Windows write a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (index, line) in text.lines().enumerate() {
        parser
            .line(index + 1, line)
            .map_err(|message| ParseError::new(index + 1, message))?;
    }
    Ok(parser.finish())
}

struct Parser<'a> {
    kind: FileKind,
    sections: Sections,
    /// `[default]` of a config file, which is used only if there is no `[profile default]`.
    plain_default: Option<Section>,
    state: State,
    /// The lines of the current property. They are joined at its end, because a file may have a
    /// hundred thousand of them, and each copy of a secret has to be wiped.
    value: Vec<&'a str>,
}

/// The state after the previous lines.
enum State {
    /// No section yet.
    Start,
    /// In a section, without a property yet. `None` for an ignored section.
    Section(Option<Target>),
    /// In a section, after a property.
    Property {
        section: Option<Target>,
        /// `None` for an ignored property.
        name: Option<String>,
        /// Whether the following lines are nested properties.
        nested: bool,
    },
}

#[derive(Clone)]
enum Target {
    PlainDefault,
    Profile(String),
    SsoSession(String),
    Services(String),
}

impl<'a> Parser<'a> {
    fn line(&mut self, number: usize, line: &'a str) -> Result<(), &'static str> {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            Ok(())
        } else if line.starts_with([' ', '\t']) {
            self.continuation(trimmed)
        } else if line.starts_with('[') {
            self.section(number, line)
        } else {
            self.property(line)
        }
    }

    fn section(&mut self, number: usize, line: &str) -> Result<(), &'static str> {
        self.end_property();
        // Valid names contain no comment sign, so white space before it is not required here.
        let definition = line.split(['#', ';']).next().unwrap_or(line).trim_end();
        let name = definition
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .ok_or("Profile definition must end with ']'")?;
        let name = name.trim();
        let target = self.target(name);
        match &target {
            // A section of the AWS CLI.
            None if matches!(name, "plugins" | "preview") => {}
            // An empty section exists as well.
            Some(target) => {
                self.open(target);
            }
            None => {
                self.sections.ignored.insert(IgnoredSection {
                    kind: self.kind,
                    line: number,
                    name: name.chars().filter(|c| !c.is_control()).take(64).collect(),
                });
            }
        }
        self.state = State::Section(target);
        Ok(())
    }

    /// Returns the section for a name in brackets, or `None` to ignore it.
    fn target(&self, name: &str) -> Option<Target> {
        let (prefix, name) = match (self.kind, name.split_once([' ', '\t'])) {
            (FileKind::Credentials, _) => ("profile", name),
            (FileKind::Config, None) if name == super::DEFAULT_PROFILE => {
                return Some(Target::PlainDefault);
            }
            (FileKind::Config, None) => return None,
            (FileKind::Config, Some((prefix, name))) => (prefix, name.trim_start()),
        };
        if !is_name(name) {
            return None;
        }
        let name = name.to_owned();
        match prefix {
            "profile" => Some(Target::Profile(name)),
            "sso-session" => Some(Target::SsoSession(name)),
            "services" => Some(Target::Services(name)),
            _ => None,
        }
    }

    fn open(&mut self, target: &Target) -> &mut Section {
        let (sections, name) = match target {
            Target::PlainDefault => return self.plain_default.get_or_insert_default(),
            Target::Profile(name) => (&mut self.sections.profiles, name),
            Target::SsoSession(name) => (&mut self.sections.sso_sessions, name),
            Target::Services(name) => (&mut self.sections.services, name),
        };
        sections.entry(name.clone()).or_default()
    }

    fn property(&mut self, line: &'a str) -> Result<(), &'static str> {
        self.end_property();
        let section = match &self.state {
            State::Start => return Err("Expected a profile definition, found a property"),
            State::Section(section) | State::Property { section, .. } => section.clone(),
        };
        let (name, value) = strip_comment(line)
            .split_once('=')
            .ok_or("Expected an '=' sign defining a property")?;
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty() {
            return Err("Property did not have a name");
        }
        let valid = is_name(name);
        if let (Some(target), false) = (&section, valid) {
            self.open(target).leave_out(name);
        }
        self.value.push(value);
        self.state = State::Property {
            section,
            name: valid.then(|| name.to_owned()),
            nested: value.is_empty(),
        };
        Ok(())
    }

    /// Sets the value of the property before this line.
    fn end_property(&mut self) {
        let value = std::mem::take(&mut self.value);
        if let State::Property {
            section: Some(section),
            name: Some(name),
            ..
        } = &self.state
        {
            let (section, name) = (section.clone(), name.clone());
            self.open(&section).set(&name, value.join("\n"));
        }
    }

    fn continuation(&mut self, line: &'a str) -> Result<(), &'static str> {
        let State::Property { nested, .. } = &self.state else {
            return Err(match self.state {
                State::Start => "Expected a profile definition, found continuation",
                _ => "Expected a property definition, found continuation",
            });
        };
        if *nested {
            let (name, _) = line
                .split_once('=')
                .ok_or("Expected an '=' sign defining a sub-property")?;
            if name.trim().is_empty() {
                return Err("Sub-property did not have a name");
            }
        }
        self.value.push(line);
        Ok(())
    }

    fn finish(mut self) -> Sections {
        self.end_property();
        if let Some(default) = self.plain_default {
            let name = super::DEFAULT_PROFILE.to_owned();
            self.sections.profiles.entry(name).or_insert(default);
        }
        self.sections
    }
}

/// Returns whether a section or property name is valid. Source: the parser test suite that the AWS
/// SDKs share.
fn is_name(name: &str) -> bool {
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || b"-/.%@_:+".contains(&byte);
    !name.is_empty() && name.bytes().all(valid)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 64 times the lines take 64 times as long in linear and 4096 times in quadratic time; the limit
    /// is far from both, since other programs run beside the test.
    #[test]
    fn time_grows_with_the_number_of_lines() {
        let fastest = |lines: usize| {
            let text = format!("[a]\nb = c\n{}", " d\n".repeat(lines));
            let run = |_| {
                let begun = std::time::Instant::now();
                assert!(parse(&text, FileKind::Credentials).is_ok());
                begun.elapsed()
            };
            (0..5).map(run).min().unwrap_or_default()
        };
        let (few, many) = (fastest(500), fastest(32_000));
        assert!(many < few * 1024, "{few:?}, {many:?}");
    }

    #[test]
    fn ignored_sections_say_why() {
        let config = "[profile a]\n[dev]\nregion = r\n[profile \"my dev\"]\n[porfile b]\n\
                      [plugins]\n[default]\n[profile ]\n";
        let mut sections = parse(config, FileKind::Config).unwrap();
        sections.merge(parse("[\u{e9}]\n[c]\n[profile d]", FileKind::Credentials).unwrap());
        let reasons: Vec<String> = sections.ignored.iter().map(ToString::to_string).collect();
        let expected = "expected `[profile NAME]`, `[sso-session NAME]` or `[services NAME]` with \
                        a name of ASCII letters, digits and `-/.%@_:+`";
        assert_eq!(
            reasons,
            [
                "section `[dev]` at line 2 is ignored: in the config file a profile is \
                 `[profile dev]`",
                &format!("section `[profile \"my dev\"]` at line 4 is ignored: {expected}"),
                &format!("section `[porfile b]` at line 5 is ignored: {expected}"),
                "section `[profile]` at line 8 is ignored: in the config file a profile is \
                 `[profile profile]`",
                "section `[\u{e9}]` at line 1 is ignored: expected `[NAME]` with a name of ASCII \
                 letters, digits and `-/.%@_:+`",
                "section `[profile d]` at line 3 is ignored: in the credentials file a profile is \
                 `[d]`",
            ]
        );
    }
}
