//! Tables for the terminal.

/// Prints `head` and `rows` in columns. The first column is aligned to the left, the others to the
/// right.
pub(crate) fn print_table(head: &[&str], rows: &[Vec<String>]) {
    out!("{}", table(head, rows));
}

fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let head: Vec<String> = head.iter().map(|title| (*title).to_owned()).collect();
    let lines: Vec<&Vec<String>> = std::iter::once(&head).chain(rows).collect();
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let mut text = String::new();
    for line in &lines {
        let cells = line.iter().enumerate().map(|(column, cell)| {
            let width = width(column);
            match column {
                0 => format!("{cell:width$}"),
                _ => format!("{cell:>width$}"),
            }
        });
        let cells: Vec<String> = cells.collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [
            vec!["a".to_owned(), "1,000".to_owned()],
            vec!["long".to_owned(), "1".to_owned()],
        ];
        let expected = "what      n\na     1,000\nlong      1\n";
        assert_eq!(table(&["what", "n"], &rows), expected);
    }
}
