//! Writing an answer in the candidate's own editor.

use std::{path::Path, process::Command};

use anyhow::Context as _;

/// Lets the candidate's own editor work on `draft` in `file`, which is removed afterwards.
pub fn edit(command: &str, file: &Path, draft: &str) -> anyhow::Result<String> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(file, draft).with_context(|| format!("{} cannot be written", file.display()))?;
    // As other programs do it: the variable may hold arguments and quotes.
    let mut shell = if cfg!(windows) {
        let mut shell = Command::new("cmd");
        shell.arg("/C").arg(command);
        shell
    } else {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("{command} \"$1\"")).arg("sh");
        shell
    };
    let status = shell.arg(file).status().with_context(|| format!("`{command}` cannot be started"))?;
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    anyhow::ensure!(status.success(), "`{command}` ended with {status}; the text is in {}", file.display());
    std::fs::remove_file(file)?;
    Ok(text.trim_end().replace('\0', ""))
}
