use super::EndpointError;

/// A value that the chosen endpoint is made of.
///
/// # Errors
/// [`EndpointError::NoMatch`] when it is not there: the rules chose an endpoint that they did not
/// check this value for.
pub fn known<T>(value: Option<T>) -> Result<T, EndpointError> {
    value.ok_or(EndpointError::NoMatch)
}

/// The item of `list` at `index`, counted from the end when negative, `None` when there is none
/// (rules engine, `getAttr`).
pub fn get(list: &[String], index: isize) -> Option<&str> {
    let place = if index < 0 {
        list.len().checked_add_signed(index)?
    } else {
        index.unsigned_abs()
    };
    list.get(place).map(String::as_str)
}

/// The bytes `start..stop` of `text`, counted from the end when `reverse` (rules engine,
/// `substring`). `None` when `text` is too short or not ASCII, or when the range is empty.
pub fn substring(text: &str, start: usize, stop: usize, reverse: bool) -> Option<String> {
    if start >= stop || !text.is_ascii() {
        return None;
    }
    let range = if reverse {
        text.len().checked_sub(stop)?..text.len().checked_sub(start)?
    } else {
        start..stop
    };
    text.get(range).map(str::to_owned)
}

/// Cuts `text` at every `delimiter`, into at most `limit` parts unless that is 0 (rules engine,
/// `split`). An empty delimiter, which the rules engine does not allow, cuts nothing.
pub fn split(text: &str, delimiter: &str, limit: usize) -> Vec<String> {
    if delimiter.is_empty() {
        return vec![text.to_owned()];
    }
    let limit = if limit == 0 { usize::MAX } else { limit };
    text.splitn(limit, delimiter).map(str::to_owned).collect()
}

/// Percent-encodes every byte but letters, digits and `-_.~` (rules engine, `uriEncode`; RFC 3986,
/// section 2.1).
pub fn uri_encode(text: &str) -> String {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(HEX[usize::from(byte >> 4)]);
            encoded.push(HEX[usize::from(byte & 15)]);
        }
    }
    encoded
}

/// Whether `text` is a host label of RFC 1123: 1 to 63 letters, digits and hyphens, with no hyphen
/// at either end (rules engine, `isValidHostLabel`). With `allow_sub_domains`, several of them
/// joined by dots.
pub fn is_valid_host_label(text: &str, allow_sub_domains: bool) -> bool {
    if allow_sub_domains {
        return text
            .split('.')
            .all(|label| is_valid_host_label(label, false));
    }
    (1..=63).contains(&text.len())
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Whether a bucket can stand in a host name (AWS rules engine, `aws.isVirtualHostableS3Bucket`): a
/// host label, or with `allow_sub_domains` several, of 3 to 63 characters, without capitals, and not
/// of the form of an IPv4 address.
pub fn is_virtual_hostable_s3_bucket(bucket: &str, allow_sub_domains: bool) -> bool {
    (3..=63).contains(&bucket.len())
        && !bucket.bytes().any(|b| b.is_ascii_uppercase())
        && !looks_like_ipv4(bucket)
        && is_valid_host_label(bucket, allow_sub_domains)
}

/// Four groups of one to three digits; the values do not matter (S3 user guide, "Bucket naming
/// rules").
fn looks_like_ipv4(text: &str) -> bool {
    let is_group = |group: &str| {
        (1..=3).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_digit())
    };
    text.split('.').count() == 4 && text.split('.').all(is_group)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gets_items_from_both_ends() {
        let list = ["a".to_owned(), "b".to_owned()];
        assert_eq!(get(&list, 0), Some("a"));
        assert_eq!(get(&list, 2), None);
        assert_eq!(get(&list, -1), Some("b"));
        assert_eq!(get(&list, -2), Some("a"));
        assert_eq!(get(&list, -3), None);
        assert_eq!(get(&list, isize::MIN), None);
        assert_eq!(get(&[], 0), None);
    }

    #[test]
    fn cuts_substrings() {
        let cut = |start, stop, reverse| substring("abcdefg", start, stop, reverse);
        assert_eq!(cut(1, 3, false).as_deref(), Some("bc"));
        assert_eq!(cut(0, 4, true).as_deref(), Some("defg"));
        assert_eq!(cut(1, 4, true).as_deref(), Some("def"));
        assert_eq!(cut(0, 8, true), None);
        assert_eq!(cut(0, 8, false), None);
        assert_eq!(cut(2, 2, false), None);
        assert_eq!(cut(3, 2, true), None);
        assert_eq!(substring("aé", 0, 1, false), None);
    }

    #[test]
    fn splits_text() {
        assert_eq!(split("a--b--c", "--", 0), ["a", "b", "c"]);
        assert_eq!(split("a--b--c", "--", 2), ["a", "b--c"]);
        assert_eq!(split("aaa", "aa", 0), ["", "a"]);
        assert_eq!(split("", "--", 0), [""]);
        assert_eq!(split("ab", "", 0), ["ab"]);
    }

    #[test]
    fn validates_host_labels() {
        for label in ["a", "3aws4", "A-b", &"x".repeat(63)] {
            assert!(is_valid_host_label(label, false), "{label}");
        }
        for label in [
            "",
            "-a",
            "a-",
            "a.b",
            "a b",
            "a_b",
            "é",
            "a\n",
            &"x".repeat(64),
        ] {
            assert!(!is_valid_host_label(label, false), "{label}");
        }
        assert!(is_valid_host_label("a.b-c", true));
        for label in ["a..b", "a.", ".a", "a.-b"] {
            assert!(!is_valid_host_label(label, true), "{label}");
        }
    }

    #[test]
    fn validates_bucket_names() {
        assert!(is_virtual_hostable_s3_bucket("my-bucket", false));
        assert!(is_virtual_hostable_s3_bucket("my.bucket", true));
        for bucket in [
            "ab",
            "My-bucket",
            "a.b.",
            "192.168.1.1",
            "999.1.1.1",
            &"x".repeat(64),
        ] {
            assert!(!is_virtual_hostable_s3_bucket(bucket, true), "{bucket}");
        }
        assert!(!is_virtual_hostable_s3_bucket("my.bucket", false));
    }
}
