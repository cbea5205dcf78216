//! The shared config and credentials files.

use tinsmith_client::profile::{FileKind, Section, Sections, parse};

/// Parses `data` as both kinds of file and checks what must hold of any text.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    for kind in [FileKind::Config, FileKind::Credentials] {
        let parsed = parse(text, kind);
        match &parsed {
            Ok(sections) => all(sections).for_each(section),
            Err(error) => {
                assert!(
                    (1..=text.lines().count()).contains(&error.line()),
                    "{error}"
                );
            }
        }
        if let Ok(sections) = &parsed {
            let mut twice = sections.clone();
            twice.merge(sections.clone());
            assert_eq!(&twice, sections);
            assert_eq!(parse(&format!("{text}\n\n# The end\n"), kind), parsed);
        }
        // The files of Windows.
        if !text.contains('\r') {
            assert_eq!(parse(&text.replace('\n', "\r\n"), kind), parsed);
        }
    }
}

fn all(sections: &Sections) -> impl Iterator<Item = &Section> {
    let profiles = sections.profiles.values();
    let others = sections
        .sso_sessions
        .values()
        .chain(sections.services.values());
    profiles.chain(others)
}

fn section(section: &Section) {
    for name in section.names() {
        assert!(!name.is_empty() && name.is_ascii());
        let value = section.get(name).expect("it has what it names");
        assert_eq!(section.get(&name.to_ascii_uppercase()), Some(value));
        let below = value.strip_prefix('\n').unwrap_or_default();
        for (nested, _) in below.lines().filter_map(|line| line.split_once('=')) {
            let _ = section.get_nested(name, nested.trim());
        }
    }
    let _ = format!("{section:?}");
}
