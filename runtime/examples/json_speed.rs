//! How fast the JSON codec reads and writes, in MB of JSON per second, beside serde_json's
//! `Value`: `cargo run --release -p tinsmith-runtime --example json_speed`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use tinsmith_runtime::json::{Document, ReadError, Reader, Writer};
use tinsmith_runtime::sensitive::Sensitive;

/// The shape of KMS's ListKeys response: many short strings.
#[derive(Default)]
struct ListKeys {
    keys: Vec<KeyListEntry>,
    truncated: Option<bool>,
}

#[derive(Default)]
struct KeyListEntry {
    key_id: Option<String>,
    key_arn: Option<String>,
}

impl ListKeys {
    fn with(entries: u32) -> Self {
        let entry = |index| {
            let key_id = format!("{index:08x}-12ab-34cd-56ef-1234567890ab");
            let key_arn = format!("arn:aws:kms:eu-central-1:111122223333:key/{key_id}");
            KeyListEntry {
                key_id: Some(key_id),
                key_arn: Some(key_arn),
            }
        };
        Self {
            keys: (0..entries).map(entry).collect(),
            truncated: Some(false),
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, ReadError> {
        let mut out = Self::default();
        r.object()?;
        while let Some(key) = r.member()? {
            match &*key {
                "Keys" => out.keys = r.list(KeyListEntry::read)?,
                "Truncated" => out.truncated = Some(r.boolean()?),
                _ => r.skip()?,
            }
        }
        Ok(out)
    }

    fn write(&self, w: &mut Writer) {
        w.object();
        w.key("Keys").list(&self.keys, |w, v| v.write(w));
        w.optional("Truncated", &self.truncated, |w, v| w.boolean(*v));
        w.end_object();
    }
}

impl KeyListEntry {
    fn read(r: &mut Reader<'_>) -> Result<Self, ReadError> {
        let mut out = Self::default();
        r.object()?;
        while let Some(key) = r.member()? {
            match &*key {
                "KeyId" => out.key_id = Some(r.string()?),
                "KeyArn" => out.key_arn = Some(r.string()?),
                _ => r.skip()?,
            }
        }
        Ok(out)
    }

    fn write(&self, w: &mut Writer) {
        w.object();
        w.optional("KeyId", &self.key_id, |w, v| w.string(v));
        w.optional("KeyArn", &self.key_arn, |w, v| w.string(v));
        w.end_object();
    }
}

/// The shape of KMS's Encrypt request, with the largest plaintext that it takes.
struct Encrypt {
    key_id: String,
    plaintext: Sensitive<Vec<u8>>,
}

impl Encrypt {
    fn read(r: &mut Reader<'_>) -> Result<Self, ReadError> {
        let mut out = Self {
            key_id: String::new(),
            plaintext: Sensitive::default(),
        };
        r.object()?;
        while let Some(key) = r.member()? {
            match &*key {
                "KeyId" => out.key_id = r.string()?,
                "Plaintext" => out.plaintext = r.sensitive(Reader::blob)?,
                _ => r.skip()?,
            }
        }
        Ok(out)
    }

    fn write(&self, w: &mut Writer) {
        w.object();
        w.key("KeyId").string(&self.key_id);
        w.key("Plaintext").blob(&self.plaintext);
        w.end_object();
    }
}

fn read<'a, T>(
    body: &'a [u8],
    read: fn(&mut Reader<'a>) -> Result<T, ReadError>,
) -> Result<T, ReadError> {
    let mut r = Reader::new(body)?;
    let value = read(&mut r)?;
    r.finish().map(|()| value)
}

/// Prints the best of all the runs that fit into half a second.
fn measure(name: &str, size: usize, mut work: impl FnMut()) {
    let begin = Instant::now();
    let mut best = Duration::MAX;
    while begin.elapsed() < Duration::from_millis(500) {
        let start = Instant::now();
        work();
        best = best.min(start.elapsed());
    }
    let rate = size as f64 / best.as_secs_f64() / 1e6;
    println!("{name:<32} {size:>8} bytes {best:>12.1?} {rate:>8.0} MB/s");
}

fn main() {
    let keys = ListKeys::with(1000);
    let mut w = Writer::new();
    keys.write(&mut w);
    let body = w.finish();
    measure("ListKeys: read", body.len(), || {
        drop(black_box(read(&body, ListKeys::read)))
    });
    measure("ListKeys: skip", body.len(), || {
        assert!(read(&body, Reader::skip).is_ok())
    });
    measure("ListKeys: Document", body.len(), || {
        drop(black_box(read(&body, Reader::document)))
    });
    measure("ListKeys: serde_json::Value", body.len(), || {
        drop(black_box(serde_json::from_slice::<serde_json::Value>(
            &body,
        )));
    });
    measure("ListKeys: write", body.len(), || {
        let mut w = Writer::new();
        keys.write(&mut w);
        drop(black_box(w.finish()));
    });
    if let Ok(document) = read::<Document>(&body, Reader::document) {
        measure("ListKeys: Document to text", body.len(), || {
            drop(black_box(document.to_string()))
        });
    }

    let request = Encrypt {
        key_id: "alias/app".to_owned(),
        plaintext: vec![0xa5; 4096].into(),
    };
    let mut w = Writer::new();
    request.write(&mut w);
    let body = w.finish();
    measure("Encrypt with 4 KiB: read", body.len(), || {
        drop(black_box(read(&body, Encrypt::read)))
    });
    measure("Encrypt with 4 KiB: write", body.len(), || {
        let mut w = Writer::new();
        request.write(&mut w);
        drop(black_box(w.finish()));
    });
}
