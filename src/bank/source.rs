//! Gathers the question files of a source: the bank built into the program, or a folder of the same shape.

use std::{borrow::Cow, fs, io, path::Path};

use rust_embed::RustEmbed;

use super::{BankError, Finding, read::read};
use crate::{
    config::BankSource,
    question::{Category, Question, QuestionId, is_slug},
};

/// The questions that come with the program.
#[derive(RustEmbed)]
#[folder = "question_bank"]
struct Builtin;

/// Kept for decks of questions; never read as questions.
const RESERVED_FOLDER: &str = "decks";

/// Folders deeper than this are not looked into; it also ends a loop of links.
const DEEPEST: usize = 4;

/// One `.toml` file of a source.
struct File {
    /// As messages name it.
    shown: String,
    /// Below the source's root, with `/` between the parts.
    path: String,
    bytes: io::Result<Cow<'static, [u8]>>,
}

/// What a source holds: the questions that are in order, and what is wrong with the others.
pub(super) struct Checked {
    pub questions: Vec<Question>,
    pub findings: Vec<Finding>,
}

/// Reads all of `source`. Fails only where there is nothing to read at all.
pub(super) fn check(source: &BankSource) -> Result<Checked, BankError> {
    let files = match source {
        BankSource::Builtin => builtin_files(),
        BankSource::Folder(root) => folder_files(root)?,
    };
    let mut checked = Checked { questions: Vec::with_capacity(files.len()), findings: Vec::new() };
    for file in &files {
        check_file(file, &mut checked);
    }
    if files.is_empty() {
        let mend = "add a file execution/late-dependency.toml or the like";
        checked.findings.push(Finding::of_file(&shown_root(source), "questions", "the bank holds no question", mend));
    }
    checked.questions.sort_by(|a, b| a.id.cmp(&b.id));
    checked.findings.sort();
    checked.findings.dedup();
    Ok(checked)
}

/// A question's file as it was written.
pub(super) struct Original {
    pub id: QuestionId,
    /// As messages name it.
    pub file: String,
    pub text: String,
}

/// The text of every file that lies in a question's place.
pub(super) fn originals(source: &BankSource) -> Result<Vec<Original>, BankError> {
    let files = match source {
        BankSource::Builtin => builtin_files(),
        BankSource::Folder(root) => folder_files(root)?,
    };
    let original = |file: File| {
        let (id, bytes) = (id_of(&file.path).ok()?, file.bytes.ok()?);
        Some(Original { id, file: file.shown, text: String::from_utf8_lossy(&bytes).into_owned() })
    };
    Ok(files.into_iter().filter_map(original).collect())
}

/// How messages name the source.
pub(super) fn shown_root(source: &BankSource) -> String {
    match source {
        BankSource::Builtin => "question_bank".to_owned(),
        BankSource::Folder(root) => root.display().to_string(),
    }
}

fn builtin_files() -> Vec<File> {
    Builtin::iter()
        .filter(|path| path.ends_with(".toml") && !path.starts_with("decks/"))
        .map(|path| {
            let bytes = Builtin::get(&path).map(|file| file.data).ok_or_else(|| io::ErrorKind::NotFound.into());
            File { shown: format!("question_bank/{path}"), path: path.into_owned(), bytes }
        })
        .collect()
}

fn folder_files(root: &Path) -> Result<Vec<File>, BankError> {
    let unreadable = |error| BankError::Unreadable { folder: root.to_owned(), error };
    let mut files = Vec::new();
    gather(root, "", 0, &mut files).map_err(unreadable)?;
    Ok(files)
}

/// Adds the `.toml` files in `folder`, which lies at `below` under the root, and in the folders within.
fn gather(folder: &Path, below: &str, depth: usize, files: &mut Vec<File>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let Some(name) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else { continue };
        let hidden_or_reserved = name.starts_with('.') || (depth == 0 && name == RESERVED_FOLDER);
        if path.is_dir() {
            if !hidden_or_reserved && depth < DEEPEST {
                gather(&path, &format!("{below}{name}/"), depth + 1, files)?;
            }
        } else if !name.starts_with('.') && path.extension().is_some_and(|extension| extension == "toml") {
            let bytes = fs::read(&path).map(Cow::Owned);
            files.push(File { shown: path.display().to_string(), path: format!("{below}{name}"), bytes });
        }
    }
    Ok(())
}

fn check_file(file: &File, checked: &mut Checked) {
    let id = match id_of(&file.path) {
        Ok(id) => Some(id),
        Err((key, problem, mend)) => {
            checked.findings.push(Finding::of_file(&file.shown, key, problem, mend));
            None
        }
    };
    match &file.bytes {
        Ok(bytes) => match read(&file.shown, id.as_ref(), bytes) {
            Ok(question) => checked.questions.push(question),
            Err(findings) => checked.findings.extend(findings),
        },
        Err(error) => {
            let problem = format!("cannot be read ({error})");
            checked.findings.push(Finding::of_file(&file.shown, "file", problem, "make it readable or remove it"));
        }
    }
}

/// The id that a file's place gives its question, or what is wrong with the place: key, problem and mend.
fn id_of(path: &str) -> Result<QuestionId, (&'static str, String, String)> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if folder.parse::<Category>().is_err() {
        let known = Category::ALL.iter().map(|category| category.as_str()).collect::<Vec<_>>().join("/, ");
        let problem = match folder {
            "" => "lies in no category's folder".to_owned(),
            folder => format!("lies in `{folder}`, which is no category's folder"),
        };
        return Err(("folder", problem, format!("move it into one of {known}/")));
    }
    let slug = name.strip_suffix(".toml").unwrap_or(name);
    if !is_slug(slug) {
        let problem = format!("`{slug}` is not lowercase words joined by hyphens");
        return Err(("file name", problem, "rename it like `late-dependency.toml`".to_owned()));
    }
    Ok(format!("{folder}/{slug}").parse().expect("a category and a slug make an id"))
}
