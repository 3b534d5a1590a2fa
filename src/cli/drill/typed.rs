//! A drill with somebody at the keyboard: ask, let write, score, and choose with single keys.

use std::time::Duration;

use console::{Key, Term};

use super::{
    Seen,
    editor::{Command, Editor, Left, Typed},
    how_to_resume, own_editor, page,
    waiting::waiting,
};
use crate::{
    cli::{
        Status, engine_line,
        paper::{counted, quiet},
    },
    config::{self, Settings},
    interview::{Chosen, InterviewId, Mode, Next, Outcome, ScoreState, TurnKind},
    practice::{InterviewView, Practice, PracticeError, Said, SaidKind},
};

/// How often what is being typed is kept.
const AUTOSAVE: Duration = Duration::from_secs(2);

const HELP: &str = "Enter begins a new line, an empty line sends the answer (so does Ctrl-D). On a line of their own: \
/hint, /ask QUESTION, /edit (your editor), /skip, /quit (keeps everything).";

/// Plays the interview until it is over or the candidate leaves.
pub async fn run(practice: &Practice, id: &InterviewId, settings: &Settings) -> anyhow::Result<Status> {
    let mut desk = Desk { practice, id, settings, seen: Seen::default(), editor: Some(Editor::open()?), hints: 0 };
    page::note(&engine_line(practice.judge()))?;
    let Some(view) = desk.look("The interviewer is getting ready").await? else { return desk.leave() };
    page::plan(&view)?;
    page::note(HELP)?;
    desk.catch_up(&view)?;
    let mut view = view;
    loop {
        desk.hear(&view)?;
        let stays = match view.interview.next() {
            Next::Answer => desk.answer(&view).await?,
            Next::Choose => desk.choose(&view).await?,
            Next::Over => break,
            Next::Say(_) | Next::Weigh { .. } => true,
        };
        if !stays {
            return desk.leave();
        }
        match desk.look("The interviewer is thinking").await? {
            Some(next) => view = next,
            None => return desk.leave(),
        }
    }
    desk.debrief().await
}

/// Everything on the candidate's desk.
struct Desk<'a> {
    practice: &'a Practice,
    id: &'a InterviewId,
    settings: &'a Settings,
    seen: Seen,
    /// Away only while it is being written in.
    editor: Option<Editor>,
    /// Hints shown to the open question.
    hints: usize,
}

impl Desk<'_> {
    fn leave(&self) -> anyhow::Result<Status> {
        page::put(&[String::new(), quiet(how_to_resume(self.id))])?;
        Ok(Status::Done)
    }

    /// The interview once it is the candidate's move; nothing where Ctrl-C came first.
    async fn look(&self, words: &'static str) -> anyhow::Result<Option<InterviewView>> {
        Ok(match waiting(words, self.practice.settled(self.id)).await {
            Some(settled) => {
                settled?;
                Some(self.practice.view(self.id).await?)
            }
            None => None,
        })
    }

    /// Shows what was said in the open take before, when an interview is taken up again.
    fn catch_up(&mut self, view: &InterviewView) -> anyhow::Result<()> {
        let current = view.interview.takes().len().saturating_sub(1);
        if *view.interview.next() == Next::Over {
            self.seen.fresh(view);
        }
        for (number, take, turn) in self.seen.fresh(view) {
            if number == current {
                page::interviewer(view, take, turn)?;
                page::candidate(turn)?;
            }
        }
        Ok(())
    }

    /// Shows what the interviewer has said since.
    fn hear(&mut self, view: &InterviewView) -> anyhow::Result<()> {
        for (_, take, turn) in self.seen.fresh(view) {
            if matches!(&turn.kind, TurnKind::Ask { ask: crate::interview::AskKind::Question, .. }) {
                self.hints = 0;
            }
            page::interviewer(view, take, turn)?;
        }
        Ok(())
    }

    /// Lets the candidate write until something is sent; false where they leave.
    async fn answer(&mut self, view: &InterviewView) -> anyhow::Result<bool> {
        let mut draft = view.draft.clone();
        if !draft.is_empty() {
            page::note("Your draft is still here:")?;
        }
        loop {
            let left = self.write(draft).await?;
            draft = String::new();
            match left {
                Left::Sent(text) => {
                    if self.say(SaidKind::Answer, text.clone()).await? {
                        return Ok(true);
                    }
                    draft = text;
                }
                Left::Blank => page::note(HELP)?,
                Left::Away { draft: typed } => {
                    self.practice.save_draft(self.id, typed).await?;
                    return Ok(false);
                }
                Left::Command { draft: typed, command } => {
                    draft = typed;
                    // Kept at once: whatever the command does, what was written above it is safe.
                    self.practice.save_draft(self.id, draft.clone()).await?;
                    match command {
                        Command::Quit => return Ok(false),
                        Command::Skip => {
                            self.practice.pass(self.id, Outcome::Skipped).await?;
                            return Ok(true);
                        }
                        Command::Ask(text) if text.is_empty() => page::note("Write the question behind /ask.")?,
                        Command::Ask(text) => {
                            if self.say(SaidKind::QuestionBack, text).await? {
                                self.practice.save_draft(self.id, draft).await?;
                                return Ok(true);
                            }
                        }
                        Command::Hint => self.hint(view)?,
                        Command::Edit => draft = self.edit(draft).await?,
                        Command::Help => page::note(HELP)?,
                        Command::Unknown(word) => page::note(&format!("{word} is no command. {HELP}"))?,
                    }
                }
            }
        }
    }

    /// Opens the field with `draft` in it and keeps what is typed while it is being typed.
    async fn write(&mut self, draft: String) -> anyhow::Result<Left> {
        let mut editor = match self.editor.take() {
            Some(editor) => editor,
            None => Editor::open()?,
        };
        let autosave = tokio::spawn(autosave(self.practice.clone(), self.id.clone(), editor.typed(), draft.clone()));
        let written = tokio::task::spawn_blocking(move || {
            let left = editor.read(&draft);
            (editor, left)
        })
        .await;
        autosave.abort();
        // Awaited so that no late save brings back a draft that has become an answer.
        let _ = autosave.await;
        let (editor, left) = written?;
        self.editor = Some(editor);
        left
    }

    /// Says it; false where it was refused and is to be mended.
    async fn say(&self, kind: SaidKind, text: String) -> anyhow::Result<bool> {
        let words = text.split_whitespace().count();
        match self.practice.say(self.id, Said { kind, text: text.clone(), spoken: None, key: None }).await {
            Ok(_) => {
                if kind == SaidKind::Answer {
                    page::note(&format!("({}, kept)", counted(words, "word")))?;
                }
                Ok(true)
            }
            Err(PracticeError::Refused(refusal)) => {
                page::warn(&format!("Not sent: {refusal}."))?;
                Ok(false)
            }
            Err(error) => {
                // A store that fails may take the draft all the same; the text is printed if not.
                if self.practice.save_draft(self.id, text.clone()).await.is_err() {
                    page::warn("It could not be kept. This is what you wrote:")?;
                    page::put(&[text])?;
                }
                Err(error.into())
            }
        }
    }

    fn hint(&mut self, view: &InterviewView) -> anyhow::Result<()> {
        if view.interview.plan().mode == Mode::Real {
            return page::note("A real interview has no hints; a coached one has.");
        }
        let Some(take) = view.interview.takes().last() else { return Ok(()) };
        let hints = &view.interview.question_of(take).hints;
        match hints.get(self.hints) {
            Some(hint) => {
                self.hints += 1;
                page::note(&format!("Hint {} of {}: {hint}", self.hints, hints.len()))
            }
            None if hints.is_empty() => page::note("This question has no hints."),
            None => page::note("That was the last hint."),
        }
    }

    /// The draft as the candidate's own editor left it.
    async fn edit(&self, draft: String) -> anyhow::Result<String> {
        let Some(command) = config::editor() else {
            page::warn("No editor is known: set EDITOR, for example EDITOR=nano.")?;
            return Ok(draft);
        };
        let file = self.settings.data_dir.join(format!("answer-{}.md", self.id));
        let before = draft.clone();
        let edited = tokio::task::spawn_blocking(move || own_editor::edit(&command, &file, &before)).await?;
        match edited {
            Ok(text) => {
                self.practice.save_draft(self.id, text.clone()).await?;
                page::note("From your editor. Ctrl-D or an empty line sends it:")?;
                Ok(text)
            }
            Err(error) => {
                page::warn(&format!("The editor did not work: {error:#}."))?;
                Ok(draft)
            }
        }
    }

    /// After a take: its scorecard, then a key; false where the candidate leaves.
    async fn choose(&mut self, view: &InterviewView) -> anyhow::Result<bool> {
        let Some(take) = view.interview.takes().len().checked_sub(1) else { return Ok(false) };
        let Some(mut view) = self.scored(take).await? else { return Ok(false) };
        let is_last = view.interview.takes()[take].question + 1 == view.interview.questions().len();
        page::outcome(&view, take)?;
        super::seen(self.practice, &view, take).await?;
        let mut is_news = true;
        loop {
            let has_failed = matches!(view.score(take), ScoreState::Failed { .. });
            if std::mem::take(&mut is_news) {
                let mut keys = vec![if is_last { "n finish" } else { "n next question" }, "r take it again"];
                if has_failed {
                    keys.push("s score it again");
                }
                keys.push("q quit");
                page::put(&[String::new(), quiet(keys.join("   "))])?;
            }
            match key().await? {
                Key::Char('n' | 'N') | Key::Enter => {
                    self.practice.choose(self.id, Chosen::Next).await?;
                    return Ok(true);
                }
                Key::Char('r' | 'R') => {
                    self.practice.choose(self.id, Chosen::Retry).await?;
                    return Ok(true);
                }
                Key::Char('s' | 'S') if has_failed => {
                    self.practice.rescore(self.id, take).await?;
                    match self.scored(take).await? {
                        Some(next) => view = next,
                        None => return Ok(false),
                    }
                    page::outcome(&view, take)?;
                    super::seen(self.practice, &view, take).await?;
                    is_news = true;
                }
                // Nothing is left to come back to after the last question.
                Key::Char('q' | 'Q') if is_last && !has_failed => {
                    self.practice.choose(self.id, Chosen::Next).await?;
                    return Ok(true);
                }
                Key::Char('q' | 'Q' | '\u{4}') | Key::Escape | Key::CtrlC | Key::Unknown => return Ok(false),
                _ => {}
            }
        }
    }

    /// The interview once the take is scored or cannot be; nothing where Ctrl-C came first.
    async fn scored(&self, take: usize) -> anyhow::Result<Option<InterviewView>> {
        Ok(match waiting("Scoring", self.practice.scored(self.id, take)).await {
            Some(state) => {
                state?;
                Some(self.practice.view(self.id).await?)
            }
            None => None,
        })
    }

    /// The end: in real mode all scorecards now, then everything in a few lines.
    async fn debrief(&self) -> anyhow::Result<Status> {
        let mut view = self.practice.view(self.id).await?;
        let is_coached = view.interview.plan().mode == Mode::Coached;
        for take in 0..view.interview.takes().len() {
            match self.scored(take).await? {
                Some(next) => view = next,
                None => break,
            }
            if !is_coached {
                page::outcome(&view, take)?;
                super::seen(self.practice, &view, take).await?;
            }
        }
        page::debrief(&view)?;
        Ok(Status::Done)
    }
}

/// Keeps what is typed every now and then, where it has changed since `kept`.
async fn autosave(practice: Practice, id: InterviewId, typed: Typed, mut kept: String) {
    loop {
        tokio::time::sleep(AUTOSAVE).await;
        let now = typed.get();
        if now != kept && practice.save_draft(&id, now.clone()).await.is_ok() {
            kept = now;
        }
    }
}

/// The next key pressed.
async fn key() -> anyhow::Result<Key> {
    Ok(tokio::task::spawn_blocking(|| Term::stdout().read_key_raw()).await??)
}
