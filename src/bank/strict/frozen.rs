//! The first forty questions: labelled answers hang on their wording, so it stays as it is.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::question::{Question, hex};

/// SHA-256 of the wording and id of each, one a line.
const FROZEN: &str = include_str!("frozen.txt");

/// Whether the question is one of the first forty in their own wording. One that merely has the id of such a
/// question is like any other.
pub(super) fn is_frozen(question: &Question) -> bool {
    let line = format!("{}  {}", wording_hash(question), question.id);
    FROZEN.lines().any(|frozen| frozen == line)
}

/// SHA-256 over the ids and texts that labelled answers refer to, one a line.
fn wording_hash(question: &Question) -> String {
    let mut text = format!("{}\n{}\n", question.id, question.prompt);
    for point in &question.assessment_points {
        let _ = writeln!(text, "{} {}", point.id, point.text);
    }
    for pitfall in &question.pitfalls {
        let _ = writeln!(text, "{} {}", pitfall.id, pitfall.text);
    }
    for follow_up in &question.follow_ups {
        let _ = writeln!(text, "{} {}", follow_up.id, follow_up.ask);
    }
    hex(&Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::Bank;

    #[test]
    fn the_first_forty_questions_keep_their_ids_and_wording_because_labelled_answers_hang_on_them() {
        let bank = Bank::builtin().unwrap();
        assert_eq!(FROZEN.lines().count(), 40);
        for line in FROZEN.lines() {
            let (_, id) = line.split_once("  ").unwrap();
            let question = bank.find(id).unwrap();
            assert!(is_frozen(question), "the ids or the wording of `{id}` changed: write a new question instead");
        }
    }

    #[test]
    fn another_wording_under_a_frozen_id_is_not_frozen() {
        let mut question = Bank::builtin().unwrap().find("risk/go-no-go").unwrap().clone();
        question.prompt.push('?');
        assert!(!is_frozen(&question));
    }
}
