//! Commands that a user can paste into a shell.

use std::borrow::Cow;
use std::path::Path;

/// Returns a command that a POSIX shell splits into these words.
pub(crate) fn command<W: AsRef<str>>(words: impl IntoIterator<Item = W>) -> String {
    let words = words.into_iter();
    let words: Vec<String> = words
        .map(|word| quoted(word.as_ref()).into_owned())
        .collect();
    words.join(" ")
}

/// Returns a path as an argument that is not an option, even if it begins with a dash.
pub(crate) fn operand(path: &Path) -> String {
    let text = path.display().to_string();
    match text.starts_with('-') {
        true => format!("./{text}"),
        false => text,
    }
}

/// Returns a word, quoted if a shell would interpret it.
fn quoted(word: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "%+,-./:=@_".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return Cow::Borrowed(word);
    }
    // Nothing is special between single quotes but their end.
    Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [&str; 12] = [
        "",
        "plain/path-1.json",
        "two words",
        "it's",
        "$HOME `id` $(id)",
        "a\"b\\c",
        "~",
        "*?[a]{b,c}",
        "!history #comment",
        "a;b&c|d<e>f",
        "new\nline\ttab",
        "Größe",
    ];

    #[test]
    fn quotes_where_needed() {
        assert_eq!(
            command(["a", "b/c.json", "A,B", "--x=1"]),
            "a b/c.json A,B --x=1"
        );
        assert_eq!(
            command(["", "a b", "it's", "$a"]),
            r"'' 'a b' 'it'\''s' '$a'"
        );
        assert_eq!(operand(Path::new("-x")), "./-x");
        assert_eq!(operand(Path::new("a/-x")), "a/-x");
    }

    #[cfg(unix)]
    #[test]
    fn a_shell_reads_the_same_words() {
        let line = command(["printf", "%s\\0"].into_iter().chain(WORDS));
        let shell = std::process::Command::new("sh")
            .args(["-c", &line])
            .output();
        let output = String::from_utf8(shell.unwrap().stdout).unwrap();
        let words: Vec<&str> = output.split_terminator('\0').collect();
        assert_eq!(words, WORDS);
    }
}
