//! The drill with somebody at the keyboard: the real binary on a terminal made by `script`.
#![cfg(target_os = "linux")]

use std::{
    io::{Read as _, Write as _},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Instant,
};

use crate::{app::PATIENCE, terminal::Terminal};

/// A keyboard and a screen with a drill on it.
struct Screen {
    child: Child,
    keys: ChildStdin,
    pieces: Receiver<String>,
    /// What has come and was not waited for yet.
    ahead: String,
}

impl Screen {
    fn open(terminal: &Terminal, command: &str) -> Self {
        let plain = terminal.command(&[]);
        let mut script = Command::new("script");
        script.args(["-q", "-e", "-f", "-c", &format!("{} {command}", env!("CARGO_BIN_EXE_greenroom")), "/dev/null"]);
        script.env_clear().envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?)))).env("TERM", "xterm");
        let mut child = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("`script` is installed");
        let (to, pieces) = channel();
        let mut screen = child.stdout.take().unwrap();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = screen.read(&mut bytes) {
                if to.send(String::from_utf8_lossy(&bytes[..count]).into_owned()).is_err() {
                    break;
                }
            }
        });
        let keys = child.stdin.take().unwrap();
        Self { child, keys, pieces, ahead: String::new() }
    }

    /// Waits until the words stand on the screen, after everything waited for before.
    fn sees(&mut self, words: &str) {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(place) = self.ahead.find(words) {
                self.ahead.drain(..place + words.len());
                return;
            }
            let left = end.saturating_duration_since(Instant::now());
            let Ok(piece) = self.pieces.recv_timeout(left) else { panic!("no {words:?} in {:?}", self.ahead) };
            self.ahead.push_str(&piece);
        }
    }

    fn types(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Types once the field is open; the terminal itself would act on control keys before that.
    fn writes(&mut self, keys: &str) {
        self.sees("\u{1b}[?2004h");
        self.types(keys);
    }

    fn ends(mut self) -> i32 {
        self.child.wait().unwrap().code().unwrap()
    }
}

const QUESTION: &str = "drill --question execution/late-dependency";

#[test]
fn an_interview_is_typed_scored_taken_again_and_left_with_its_draft() {
    let terminal = Terminal::new();
    let mut screen = Screen::open(&terminal, QUESTION);
    screen.sees("rules on this computer; nothing leaves it");
    screen.sees("Question 1 of 1");
    screen.sees("real case");
    screen.writes("I called the lead of the team.\rWe looked at the plan.\r\r");
    screen.sees("(12 words, kept)");
    screen.sees("Follow-up");
    screen.writes("/skip\r");
    screen.sees("Do this next");
    screen.sees("How the number came about");
    screen.sees("q quit");
    screen.types("r");
    screen.sees("take 2");
    screen.writes("A second try");
    screen.sees("A second try");
    screen.types("\u{3}");
    screen.sees("greenroom drill --resume");
    assert_eq!(screen.ends(), 0);

    let mut screen = Screen::open(&terminal, "drill --resume");
    screen.sees("Your draft is still here");
    // The rest of the sentence goes behind what was typed before.
    screen.writes(" at it\u{4}");
    screen.sees("(5 words, kept)");
    screen.sees("Follow-up");
    screen.writes("/skip\r");
    screen.sees("n finish");
    screen.types("n");
    screen.sees("All in all");
    assert_eq!(screen.ends(), 0);
    let list = terminal.run(&["interviews", "list"]).stdout;
    let shown = terminal.run(&["interviews", "show", list.lines().nth(1).unwrap().split(' ').next().unwrap()]).stdout;
    assert!(shown.contains("A second try at it") && shown.contains("(take 2)"), "{shown}");
}

#[test]
fn what_was_typed_survives_a_kill_in_the_middle_of_a_sentence() {
    let terminal = Terminal::new();
    let mut screen = Screen::open(&terminal, QUESTION);
    screen.sees("real case");
    screen.writes("Half a thou");
    screen.sees("Half a thou");
    let end = Instant::now() + PATIENCE;
    let draft = || {
        let list = terminal.run(&["interviews", "list"]).stdout;
        let id = list.lines().nth(1).unwrap().split(' ').next().unwrap().to_owned();
        terminal.run(&["interviews", "show", &id]).stdout
    };
    while !draft().contains("Half a thou") {
        assert!(Instant::now() < end, "the draft is not kept while it is being typed");
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    screen.child.kill().unwrap();
    screen.child.wait().unwrap();
    let mut screen = Screen::open(&terminal, "drill --resume");
    screen.sees("Half a thou");
    screen.types("\u{3}");
    screen.sees("greenroom drill --resume");
}

#[test]
fn hints_questions_back_and_unknown_commands_leave_the_draft_alone() {
    let terminal = Terminal::new();
    let mut screen = Screen::open(&terminal, QUESTION);
    screen.sees("real case");
    screen.writes("/skp\r");
    screen.sees("/skp is no command");
    screen.writes("My first line.\r/hint\r");
    screen.sees("hint");
    screen.writes("\r/ask Which team is it?\r");
    screen.sees("The interviewer replies");
    screen.sees("Your draft is still here");
    screen.writes("\u{4}");
    screen.sees("(3 words, kept)");
    screen.writes("\u{4}");
    screen.sees("greenroom drill --resume");
    assert_eq!(screen.ends(), 0);
}

#[test]
fn a_command_typed_right_behind_a_draft_is_not_part_of_the_answer_and_a_real_drill_has_no_hints() {
    let terminal = Terminal::new();
    let mut screen = Screen::open(&terminal, &format!("{QUESTION} --mode real"));
    screen.sees("real case");
    screen.writes("I asked why.\r/hint\r");
    screen.sees("A real interview has no hints");
    // The field is open again with the cursor behind the draft.
    screen.writes("/quit\r");
    screen.sees("greenroom drill --resume");
    assert_eq!(screen.ends(), 0);
    let mut screen = Screen::open(&terminal, "drill --resume");
    screen.sees("Your draft is still here");
    screen.writes("\u{4}");
    screen.sees("(3 words, kept)");
    screen.types("\u{3}");
}
