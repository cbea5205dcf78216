//! Suggestions for misspelled names.

/// Returns what to write instead of `name`, which is none of `known`: the one like it, or any of
/// them.
pub fn hint<S: AsRef<str>>(name: &str, known: &[S]) -> String {
    match nearest(name, known.iter().map(S::as_ref)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            let known: Vec<&str> = known.iter().map(S::as_ref).collect();
            format!("expected one of {}", known.join(", "))
        }
    }
}

/// Returns the candidate with the most letters in common, in order, if it is like `name` at all.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    candidates
        .map(|candidate| {
            let diff = similar::TextDiff::from_chars(&*lower, &*candidate.to_lowercase()).ratio();
            ((diff * 1000.0) as u32, candidate)
        })
        .max_by_key(|&(ratio, candidate)| (ratio, std::cmp::Reverse(candidate)))
        .filter(|&(ratio, _)| ratio >= 600)
        .map(|(_, candidate)| candidate)
}
