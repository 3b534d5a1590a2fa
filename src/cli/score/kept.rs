//! A file of scores that is gone on with: what is finished stays, what failed is tried again, order is restored.

use std::{
    collections::{HashMap, VecDeque},
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::super::misuse;

/// Where a line stands in the file, in bytes, with its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    start: u64,
    length: u64,
}

/// An existing file of scores. New lines are appended as they come, so that another crash loses none; at the
/// end the file is put into the order of the answers.
#[derive(Debug)]
pub(super) struct Kept {
    path: PathBuf,
    file: File,
    length: u64,
    finished: HashMap<String, VecDeque<Place>>,
    /// The places of all lines in the order of the answers.
    order: Vec<Place>,
}

/// As much of a line of scores as tells what it is.
#[derive(Deserialize)]
struct KnownLine {
    id: Option<String>,
    error: Option<serde::de::IgnoredAny>,
    engine: Option<serde::de::IgnoredAny>,
}

impl Kept {
    /// Reads the file and drops a last line that was never finished.
    pub(super) fn open(path: PathBuf) -> anyhow::Result<Self> {
        let wrong = |problem: String| misuse(format!("cannot go on with {}: {problem}", path.display()));
        let mut file =
            OpenOptions::new().read(true).write(true).open(&path).map_err(|error| wrong(error.to_string()))?;
        let mut finished: HashMap<String, VecDeque<Place>> = HashMap::new();
        let mut length = 0;
        let mut reader = BufReader::new(&mut file);
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            let read = reader.read_until(b'\n', &mut line).map_err(|error| wrong(error.to_string()))? as u64;
            if read == 0 || line.last() != Some(&b'\n') {
                break;
            }
            let place = Place { start: length, length: read };
            match serde_json::from_slice::<KnownLine>(&line) {
                Ok(KnownLine { error: Some(_), .. }) => {}
                Ok(KnownLine { id: Some(id), engine: Some(_), .. }) => finished.entry(id).or_default().push_back(place),
                // Whatever this file is, it is not ours to change.
                _ => return Err(wrong(format!("its line {number} is no score; name the file of an earlier run"))),
            }
            length += read;
        }
        file.set_len(length).map_err(|error| wrong(error.to_string()))?;
        file.seek(SeekFrom::Start(length)).map_err(|error| wrong(error.to_string()))?;
        Ok(Self { path, file, length, finished, order: Vec::new() })
    }

    /// The finished line of this id, once.
    pub(super) fn take(&mut self, id: &str) -> Option<Place> {
        self.finished.get_mut(id)?.pop_front()
    }

    /// Puts a finished line in its place among the answers.
    pub(super) fn keep(&mut self, place: Place) {
        self.order.push(place);
    }

    /// Writes the line that comes next among the answers.
    pub(super) fn append(&mut self, line: &str) -> io::Result<()> {
        let line = format!("{line}\n");
        self.file.write_all(line.as_bytes())?;
        let place = Place { start: self.length, length: line.len() as u64 };
        self.length += place.length;
        self.order.push(place);
        Ok(())
    }

    /// Puts the lines in order. Scores of answers that were not among those of this run stand at the end.
    pub(super) fn finish(mut self) -> io::Result<()> {
        let mut strangers: Vec<Place> = self.finished.into_values().flatten().collect();
        strangers.sort_by_key(|place| place.start);
        self.order.extend(strangers);
        let mut next = 0;
        let in_order = self.order.iter().all(|place| {
            let follows = place.start == next;
            next += place.length;
            follows
        });
        if in_order && next == self.length {
            return Ok(());
        }
        let beside = beside(&self.path);
        let mut ordered = BufWriter::new(File::create(&beside)?);
        let mut reader = BufReader::new(&mut self.file);
        for place in &self.order {
            reader.seek(SeekFrom::Start(place.start))?;
            io::copy(&mut (&mut reader).take(place.length), &mut ordered)?;
        }
        ordered.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        std::fs::rename(&beside, &self.path)
    }
}

/// A file in the same folder, so that putting it in place is one step.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".ordering");
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file_of(lines: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("scores.jsonl");
        std::fs::write(&path, lines).unwrap();
        (folder, path)
    }

    #[test]
    fn finished_lines_stay_failed_ones_go_and_the_order_is_that_of_the_answers() {
        let (_folder, path) = file_of(
            "{\"id\":\"c\",\"engine\":{}}\n{\"id\":\"b\",\"line\":2,\"error\":{}}\n{\"id\":\"x\",\"engine\":{}}\n{\"id\":\"d\",\"eng",
        );
        let mut kept = Kept::open(path.clone()).unwrap();
        assert!(kept.take("a").is_none() && kept.take("b").is_none() && kept.take("d").is_none());
        kept.append("A").unwrap();
        kept.append("B").unwrap();
        let place = kept.take("c").unwrap();
        assert!(kept.take("c").is_none(), "one line answers for one answer");
        kept.keep(place);
        kept.append("D").unwrap();
        kept.finish().unwrap();
        let wanted = "A\nB\n{\"id\":\"c\",\"engine\":{}}\nD\n{\"id\":\"x\",\"engine\":{}}\n";
        assert_eq!(std::fs::read_to_string(&path).unwrap(), wanted);
    }

    #[test]
    fn a_file_that_holds_something_else_is_left_alone() {
        let notes = "{\"id\": \"a\", \"answer\": \"mine\"}\n";
        let (_folder, path) = file_of(notes);
        assert!(Kept::open(path.clone()).unwrap_err().to_string().contains("line 1 is no score"));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), notes);
    }

    #[test]
    fn nothing_is_left_of_a_torn_line_that_was_longer_than_what_follows() {
        let done = "{\"id\":\"a\",\"engine\":{}}\n";
        let (_folder, path) = file_of(&format!("{done}{{\"id\":\"b\",\"points\":[{}", "0,".repeat(500)));
        let mut kept = Kept::open(path.clone()).unwrap();
        let place = kept.take("a").unwrap();
        kept.keep(place);
        kept.append("B").unwrap();
        kept.finish().unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("{done}B\n"));
    }
}
