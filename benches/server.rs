//! The release binary as a server on a free port, on data of its own, ended when it is dropped.

use std::{
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, bail};

/// The program under measurement, with nothing of the surrounding environment: the offline engine, no key.
pub fn greenroom(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_greenroom"));
    command.env_clear().env("HOME", home).env("GREENROOM_DATA_DIR", home.join("data"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

#[derive(Debug)]
pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

impl Server {
    pub fn start(home: &Path) -> anyhow::Result<Self> {
        let mut command = greenroom(home);
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        Self::spawn(&mut command)
    }

    /// Starts a program whose first line of output is its address.
    pub fn spawn(command: &mut Command) -> anyhow::Result<Self> {
        let mut child = command.spawn().context("the server cannot be started")?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        if let Ok(address) = line.trim().trim_start_matches("http://").parse() {
            return Ok(Self { child, address });
        }
        // It may have ended by itself already.
        let _ = child.kill();
        let _ = child.wait();
        bail!("the server says {line:?} instead of its address")
    }

    /// A figure of the kernel about the process, such as `VmHWM`, in MB of a million bytes; none but on Linux.
    pub fn memory(&self, name: &str) -> Option<f64> {
        memory_of(&self.child, name)
    }

    /// Asks the server to stop, as services are stopped, and waits for it.
    pub fn stop(mut self) -> anyhow::Result<()> {
        Command::new("kill").arg(self.child.id().to_string()).status().context("no `kill` on this machine")?;
        for _ in 0..500 {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        bail!("the server does not stop")
    }
}

/// A figure of the kernel about a process, such as `VmHWM`, in MB of a million bytes; none but on Linux.
pub fn memory_of(child: &Child, name: &str) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib * 1024.0 / 1e6)
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
