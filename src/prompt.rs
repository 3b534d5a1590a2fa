//! Renders `prompts/*.md`; each section has one struct of inputs, and each file a hash that is kept with each score.

use std::{fmt, path::Path};

use minijinja::{Environment, UndefinedBehavior, value::Serde};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::question::{Pitfall, Point, Severity, hex};

/// The files that can be replaced, with what is built in.
const FILES: [(Role, &str); 3] = [
    (Role::Judge, include_str!("../prompts/judge.md")),
    (Role::Interviewer, include_str!("../prompts/interviewer.md")),
    (Role::Tailor, include_str!("../prompts/tailor.md")),
];

/// Whom a prompt turns the model into; also the file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Judge,
    Interviewer,
    Tailor,
}

impl Role {
    pub const fn file(self) -> &'static str {
        match self {
            Self::Judge => "judge.md",
            Self::Interviewer => "interviewer.md",
            Self::Tailor => "tailor.md",
        }
    }
}

/// A prompt that cannot be read or rendered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the prompt {file}: {problem}")]
pub struct BadPrompt {
    pub file: String,
    pub problem: String,
}

/// What one section of a prompt file is rendered from. Its fields are all that the template may name.
pub trait Inputs: Serialize {
    const ROLE: Role;
    const SECTION: &'static str;
}

/// Binds a struct of inputs to its section.
macro_rules! inputs {
    ($($(#[$doc:meta])* $name:ident = $role:ident / $section:literal { $($field:ident: $type:ty),+ $(,)? })+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Serialize)]
            pub struct $name<'a> { $(pub $field: $type),+ }

            impl Inputs for $name<'_> {
                const ROLE: Role = Role::$role;
                const SECTION: &'static str = $section;
            }
        )+

        const SECTIONS: &[(Role, &str)] = &[$((Role::$role, $section)),+];
    };
}

inputs! {
    /// What the judge is told before it sees the answer.
    JudgeRules = Judge / "system" {
        question: &'a str, category: &'a str, kind: &'a str, level: &'a str, enough: Option<&'a str>,
        points: &'a [Point], pitfalls: &'a [Pitfall],
    }
    /// The answer as the judge sees it; every text in it has been neutralised.
    JudgeAnswer = Judge / "answer" { ticket: &'a str, turns: &'a [NumberedTurn], last: usize }
    /// What the judge is told when its reply cannot be used.
    JudgeRepair = Judge / "repair" { ticket: &'a str, faults: &'a [String] }
    /// What the interviewer's voice is told before its task.
    InterviewerRules = Interviewer / "system" { style: &'a str, level: &'a str, words: usize }
    InterviewerAsk = Interviewer / "ask" { question: &'a str, place: &'a str }
    InterviewerFollowUp = Interviewer / "follow-up" {
        ticket: &'a str, turns: &'a [SaidTurn], told: &'a [ToldBack], follow_up: &'a str,
        background: &'a [String], stress: &'a [String],
    }
    InterviewerClose = Interviewer / "close" { reason: &'a str }
    /// What may be put forward for a job description and a résumé.
    TailorRules = Tailor / "system" {
        count: usize, questions: &'a [OfferedQuestion<'a>], vocabulary: &'a [&'a str],
    }
    /// Both texts in numbered lines; every text in it has been neutralised.
    TailorTexts = Tailor / "texts" { ticket: &'a str, job: &'a [&'a PastedLine], resume: &'a [&'a PastedLine] }
    TailorRepair = Tailor / "repair" { ticket: &'a str, faults: &'a [String] }
    InterviewerClarify = Interviewer / "clarify" {
        ticket: &'a str, question: &'a str, asked: &'a str, facts: &'a [String], told: &'a [ToldBack],
    }
}

/// One ask with its answer cut into sentences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NumberedTurn {
    pub ask: String,
    pub sentences: Vec<NumberedSentence>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NumberedSentence {
    pub number: usize,
    pub text: String,
    /// Whether the sentence may not serve as evidence.
    pub barred: bool,
    /// How many invisible characters were taken out.
    pub hidden: usize,
}

/// One ask with its answer as it is shown to the interviewer's voice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SaidTurn {
    pub ask: String,
    pub answer: String,
}

/// A question that may be put forward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfferedQuestion<'a> {
    pub id: &'a str,
    pub title: &'a str,
    /// Its skills and tags.
    pub about: Vec<&'a str>,
}

/// A line of a pasted text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PastedLine {
    pub number: usize,
    pub text: String,
    /// Whether it may not be cited.
    pub barred: bool,
    pub is_resume: bool,
}

/// A question back and what the interviewer told, as they are shown to the interviewer's voice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToldBack {
    pub asked: String,
    pub told: String,
}

/// All prompts of one run, known to render.
pub struct Prompts {
    environment: Environment<'static>,
    hashes: Vec<(Role, String)>,
}

impl fmt::Debug for Prompts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prompts").field("hashes", &self.hashes).finish_non_exhaustive()
    }
}

impl Prompts {
    /// The prompts that are built in.
    pub fn builtin() -> Self {
        Self::of(FILES.map(|(role, text)| (role, text.to_owned()))).expect("the built-in prompts are under test")
    }

    /// The built-in prompts, replaced by the files of the same name in `folder`. Each is rendered once with made-up
    /// inputs, so that a wrong name in it is found now and not in the middle of an interview.
    pub fn load(folder: &Path) -> Result<Self, BadPrompt> {
        let mut found = 0;
        let mut files = Vec::new();
        for (role, builtin) in FILES {
            let path = folder.join(role.file());
            let bad = |problem: String| BadPrompt { file: path.display().to_string(), problem };
            match std::fs::read_to_string(&path) {
                Ok(text) => {
                    found += 1;
                    files.push((role, text));
                }
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => files.push((role, builtin.to_owned())),
                Err(error) => return Err(bad(format!("{error}; make it readable or take it away"))),
            }
        }
        if found == 0 {
            return Err(BadPrompt {
                file: folder.display().to_string(),
                problem: format!(
                    "the folder holds none of {}; put a changed copy of one there",
                    FILES.map(|(role, _)| role.file()).join(", ")
                ),
            });
        }
        Self::of(files)
    }

    fn of(files: impl IntoIterator<Item = (Role, String)>) -> Result<Self, BadPrompt> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let mut hashes = Vec::new();
        for (role, text) in files {
            let bad = |problem: String| BadPrompt { file: role.file().to_owned(), problem };
            // Line endings of another system are no other prompt.
            let text = text.replace("\r\n", "\n");
            hashes.push((role, hex(&Sha256::digest(&text))));
            let sections = sections(&text);
            for (_, wanted) in SECTIONS.iter().filter(|(of, _)| *of == role) {
                let Some((_, body)) = sections.iter().find(|(name, _)| name == wanted) else {
                    return Err(bad(format!("there is no section `--- {wanted} ---`; add it")));
                };
                environment
                    .add_template_owned(template_name(role, wanted), body.trim().to_owned())
                    .map_err(|error| bad(format!("section `{wanted}`: {error:#}")))?;
            }
        }
        let prompts = Self { environment, hashes };
        prompts.rehearse()?;
        Ok(prompts)
    }

    /// SHA-256 of the file behind `role`, as 64 lowercase hexadecimal digits.
    pub fn hash(&self, role: Role) -> &str {
        self.hashes.iter().find(|(of, _)| *of == role).map(|(_, hash)| hash.as_str()).expect("every role has a file")
    }

    pub fn render<I: Inputs>(&self, inputs: &I) -> Result<String, BadPrompt> {
        self.environment
            .get_template(&template_name(I::ROLE, I::SECTION))
            .and_then(|template| template.render(Serde(inputs)))
            .map_err(|error| BadPrompt {
                file: I::ROLE.file().to_owned(),
                problem: format!("section `{}`: {error:#}; mend the template", I::SECTION),
            })
    }

    /// Renders every section with and without its optional inputs.
    fn rehearse(&self) -> Result<(), BadPrompt> {
        let bare = Point { id: "a".into(), text: "b".into(), weight: 1, cues: Vec::new(), strong: None };
        let full = Point { cues: vec!["c".into()], strong: Some("d".into()), ..bare.clone() };
        let points = [bare, full];
        let pitfalls = [Pitfall { id: "e".into(), text: "f".into(), severity: Severity::Minor }];
        for enough in [None, Some("g")] {
            let (question, category, kind, level) = ("h", "i", "j", "k");
            self.render(&JudgeRules { question, category, kind, level, enough, points: &points, pitfalls: &pitfalls })?;
        }
        let sentences = [(false, 0), (true, 2)].map(|(barred, hidden)| NumberedSentence {
            number: 1,
            text: "l".into(),
            barred,
            hidden,
        });
        let turns = [NumberedTurn { ask: "m".into(), sentences: sentences.into() }];
        self.render(&JudgeAnswer { ticket: "n", turns: &turns, last: 2 })?;
        self.render(&JudgeRepair { ticket: "n", faults: &["o".into()] })?;
        self.render(&InterviewerRules { style: "p", level: "q", words: 80 })?;
        for place in ["first", "next", "again"] {
            self.render(&InterviewerAsk { question: "r", place })?;
        }
        for reason in ["finished", "time-up"] {
            self.render(&InterviewerClose { reason })?;
        }
        let turns = [SaidTurn { ask: "s".into(), answer: "t".into() }];
        let some = [ToldBack { asked: "y".into(), told: "z".into() }];
        for told in [&[][..], &some] {
            for lines in [&[][..], &["y".to_owned()]] {
                let (background, stress) = (lines, lines);
                self.render(&InterviewerFollowUp {
                    ticket: "n",
                    turns: &turns,
                    told,
                    follow_up: "u",
                    background,
                    stress,
                })?;
            }
            for facts in [&[][..], &["v".to_owned()]] {
                self.render(&InterviewerClarify { ticket: "n", question: "w", asked: "x", facts, told })?;
            }
        }
        Ok(())
    }
}

fn template_name(role: Role, section: &str) -> String {
    format!("{}#{section}", role.file())
}

/// The parts of a prompt file: each begins with a line `--- name ---`.
fn sections(text: &str) -> Vec<(&str, String)> {
    let mut sections: Vec<(&str, String)> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("--- ").and_then(|rest| rest.trim_end().strip_suffix(" ---")) {
            sections.push((name.trim(), String::new()));
        } else if let Some((_, body)) = sections.last_mut() {
            body.push_str(line);
            body.push('\n');
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(file: &str, text: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(file), text).unwrap();
        folder
    }

    #[test]
    fn a_folder_replaces_one_prompt_and_leaves_the_other() {
        let builtin = Prompts::builtin();
        let changed = include_str!("../prompts/judge.md").replace("You assess", "You weigh");
        let folder = folder_with("judge.md", &changed);
        let prompts = Prompts::load(folder.path()).unwrap();
        assert_ne!(prompts.hash(Role::Judge), builtin.hash(Role::Judge));
        assert_eq!(prompts.hash(Role::Interviewer), builtin.hash(Role::Interviewer));
        let windows = folder_with("judge.md", &include_str!("../prompts/judge.md").replace('\n', "\r\n"));
        assert_eq!(Prompts::load(windows.path()).unwrap().hash(Role::Judge), builtin.hash(Role::Judge));
    }

    #[test]
    fn a_wrong_name_a_missing_section_or_an_empty_folder_is_found_at_the_start() {
        let whole = include_str!("../prompts/judge.md");
        let problem = |text: &str| Prompts::load(folder_with("judge.md", text).path()).unwrap_err().to_string();
        assert!(
            problem(&whole.replace("{{ question }}", "{{ qestion }}")).contains("section `system`: undefined value")
        );
        assert!(problem(&whole.replace("--- repair ---", "--- mend ---")).contains("no section `--- repair ---`"));
        assert!(problem(&whole.replace("for fault in", "fur fault in")).contains("section `repair`: syntax error"));
        let empty = tempfile::tempdir().unwrap();
        assert!(Prompts::load(empty.path()).unwrap_err().problem.contains("judge.md, interviewer.md"));
    }

    #[test]
    fn what_is_put_into_a_prompt_is_never_run_as_a_template() {
        let asked = "{{ facts }} {% if %}";
        let text = Prompts::builtin().render(&InterviewerAsk { question: asked, place: "first" }).unwrap();
        assert!(text.ends_with(asked));
    }
}
