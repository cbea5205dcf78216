//! The tables in README.md, each between two comments of its subject's.

use std::fs;
use std::process::Command;

use crate::Result;
use crate::codegen::crate_root;
use crate::measure::Table;

/// Puts a table in the place of the one of its subject, with the day and the kind of machine.
pub fn put(table: &Table) -> Result<()> {
    let path = crate_root().join("README.md");
    let text = fs::read_to_string(&path)?;
    let section = format!("{table}\n{}", machine()?);
    fs::write(&path, replaced(&text, table.subject, &section)?)?;
    Ok(())
}

fn replaced(text: &str, subject: &str, section: &str) -> Result<String> {
    let (begin, end) = (
        format!("<!-- bench {subject} -->\n"),
        format!("<!-- end of {subject} -->"),
    );
    let (before, rest) = text
        .split_once(&begin)
        .ok_or_else(|| format!("README.md has no line `{}`", begin.trim()))?;
    let (_, after) = rest
        .split_once(&end)
        .ok_or_else(|| format!("README.md has no line `{end}`"))?;
    Ok(format!("{before}{begin}{section}{end}{after}"))
}

/// A line with date and machine.
fn machine() -> Result<String> {
    let cores = std::thread::available_parallelism()?;
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model
        .and_then(|line| line.split_once(": "))
        .map_or("unknown", |(_, model)| model);
    Ok(format!(
        "{}, {cores} cores of {model}, {}.\n",
        output("date", &["-u", "+%Y-%m-%d"])?,
        output("rustc", &["--version"])?
            .split(" (")
            .next()
            .unwrap_or_default(),
    ))
}

fn output(program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program).args(arguments).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_takes_the_place_of_the_one_before() {
        let text = "a\n<!-- bench x -->\nold\n<!-- end of x -->\nb\n";
        let new = replaced(text, "x", "new\n").unwrap();
        assert_eq!(new, "a\n<!-- bench x -->\nnew\n<!-- end of x -->\nb\n");
        assert!(replaced(text, "y", "").is_err());
    }
}
