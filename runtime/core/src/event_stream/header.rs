//! The headers of a message.

use std::collections::BTreeSet;
use std::fmt;

use super::FrameError;

/// The longest byte array or string, in bytes.
const MAX_VALUE: usize = 32_767;

/// The value of a header, of one of the format's types.
///
/// `Debug` shows the type alone: the value may be a member that is a secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum HeaderValue<'a> {
    /// Types 0 and 1.
    Boolean(bool),
    /// Type 2.
    Byte(i8),
    /// Type 3.
    Short(i16),
    /// Type 4.
    Integer(i32),
    /// Type 5.
    Long(i64),
    /// Type 6: at most 32,767 bytes.
    ByteArray(&'a [u8]),
    /// Type 7: at most 32,767 bytes.
    String(&'a str),
    /// Type 8: milliseconds since the epoch.
    Timestamp(i64),
    /// Type 9.
    Uuid([u8; 16]),
}

impl HeaderValue<'_> {
    fn type_name(&self) -> &'static str {
        match self {
            Self::Boolean(_) => "Boolean",
            Self::Byte(_) => "Byte",
            Self::Short(_) => "Short",
            Self::Integer(_) => "Integer",
            Self::Long(_) => "Long",
            Self::ByteArray(_) => "ByteArray",
            Self::String(_) => "String",
            Self::Timestamp(_) => "Timestamp",
            Self::Uuid(_) => "Uuid",
        }
    }
}

impl fmt::Debug for HeaderValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(..)", self.type_name())
    }
}

/// The headers of a [`Message`](super::Message), name and value, in the order of the message.
#[derive(Clone)]
pub struct Headers<'a> {
    rest: &'a [u8],
}

impl<'a> Headers<'a> {
    /// `block` has passed [`check`].
    pub(super) fn new(block: &'a [u8]) -> Self {
        Self { rest: block }
    }
}

impl<'a> Iterator for Headers<'a> {
    type Item = (&'a str, HeaderValue<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        read(&mut self.rest).ok().flatten()
    }
}

impl fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.clone()).finish()
    }
}

/// Whether a block of headers can be read to its end, and no name stands twice.
pub(super) fn check(mut block: &[u8]) -> Result<(), FrameError> {
    let mut names = BTreeSet::new();
    while let Some((name, _)) = read(&mut block)? {
        if !names.insert(name) {
            return Err(FrameError::DuplicateHeader);
        }
    }
    Ok(())
}

/// Reads one header and moves `rest` behind it; `None` at the end.
fn read<'a>(rest: &mut &'a [u8]) -> Result<Option<(&'a str, HeaderValue<'a>)>, FrameError> {
    if rest.is_empty() {
        return Ok(None);
    }
    let [length] = array(rest)?;
    let name = bytes(rest, usize::from(length))?;
    let name = std::str::from_utf8(name).map_err(|_| FrameError::HeaderName)?;
    if name.is_empty() {
        return Err(FrameError::HeaderName);
    }
    let [kind] = array(rest)?;
    let value = match kind {
        0 => HeaderValue::Boolean(true),
        1 => HeaderValue::Boolean(false),
        2 => HeaderValue::Byte(i8::from_be_bytes(array(rest)?)),
        3 => HeaderValue::Short(i16::from_be_bytes(array(rest)?)),
        4 => HeaderValue::Integer(i32::from_be_bytes(array(rest)?)),
        5 => HeaderValue::Long(i64::from_be_bytes(array(rest)?)),
        6 => HeaderValue::ByteArray(counted(rest)?),
        7 => {
            let text = std::str::from_utf8(counted(rest)?);
            HeaderValue::String(text.map_err(|_| FrameError::HeaderValue)?)
        }
        8 => HeaderValue::Timestamp(i64::from_be_bytes(array(rest)?)),
        9 => HeaderValue::Uuid(array(rest)?),
        other => return Err(FrameError::HeaderType(other)),
    };
    Ok(Some((name, value)))
}

fn array<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], FrameError> {
    let (array, after) = rest.split_first_chunk().ok_or(FrameError::HeaderCut)?;
    *rest = after;
    Ok(*array)
}

fn bytes<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8], FrameError> {
    let (bytes, after) = rest.split_at_checked(length).ok_or(FrameError::HeaderCut)?;
    *rest = after;
    Ok(bytes)
}

/// A value behind its length.
fn counted<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], FrameError> {
    let length = u16::from_be_bytes(array(rest)?);
    bytes(rest, usize::from(length))
}

/// Writes one header.
pub(super) fn write(
    out: &mut Vec<u8>,
    name: &str,
    value: &HeaderValue<'_>,
) -> Result<(), FrameError> {
    let length = u8::try_from(name.len()).map_err(|_| FrameError::HeaderName)?;
    if length == 0 {
        return Err(FrameError::HeaderName);
    }
    out.push(length);
    out.extend_from_slice(name.as_bytes());
    match value {
        HeaderValue::Boolean(true) => out.push(0),
        HeaderValue::Boolean(false) => out.push(1),
        HeaderValue::Byte(value) => write_fixed(out, 2, &value.to_be_bytes()),
        HeaderValue::Short(value) => write_fixed(out, 3, &value.to_be_bytes()),
        HeaderValue::Integer(value) => write_fixed(out, 4, &value.to_be_bytes()),
        HeaderValue::Long(value) => write_fixed(out, 5, &value.to_be_bytes()),
        HeaderValue::ByteArray(value) => write_counted(out, 6, value)?,
        HeaderValue::String(value) => write_counted(out, 7, value.as_bytes())?,
        HeaderValue::Timestamp(value) => write_fixed(out, 8, &value.to_be_bytes()),
        HeaderValue::Uuid(value) => write_fixed(out, 9, value),
    }
    Ok(())
}

fn write_fixed(out: &mut Vec<u8>, kind: u8, value: &[u8]) {
    out.push(kind);
    out.extend_from_slice(value);
}

fn write_counted(out: &mut Vec<u8>, kind: u8, value: &[u8]) -> Result<(), FrameError> {
    if value.len() > MAX_VALUE {
        return Err(FrameError::HeaderValue);
    }
    out.push(kind);
    out.extend_from_slice(&(value.len() as u16).to_be_bytes());
    out.extend_from_slice(value);
    Ok(())
}
