//! A job description or a résumé from a file: plain text, or a word about how to make it so.

use std::{fs::File, io::Read as _, path::Path};

use crate::{cli::misuse, interview::MOST_PASTED};

/// The text of the file, or nothing where none was named.
pub fn read(path: Option<&Path>) -> anyhow::Result<String> {
    let Some(path) = path else { return Ok(String::new()) };
    let shown = path.display();
    // Four bytes a character at most, and one more to see that there are too many.
    let most = 4 * MOST_PASTED as u64 + 4;
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .map_err(|error| misuse(format!("{shown} cannot be read: {error}")))?;
    let text = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0')).ok_or_else(|| {
        misuse(format!("{shown} is no plain text in UTF-8: open it, copy its text into a text file, and name that"))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let chars = text.chars().count();
    if chars > MOST_PASTED {
        return Err(misuse(format!("{shown} has more than {MOST_PASTED} characters: shorten it")));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_plain_text_or_too_long_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cv");
        let said = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            read(Some(&path)).map_err(|error| error.to_string())
        };
        assert_eq!(said("\u{feff}né\n".as_bytes()), Ok("né\n".to_owned()));
        for binary in [&b"%PDF-1.7\xff\xfe"[..], b"a\0b"] {
            assert!(said(binary).unwrap_err().contains("no plain text"));
        }
        assert!(said("é".repeat(MOST_PASTED).as_bytes()).is_ok());
        assert!(said("é".repeat(MOST_PASTED + 1).as_bytes()).unwrap_err().contains("more than 30000"));
        assert!(read(Some(&folder.path().join("none"))).unwrap_err().to_string().contains("cannot be read"));
        assert_eq!(read(None).unwrap(), "");
    }
}
