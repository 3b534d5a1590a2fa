//! A question file to be filled in, with a word on everything that goes into it.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

use crate::question::QuestionId;

const TEMPLATE: &str = include_str!("scaffold.toml");

/// Writes the file for `id` into the bank at `root` and returns its path. A file that is there is left as it is:
/// that is an error of kind [`io::ErrorKind::AlreadyExists`].
pub fn scaffold(root: &Path, id: &QuestionId) -> io::Result<PathBuf> {
    let path = root.join(id.category().as_str()).join(format!("{}.toml", id.slug()));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&path)?;
    file.write_all(TEMPLATE.as_bytes())?;
    Ok(path)
}
