//! A question as its author reads it, with its rubric.

use std::fmt::Write as _;

use crate::{
    cli::paper::{counted, quiet, strong, voice, wrap},
    question::{Level, Question},
};

/// The question as an author reads it, in lines of at most `width` columns.
pub(super) fn page(question: &Question, width: usize) -> String {
    let mut page = Page { text: String::new(), width };
    let Question { id, level, kind, minutes, .. } = question;
    let _ = writeln!(page.text, "{}", strong(&question.title));
    let minutes = counted((*minutes).into(), "minute");
    page.line("", &format!("{id} · {} · {} · about {minutes}", level.label(), kind.label()));
    if !question.skills.is_empty() || !question.tags.is_empty() {
        let words: Vec<&str> = question.skills.iter().chain(&question.tags).map(String::as_str).collect();
        page.line("", &words.join(", "));
    }
    page.text.push('\n');
    page.line("", &question.prompt);

    page.list("What a listener looks for, by weight", &question.assessment_points, |page, point| {
        page.entry(&point.id, &format!("weight {}", point.weight), &point.text);
    });
    page.list("Pitfalls", &question.pitfalls, |page, pitfall| {
        page.entry(&pitfall.id, pitfall.severity.label(), &pitfall.text);
    });
    page.list("Follow-ups", &question.follow_ups, |page, follow_up| {
        let probes = follow_up.probes.as_ref().map_or_else(String::new, |point| format!("probes {point}"));
        page.entry(&follow_up.id, &probes, &follow_up.ask);
    });
    page.list("Hints", &question.hints, |page, hint| page.line("  ", hint));
    page.list("What the interviewer may tell when asked", &question.facts, |page, fact| page.line("  ", fact));
    let notes = [(Level::Tpm, &question.levels.tpm), (Level::Senior, &question.levels.senior)];
    let notes = notes.into_iter().chain([(Level::Principal, &question.levels.principal)]);
    let notes: Vec<_> = notes.filter_map(|(level, note)| note.as_ref().map(|note| (level, note))).collect();
    page.list("What is enough", &notes, |page, (level, note)| page.entry(level.label(), "", note));
    page.list("Sample answers", &question.exemplars, |page, exemplar| {
        page.entry(exemplar.quality.label(), "", &exemplar.answer);
        page.line("    ", &format!("Why: {}", exemplar.why));
    });
    let hash = question.hash();
    let _ = writeln!(page.text, "\n{}", quiet(format!("version {}, hash {hash}", Question::version_of(&hash))));
    page.text
}

/// Text in the making, wrapped to a width.
struct Page {
    text: String,
    width: usize,
}

impl Page {
    /// A paragraph of which every line begins with `indent`.
    fn line(&mut self, indent: &str, text: &str) {
        for line in wrap(text, self.width, indent, indent) {
            let _ = writeln!(self.text, "{line}");
        }
    }

    /// A name with a remark, and its text beneath.
    fn entry(&mut self, name: &str, remark: &str, text: &str) {
        let remark = if remark.is_empty() { String::new() } else { format!("  {}", quiet(remark)) };
        let _ = writeln!(self.text, "  {}{remark}", voice(name));
        self.line("    ", text);
    }

    /// A heading with its items, or nothing if there are none.
    fn list<T>(&mut self, heading: &str, items: &[T], mut each: impl FnMut(&mut Self, &T)) {
        if items.is_empty() {
            return;
        }
        let _ = writeln!(self.text, "\n{}", strong(heading));
        for item in items {
            each(self, item);
        }
    }
}
