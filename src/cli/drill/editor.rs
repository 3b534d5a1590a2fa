//! The field in which an answer is written: many lines, commands on a line of their own, nothing lost.

use std::{
    borrow::Cow,
    sync::{Arc, Mutex, PoisonError},
};

use rustyline::{
    Cmd, ConditionalEventHandler, Config, Context, Editor as LineEditor, Event, EventContext, EventHandler, Helper,
    KeyCode, KeyEvent, Modifiers, RepeatCount, completion::Completer, error::ReadlineError, highlight::Highlighter,
    hint::Hinter, history::MemHistory, validate::Validator,
};

/// What stands in the field at this moment, for whoever keeps it.
#[derive(Debug, Clone, Default)]
pub struct Typed(Arc<Mutex<String>>);

impl Typed {
    pub fn get(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn set(&self, text: &str) {
        text.clone_into(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// How the field was left.
#[derive(Debug, PartialEq, Eq)]
pub enum Left {
    /// Submitted; the text is not blank.
    Sent(String),
    /// A command on the last line, with what stood above it.
    Command { draft: String, command: Command },
    /// Submitted with nothing in it.
    Blank,
    /// Ctrl-C, or Ctrl-D with nothing typed.
    Away { draft: String },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Skip,
    Hint,
    /// A question back.
    Ask(String),
    Edit,
    Help,
    Quit,
    Unknown(String),
}

/// The field; it keeps its settings between answers.
pub struct Editor {
    lines: LineEditor<Watcher, MemHistory>,
    typed: Typed,
    /// What stood in the field when it was opened.
    initial: Typed,
}

impl Editor {
    pub fn open() -> anyhow::Result<Self> {
        let (typed, initial) = (Typed::default(), Typed::default());
        // Without a time-out a lone Escape would wait for ever for the rest of a key.
        let config = Config::builder().keyseq_timeout(Some(500)).auto_add_history(false).build();
        let mut lines = LineEditor::with_history(config, MemHistory::new())?;
        lines.set_helper(Some(Watcher { typed: typed.clone() }));
        for key in [KeyEvent(KeyCode::Enter, Modifiers::NONE), KeyEvent::ctrl('J'), KeyEvent::ctrl('M')] {
            lines.bind_sequence(key, EventHandler::Conditional(Box::new(OnEnter { initial: initial.clone() })));
        }
        lines.bind_sequence(KeyEvent::ctrl('D'), EventHandler::Conditional(Box::new(OnCtrlD)));
        Ok(Self { lines, typed, initial })
    }

    /// What stands in the field, also while it is being typed.
    pub fn typed(&self) -> Typed {
        self.typed.clone()
    }

    /// Lets the candidate write, beginning with `initial`.
    pub fn read(&mut self, initial: &str) -> anyhow::Result<Left> {
        self.typed.set(initial);
        self.initial.set(initial);
        match self.lines.readline_with_initial("", (initial, "")) {
            Ok(text) => Ok(left(&set_apart(initial, &text))),
            Err(ReadlineError::Eof | ReadlineError::Interrupted) => Ok(Left::Away { draft: self.typed.get() }),
            Err(error) => Err(error.into()),
        }
    }
}

fn left(text: &str) -> Left {
    if let Some((draft, command)) = take_command(text) {
        return Left::Command { draft, command };
    }
    let text = text.trim_end();
    if text.trim().is_empty() { Left::Blank } else { Left::Sent(text.to_owned()) }
}

/// A command typed right behind a draft that was brought back stands on a line of its own for whoever typed it: it
/// gets one here, so that it does not become part of the answer.
fn set_apart<'a>(initial: &str, text: &'a str) -> Cow<'a, str> {
    let is_command =
        |typed: &str| matches!(take_command(typed), Some((_, command)) if !matches!(command, Command::Unknown(_)));
    match text.strip_prefix(initial) {
        Some(typed) if !initial.is_empty() && !typed.contains('\n') && is_command(typed) => {
            Cow::Owned(format!("{initial}\n{typed}"))
        }
        Some(_) | None => Cow::Borrowed(text),
    }
}

/// The command on the last line, with what stands above it.
fn take_command(text: &str) -> Option<(String, Command)> {
    let (above, last) = text.trim_end().rsplit_once('\n').unwrap_or(("", text.trim_end()));
    let (word, rest) = last.trim().split_once(char::is_whitespace).unwrap_or((last.trim(), ""));
    let rest = rest.trim();
    let command = match word {
        "/skip" if rest.is_empty() => Command::Skip,
        "/hint" if rest.is_empty() => Command::Hint,
        "/ask" => Command::Ask(rest.to_owned()),
        "/edit" if rest.is_empty() => Command::Edit,
        "/help" | "/?" if rest.is_empty() => Command::Help,
        "/quit" | "/q" if rest.is_empty() => Command::Quit,
        // Only where it stands alone: an answer may well mention a path.
        _ if word.starts_with('/') && rest.is_empty() && above.trim().is_empty() && !word[1..].contains('/') => {
            Command::Unknown(word.to_owned())
        }
        _ => return None,
    };
    Some((above.trim_end().to_owned(), command))
}

/// Enter begins a new line; on an empty line at the end, or after a command, it submits.
struct OnEnter {
    initial: Typed,
}

impl ConditionalEventHandler for OnEnter {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, field: &EventContext<'_>) -> Option<Cmd> {
        let text = field.line();
        let is_at_end = field.pos() == text.len();
        let is_blank = text.trim().is_empty();
        let submits = is_blank
            || is_at_end && (text.ends_with('\n') || take_command(&set_apart(&self.initial.get(), text)).is_some());
        Some(if submits { Cmd::AcceptLine } else { Cmd::Newline })
    }
}

/// Ctrl-D submits wherever the cursor stands; with nothing typed it leaves.
struct OnCtrlD;

impl ConditionalEventHandler for OnCtrlD {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, field: &EventContext<'_>) -> Option<Cmd> {
        Some(if field.line().trim().is_empty() { Cmd::EndOfFile } else { Cmd::AcceptLine })
    }
}

/// Sees every change of the field, so that a draft can be kept while it is being written.
struct Watcher {
    typed: Typed,
}

impl Hinter for Watcher {
    type Hint = String;

    fn hint(&self, line: &str, _: usize, _: &Context<'_>) -> Option<String> {
        self.typed.set(line);
        None
    }
}

impl Completer for Watcher {
    type Candidate = String;
}

impl Highlighter for Watcher {}
impl Validator for Watcher {}
impl Helper for Watcher {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_on_the_last_line_leaves_the_draft_above_it() {
        let expected = Left::Command { draft: "I would\n\ncall".to_owned(), command: Command::Edit };
        assert_eq!(left("I would\n\ncall\n/edit\n"), expected);
        let ask = Command::Ask("Which region?".to_owned());
        assert_eq!(left("/ask  Which region? "), Left::Command { draft: String::new(), command: ask });
    }

    #[test]
    fn a_command_right_behind_a_draft_that_was_brought_back_does_not_become_part_of_it() {
        assert_eq!(set_apart("I called", "I called/hint"), "I called\n/hint");
        assert_eq!(set_apart("I called", "I called /ask Who?"), "I called\n /ask Who?");
        for text in ["I called/home", "I called them", "Then/hint", "I called\n/hint"] {
            assert_eq!(set_apart("I called", text), text);
        }
        assert!(matches!(left(&set_apart("", "/hint")), Left::Command { draft, .. } if draft.is_empty()));
    }

    #[test]
    fn an_answer_that_begins_with_a_slash_or_names_a_path_is_an_answer() {
        for text in ["/var/log was full", "We looked into\n/var/log", "/healthz is what we probe", "I say /skip it now"]
        {
            assert_eq!(left(text), Left::Sent(text.to_owned()));
        }
        assert!(matches!(left("/skp"), Left::Command { command: Command::Unknown(_), .. }));
    }

    #[test]
    fn white_space_is_not_sent() {
        assert_eq!(left("\n  \n"), Left::Blank);
    }
}
