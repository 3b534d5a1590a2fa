//! A person at the command line for a test: the real binary with a home of its own.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use crate::app::greenroom;

/// A home folder without anything in it, and the binary run from there.
pub struct Terminal {
    pub home: tempfile::TempDir,
}

/// What one run left behind.
#[derive(Debug)]
pub struct Ran {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Terminal {
    pub fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> &Path {
        self.home.path()
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = greenroom(self.path());
        command.args(args).current_dir(self.path());
        command
    }

    /// Runs with nothing on standard input.
    pub fn run(&self, args: &[&str]) -> Ran {
        self.type_in(args, b"")
    }

    /// Runs with these bytes on standard input.
    pub fn type_in(&self, args: &[&str], input: &[u8]) -> Ran {
        self.finish(self.command(args), input)
    }

    pub fn finish(&self, mut command: Command, input: &[u8]) -> Ran {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A command that refuses to run does not read; the broken pipe is its right.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        let home = self.path().display().to_string();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(&home, "[home]");
        Ran { status: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Ran {
    /// Status, standard output and standard error together, for a snapshot.
    pub fn shown(&self) -> String {
        format!("status {}\n--- stdout\n{}--- stderr\n{}", self.status, self.stdout, self.stderr)
    }
}
